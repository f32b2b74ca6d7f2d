use std::collections::BTreeSet;

use expect_test::expect;

use super::*;
use crate::{
    report::PassOutcome,
    sample::{at, busy, empty, image},
};

#[test]
fn a_snapshot_is_not_changed_by_later_posts() {
    let board = busy();
    let before = board.snapshot();
    board.retain_images(&BTreeSet::new());
    assert_eq!((before.images.len(), board.snapshot().images.len()), (2, 0));
}

#[test]
fn a_snapshot_without_posts_in_between_is_the_same_one() {
    let board = busy();
    assert!(Arc::ptr_eq(&board.snapshot(), &board.snapshot()));
}

#[test]
fn a_board_is_ready_after_a_first_scan_and_a_first_fetch() {
    let board = empty();
    assert!(!board.snapshot().ready());
    board.scan_attempted();
    assert!(!board.snapshot().ready());
    board.fetch_attempted();
    assert!(board.snapshot().ready());
}

#[test]
fn the_latest_commits_are_kept_and_all_are_counted() {
    let board = empty();
    let sample = CommitReport::clone(&busy().snapshot().commits[0]);
    for number in 0..60 {
        board.post_commit(CommitReport {
            commit: number.to_string(),
            changes: vec![sample.changes[0].clone(); 101],
            ..sample.clone()
        });
    }
    let snapshot = board.snapshot();
    assert_eq!((snapshot.commits.len(), snapshot.commits_total), (50, 60));
    assert_eq!(snapshot.commits[0].commit, "59");
    assert_eq!(snapshot.commits[0].changes.len(), 100);
}

#[test]
fn what_the_configuration_names_no_more_is_forgotten() {
    let board = busy();
    board.retain_registries(&BTreeSet::new());
    board.retain_repositories(&BTreeSet::new());
    board.retain_images(&BTreeSet::from([image("ghcr.io/acme/api")]));
    let left = board.snapshot();
    expect!["0 registries, 0 repositories, 0 targets, 0 passes, 1 images"].assert_eq(&format!(
        "{} registries, {} repositories, {} targets, {} passes, {} images",
        left.registries.len(),
        left.repositories.len(),
        left.targets.len(),
        left.passes.len(),
        left.images.len(),
    ));
}

#[test]
fn a_failed_pass_leaves_the_time_of_the_last_good_one() {
    let board = busy();
    let key = (Loop::Scan, "ghcr.io".to_owned());
    board.post_pass(PassReport {
        of: Loop::Scan,
        subject: "ghcr.io".to_owned(),
        started: at(3600),
        ended: Some(at(3601)),
        outcome: PassOutcome::Panicked,
    });
    let snapshot = board.snapshot();
    assert_eq!(snapshot.last_success[&key], at(3502));
    assert_eq!(snapshot.passes[&key].outcome, PassOutcome::Panicked);
    assert_eq!(snapshot.panics_total, 1);
}

#[test]
fn every_post_is_noticed() {
    let board = empty();
    let mut changes = board.changes();
    board.scan_attempted();
    assert!(changes.has_changed().unwrap());
    changes.mark_unchanged();
    assert!(!changes.has_changed().unwrap());
}

#[test]
fn what_is_of_no_use_is_news_only_when_it_changes() {
    let board = busy();
    let unused = board.snapshot().unused.clone();
    let changes = board.changes();
    board.post_unused(&unused);
    assert!(!changes.has_changed().unwrap());
    board.post_unused(&[]);
    assert!(changes.has_changed().unwrap());
}

#[test]
fn problems_of_the_configuration_go_before_those_of_repositories() {
    let board = busy().snapshot();
    let problems = board.problems().map(|(of, problem)| (of, problem.path.as_str()));
    expect![[r#"
        [
            (
                None,
                "rules[2]",
            ),
            (
                Some(
                    "fleet",
                ),
                "clusters/broken.yaml",
            ),
            (
                Some(
                    "fleet",
                ),
                "clusters/cron.yaml",
            ),
            (
                Some(
                    "fleet",
                ),
                "clusters/web.yaml",
            ),
        ]
    "#]]
    .assert_debug_eq(&problems.collect::<Vec<_>>());
}
