use std::sync::mpsc;

use axum::response::IntoResponse;
use http::StatusCode;
use tokio::task::JoinSet;

use super::*;

#[tokio::test]
async fn too_many_at_once_are_turned_away() {
    let judge = Arc::new(Judge::new());
    let (release, wait) = mpsc::channel::<()>();
    let wait = Arc::new(std::sync::Mutex::new(wait));
    let mut waiting = JoinSet::new();
    for _ in 0..AT_ONCE + WAITING {
        let (judge, wait) = (Arc::clone(&judge), Arc::clone(&wait));
        let work = move || wait.lock().unwrap().recv().map_err(|_| Refusal::our_fault());
        waiting.spawn(async move { judge.run(work).await });
    }
    while judge.places.available_permits() > 0 {
        task::yield_now().await;
    }
    let refused = judge.run(|| Ok(())).await.unwrap_err().into_response();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()["retry-after"], "1");
    for _ in 0..AT_ONCE + WAITING {
        release.send(()).unwrap();
    }
    assert!(waiting.join_all().await.iter().all(Result::is_ok));
    assert!(judge.run(|| Ok(())).await.is_ok());
}

#[tokio::test]
async fn work_keeps_its_place_when_the_client_has_gone_away() {
    let judge = Arc::new(Judge::new());
    let (release, wait) = mpsc::channel::<()>();
    let (started, begun) = tokio::sync::oneshot::channel();
    let asked = tokio::spawn({
        let judge = Arc::clone(&judge);
        async move {
            let work = move || {
                let _ = started.send(());
                wait.recv().map_err(|_| Refusal::our_fault())
            };
            judge.run(work).await
        }
    });
    begun.await.unwrap();
    asked.abort();
    assert!(asked.await.unwrap_err().is_cancelled());
    assert_eq!(judge.turns.available_permits(), AT_ONCE - 1);
    release.send(()).unwrap();
    while judge.turns.available_permits() < AT_ONCE {
        task::yield_now().await;
    }
}

#[tokio::test]
async fn a_panic_is_our_fault() {
    let refused = Judge::new().run::<()>(|| panic!("as a test")).await.unwrap_err();
    assert_eq!(refused.into_response().status(), StatusCode::INTERNAL_SERVER_ERROR);
}
