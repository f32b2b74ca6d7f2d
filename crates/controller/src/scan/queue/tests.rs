//! Who goes first, how many are under way, and that nobody is lost.

mod laws;
mod week;

use super::*;

const PLACES: usize = 2;

fn repository(name: &str) -> Repository {
    Repository::parse(&format!("registry.test/acme/{name}")).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn turn(urgency: Urgency, seconds: i64) -> Turn {
    Turn {
        urgency,
        at: at(seconds),
    }
}

/// A queue of `NAME` with the turns that each is planned for.
fn queue(turns: &[(&str, Urgency, i64)]) -> Queue {
    let mut queue = Queue::default();
    for (name, urgency, seconds) in turns {
        queue.plan(&repository(name), turn(*urgency, *seconds));
    }
    queue
}

/// All that can be started now.
fn started(queue: &mut Queue, now: i64, places: usize) -> Vec<String> {
    let start = |queue: &mut Queue| queue.start(at(now), places);
    let names = std::iter::from_fn(|| start(queue)).map(|(repository, _)| repository);
    names.map(|repository| repository.path().replace("acme/", "")).collect()
}

#[test]
fn a_clock_that_is_set_back_keeps_nobody_waiting() {
    const MONTH: i64 = 30 * 24 * 3600;
    let mut queue = queue(&[
        ("due", Urgency::Due, MONTH + 60),
        ("new", Urgency::New, MONTH + 70),
        ("under-way", Urgency::Due, MONTH),
    ]);
    assert_eq!(started(&mut queue, MONTH, PLACES), ["under-way"]);
    queue.ask(&repository("under-way"), at(MONTH + 80));
    queue.set_back(Duration::from_secs(MONTH as u64));
    assert_eq!(queue.wakes_at(at(0), 1), Some(at(60)));
    assert_eq!(started(&mut queue, 59, PLACES), [""; 0]);
    assert_eq!(started(&mut queue, 70, PLACES), ["new", "due"]);
    queue.ended(&repository("under-way"), turn(Urgency::Due, 1000));
    assert_eq!(started(&mut queue, 80, 10), ["under-way"]);
}

#[test]
fn who_is_asked_for_goes_first_then_who_is_new_then_who_is_due_the_longest() {
    let mut queue = queue(&[
        ("late", Urgency::Due, 5),
        ("later", Urgency::Due, 6),
        ("future", Urgency::Due, 99),
        ("new-b", Urgency::New, 9),
        ("new-a", Urgency::New, 9),
        ("far", Urgency::Due, 98),
    ]);
    queue.ask(&repository("far"), at(10));
    assert_eq!(
        started(&mut queue, 10, 10),
        ["far", "new-a", "new-b", "late", "later"],
        "whoever is not due waits"
    );
    assert_eq!(queue.wakes_at(at(10), 10), Some(at(99)));
}

#[test]
fn one_that_may_not_be_asked_yet_keeps_nobody_waiting() {
    let mut queue = queue(&[("paused", Urgency::Due, 5), ("due", Urgency::Due, 5)]);
    queue.ask(&repository("paused"), at(60));
    assert_eq!(started(&mut queue, 10, PLACES), ["due"]);
    assert_eq!(started(&mut queue, 60, PLACES), ["paused"]);
}

#[test]
fn who_was_asked_for_stays_so_whatever_is_planned_anew() {
    let mut queue = queue(&[("a", Urgency::Due, 500), ("b", Urgency::New, 9)]);
    queue.ask(&repository("a"), at(10));
    queue.plan(&repository("a"), turn(Urgency::Due, 500));
    // A second look at what is wanted does not put back who is new.
    queue.plan(&repository("b"), turn(Urgency::New, 10));
    assert_eq!(started(&mut queue, 10, PLACES), ["a", "b"]);
}

#[test]
fn an_image_is_scanned_once_at_a_time_and_again_if_it_was_asked_for_meanwhile() {
    let mut queue = queue(&[("a", Urgency::Due, 0)]);
    assert_eq!(started(&mut queue, 0, PLACES), ["a"]);
    queue.ask(&repository("a"), at(2));
    queue.ask(&repository("a"), at(3));
    queue.plan(&repository("a"), turn(Urgency::Due, 2));
    assert_eq!(started(&mut queue, 5, PLACES), Vec::<String>::new());
    queue.ended(&repository("a"), turn(Urgency::Due, 300));
    assert_eq!(started(&mut queue, 5, PLACES), ["a"], "two nudges are one scan");
    queue.ended(&repository("a"), turn(Urgency::Due, 300));
    assert_eq!(started(&mut queue, 5, PLACES), Vec::<String>::new());
    assert_eq!(queue.next_due(), Some(at(300)));
}

#[test]
fn a_long_scan_gives_up_its_place_and_goes_on() {
    let mut queue = queue(&[
        ("hangs-a", Urgency::Due, 0),
        ("hangs-b", Urgency::Due, 1),
        ("c", Urgency::Due, 2),
        ("d", Urgency::Due, 2),
    ]);
    assert_eq!(started(&mut queue, 2, PLACES), ["hangs-a", "hangs-b"]);
    assert_eq!(queue.wakes_at(at(2), PLACES), Some(at(12)));
    assert_eq!(started(&mut queue, 11, PLACES), Vec::<String>::new());
    assert_eq!(started(&mut queue, 12, PLACES), ["c", "d"]);
    queue.ended(&repository("c"), turn(Urgency::Due, 100));
    queue.ended(&repository("hangs-a"), turn(Urgency::Due, 100));
    assert_eq!(queue.wakes_at(at(13), PLACES), Some(at(100)));
}

#[test]
fn not_even_long_scans_are_under_way_without_end() {
    let mut queue = Queue::default();
    for number in 0..100 {
        queue.plan(&repository(&format!("r{number}")), turn(Urgency::Due, 0));
    }
    let mut under_way = 0;
    for now in 0..10_000 {
        under_way += started(&mut queue, now, PLACES).len();
    }
    assert_eq!(under_way, PLACES * UNDER_WAY_PER_PLACE);
    assert_eq!(queue.wakes_at(at(10_000), PLACES), None);
}

#[test]
fn whom_nobody_wants_is_forgotten_and_comes_back_as_new() {
    let mut queue = queue(&[("a", Urgency::Due, 0), ("b", Urgency::Due, 0)]);
    assert_eq!(started(&mut queue, 0, 1), ["a"]);
    queue.retain(|_| false);
    assert_eq!(queue.next_due(), None);
    assert!(queue.is_busy(), "what is under way goes on");
    queue.forget(&repository("a"));
    assert!(!queue.is_busy());
    queue.plan(&repository("a"), turn(Urgency::New, 7));
    assert_eq!(started(&mut queue, 7, 1), ["a"]);
}
