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
        pace.turn("a").await.expect("no pause");
    }
    assert_eq!(began.elapsed(), Duration::ZERO);
    for _ in 0..20 {
        pace.turn("a").await.expect("no pause");
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
    let (first, _second) = (pace.turn("a").await, pace.turn("a").await);
    let third = time::timeout(Duration::from_secs(60), pace.turn("a")).await;
    assert!(third.is_err());
    drop(first);
    assert!(time::timeout(Duration::from_secs(1), pace.turn("a")).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_turn_is_given_again_when_its_connection_is_free_again() {
    let pace = Pace::new(&limits(1000, 1000, 2));
    let began = Instant::now();
    let (first, second) = (pace.turn("a").await, pace.turn("a").await);
    assert_eq!(began.elapsed(), Duration::ZERO, "nothing has been asked yet");
    drop(first);
    let third = pace.turn("a").await;
    let settled = began.elapsed();
    assert!(settled >= CONNECTION_SETTLES, "{settled:?}");
    drop(second);
    time::advance(CONNECTION_SETTLES).await;
    let fourth = pace.turn("a").await;
    assert_eq!(began.elapsed(), settled + CONNECTION_SETTLES, "it had its time already");
    // Who gives up waiting takes no turn along.
    let given_up = time::timeout(Duration::from_secs(60), pace.turn("a")).await;
    assert!(given_up.is_err());
    drop((third, fourth));
    for _ in 0..2 {
        assert!(time::timeout(Duration::ZERO, pace.turn("a")).await.is_err());
    }
    time::advance(CONNECTION_SETTLES * 2).await;
    assert!(pace.turn("a").await.is_ok() && pace.turn("a").await.is_ok());
}

fn why(words: &str) -> Why {
    Why {
        code: ErrorCode::RateLimited,
        words: words.to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_429_pauses_everyone_for_as_long_as_it_says() {
    let pace = Pace::new(&limits(1000, 1000, 8));
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    let (mut first, mut second) = (
        pace.turn("a").await.expect("no pause"),
        pace.turn("b").await.expect("no pause"),
    );
    first.refused(Refusal::TooMany, seconds(30), why("too many"));
    second.refused(Refusal::TooMany, seconds(10), why("shorter"));
    let pause = pace.turn("c").await.map(|_| ()).expect_err("a pause");
    assert_eq!(
        (pause.until - Instant::now(), pause.why),
        (Duration::from_secs(30), why("too many"))
    );
    time::advance(Duration::from_secs(29)).await;
    assert!(pace.paused().is_some());
    time::advance(Duration::from_secs(1)).await;
    assert!(pace.turn("c").await.is_ok() && pace.paused().is_none());
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_turn_learns_of_a_pause() {
    let pace = Arc::new(Pace::new(&limits(1, 1, 8)));
    let mut first = pace.turn("a").await.expect("no pause");
    let waiting: Vec<_> = (0..3)
        .map(|_| {
            let pace = pace.clone();
            tokio::spawn(async move { pace.turn("a").await.is_err() })
        })
        .collect();
    tokio::task::yield_now().await;
    first.refused(Refusal::TooMany, Some(Duration::from_secs(60)), why("no"));
    let began = Instant::now();
    for task in waiting {
        assert!(task.await.expect("no panic"));
    }
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn after_a_pause_one_finds_out_for_all() {
    let pace = Arc::new(Pace::new(&limits(1000, 1000, 8)));
    let mut first = pace.turn("a").await.expect("no pause");
    first.refused(Refusal::TooMany, Some(Duration::from_secs(1)), why("no"));
    drop(first);
    time::advance(Duration::from_secs(1)).await;
    let mut probe = pace.turn("a").await.expect("the pause is over");
    assert!(time::timeout(Duration::from_secs(60), pace.turn("b")).await.is_err());
    // It may take for ever; whoever gives it up lets the next one find out.
    let other = pace.clone();
    let waiting = tokio::spawn(async move { other.turn("b").await.map(|mut turn| turn.answered()).is_ok() });
    tokio::task::yield_now().await;
    probe.failed("no route".to_owned());
    drop(probe);
    assert!(waiting.await.expect("no panic"));
    let together = [pace.turn("a").await, pace.turn("a").await];
    assert!(together.iter().all(Result::is_ok));
}

#[tokio::test(start_paused = true)]
async fn a_repository_with_one_request_waits_for_none_of_five_hundred() {
    let pace = Arc::new(Pace::new(&limits(20, 1, 1)));
    let held = pace.turn("first").await.expect("no pause");
    let served: Arc<Mutex<Vec<&str>>> = Arc::default();
    let mut tasks = tokio::task::JoinSet::new();
    let mut ask = |subject: &'static str, count: usize| {
        for _ in 0..count {
            let (pace, served) = (pace.clone(), served.clone());
            tasks.spawn(async move {
                let turn = pace.turn(subject).await.expect("no pause");
                served.lock().expect("no panic").push(subject);
                drop(turn);
            });
        }
    };
    ask("many", 500);
    tokio::task::yield_now().await;
    ask("one", 1);
    ask("two", 2);
    tokio::task::yield_now().await;
    drop(held);
    tasks.join_all().await;
    let served = served.lock().expect("no panic");
    assert_eq!(served[..7], ["many", "many", "one", "two", "many", "two", "many"]);
    assert_eq!(served.len(), 503);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_holds_nobody_up() {
    let pace = Arc::new(Pace::new(&limits(1000, 1000, 1)));
    let held = pace.turn("a").await.expect("no pause");
    let spawn = |subject: &'static str| {
        let pace = pace.clone();
        tokio::spawn(async move { pace.turn(subject).await.is_ok() })
    };
    let waiting = [spawn("a"), spawn("b"), spawn("a"), spawn("c")];
    tokio::task::yield_now().await;
    // The one who would be next, one behind it, and one that is let in and gone before it notices.
    waiting[0].abort();
    waiting[1].abort();
    tokio::task::yield_now().await;
    waiting[2].abort();
    drop(held);
    let [.., last] = waiting;
    assert!(last.await.expect("not aborted"));
    assert!(time::timeout(Duration::from_secs(1), pace.turn("d")).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn what_is_given_up_gives_its_place_back() {
    let pace = Arc::new(Pace::new(&limits(1000, 1000, 2)));
    let hanging: Vec<_> = (0..2)
        .map(|_| {
            let pace = pace.clone();
            tokio::spawn(async move {
                let _turn = pace.turn("a").await;
                std::future::pending::<()>().await;
            })
        })
        .collect();
    tokio::task::yield_now().await;
    assert!(time::timeout(Duration::from_secs(60), pace.turn("b")).await.is_err());
    hanging[0].abort();
    assert!(time::timeout(Duration::from_secs(1), pace.turn("b")).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_takes_what_is_left() {
    let pace = Pace::new(&limits(1000, 1000, 8));
    let (mut first, second) = (
        pace.turn("a").await.expect("no pause"),
        pace.turn("a").await.expect("no pause"),
    );
    first.answered();
    first.told(2, Duration::from_secs(60));
    assert!(pace.paused().is_none());
    first.told(1, Duration::from_secs(60));
    assert!(
        pace.paused()
            .is_some_and(|pause| pause.until - Instant::now() == Duration::from_secs(60))
    );
    drop((first, second));
    time::advance(Duration::from_secs(60)).await;
    // It was no refusal, so nothing has to be found out.
    assert!(pace.turn("a").await.is_ok() && pace.turn("a").await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn one_goes_first_and_the_others_follow() {
    let pace = Pace::new(&limits(1000, 1000, 8));
    let lead = pace.lead().await.expect("nothing failed").expect("the first");
    let waiting = time::timeout(Duration::from_secs(1), pace.lead()).await;
    assert!(waiting.is_err(), "the second waits");
    pace.turn("a").await.expect("no pause").answered();
    let waiting = time::timeout(Duration::from_secs(1), pace.lead()).await;
    assert!(waiting.is_err(), "until the first is done with what it learns");
    drop(lead);
    assert!(pace.lead().await.expect("nothing failed").is_none());
    // After a silence, and after a 429, one goes first again.
    time::advance(Duration::from_secs(46)).await;
    assert!(pace.lead().await.expect("nothing failed").is_some());
    let mut turn = pace.turn("a").await.expect("no pause");
    turn.refused(Refusal::TooMany, Some(Duration::from_secs(1)), why("no"));
    assert!(pace.lead().await.expect("nothing failed").is_some());
}

#[tokio::test(start_paused = true)]
async fn one_that_goes_first_and_hangs_does_not_keep_the_others_waiting() {
    let pace = Pace::new(&limits(1000, 1000, 8));
    let _hangs = pace.lead().await.expect("nothing failed").expect("the first");
    let start = Instant::now();
    assert!(pace.lead().await.expect("nothing failed").is_none());
    assert_eq!(start.elapsed(), PATIENCE);
    // Once anything was answered, nobody waits at all.
    pace.turn("a").await.expect("no pause").answered();
    assert!(pace.lead().await.expect("nothing failed").is_none());
    assert_eq!(start.elapsed(), PATIENCE);
    // After a refusal all wait for the one.
    let mut turn = pace.turn("a").await.expect("no pause");
    turn.refused(Refusal::TooMany, Some(Duration::from_secs(1)), why("no"));
    assert!(time::timeout(10 * PATIENCE, pace.lead()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn who_waited_for_a_failure_shares_it() {
    let pace = Arc::new(Pace::new(&limits(1000, 1000, 8)));
    let lead = pace.lead().await.expect("nothing failed").expect("the first");
    let other = pace.clone();
    let waiting = tokio::spawn(async move { other.lead().await.map(|lead| lead.is_some()) });
    tokio::task::yield_now().await;
    pace.turn("a").await.expect("no pause").failed("no route".to_owned());
    drop(lead);
    assert_eq!(waiting.await.expect("no panic"), Err("no route".to_owned()));
    assert!(pace.lead().await.expect("a new try").is_some());
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_is_taken_over_is_no_longer_than_a_host_may_ask_for() {
    // The wall clock may have jumped by years between two starts.
    let pace = Pace::new(&limits(20, 10, 16));
    pace.pause(Duration::MAX, "it asked for it".to_owned());
    let pause = pace.paused().expect("a pause");
    assert_eq!(pause.until - Instant::now(), Duration::from_secs(6 * 3600));
}
