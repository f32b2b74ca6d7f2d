use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
    path::Path,
};

use clap::Parser as _;
use expect_test::{Expect, expect};
use tempfile::TempDir;

use super::{Args, edit_files};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n  - name: app\n    image: nginx:1.25 # why\n  - name: log\n    image: busybox\n";

#[derive(clap::Parser)]
struct Command {
    #[command(flatten)]
    args: Args,
}

/// A folder of files that the command is run over.
struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        for (path, text) in files {
            fs::create_dir_all(folder.path(path).parent().unwrap()).unwrap();
            fs::write(folder.path(path), text).unwrap();
        }
        folder
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Runs the command; words that begin with `@` are paths in the folder.
    fn run(&self, words: &str) -> String {
        let top = format!("{}/", self.0.path().display());
        let words = words.split_whitespace().map(|word| match word.strip_prefix('@') {
            Some(path) if !path.starts_with("sha") => format!("{top}{path}"),
            _ => word.to_owned(),
        });
        let words = std::iter::once("edit".to_owned()).chain(words);
        let args = match Command::try_parse_from(words) {
            Ok(command) => command.args,
            Err(error) => return format!("{}exit 2\n", error.render()),
        };
        let (mut out, mut log) = (Vec::new(), Vec::new());
        let report = edit_files(args, &mut out, &mut log).unwrap();
        let (out, log) = (String::from_utf8(out).unwrap(), String::from_utf8(log).unwrap());
        let log = log.lines().map(|line| format!("! {line}\n")).collect::<String>();
        format!("{out}{log}exit {}\n", report.exit_code()).replace(&top, "/")
    }

    fn check(&self, words: &str, expected: &Expect) {
        expected.assert_eq(&self.run(words));
    }
}

