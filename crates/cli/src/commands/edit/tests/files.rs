//! Which files are read, and how they are written.

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
    path::{Path, PathBuf},
};

use expect_test::expect;

use super::{Folder, POD};
use crate::commands::edit::files;

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
    let below = |folder: &str| files::below(Path::new(folder), OsStr::new("web.yaml"));
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
