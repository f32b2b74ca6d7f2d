//! The routes. Whatever goes wrong is a [`Problem`](crate::Problem).

use std::{fmt, panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::reference::Timestamp;
use futures::FutureExt;
use prometheus_client::registry::Registry;
use tracing::{debug, error};

use crate::{
    board::Board, guard::Guard, headers, judge::Judge, metrics::Metrics, openapi, page, problem::Refusal, scans::Scans,
};

pub(crate) mod api;
pub(crate) mod health;
pub(crate) mod scan;
#[cfg(test)]
mod tests;

/// Says what time it is; only the controller reads the clock.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// What the routes answer from.
#[derive(Debug, Clone)]
pub struct Api {
    /// What is known.
    pub board: Board,
    /// What this server counts; see [`Metrics::register`].
    pub metrics: Metrics,
    /// Everything that `/metrics` shows.
    pub registry: Arc<Registry>,
    /// The time of an answer.
    pub clock: Clock,
    /// Who is let in.
    pub guard: Guard,
    /// Where scans are asked for.
    pub scans: Scans,
}

#[derive(Debug, Clone)]
pub(crate) struct Shared {
    api: Api,
    judge: Arc<Judge>,
    openapi: Arc<str>,
}

/// All routes, with everything that holds for each of them.
pub fn router(api: Api) -> Router {
    let shared = Shared {
        judge: Arc::new(Judge::new()),
        openapi: openapi::document().into(),
        api,
    };
    Router::new()
        .route("/", get(page::html))
        .route("/assets/page.js", get(page::script))
        .route("/assets/page.css", get(page::style))
        .route("/healthz", get(health::health))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/openapi.json", get(health::document))
        .route("/api/v1/status", get(api::status))
        .route("/api/v1/images", get(api::images))
        .route("/api/v1/images/{name}", get(api::image))
        .route("/api/v1/images/{name}/tags", get(api::image_tags))
        .route("/api/v1/problems", get(api::problems))
        .route("/api/v1/targets", get(api::targets))
        .route("/api/v1/targets/{id}", get(api::target))
        .route("/api/v1/registries", get(api::registries))
        .route(
            "/api/v1/scan",
            post(scan::scan).fallback(async || Refusal::actions_only()),
        )
        .fallback(async || Refusal::unknown_route())
        .method_not_allowed_fallback(async || Refusal::read_only())
        .layer(middleware::from_fn_with_state(shared.clone(), answer))
        .layer(middleware::from_fn(headers::secure))
        .with_state(shared)
}

/// Lets in who may, survives a panic of an answer, and counts.
async fn answer(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let response = match shared.api.guard.admit(&request) {
        Ok(()) => caught(next.run(request), &shared.api.metrics).await,
        Err(refusal) => refusal.into_response(),
    };
    let route = route.as_ref().map(MatchedPath::as_str);
    shared.api.metrics.answered(route, response.status());
    debug!(%method, route, status = response.status().as_u16(), "Answered a request");
    response
}

async fn caught(answer: impl Future<Output = Response>, metrics: &Metrics) -> Response {
    AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|_| {
        metrics.panics.inc();
        error!("Answering a request panicked");
        Refusal::our_fault().into_response()
    })
}
