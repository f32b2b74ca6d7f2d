use std::time::Instant;

use testkit::{Answer, Recorder};

use super::*;
use crate::clouds::wires::Wires;

/// The shortest patience that leaves room for all attempts.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is made of an answer, and how often it was asked for.
async fn told(answer: Answer) -> (String, usize) {
    let server = Recorder::start("127.0.0.1").expect("a port");
    server.answer(answer);
    let url = Url::parse(&format!("{}/token", server.url())).expect("a URL");
    let http = Wires::new(None, &[]).near().expect("a client");
    let secret = Secret::new("canary-5e55");
    let question = Question::post(
        "the cloud",
        url,
        "assertion=canary-5e55".to_owned(),
        vec![secret],
        PATIENCE,
    );
    let began = Instant::now();
    let said = question.patiently(&http).await;
    assert!(began.elapsed() < PATIENCE * 2, "it took {:?}", began.elapsed());
    let told = match said.and_then(|said| said.token("the cloud", "access_token")) {
        Ok((token, life)) => format!("{} for {life:?}", token.expose()),
        Err(reason) => reason.replace(&server.url(), "URL"),
    };
    (told, server.seen().len())
}

#[tokio::test]
async fn a_token_is_taken_as_it_is() {
    let (told, asked) = told(Answer::json(r#"{"access_token": "ya29.x", "expires_in": 3599}"#)).await;
    assert_eq!((told.as_str(), asked), ("ya29.x for Some(3599s)", 1));
}

#[tokio::test]
async fn digits_in_a_text_are_a_number_too() {
    let (told, _) = told(Answer::json(r#"{"access_token": "eyJ.x", "expires_in": "86399"}"#)).await;
    assert_eq!(told, "eyJ.x for Some(86399s)");
}

#[tokio::test]
async fn a_refusal_is_told_in_the_servers_words_and_not_repeated() {
    let refusal = r#"{"error": "invalid_grant", "error_description": "no canary-5e55 here\n"}"#;
    let (told, asked) = told(Answer::status(400).body(refusal)).await;
    assert_eq!(
        (told.as_str(), asked),
        ("the cloud answered 400 Bad Request: no [secret] here", 1)
    );
}

#[tokio::test]
async fn who_has_trouble_is_asked_three_times() {
    let (told, asked) = told(Answer::status(500).body("<html>oops</html>")).await;
    assert_eq!(
        (told.as_str(), asked),
        ("the cloud answered 500 Internal Server Error: (an HTML page)", 3)
    );
}

#[tokio::test]
async fn silence_has_an_end() {
    let (told, _) = told(Answer::hang()).await;
    assert_eq!(told, "the cloud did not answer within 2 s");
}

#[tokio::test]
async fn a_huge_answer_is_not_read() {
    let body = format!(r#"{{"access_token": "{}"}}"#, "a".repeat(8 << 20));
    let (told, _) = told(Answer::json(body)).await;
    assert_eq!(
        told,
        "failed to read the answer of URL/token: it is larger than 65536 bytes"
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (told, asked) = told(Answer::redirect(302, "http://127.0.0.1:1/")).await;
    assert_eq!((told.as_str(), asked), ("the cloud answered 302 Found", 1));
}

#[test]
fn nonsense_is_no_token() {
    let reason = |body: &str| token(body.as_bytes(), "access_token").expect_err("no token");
    assert_eq!(reason("hello"), "it is no JSON (line 1, column 1)");
    assert_eq!(reason("{}"), "there is no `access_token` in it");
    assert_eq!(reason(r#"{"access_token": ""}"#), "there is no `access_token` in it");
    assert_eq!(reason(r#"{"access_token": 5}"#), "there is no `access_token` in it");
    assert_eq!(
        reason(r#"{"access_token": "a\r\nhost: b"}"#),
        "its `access_token` holds characters that no header may have"
    );
    let long = format!(r#"{{"access_token": "{}"}}"#, "a".repeat(MAX_TOKEN + 1));
    assert_eq!(reason(&long), "its `access_token` is longer than 32 KiB");
}
