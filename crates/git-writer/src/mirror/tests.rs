use std::fs;

use expect_test::expect;
use transport::chain;

use super::*;
use crate::BranchName;
use crate::fixture::{Fixture, change, draft, go};

#[test]
fn an_edit_lands_and_keeps_everything_else() {
    let fixture = Fixture::new(&[
        ("apps/api.yaml", "image: api:1\n"),
        ("apps/web.yaml", "image: web:1\n"),
        ("README.md", "hello\n"),
    ]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let edit = change(&mut mirror, &head, "apps/api.yaml", "image: api:2\n");
    let commit = mirror.commit(&head, &[edit], &draft("Update api to 2")).unwrap();

    assert_eq!(mirror.push(&head, &commit, &go()).unwrap(), PushOutcome::Landed);

    assert_eq!(fixture.text("apps/api.yaml"), "image: api:2\n");
    assert_eq!(fixture.text("apps/web.yaml"), "image: web:1\n");
    let landed = fixture.origin.find_commit(fixture.tip()).unwrap();
    assert_eq!(landed.parent_id(0).unwrap(), head.commit.0);
    assert_eq!(
        (landed.author().name().unwrap(), landed.message().unwrap()),
        ("Tidemark", "Update api to 2\n")
    );
    assert_eq!(
        mirror.fetch(&go()).unwrap(),
        Head {
            commit: commit.id,
            tree: commit.tree,
            time: commit.time
        }
    );
}

#[test]
fn a_fetch_without_news_writes_nothing() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let before = listing(&fixture.path("mirror"));
    assert_eq!(mirror.fetch(&go()).unwrap(), head);
    assert_eq!(listing(&fixture.path("mirror")), before);
}

#[test]
fn a_branch_that_moved_is_not_overwritten() {
    let fixture = Fixture::new(&[("a", "1"), ("b", "1")]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let edit = change(&mut mirror, &head, "a", "2");
    let commit = mirror.commit(&head, &[edit], &draft("Update a")).unwrap();
    let theirs = fixture.write(&[("b", "2")]);

    assert_eq!(mirror.push(&head, &commit, &go()).unwrap(), PushOutcome::Moved);
    assert_eq!(fixture.tip(), theirs);

    let head = mirror.fetch(&go()).unwrap();
    let edit = change(&mut mirror, &head, "a", "2");
    let commit = mirror.commit(&head, &[edit], &draft("Update a")).unwrap();
    assert_eq!(mirror.push(&head, &commit, &go()).unwrap(), PushOutcome::Landed);
    assert_eq!((fixture.text("a"), fixture.text("b")), ("2".to_owned(), "2".to_owned()));
}

#[test]
fn a_branch_that_was_rewound_counts_as_moved_and_is_followed() {
    let fixture = Fixture::new(&[("a", "1")]);
    let first = fixture.tip();
    fixture.write(&[("a", "2")]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let edit = change(&mut mirror, &head, "a", "3");
    let commit = mirror.commit(&head, &[edit], &draft("Update a")).unwrap();
    fixture.origin.reference("refs/heads/main", first, true, "").unwrap();

    // A plain fast-forward from `first` would bring back the commit that was dropped.
    assert_eq!(mirror.push(&head, &commit, &go()).unwrap(), PushOutcome::Moved);
    assert_eq!(mirror.fetch(&go()).unwrap().commit.0, first);
}

#[test]
fn a_rewritten_history_is_followed() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut mirror = fixture.mirror();
    mirror.fetch(&go()).unwrap();
    let blob = fixture.origin.blob(b"other").unwrap();
    let other = fixture.write_entries(None, &[("z", 0o100_644, blob)], 5);
    let head = mirror.fetch(&go()).unwrap();
    assert_eq!((head.commit.0, head.time), (other, 5));
    assert_eq!(mirror.files(&head, &[]).unwrap().files.len(), 1);
}

#[test]
fn the_same_decision_makes_the_same_commit() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let edit = change(&mut mirror, &head, "a", "2");
    let first = mirror
        .commit(&head, std::slice::from_ref(&edit), &draft("Update a"))
        .unwrap();
    drop(mirror);
    fs::remove_dir_all(fixture.path("mirror")).unwrap();
    let mut mirror = fixture.mirror();
    mirror.fetch(&go()).unwrap();
    let second = mirror.commit(&head, &[edit], &draft("Update a")).unwrap();
    assert_eq!(first, second);
    assert_eq!(mirror.push(&head, &second, &go()).unwrap(), PushOutcome::Landed);
    // The answer was lost, say: the same push again does nothing, and says so.
    assert_eq!(mirror.push(&head, &first, &go()).unwrap(), PushOutcome::Landed);
}

