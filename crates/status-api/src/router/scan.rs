//! `POST /api/v1/scan`: what a person asks for goes before what is merely due.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::Json;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use domain::reference::Repository;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::Shared;
use crate::board::Snapshot;
use crate::problem::{Problem, ProblemPart, Refusal};
use crate::report::Outcome;
use crate::view::{ScansView, scan as view};

#[cfg(test)]
mod tests;

/// The most bytes of what is sent: a hundred of the longest names fit.
const LARGEST: usize = 64 * 1024;
/// How long sending it may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// The most images that are asked for at once.
const IMAGES: usize = 100;

/// Which images to scan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScanRequest {
    /// Names of images without tag and digest, 1 to 100.
    #[schema(example = json!(["ghcr.io/acme/api"]), min_items = 1, max_items = 100)]
    images: Vec<String>,
}

/// Asks for scans now. All images are scanned, or none; to ask twice is to ask once.
///
/// Only images that a target uses are scanned, whatever is asked for. A scan goes before those that are merely due, under the
/// limits of its registry like them. `asked` of the image says whether it is still to be made.
#[utoipa::path(post, path = "/api/v1/scan", tag = "images", request_body = ScanRequest, security(("token" = [])),
    responses(
        (status = 202, description = "They will be scanned", body = ScansView),
        (status = 400, description = "This is no such request", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is wanted", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Nothing but reads is answered, or a page of another origin asks", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No target uses one of them", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "It took too long to arrive", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "One of them is never scanned", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "It is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "It is not called `application/json`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The daemon is starting, or has no token", body = Problem, content_type = "application/problem+json"),
    ))]
pub(crate) async fn scan(
    State(shared): State<Shared>,
    request: Request,
) -> Result<(StatusCode, Json<ScansView>), Refusal> {
    let (head, body) = request.into_parts();
    if !is_json(&head.headers) {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "what is sent here is `Content-Type: application/json`",
        ));
    }
    let images = images(&read(body).await?)?;
    let asked = images.values().cloned().collect();
    // Read before, so that a scan that was asked for is never older than its answer.
    let now = shared.api.clock.now();
    let taken = shared.api.scans.ask(&asked);
    let board = shared.api.board.snapshot();
    match taken {
        Ok(taken) => Ok((StatusCode::ACCEPTED, Json(view::scans(&board, &taken, now)))),
        Err(_) if !board.fetch_attempted => Err(Refusal::starting()),
        Err(unwanted) => Err(refusal(&board, &images, &unwanted)),
    }
}

/// Pages of others cannot send this without asking first, and nobody gives them leave.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

async fn read(body: Body) -> Result<Vec<u8>, Refusal> {
    let too_large = || Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "at most 64 KiB may be sent");
    if body.size_hint().lower() > LARGEST as u64 {
        return Err(too_large());
    }
    match timeout(PATIENCE, to_bytes(body, LARGEST)).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        // A connection that broke gets no answer, whatever it is.
        Ok(Err(_)) => Err(too_large()),
        Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "it took too long to arrive")),
    }
}

/// The images by their place in the request.
fn images(body: &[u8]) -> Result<BTreeMap<usize, Repository>, Refusal> {
    let wrong = |detail| Refusal::new(StatusCode::BAD_REQUEST, detail);
    let request: ScanRequest = serde_json::from_slice(body)
        .map_err(|_| wrong("what is sent here is `{\"images\": [\"NAME\", …]}`, and nothing else"))?;
    if request.images.is_empty() || request.images.len() > IMAGES {
        return Err(wrong("1 to 100 images can be asked for at once"));
    }
    let (mut images, mut parts) = (BTreeMap::new(), Vec::new());
    for (number, name) in request.images.iter().enumerate() {
        match Repository::parse(name) {
            Ok(image) => drop(images.insert(number, image)),
            Err(_) => parts.push(part(
                number,
                "this is not an image name without a tag, such as `ghcr.io/acme/api`".to_owned(),
            )),
        }
    }
    if parts.is_empty() {
        Ok(images)
    } else {
        Err(wrong("not everything that is asked for is the name of an image").with_parts(parts))
    }
}

/// Why images are never scanned.
fn refusal(board: &Snapshot, images: &BTreeMap<usize, Repository>, unwanted: &BTreeSet<Repository>) -> Refusal {
    let mut is_conflict = true;
    let refused = images.iter().filter(|(_, image)| unwanted.contains(image));
    let parts = refused.map(|(number, image)| {
        let reason = reason(board, image).unwrap_or_else(|| {
            is_conflict = false;
            "no target uses this image; `/api/v1/images` lists those that are scanned".to_owned()
        });
        part(*number, reason)
    });
    let parts = parts.collect();
    let (status, detail) = if is_conflict {
        (
            StatusCode::CONFLICT,
            "not every image is scanned at all, so nothing was asked for",
        )
    } else {
        (
            StatusCode::NOT_FOUND,
            "not every image is used by a target, so nothing was asked for",
        )
    };
    Refusal::new(status, detail).with_parts(parts)
}

/// Why an image that is used is never scanned.
fn reason(board: &Snapshot, image: &Repository) -> Option<String> {
    let mut users = board.all_targets().filter(|target| target.image == *image);
    let told = users.find_map(|target| match &target.outcome {
        Outcome::Invalid { message } => Some(message.clone()),
        _ => None,
    });
    let is_used = || board.all_targets().any(|target| target.image == *image);
    told.or_else(|| is_used().then(|| "no target that uses this image follows a policy".to_owned()))
}

fn part(number: usize, detail: String) -> ProblemPart {
    ProblemPart {
        pointer: format!("#/images/{number}"),
        detail,
    }
}
