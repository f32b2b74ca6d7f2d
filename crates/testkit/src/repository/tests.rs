use expect_test::expect;

use super::*;

/// Clones, changes a file, commits, and pushes; says how the push went.
fn push(origin: &BareRepository, content: &str) -> anyhow::Result<()> {
    let folder = Folder::new()?;
    let clone = folder.join("clone");
    run(git(folder.path())?
        .args(["clone", "--quiet", &origin.file_url()])
        .arg(&clone))?;
    std::fs::write(clone.join("a.yaml"), content)?;
    let identity = ["-c", "user.name=Us", "-c", "user.email=us@example.com"];
    run(git(&clone)?.args(identity).args(["commit", "--quiet", "-am", "Ours"]))?;
    run(git(&clone)?.args(["push", "--quiet", "origin", "HEAD:main"]))?;
    Ok(())
}

fn seeded() -> BareRepository {
    let origin = BareRepository::new().unwrap();
    origin
        .seed([("a.yaml", "one\n"), ("dir/b \"c\".yaml", "two\n")])
        .unwrap();
    origin
}

#[test]
fn what_was_seeded_and_committed_can_be_read() {
    let origin = seeded();
    let change = OtherCommit::new("Change a\n\nBecause.")
        .write("a.yaml", "three\n")
        .delete("dir/b \"c\".yaml");
    origin.commit(&change).unwrap();
    assert_eq!(origin.read("a.yaml").unwrap(), "three\n");
    assert_eq!(origin.log().unwrap(), ["Change a", "Seed"]);
    assert_eq!(origin.message().unwrap().trim(), "Change a\n\nBecause.");
    expect![[r#"
        diff --git a/a.yaml b/a.yaml
        index 5626abf..2bdf67a 100644
        --- a/a.yaml
        +++ b/a.yaml
        @@ -1 +1 @@
        -one
        +three
        diff --git "a/dir/b \"c\".yaml" "b/dir/b \"c\".yaml"
        deleted file mode 100644
        index f719efd..0000000
        --- "a/dir/b \"c\".yaml"	
        +++ /dev/null
        @@ -1 +0,0 @@
        -two
    "#]]
    .assert_eq(&origin.diff().unwrap());
    assert_eq!(origin.commits().unwrap(), 2);
    assert!(origin.is_linear().unwrap());
    origin.fsck().unwrap();
}

#[test]
fn a_broken_repository_is_noticed() {
    let origin = seeded();
    std::fs::remove_dir_all(origin.path().join("objects")).unwrap();
    std::fs::create_dir(origin.path().join("objects")).unwrap();
    assert!(origin.fsck().is_err());
}

#[test]
fn a_protected_branch_takes_no_push() {
    let origin = seeded();
    origin.protect("use a pull request").unwrap();
    let refused = push(&origin, "ours\n").unwrap_err().to_string();
    assert!(refused.contains("use a pull request"), "{refused}");
    origin.remove_hook("pre-receive").unwrap();
    push(&origin, "ours\n").unwrap();
    assert_eq!(origin.log().unwrap(), ["Ours", "Seed"]);
}

#[test]
fn another_writer_can_be_faster_than_each_push() {
    let origin = seeded();
    let theirs = ["1", "2"].map(|n| OtherCommit::new(&format!("Theirs {n}")).write("a.yaml", format!("{n}\n")));
    origin.commit_before_pushes(&theirs).unwrap();
    let late = push(&origin, "ours\n").unwrap_err().to_string();
    assert!(late.contains("failed to update ref"), "{late}");
    assert_eq!(origin.commits_waiting().unwrap(), 1);
    assert!(push(&origin, "ours\n").is_err());
    push(&origin, "ours\n").unwrap();
    assert_eq!(origin.log().unwrap(), ["Ours", "Theirs 2", "Theirs 1", "Seed"]);
    origin.fsck().unwrap();
}

#[test]
fn a_push_is_held_before_or_after_it_counts() {
    for (hook, landed) in [("pre-receive", 1), ("post-receive", 2)] {
        let origin = seeded();
        let held = origin.hold_pushes(hook).unwrap();
        let pushed = origin.clone();
        let pushing = std::thread::spawn(move || push(&pushed, "ours\n"));
        held.wait().unwrap();
        assert_eq!(origin.commits().unwrap(), landed, "{hook}");
        held.release().unwrap();
        assert_eq!(origin.commits().unwrap(), 2);
        pushing.join().unwrap().unwrap();
    }
}

#[test]
fn a_held_push_can_be_refused_and_the_next_one_held_again() {
    let origin = seeded();
    let held = origin.hold_pushes("pre-receive").unwrap();
    for _ in 0..2 {
        let pushed = origin.clone();
        let pushing = std::thread::spawn(move || push(&pushed, "ours\n"));
        held.wait().unwrap();
        held.refuse().unwrap();
        assert!(pushing.join().unwrap().is_err());
        assert_eq!(origin.commits().unwrap(), 1);
        held.reset().unwrap();
    }
}