#[test]
fn a_commit_is_never_older_than_the_head() {
    let fixture = Fixture::new(&[("a", "1")]);
    let blob = fixture.origin.blob(b"2").unwrap();
    fixture.write_entries(Some(fixture.tip()), &[("a", 0o100_644, blob)], 4_000_000_000);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let edit = change(&mut mirror, &head, "a", "3");
    assert_eq!(
        mirror.commit(&head, &[edit], &draft("Update a")).unwrap().time,
        4_000_000_000
    );
}

#[test]
fn what_a_dead_process_left_is_cleared() {
    let fixture = Fixture::new(&[("a", "1")]);
    drop(fixture.mirror());
    let repository = fixture.path("mirror/repository.git");
    fs::create_dir_all(repository.join("refs/heads")).unwrap();
    for stale in [
        "HEAD.lock",
        "config.lock",
        "refs/heads/main.lock",
        "packed-refs.lock",
        "objects/pack/pack_git2_x1",
        "objects/tmp_object_git2_y",
    ] {
        fs::write(repository.join(stale), "stale").unwrap();
    }
    let mut mirror = fixture.mirror();
    mirror.fetch(&go()).unwrap();
    fixture.write(&[("a", "2")]);
    mirror.fetch(&go()).unwrap();
    let left = listing(&repository);
    assert!(
        !left.iter().any(|name| name.contains("lock") || name.contains("git2")),
        "{left:?}"
    );
}

#[test]
fn a_damaged_mirror_is_made_anew() {
    let fixture = Fixture::new(&[("a", "1")]);
    for damage in ["HEAD", "config", "objects", "refs", "refs/heads/main"] {
        let mut mirror = fixture.mirror();
        mirror.fetch(&go()).unwrap();
        drop(mirror);
        let path = fixture.path("mirror/repository.git").join(damage);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::write(&path, "garbage").unwrap();
        let mut mirror = fixture.mirror();
        let head = mirror
            .fetch(&go())
            .unwrap_or_else(|error| panic!("{damage}: {}", chain(&error)));
        assert_eq!(mirror.files(&head, &[]).unwrap().files.len(), 1, "{damage}");
    }
}

#[test]
fn damage_that_is_found_late_is_mended_by_the_next_fetch() {
    let fixture = Fixture::new(&[("a", "1"), ("b/c", "2")]);
    let mut mirror = fixture.mirror();
    mirror.fetch(&go()).unwrap();
    drop(mirror);
    for pack in fs::read_dir(fixture.path("mirror/repository.git/objects/pack")).unwrap() {
        let path = pack.unwrap().path();
        if path.extension().is_some_and(|end| end == "pack") {
            fs::remove_file(&path).unwrap();
            fs::write(&path, vec![0; 300]).unwrap();
        }
    }
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let files = mirror.files(&head, &[]).unwrap().files;
    assert_eq!(mirror.blob(files[0].blob, 10).unwrap(), b"1");
}

#[test]
fn a_mirror_of_something_else_is_thrown_away() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    drop(mirror);
    fixture
        .origin
        .reference("refs/heads/next", head.commit.0, true, "")
        .unwrap();
    let mut mirror = fixture
        .open(Remote {
            branch: BranchName::parse("next").unwrap(),
            ..fixture.remote()
        })
        .unwrap();
    mirror.files(&head, &[]).expect_err("nothing was fetched yet");
    assert_eq!(mirror.fetch(&go()).unwrap(), head);
}

#[test]
fn a_folder_with_other_things_in_it_is_left_alone() {
    let fixture = Fixture::new(&[("a", "1")]);
    fs::create_dir(fixture.path("mirror")).unwrap();
    fs::write(fixture.path("mirror/thesis.txt"), "precious").unwrap();
    let error = fixture.open(fixture.remote()).expect_err("not ours");
    assert!(
        chain(&error)
            .to_string()
            .contains("the folder holds `thesis.txt`, which is no part of a mirror; name an empty folder")
    );
    assert_eq!(listing(&fixture.path("mirror")), ["thesis.txt"]);
}

#[test]
fn a_mirror_in_use_is_refused() {
    let fixture = Fixture::new(&[("a", "1")]);
    let _first = fixture.mirror();
    let error = fixture.open(fixture.remote()).expect_err("in use");
    assert!(chain(&error).to_string().contains("another process uses this mirror"));
}

