//! Ten thousand pages, each of which comes slowly.

use tokio::time;
use transport::chain;

use super::*;
use crate::error::ErrorCode;

#[tokio::test(start_paused = true)]
async fn many_slow_pages_end_with_the_time_of_all_of_them() {
    let (minute, one) = (Duration::from_secs(60), Duration::from_secs(30));
    let mut budget = Budget::new(minute);
    let mut pages = 0;
    let error = loop {
        let limit = match budget.limit(one) {
            Ok(limit) => limit,
            Err(error) => break error,
        };
        let began = Instant::now();
        time::sleep(Duration::from_secs(7).min(limit)).await;
        budget.spend(began);
        pages += 1;
    };
    assert_eq!(pages, 9, "the last one had four seconds");
    assert_eq!(error.code(), ErrorCode::Unreachable);
    assert_eq!(
        chain(&error).to_string(),
        "it took longer than 60 s altogether, the waits for a turn not counted"
    );
}

#[tokio::test(start_paused = true)]
async fn waits_for_a_turn_are_free() {
    let mut budget = Budget::new(Duration::from_secs(60));
    for _ in 0..1_000 {
        time::sleep(Duration::from_secs(60)).await;
        let began = Instant::now();
        time::sleep(Duration::from_millis(50)).await;
        budget.spend(began);
    }
    assert_eq!(
        budget.limit(Duration::from_secs(30)).expect("time is left"),
        Duration::from_secs(10)
    );
}
