//! For machines that look after the process: alive, ready, counted, described.

use axum::{extract::State, response::IntoResponse};
use http::{StatusCode, header};

use super::Shared;
use crate::{
    metrics as counted,
    problem::{Problem, Refusal},
};

/// Whether the process is alive.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, description = "Alive", body = String)))]
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// Whether a first scan pass and a first fetch have been attempted.
#[utoipa::path(get, path = "/readyz", tag = "health", responses(
    (status = 200, description = "Ready", body = String),
    (status = 503, description = "Not yet", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn ready(State(shared): State<Shared>) -> Result<&'static str, Refusal> {
    if shared.api.board.snapshot().ready() {
        Ok("ready\n")
    } else {
        Err(Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the first pass has not ended yet",
        ))
    }
}

/// All metrics, as OpenMetrics text.
#[utoipa::path(get, path = "/metrics", tag = "health", responses((status = 200, description = "The metrics", body = String, content_type = "application/openmetrics-text")))]
pub(crate) async fn metrics(State(shared): State<Shared>) -> Result<impl IntoResponse, Refusal> {
    let text = counted::encode(&shared.api.registry).map_err(|_| Refusal::our_fault())?;
    Ok(([(header::CONTENT_TYPE, counted::MEDIA_TYPE)], text))
}

pub(crate) async fn document(State(shared): State<Shared>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], shared.openapi.to_string())
}
