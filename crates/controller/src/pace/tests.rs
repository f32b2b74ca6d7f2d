//! Passes against paused time.

use super::*;

fn pace() -> (watch::Sender<u64>, CancellationToken, Pace) {
    let (nudge, nudged) = watch::channel(0);
    let shutdown = CancellationToken::new();
    let pace = Pace::new(nudged, shutdown.clone());
    (nudge, shutdown, pace)
}

#[tokio::test(start_paused = true)]
async fn the_first_pass_is_due_at_once_and_the_next_when_said() {
    let (_nudge, _shutdown, mut pace) = pace();
    let start = Instant::now();
    assert!(pace.next().await);
    assert_eq!(start.elapsed().as_secs(), 0);
    pace.again_in(Duration::from_secs(60));
    assert!(pace.next().await);
    assert_eq!(start.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn nudges_that_come_together_make_one_pass() {
    let (nudge, _shutdown, mut pace) = pace();
    pace.again_in(Duration::from_secs(60));
    let start = Instant::now();
    tokio::spawn(async move {
        for _ in 0..5 {
            nudge.send_modify(|count| *count += 1);
            time::sleep(Duration::from_millis(100)).await;
        }
        std::future::pending::<()>().await;
    });
    assert!(pace.next().await);
    assert_eq!(start.elapsed().as_millis(), 600, "four gaps of 100 ms, then 200 ms of quiet");
    assert!(pace.next().await);
    assert_eq!(start.elapsed().as_secs(), 60, "no nudge is left over");
}

#[tokio::test(start_paused = true)]
async fn nudges_without_end_cannot_put_a_pass_off_for_ever() {
    let (nudge, _shutdown, mut pace) = pace();
    pace.again_in(Duration::from_secs(60));
    let start = Instant::now();
    tokio::spawn(async move {
        loop {
            nudge.send_modify(|count| *count += 1);
            time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert!(pace.next().await);
    assert_eq!(start.elapsed().as_secs(), 2);
}

#[tokio::test(start_paused = true)]
async fn shutdown_goes_before_everything() {
    let (nudge, shutdown, mut pace) = pace();
    nudge.send_modify(|count| *count += 1);
    shutdown.cancel();
    assert!(!pace.next().await);
}