#[test]
fn a_missing_branch_or_repository_is_said_and_not_made() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut mirror = fixture
        .open(Remote {
            branch: BranchName::parse("nope").unwrap(),
            ..fixture.remote()
        })
        .unwrap();
    let error = mirror.fetch(&go()).expect_err("no branch");
    assert_eq!(error.failure(), Failure::NoBranch);
    let text = chain(&error)
        .to_string()
        .replace(&fixture.dir.path().display().to_string(), "");
    expect!["failed to fetch nope of file:///origin.git: the repository has no branch `nope`; it is never created here, push a first commit to it"].assert_eq(&text);
    drop(mirror);
    fs::remove_dir_all(fixture.path("origin.git")).unwrap();
    let error = fixture.mirror().fetch(&go()).expect_err("no repository");
    assert_eq!(error.failure(), Failure::NoRepository);
}

#[test]
fn a_branch_deleted_before_the_push_is_not_made_again() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let edit = change(&mut mirror, &head, "a", "2");
    let commit = mirror.commit(&head, &[edit], &draft("Update a")).unwrap();
    fixture
        .origin
        .find_reference("refs/heads/main")
        .unwrap()
        .delete()
        .unwrap();
    assert_eq!(mirror.push(&head, &commit, &go()).unwrap(), PushOutcome::Moved);
    assert!(fixture.origin.refname_to_id("refs/heads/main").is_err());
}

#[test]
fn a_lock_at_the_origin_is_a_race_that_was_lost() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let edit = change(&mut mirror, &head, "a", "2");
    let commit = mirror.commit(&head, &[edit], &draft("Update a")).unwrap();
    fs::write(fixture.path("origin.git/refs/heads/main.lock"), "").unwrap();
    assert_eq!(mirror.push(&head, &commit, &go()).unwrap(), PushOutcome::Moved);
}

#[test]
fn a_lock_that_a_dead_process_of_ours_left_at_the_origin_is_taken_away() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let edit = change(&mut mirror, &head, "a", "2");
    let lost = mirror.commit(&head, &[edit], &draft("Lost")).unwrap();
    drop(mirror);
    fs::write(
        fixture.path("origin.git/refs/heads/main.lock"),
        format!("{}\n", lost.id),
    )
    .unwrap();

    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let edit = change(&mut mirror, &head, "a", "3");
    let commit = mirror.commit(&head, &[edit], &draft("Update a")).unwrap();
    assert_eq!(mirror.push(&head, &commit, &go()).unwrap(), PushOutcome::Landed);
    assert!(!fixture.path("origin.git/refs/heads/main.lock").exists());
    assert_eq!(fixture.tip(), commit.id.0);
}

#[test]
fn a_lock_that_nobody_lets_go_of_is_named() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let edit = change(&mut mirror, &head, "a", "2");
    let commit = mirror.commit(&head, &[edit], &draft("Update a")).unwrap();
    let lock = fixture.path("origin.git/refs/heads/main.lock");
    // Another's: it would move the branch to a commit that is not ours.
    let theirs = format!("{}\n", head.commit);
    fs::write(&lock, theirs).unwrap();
    assert_eq!(mirror.push(&head, &commit, &go()).unwrap(), PushOutcome::Moved);
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    fs::File::options()
        .write(true)
        .open(&lock)
        .unwrap()
        .set_modified(long_ago)
        .unwrap();
    let error = mirror.push(&head, &commit, &go()).expect_err("locked");
    assert_eq!(error.failure(), Failure::Local);
    let told = chain(&error).to_string();
    assert!(
        told.contains("refs/heads/main.lock`") && told.ends_with("if none is at work there, delete that file"),
        "{told}"
    );
    assert!(lock.exists() && fixture.tip() == head.commit.0);
}

#[test]
fn five_hundred_changes_are_one_commit() {
    let names: Vec<String> = (0..500).map(|n| format!("apps/{}/{n}.yaml", n % 20)).collect();
    let fixture = Fixture::new(&names.iter().map(|name| (name.as_str(), "old")).collect::<Vec<_>>());
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let files = mirror.files(&head, &[]).unwrap().files;
    let changes: Vec<Change> = files
        .into_iter()
        .map(|file| Change {
            bytes: format!("new {}", file.path).into(),
            path: file.path,
            old_blob: file.blob,
        })
        .collect();
    let commit = mirror.commit(&head, &changes, &draft("Update all")).unwrap();
    assert_eq!(mirror.push(&head, &commit, &go()).unwrap(), PushOutcome::Landed);
    assert_eq!(fixture.text("apps/19/499.yaml"), "new apps/19/499.yaml");
    assert_eq!(fixture.text("apps/0/0.yaml"), "new apps/0/0.yaml");
}

