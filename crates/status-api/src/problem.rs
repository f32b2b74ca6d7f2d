//! Errors as people and programs get them: `application/problem+json` (RFC 9457).

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The media type of every error.
pub(crate) const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");

/// Why a request was not answered as asked.
///
/// Nothing of the request is repeated in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says the kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words.
    #[schema(example = "Not Found")]
    pub title: String,
    /// The HTTP status of the answer.
    #[schema(example = 404)]
    pub status: u16,
    /// What was wrong, and what to do next.
    pub detail: String,
}

/// A [`Problem`] on its way out.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    detail: &'static str,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, detail: &'static str) -> Self {
        Self {
            status,
            detail,
            header: None,
        }
    }

    /// Nothing is at this address, and never was.
    pub(crate) fn unknown_route() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "there is nothing here; `/openapi.json` lists what there is",
        )
    }

    /// The address only answers reads.
    pub(crate) fn read_only() -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            detail: "only GET and HEAD are answered here",
            header: Some((header::ALLOW, HeaderValue::from_static("GET, HEAD"))),
        }
    }

    /// Something would have been done, and nobody is allowed to.
    pub(crate) fn actions_are_off() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "with `http.auth.mode: none` this server only answers reads",
        )
    }

    /// The answer could not be made, by a fault of ours.
    pub(crate) fn our_fault() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the answer could not be made; the log says more",
        )
    }

    /// The server is busy with answers of this kind.
    pub(crate) fn busy() -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            detail: "too many such requests are being answered; try again in a moment",
            header: Some((header::RETRY_AFTER, HeaderValue::from_static("1"))),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.to_owned(),
        };
        let body = serde_json::to_vec(&problem).expect("a struct of texts is always JSON");
        let mut response = (self.status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
