use std::num::NonZeroU32;
use std::sync::Arc;

use super::*;

fn limits(requests_per_second: u32, burst: u32, concurrency: usize) -> Limits {
    let not_zero = |number| NonZeroU32::new(number).expect("not zero");
    Limits {
        requests_per_second: not_zero(requests_per_second),
        burst: not_zero(burst),
        concurrency: concurrency.try_into().expect("not zero"),
        ..Limits::default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_goes_at_once_and_the_rest_at_the_rate() {
    let pace = Pace::new(&limits(20, 10, 16));
    let began = Instant::now();
    for _ in 0..10 {
        pace.turn().await.expect("no pause");
    }
    assert_eq!(began.elapsed(), Duration::ZERO);
    for _ in 0..20 {
        pace.turn().await.expect("no pause");
    }
    let took = began.elapsed();
    assert!(
        took >= Duration::from_millis(999) && took < Duration::from_millis(1100),
        "{took:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn only_so_many_are_under_way_at_once() {
    let pace = Pace::new(&limits(1000, 1000, 2));
    let (first, _second) = (pace.turn().await, pace.turn().await);
    let third = time::timeout(Duration::from_secs(60), pace.turn()).await;
    assert!(third.is_err());
    drop(first);
    assert!(time::timeout(Duration::from_secs(1), pace.turn()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_turn_is_given_again_when_its_connection_is_free_again() {
    let pace = Pace::new(&limits(1000, 1000, 2));
    let began = Instant::now();
    let (first, second) = (pace.turn().await, pace.turn().await);
    assert_eq!(began.elapsed(), Duration::ZERO, "nothing has been asked yet");
    drop(first);
    let third = pace.turn().await;
    let settled = began.elapsed();
    assert!(settled >= CONNECTION_SETTLES, "{settled:?}");
    drop(second);
    time::advance(CONNECTION_SETTLES).await;
    let fourth = pace.turn().await;
    assert_eq!(began.elapsed(), settled + CONNECTION_SETTLES, "it had its time already");
    // Who gives up waiting takes no turn along.
    let given_up = time::timeout(Duration::from_secs(60), pace.turn()).await;
    assert!(given_up.is_err());
    drop((third, fourth));
    for _ in 0..2 {
        assert!(time::timeout(Duration::ZERO, pace.turn()).await.is_err());
    }
    time::advance(CONNECTION_SETTLES * 2).await;
    assert!(pace.turn().await.is_ok() && pace.turn().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_429_pauses_everyone_for_as_long_as_it_says() {
    let pace = Pace::new(&limits(1000, 1000, 8));
    pace.throttled(Some(Duration::from_secs(30)), "too many".to_owned());
    pace.throttled(Some(Duration::from_secs(10)), "shorter".to_owned());
    let pause = pace.turn().await.map(|_| ()).expect_err("a pause");
    assert_eq!(
        (pause.until - Instant::now(), pause.reason.as_str()),
        (Duration::from_secs(30), "too many")
    );
    time::advance(Duration::from_secs(29)).await;
    assert!(pace.paused().is_some());
    time::advance(Duration::from_secs(1)).await;
    assert!(pace.turn().await.is_ok() && pace.paused().is_none());
}

#[tokio::test(start_paused = true)]
async fn without_a_word_the_pause_doubles_from_2_seconds_to_15_minutes() {
    let pace = Pace::new(&limits(1000, 1000, 8));
    let mut longest = FIRST_PAUSE;
    for _ in 0..40 {
        let wait = pace.throttled(None, String::new());
        assert!(
            wait <= longest && wait >= longest.mul_f64(0.75),
            "{wait:?} of {longest:?}"
        );
        longest = (longest * 2).min(LONGEST_PAUSE);
    }
    pace.answered();
    assert!(pace.throttled(None, String::new()) <= FIRST_PAUSE);
}

#[tokio::test(start_paused = true)]
async fn one_goes_first_and_the_others_follow() {
    let pace = Pace::new(&limits(1000, 1000, 8));
    let lead = pace.lead().await.expect("nothing failed").expect("the first");
    let waiting = time::timeout(Duration::from_secs(1), pace.lead()).await;
    assert!(waiting.is_err(), "the second waits");
    pace.answered();
    let waiting = time::timeout(Duration::from_secs(1), pace.lead()).await;
    assert!(waiting.is_err(), "until the first is done with what it learns");
    drop(lead);
    assert!(pace.lead().await.expect("nothing failed").is_none());
    // After a silence, and after a 429, one goes first again.
    time::advance(Duration::from_secs(46)).await;
    assert!(pace.lead().await.expect("nothing failed").is_some());
    pace.answered();
    pace.throttled(Some(Duration::from_secs(1)), String::new());
    assert!(pace.lead().await.expect("nothing failed").is_some());
}

#[tokio::test(start_paused = true)]
async fn who_waited_for_a_failure_shares_it() {
    let pace = Arc::new(Pace::new(&limits(1000, 1000, 8)));
    let lead = pace.lead().await.expect("nothing failed").expect("the first");
    let other = pace.clone();
    let waiting = tokio::spawn(async move { other.lead().await.map(|lead| lead.is_some()) });
    tokio::task::yield_now().await;
    pace.failed("no route".to_owned());
    drop(lead);
    assert_eq!(waiting.await.expect("no panic"), Err("no route".to_owned()));
    assert!(pace.lead().await.expect("a new try").is_some());
}