#[test]
fn a_commit_stores_what_is_new_and_no_more() {
    let names: Vec<String> = (0..500).map(|n| format!("apps/{n}.yaml")).collect();
    let fixture = Fixture::new(
        &names
            .iter()
            .map(|name| (name.as_str(), name.as_str()))
            .collect::<Vec<_>>(),
    );
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let packs = || -> Vec<(u64, u32)> {
        let folder = fs::read_dir(fixture.path("mirror/repository.git/objects/pack")).unwrap();
        let paths = folder.map(|entry| entry.unwrap().path());
        let packs = paths.filter(|path| path.extension().is_some_and(|end| end == "pack"));
        let count = |bytes: &[u8]| u32::from_be_bytes(bytes[8..12].try_into().unwrap());
        packs
            .map(|path| fs::read(path).unwrap())
            .map(|bytes| (bytes.len() as u64, count(&bytes)))
            .collect()
    };
    let before = packs();
    let edit = change(&mut mirror, &head, "apps/7.yaml", "new");
    mirror.commit(&head, &[edit], &draft("Update")).unwrap();
    let mut added = packs();
    added.retain(|pack| !before.contains(pack));
    let counts: Vec<u32> = added.iter().map(|&(_, count)| count).collect();
    // The file, two folders and the commit.
    assert_eq!(counts, [4]);
}

#[test]
fn packs_stay_few() {
    let fixture = Fixture::new(&[("a", "0"), ("b/c", "0")]);
    let mut mirror = fixture.mirror();
    for n in 0..130 {
        fixture.write(&[("b/c", &n.to_string())]);
        let head = mirror.fetch(&go()).unwrap();
        let edit = change(&mut mirror, &head, "a", &format!("{n}+"));
        let commit = mirror.commit(&head, &[edit], &draft("Update a")).unwrap();
        assert_eq!(mirror.push(&head, &commit, &go()).unwrap(), PushOutcome::Landed);
    }
    let names = listing(&fixture.path("mirror/repository.git/objects/pack"));
    assert!((1..110).contains(&names.len()), "{} files", names.len());
    drop(mirror);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let history = git2::Repository::open_bare(fixture.path("mirror/repository.git")).unwrap();
    let mut walk = history.revwalk().unwrap();
    walk.push(head.commit.0).unwrap();
    let mut commits = 0;
    for commit in walk {
        let tree = history.find_commit(commit.unwrap()).unwrap().tree().unwrap();
        tree.walk(git2::TreeWalkMode::PreOrder, |_, entry| {
            assert!(history.odb().unwrap().exists(entry.id()));
            git2::TreeWalkResult::Ok
        })
        .unwrap();
        commits += 1;
    }
    assert_eq!(commits, 261);
}

#[test]
fn an_origin_with_a_work_tree_is_not_pushed_to() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let edit = change(&mut mirror, &head, "a", "2");
    let commit = mirror.commit(&head, &[edit], &draft("Update a")).unwrap();
    fixture.origin.config().unwrap().set_bool("core.bare", false).unwrap();
    let error = mirror.push(&head, &commit, &go()).expect_err("a work tree");
    assert!(
        chain(&error).to_string().contains("has a work tree"),
        "{}",
        chain(&error)
    );
}

#[test]
fn a_cancelled_or_oversized_fetch_ends() {
    let fixture = Fixture::new(&[("a", "1"), ("b", "2")]);
    let mut mirror = fixture
        .open(Remote {
            limits: crate::Limits {
                objects: 2,
                ..Default::default()
            },
            ..fixture.remote()
        })
        .unwrap();
    assert_eq!(
        mirror.fetch(&go()).expect_err("three objects and more").failure(),
        Failure::TooLarge
    );
    drop(mirror);
    let mut mirror = fixture
        .open(Remote {
            limits: crate::Limits {
                pack_bytes: 50,
                ..Default::default()
            },
            ..fixture.remote()
        })
        .unwrap();
    assert_eq!(
        mirror.fetch(&go()).expect_err("more than 50 bytes").failure(),
        Failure::TooLarge
    );
    let cancelled = go();
    cancelled.cancel();
    assert_eq!(
        mirror.fetch(&cancelled).expect_err("cancelled").failure(),
        Failure::Cancelled
    );
}

/// The names of all files below a folder.
fn listing(path: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                names.push(path.file_name().unwrap().to_string_lossy().into_owned());
            }
        }
    }
    names.sort();
    names
}
