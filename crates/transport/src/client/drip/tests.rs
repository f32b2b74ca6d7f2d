//! Bodies that come in so many pieces of so many bytes, one after each pause.

use super::*;

/// After which piece, and when, a body is given up; `None` if it never is.
fn check(bytes: usize, pause: Duration, pieces: usize) -> Option<Drips> {
    let mut flow = Flow::default();
    let began = Instant::now();
    (0..pieces).find_map(|piece| {
        flow.came(bytes, began + pause * u32::try_from(piece).expect("few"))
            .err()
    })
}

#[test]
fn a_byte_a_second_is_given_up_soon_after_the_grace() {
    let seconds = Duration::from_secs;
    assert_eq!(
        check(1, seconds(1), 1000),
        Some(Drips {
            bytes: 12,
            took: seconds(11)
        })
    );
    // One that comes just before the limit of silence is over.
    assert_eq!(
        check(1, seconds(14), 1000),
        Some(Drips {
            bytes: 2,
            took: seconds(14)
        })
    );
}

#[test]
fn the_slowest_line_is_fast_enough() {
    assert_eq!(check(1024, Duration::from_secs(1), 10_000), None);
    assert_eq!(check(103, Duration::from_millis(100), 10_000), None);
    assert!(check(1000, Duration::from_secs(1), 10_000).is_some());
}

#[test]
fn what_comes_at_once_may_come_late() {
    // Only what lies between the first byte and the last counts.
    assert_eq!(check(1, Duration::from_secs(3600), 1), None);
    assert_eq!(check(1, Duration::from_secs(1), 11), None, "the grace");
}

#[test]
fn a_large_body_may_pause() {
    let mut flow = Flow::default();
    let began = Instant::now();
    assert_eq!(flow.came(1_000_000, began), Ok(()));
    assert_eq!(flow.came(1, began + Duration::from_secs(600)), Ok(()));
    assert!(flow.came(1, began + Duration::from_secs(1000)).is_err());
}

#[test]
fn no_number_is_too_large() {
    let mut flow = Flow::default();
    let began = Instant::now();
    for _ in 0..3 {
        assert_eq!(flow.came(usize::MAX, began + Duration::from_secs(1 << 30)), Ok(()));
    }
}
