mod files;
mod workloads;

use std::fs;

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
