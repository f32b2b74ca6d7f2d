//! Passes against paused time.

use super::*;

struct Hands {
    nudge: watch::Sender<u64>,
    config: watch::Sender<()>,
    shutdown: CancellationToken,
}

fn pace() -> (Hands, Pace<()>) {
    let hands = Hands {
        nudge: watch::Sender::new(0),
        config: watch::Sender::new(()),
        shutdown: CancellationToken::new(),
    };
    let pace = Pace::new(
        hands.nudge.subscribe(),
        hands.config.subscribe(),
        hands.shutdown.clone(),
    );
    (hands, pace)
}

#[tokio::test(start_paused = true)]
async fn the_first_pass_is_due_at_once_and_the_next_when_said() {
    let (_hands, mut pace) = pace();
    let start = Instant::now();
    assert_eq!(pace.next().await, Wake::Due);
    assert_eq!(start.elapsed().as_secs(), 0);
    pace.again_in(Duration::from_secs(60));
    assert_eq!(pace.next().await, Wake::Due);
    assert_eq!(start.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn nudges_that_come_together_make_one_pass() {
    let (hands, mut pace) = pace();
    pace.again_in(Duration::from_secs(60));
    let start = Instant::now();
    tokio::spawn(async move {
        for _ in 0..5 {
            hands.nudge.send_modify(|count| *count += 1);
            time::sleep(Duration::from_millis(100)).await;
        }
        std::future::pending::<()>().await;
    });
    assert_eq!(pace.next().await, Wake::Nudged);
    assert_eq!(
        start.elapsed().as_millis(),
        600,
        "four gaps of 100 ms, then 200 ms of quiet"
    );
    assert_eq!(pace.next().await, Wake::Due);
    assert_eq!(start.elapsed().as_secs(), 60, "no nudge is left over");
}

#[tokio::test(start_paused = true)]
async fn nudges_without_end_cannot_put_a_pass_off_for_ever() {
    let (hands, mut pace) = pace();
    pace.again_in(Duration::from_secs(60));
    let start = Instant::now();
    tokio::spawn(async move {
        loop {
            hands.nudge.send_modify(|count| *count += 1);
            time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert_eq!(pace.next().await, Wake::Nudged);
    assert_eq!(start.elapsed().as_secs(), 2);
}

#[tokio::test(start_paused = true)]
async fn shutdown_goes_before_everything() {
    let (hands, mut pace) = pace();
    hands.nudge.send_modify(|count| *count += 1);
    hands.shutdown.cancel();
    assert_eq!(pace.next().await, Wake::Stop);
}

#[tokio::test(start_paused = true)]
async fn another_configuration_is_looked_at_at_once() {
    let (hands, mut pace) = pace();
    pace.again_in(Duration::from_secs(60));
    hands.config.send_replace(());
    assert_eq!(pace.next().await, Wake::Due);
}