#[test]
fn a_diff_is_shown_and_nothing_written() {
    let folder = Folder::new(&[("web.yaml", POD)]);
    folder.check(
        "--image docker.io/library/nginx --to 1.27 @web.yaml",
        &expect![[r#"
        --- a//web.yaml
        +++ b//web.yaml
        @@ -4,6 +4,6 @@
         spec:
           containers:
           - name: app
        -    image: nginx:1.25 # why
        +    image: nginx:1.27 # why
           - name: log
             image: busybox
        exit 0
    "#]],
    );
    assert_eq!(folder.text("web.yaml"), POD);
}

#[test]
fn files_are_written_if_asked_for() {
    let folder = Folder::new(&[("web.yaml", POD), ("other.yaml", "a: 1\n")]);
    folder.check(
        "--image nginx --to 1.27 --write @web.yaml @other.yaml",
        &expect![[r#"
        /web.yaml: 1 image changed
        exit 0
    "#]],
    );
    assert_eq!(folder.text("web.yaml"), POD.replace("1.25", "1.27"));
    folder.check(
        "--image nginx --to 1.27 --write @web.yaml",
        &expect![[r#"
            ! nothing to change: `docker.io/library/nginx` is not written there, or is so already
            exit 3
        "#]],
    );
}

#[test]
fn names_can_be_replaced() {
    let folder = Folder::new(&[("web.yaml", POD)]);
    folder.run("--image nginx --to 1.27 --name mirror.test:5000/nginx --write @web.yaml");
    assert!(
        folder
            .text("web.yaml")
            .contains("image: mirror.test:5000/nginx:1.27 # why\n")
    );
}

#[test]
fn programs_get_json() {
    let folder = Folder::new(&[("web.yaml", POD), ("broken.yaml", "a: [\n"), ("none.yaml", "a: 1\n")]);
    folder.check(
        "--image nginx --to 1.27 -o json @web.yaml @broken.yaml @none.yaml @gone.yaml",
        &expect![[r#"
        {
          "files": [
            {
              "path": "/web.yaml",
              "changes": [
                {
                  "line": 7,
                  "column": 12,
                  "place": "shop/Pod/web/app: spec.containers[0].image",
                  "old": "nginx:1.25",
                  "new": "nginx:1.27"
                }
              ],
              "refused": []
            },
            {
              "path": "/broken.yaml",
              "changes": [],
              "refused": [
                {
                  "line": 1,
                  "code": "notYaml",
                  "reason": "not valid YAML: unclosed bracket '['"
                }
              ]
            },
            {
              "path": "/gone.yaml",
              "changes": [],
              "refused": [
                {
                  "line": null,
                  "code": "unreadable",
                  "reason": "cannot be read: No such file or directory (os error 2)"
                }
              ]
            }
          ]
        }
        ! /broken.yaml:1: not valid YAML: unclosed bracket '['
        ! /gone.yaml: cannot be read: No such file or directory (os error 2)
        exit 1
    "#]],
    );
    folder.check(
        "--image redis --to 1 -o json @web.yaml",
        &expect![[r#"
            {
              "files": []
            }
            ! nothing to change: `docker.io/library/redis` is not written there, or is so already
            exit 3
        "#]],
    );
}

#[test]
fn wrong_usage_is_told_before_anything_is_read() {
    let folder = Folder::new(&[("web.yaml", POD)]);
    let wrong = [
        "--image nginx:1 --to 2 @web.yaml",
        "--image nginx --to : @web.yaml",
        "--image nginx --to 1@sha256:0 @web.yaml",
        "--image nginx --to 1 --name a:b @web.yaml",
        "--image nginx --to 1 --name A@b @web.yaml",
        "--image nginx --to 1 --workload web @web.yaml",
        "--image nginx --to 1 --workload a//web @web.yaml",
        "--image nginx --to 1 --workload a/b/c/d @web.yaml",
        "--image nginx --to 1 --what @web.yaml",
        "--image nginx --to 1 -o yaml @web.yaml",
        "--image nginx --to 1 --image nginx @web.yaml",
        "--image nginx --to 1",
        "--image nginx @web.yaml",
        "--to 1 @web.yaml",
    ];
    for words in wrong {
        assert!(folder.run(&format!("{words} --write")).ends_with("exit 2\n"), "{words}");
    }
    assert_eq!(folder.text("web.yaml"), POD);
}

#[test]
fn a_workload_or_container_can_be_meant_alone() {
    let other = POD.replace("name: web", "name: api").replace("namespace: shop", "x: y");
    let folder = Folder::new(&[("pods.yaml", &format!("{POD}---\n{other}"))]);
    let lines = |words: &str| folder.run(&format!("--image nginx --to 2 {words} -o json @pods.yaml"));
    let changed = |words: &str| lines(words).matches("\"old\"").count();
    assert_eq!(changed(""), 2);
    assert_eq!(changed("--workload shop/pod/web"), 1);
    assert_eq!(changed("--workload default/POD/api"), 1);
    assert_eq!(changed("--workload shop/Pod/api"), 0);
    assert_eq!(changed("--workload shop/Deployment/web"), 0);
    assert_eq!(changed("--container app"), 2);
    assert_eq!(changed("--container log"), 0);
    assert_eq!(changed("--workload shop/pod/web --container app"), 1);
    assert!(lines("--container log").ends_with("exit 3\n"));
}

const RELEASE: &str = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: shop}\nspec:\n  values:\n    image: {repository: nginx, tag: 1.25.0}\n";

#[test]
fn a_release_can_be_meant_alone_and_what_is_no_object_cannot() {
    let folder = Folder::new(&[
        ("k/web.yaml", POD),
        ("k/release.yaml", RELEASE),
        ("k/kustomization.yaml", "images: [{name: nginx, newTag: a}]\n"),
        ("k/values.yaml", "image: nginx:1\n"),
    ]);
    let changed = |words: &str| {
        let out = folder.run(&format!("--image nginx --to 2.0.0 {words} -o json @k"));
        let paths = out
            .lines()
            .filter_map(|line| line.trim().strip_prefix("\"path\": \"/k/"));
        paths
            .map(|path| path.trim_end_matches("\",").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        changed(""),
        ["kustomization.yaml", "release.yaml", "values.yaml", "web.yaml"]
    );
    assert_eq!(changed("--workload shop/pod/web"), ["web.yaml"]);
    assert_eq!(changed("--workload shop/helmrelease/web"), ["release.yaml"]);
    assert_eq!(changed("--workload other/HelmRelease/web"), [""; 0]);
    assert_eq!(changed("--workload default/Kustomization/x"), [""; 0]);
    assert_eq!(changed("--container app"), ["web.yaml"]);
    assert_eq!(changed("--workload shop/HelmRelease/web --container app"), [""; 0]);
}

#[test]
fn each_scalar_of_an_image_is_a_change() {
    let digest = format!("sha256:{}", "0".repeat(64));
    let text = "web:\n  image:\n    repository: nginx\n    tag: 1.25 # why\n    digest: ''\n";
    let folder = Folder::new(&[("values.yaml", text)]);
    folder.check(
        &format!("--image nginx --to 1.27@{digest} -o json @values.yaml"),
        &expect![[r#"
            {
              "files": [
                {
                  "path": "/values.yaml",
                  "changes": [
                    {
                      "line": 4,
                      "column": 10,
                      "place": "web.image.tag",
                      "old": "1.25",
                      "new": "1.27"
                    },
                    {
                      "line": 5,
                      "column": 13,
                      "place": "web.image.digest",
                      "old": "",
                      "new": "sha256:0000000000000000000000000000000000000000000000000000000000000000"
                    }
                  ],
                  "refused": []
                }
              ]
            }
            exit 0
        "#]],
    );
    folder.check(
        &format!("--image nginx --to 1.27@{digest} --write @values.yaml"),
        &expect![[r#"
            /values.yaml: 1 image changed
            exit 0
        "#]],
    );
    assert_eq!(
        folder.text("values.yaml"),
        text.replace("1.25", "\"1.27\"").replace("''", &format!("'{digest}'"))
    );
}

#[test]
fn any_file_that_is_named_can_be_values() {
    let values = "image: nginx:1\n";
    let folder = Folder::new(&[
        ("k/prod.yaml", values),
        ("k/prod-values.yml", values),
        ("k/Chart.yaml", values),
        ("k/values.json", "{\"image\": \"nginx:1\"}\n"),
        ("k/Kustomization", "images: [{name: nginx, newTag: a}]\n"),
    ]);
    folder.check(
        "--image nginx --to 2 --write @k",
        &expect![[r#"
            /k/Kustomization: 1 image changed
            /k/prod-values.yml: 1 image changed
            exit 0
        "#]],
    );
    folder.check(
        "--image nginx --to 3 --write @k @k/prod.yaml @k/Chart.yaml @k/values.json",
        &expect![[r#"
            /k/Kustomization: 1 image changed
            /k/prod-values.yml: 1 image changed
            /k/prod.yaml: 1 image changed
            /k/values.json: 1 image changed
            exit 0
        "#]],
    );
}

#[test]
fn what_cannot_be_set_is_told_and_no_error() {
    let folder = Folder::new(&[
        ("values.yaml", "a: 1\nimage: {repository: nginx, tag: ''}\n"),
        ("web.yaml", POD),
    ]);
    folder.check(
        "--image nginx --to 2 @values.yaml",
        &expect![[r#"
        ! /values.yaml:2: image: nothing to set: no tag is written there
        exit 3
    "#]],
    );
    assert!(
        folder
            .run("--image nginx --to 2 --write @values.yaml @web.yaml")
            .ends_with("exit 0\n")
    );
}

#[test]
fn a_digest_in_the_way_is_refused_and_told() {
    let text = format!(
        "image:\n  repository: nginx\n  tag: a\n  digest: sha256:{}\n",
        "0".repeat(64)
    );
    let folder = Folder::new(&[("values.yaml", &text), ("web.yaml", POD)]);
    folder.check("--image nginx --to 2 -o json @values.yaml", &expect![[r#"
        {
          "files": [
            {
              "path": "/values.yaml",
              "changes": [],
              "refused": [
                {
                  "line": 4,
                  "code": "digestKeyInTheWay",
                  "reason": "image: digest key in the way: `image.digest` would stay beside a tag that it was not made for; give `--to` a digest, too, or remove the key"
                }
              ]
            }
          ]
        }
        ! /values.yaml:4: image: digest key in the way: `image.digest` would stay beside a tag that it was not made for; give `--to` a digest, too, or remove the key
        exit 1
    "#]]);
    folder.check("--image nginx --to 2 --write @values.yaml @web.yaml", &expect![[r#"
        /web.yaml: 1 image changed
        ! /values.yaml:4: image: digest key in the way: `image.digest` would stay beside a tag that it was not made for; give `--to` a digest, too, or remove the key
        exit 1
    "#]]);
    assert_eq!(folder.text("values.yaml"), text);
}

#[test]
fn folders_are_walked_in_order() {
    let folder = Folder::new(&[
        ("k/b.yaml", POD),
        ("k/a/z.yml", POD),
        ("k/c.json", POD),
        ("k/c.txt", POD),
        ("k/.git/x.yaml", POD),
        ("k/.hidden.yaml", POD),
        ("elsewhere/x.yaml", POD),
    ]);
    symlink(folder.path("elsewhere"), folder.path("k/linked")).unwrap();
    symlink(folder.path("elsewhere/x.yaml"), folder.path("k/linked.yaml")).unwrap();
    folder.check(
        "--image nginx --to 2 --write @k @k/b.yaml",
        &expect![[r#"
        /k/.hidden.yaml: 1 image changed
        /k/a/z.yml: 1 image changed
        /k/b.yaml: 1 image changed
        /k/c.json: 1 image changed
        exit 0
    "#]],
    );
}

#[test]
fn the_folder_that_one_is_in_has_no_name() {
    use std::{ffi::OsStr, path::PathBuf};
    let below = |folder: &str| super::files::below(Path::new(folder), OsStr::new("web.yaml"));
    assert_eq!(below(".").as_os_str(), "web.yaml");
    assert_eq!(below("./").as_os_str(), "web.yaml");
    assert_eq!(below("./k").as_os_str(), "./k/web.yaml");
    assert_eq!(below("k"), PathBuf::from("k/web.yaml"));
}

#[test]
fn what_is_refused_does_not_stop_the_others() {
    let folder = Folder::new(&[("a.yaml", "a: {{ .Values.a }}\n"), ("b.yaml", POD)]);
    folder.check(
        "--image nginx --to 2 --write @gone.yaml @a.yaml @b.yaml",
        &expect![[r#"
        /b.yaml: 1 image changed
        ! /gone.yaml: cannot be read: No such file or directory (os error 2)
        ! /a.yaml:1: holds template actions (`{{ … }}`), so it is no manifest yet
        exit 1
    "#]],
    );
    folder.check(
        "--image nginx --to 2 --write @gone.yaml @a.yaml @b.yaml",
        &expect![[r#"
        ! /gone.yaml: cannot be read: No such file or directory (os error 2)
        ! /a.yaml:1: holds template actions (`{{ … }}`), so it is no manifest yet
        exit 1
    "#]],
    );
}

#[test]
fn too_large_a_file_is_not_read() {
    let folder = Folder::new(&[]);
    let file = fs::File::create(folder.path("large.yaml")).unwrap();
    file.set_len(16 * 1024 * 1024 + 1).unwrap();
    folder.check(
        "--image nginx --to 2 @large.yaml",
        &expect![[r#"
        ! /large.yaml: larger than 16 MiB
        exit 1
    "#]],
    );
}

#[test]
fn a_link_is_followed_inside_its_folder_only() {
    let folder = Folder::new(&[("in/real/web.yaml", POD), ("out/web.yaml", POD)]);
    symlink("real/web.yaml", folder.path("in/link.yaml")).unwrap();
    symlink("../out/web.yaml", folder.path("in/away.yaml")).unwrap();
    symlink("../out", folder.path("in/folder")).unwrap();
    symlink("nowhere", folder.path("in/dangling.yaml")).unwrap();
    folder.check(
        "--image nginx --to 2 --write @in/link.yaml @in/real/web.yaml",
        &expect![[r#"
        /in/link.yaml: 1 image changed
        exit 0
    "#]],
    );
    assert!(fs::symlink_metadata(folder.path("in/link.yaml")).unwrap().is_symlink());
    assert!(folder.text("in/real/web.yaml").contains("nginx:2"));
    folder.check(
        "--image nginx --to 2 --write @in/away.yaml @in/folder @in/dangling.yaml",
        &expect![[r#"
        ! /in/away.yaml: is a symbolic link to /out/web.yaml, outside its folder; name that file itself
        ! /in/folder: is a symbolic link to /out, outside its folder; name that file itself
        ! /in/dangling.yaml: cannot be read: No such file or directory (os error 2)
        exit 1
    "#]],
    );
    assert_eq!(folder.text("out/web.yaml"), POD);
}

#[test]
fn mode_and_owner_stay() {
    let folder = Folder::new(&[("web.yaml", POD)]);
    let path = folder.path("web.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    // Only root may give files away.
    let owned = std::os::unix::fs::chown(&path, Some(1234), Some(1235)).is_ok();
    folder.run("--image nginx --to 2 --write @web.yaml");
    let metadata = fs::metadata(&path).unwrap();
    assert_eq!(metadata.mode() & 0o7777, 0o640);
    if owned {
        assert_eq!((metadata.uid(), metadata.gid()), (1234, 1235));
    }
    assert!(folder.text("web.yaml").contains("nginx:2"));
    assert_eq!(
        fs::read_dir(folder.0.path()).unwrap().count(),
        1,
        "nothing is left behind"
    );
}

#[test]
fn what_is_no_file_is_told() {
    assert!(Path::new("/dev/null").exists());
    let folder = Folder::new(&[]);
    folder.check(
        "--image nginx --to 2 /dev/null",
        &expect![[r#"
        ! /dev/null: is no file and no folder
        exit 1
    "#]],
    );
}
