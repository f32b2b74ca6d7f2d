use axum::http::Request;
use tower::ServiceExt;

use super::*;
use crate::Registry;

/// The body of the list of `acme/api`, and how long it took; `None` if it was cut.
async fn list(delivery: Delivery) -> (Option<Bytes>, Duration) {
    let registry = Registry::new();
    registry.push_tag("acme/api", "1.0.0");
    registry.set_delivery(delivery);
    let began = time::Instant::now();
    let request = Request::get("/v2/acme/api/tags/list").body(Body::empty()).unwrap();
    let response = registry.router().oneshot(request).await.unwrap();
    let length = response.headers().get(header::CONTENT_LENGTH).cloned();
    let body = body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let whole = length.is_none_or(|length| length == body.len().to_string());
    (whole.then_some(body), began.elapsed())
}

const LIST: &[u8] = br#"{"name":"acme/api","tags":["1.0.0"]}"#;

#[tokio::test(start_paused = true)]
async fn an_answer_comes_at_once_or_later_or_byte_by_byte() {
    let (body, took) = list(Delivery::Prompt).await;
    assert_eq!((body.as_deref(), took), (Some(LIST), Duration::ZERO));
    let (body, took) = list(Delivery::Delayed(Duration::from_secs(3))).await;
    assert_eq!((body.as_deref(), took.as_secs()), (Some(LIST), 3));
    let two = NonZeroU32::new(2).unwrap();
    let (body, took) = list(Delivery::BytesPerSecond(two)).await;
    assert_eq!((body.as_deref(), took.as_secs()), (Some(LIST), LIST.len() as u64 / 2));
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_cut_in_the_middle() {
    let (body, _) = list(Delivery::CutAfter(7)).await;
    assert_eq!(body, None);
}

#[tokio::test(start_paused = true)]
async fn an_answer_never_comes() {
    let waited = time::timeout(Duration::from_secs(3600), list(Delivery::Hanging)).await;
    assert!(waited.is_err());
}
