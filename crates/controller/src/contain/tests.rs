//! Passes that fail, and passes that panic, here or on a blocking thread.

use anyhow::Context;
use tokio::task;

use super::*;

async fn check(pass: impl Future<Output = anyhow::Result<()>>) -> (String, PassOutcome) {
    let error = contained(pass).await.unwrap_err();
    (format!("{error:#}"), outcome_of(&error))
}

#[tokio::test]
async fn a_failure_is_told_in_its_words() {
    let (words, outcome) = check(async { anyhow::bail!("the disk is full") }).await;
    assert_eq!(
        (words.as_str(), outcome),
        ("the disk is full", PassOutcome::Failed(words.clone()))
    );
}

#[tokio::test]
async fn a_panic_is_caught_and_told_apart() {
    let (words, outcome) = check(async { panic!("index {} of 3", 5) }).await;
    assert!(words.contains("index 5 of 3") && words.contains("report it"), "{words}");
    assert_eq!(outcome, PassOutcome::Panicked);
}

#[tokio::test]
async fn a_panic_on_a_blocking_thread_is_the_panic_of_its_pass() {
    let blocking = async {
        task::spawn_blocking(|| panic!("a bug"))
            .await
            .context("working with git")
    };
    assert_eq!(check(blocking).await.1, PassOutcome::Panicked);
}
