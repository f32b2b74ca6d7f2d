//! Until when somebody waits.

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn image(name: &str) -> Repository {
    Repository::parse(name).unwrap()
}

fn asked() -> (Board, Asked) {
    let board = Board::new("0.1.0", at(0));
    (board.clone(), Asked::new(board))
}

/// Since when somebody waits for `api`, by the Board.
fn waits(board: &Board) -> Option<i64> {
    let since = board.snapshot().asked.get(&image("registry.test/acme/api")).copied();
    since.map(Timestamp::as_unix_seconds)
}

#[test]
fn who_asks_waits_until_a_scan_has_begun_and_ended() {
    let (board, asked) = asked();
    let api = image("registry.test/acme/api");
    assert_eq!(waits(&board), None);
    asked.ask(&BTreeSet::from([api.clone()]), at(1));
    assert_eq!(waits(&board), Some(1));
    asked.end(&api);
    assert_eq!(waits(&board), Some(1), "that one had begun before");
    asked.begin(&api);
    assert_eq!(waits(&board), Some(1));
    asked.end(&api);
    assert_eq!(waits(&board), None);
    asked.end(&api);
}

#[test]
fn who_asks_while_a_scan_is_under_way_waits_for_another_one() {
    let (board, asked) = asked();
    let api = image("registry.test/acme/api");
    let names = BTreeSet::from([api.clone()]);
    asked.ask(&names, at(1));
    asked.begin(&api);
    asked.ask(&names, at(2));
    asked.end(&api);
    assert_eq!(waits(&board), Some(1));
    asked.begin(&api);
    asked.end(&api);
    assert_eq!(waits(&board), None);
}

#[test]
fn what_is_scanned_no_more_is_not_waited_for() {
    let (board, asked) = asked();
    let names = ["registry.test/acme/api", "other.test/acme/api"].map(image);
    asked.ask(&BTreeSet::from(names.clone()), at(1));
    assert_eq!(asked.at(names[0].registry()), BTreeSet::from([names[0].clone()]));
    asked.retain(|repository| *repository != names[0]);
    assert_eq!(waits(&board), None);
    assert_eq!(board.snapshot().asked.len(), 1);
    assert!(asked.at(names[0].registry()).is_empty());
}
