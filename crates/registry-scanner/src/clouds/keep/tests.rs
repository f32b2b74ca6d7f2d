use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::time::{advance, sleep};
use transport::Secret;

use super::*;

const HOUR: Duration = Duration::from_secs(60 * 60);
const SECOND: Duration = Duration::from_secs(1);

/// A cloud that counts how often it is asked, and the credentials that it gave.
struct Cloud {
    kept: Kept<&'static str>,
    asked: AtomicUsize,
}

impl Cloud {
    fn new() -> Self {
        Self {
            kept: Kept::new("Cirrus"),
            asked: AtomicUsize::new(0),
        }
    }

    async fn gives(&self, key: &'static str, life: Duration) -> String {
        let fetch = async {
            let number = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
            sleep(SECOND).await;
            Ok(Fresh {
                credential: Credential::RegistryToken {
                    token: Secret::new(format!("token {number}")),
                },
                life,
            })
        };
        shown(self.kept.get(&key, fetch).await)
    }

    async fn fails(&self, key: &'static str) -> String {
        let fetch = async {
            self.asked.fetch_add(1, Ordering::Relaxed);
            sleep(SECOND).await;
            Err(Trouble {
                reason: "it rains".to_owned(),
                next_step: "wait".to_owned(),
            })
        };
        shown(self.kept.get(&key, fetch).await)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    fn refuse(&self, key: &'static str, token: &str) {
        let token = Secret::new(token);
        self.kept.refused(&key, &Credential::RegistryToken { token });
    }
}

fn shown(answer: Result<Credential, CloudError>) -> String {
    match answer {
        Ok(credential) => credential.secret().expose().to_owned(),
        Err(error) => error.to_string(),
    }
}

const RAIN: &str = "Cirrus has no credential for it: it rains; wait";

#[tokio::test(start_paused = true)]
async fn many_who_ask_at_once_wait_for_one_fetch_of_their_key() {
    let cloud = Cloud::new();
    let (a, b, c, other) = tokio::join!(
        cloud.gives("a", HOUR),
        cloud.gives("a", HOUR),
        cloud.gives("a", HOUR),
        cloud.gives("b", HOUR),
    );
    assert_eq!([a, b, c, other], ["token 1", "token 1", "token 1", "token 2"]);
    assert_eq!(cloud.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_credential_is_renewed_after_four_fifths_of_its_life() {
    let cloud = Cloud::new();
    assert_eq!(cloud.gives("a", HOUR).await, "token 1");
    advance(48 * 60 * SECOND - SECOND).await;
    assert_eq!(cloud.gives("a", HOUR).await, "token 1");
    advance(SECOND).await;
    assert_eq!(cloud.gives("a", HOUR).await, "token 2");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_renewal_while_the_older_credential_lives() {
    let cloud = Cloud::new();
    cloud.gives("a", HOUR).await;
    advance(50 * 60 * SECOND).await;
    let (first, second) = tokio::join!(cloud.gives("a", HOUR), cloud.gives("a", HOUR));
    assert_eq!([first, second], ["token 2", "token 1"]);
}

#[tokio::test(start_paused = true)]
async fn a_life_beyond_twelve_hours_is_not_believed() {
    let cloud = Cloud::new();
    cloud.gives("a", 1000 * HOUR).await;
    advance(10 * HOUR).await;
    assert_eq!(cloud.gives("a", HOUR).await, "token 2");
}

#[tokio::test(start_paused = true)]
async fn what_had_expired_when_it_came_is_used_and_fetched_once_a_minute() {
    let cloud = Cloud::new();
    for _ in 0..10 * 60 {
        cloud.gives("a", Duration::ZERO).await;
        advance(SECOND).await;
    }
    assert!((9..=10).contains(&cloud.asked()), "{}", cloud.asked());
    let trouble = cloud.kept.trouble(&"a").expect("it is told");
    assert_eq!(
        trouble.reason,
        "what it gives lives for less than a minute, or has expired when it comes"
    );
}

#[tokio::test(start_paused = true)]
async fn after_failures_the_cloud_is_left_alone_for_longer_and_longer() {
    let cloud = Cloud::new();
    let mut waits = Vec::new();
    for _ in 0..8 {
        assert_eq!(cloud.fails("a").await, RAIN);
        let before = cloud.asked();
        let until = cloud.kept.trouble(&"a").expect("it is told").until;
        waits.push((until - Instant::now()).as_secs());
        advance(until - Instant::now() - SECOND).await;
        assert_eq!(cloud.fails("a").await, RAIN);
        assert_eq!(cloud.asked(), before, "it is left alone until then");
        advance(SECOND).await;
    }
    assert_eq!(waits, [10, 20, 40, 80, 160, 320, 600, 600]);
    assert_eq!(cloud.gives("a", HOUR).await, "token 9");
    assert_eq!(cloud.kept.trouble(&"a"), None);
}

#[tokio::test(start_paused = true)]
async fn the_older_credential_is_used_as_long_as_it_lives() {
    let cloud = Cloud::new();
    cloud.gives("a", HOUR).await;
    advance(50 * 60 * SECOND).await;
    assert_eq!(cloud.fails("a").await, "token 1");
    assert!(cloud.kept.trouble(&"a").is_some(), "the failure is told nevertheless");
    advance(10 * 60 * SECOND).await;
    assert_eq!(cloud.fails("a").await, RAIN);
}

#[tokio::test(start_paused = true)]
async fn a_refused_credential_is_fetched_anew_once_and_then_believed_in_for_a_while() {
    let cloud = Cloud::new();
    cloud.gives("a", HOUR).await;
    cloud.refuse("a", "token 1");
    assert_eq!(cloud.gives("a", HOUR).await, "token 2");
    for _ in 0..50 {
        cloud.refuse("a", "token 2");
        assert_eq!(cloud.gives("a", HOUR).await, "token 2");
        advance(SECOND).await;
    }
    advance(10 * SECOND).await;
    cloud.refuse("a", "token 2");
    assert_eq!(cloud.gives("a", HOUR).await, "token 3");
    advance(110 * SECOND).await;
    cloud.refuse("a", "token 3");
    assert_eq!(
        cloud.gives("a", HOUR).await,
        "token 3",
        "the second time it takes longer"
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_an_older_credential_changes_nothing() {
    let cloud = Cloud::new();
    cloud.gives("a", HOUR).await;
    cloud.refuse("a", "token 0");
    assert_eq!(cloud.gives("a", HOUR).await, "token 1");
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_waiting_leaves_the_next_one_a_free_way() {
    let cloud = Cloud::new();
    let impatient = tokio::time::timeout(Duration::from_millis(10), cloud.gives("a", HOUR)).await;
    assert!(impatient.is_err());
    assert_eq!(cloud.gives("a", HOUR).await, "token 2");
}
