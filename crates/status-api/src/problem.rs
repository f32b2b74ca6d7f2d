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
    /// What was wrong with parts of what was sent; absent where that is not the matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemPart>,
}

/// What was wrong with a part of what was sent (RFC 9457 §3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProblemPart {
    /// The part, as a JSON pointer.
    #[schema(example = "#/images/0")]
    pub pointer: String,
    /// What was wrong with it, and what to do next.
    pub detail: String,
}

/// A [`Problem`] on its way out.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    detail: &'static str,
    header: Option<(HeaderName, HeaderValue)>,
    parts: Vec<ProblemPart>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, detail: &'static str) -> Self {
        Self {
            status,
            detail,
            header: None,
            parts: Vec::new(),
        }
    }

    fn with_header(self, name: HeaderName, value: &'static str) -> Self {
        Self {
            header: Some((name, HeaderValue::from_static(value))),
            ..self
        }
    }

    /// The same, with what is wrong with each part.
    pub(crate) fn with_parts(self, parts: Vec<ProblemPart>) -> Self {
        Self { parts, ..self }
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
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered here")
            .with_header(header::ALLOW, "GET, HEAD")
    }

    /// The address only has things done.
    pub(crate) fn actions_only() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "only POST is answered here").with_header(header::ALLOW, "POST")
    }

    /// Something would have been done, and nobody is allowed to.
    pub(crate) fn actions_are_off() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "with `http.auth.mode: none` this server only answers reads",
        )
    }

    /// Nobody is let in without the token, and none was shown.
    pub(crate) fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "a token is wanted here: `Authorization: Bearer TOKEN`, with what the file of `http.auth.tokenFile` holds",
        )
        .with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"tidemark\"")
    }

    /// Another token was shown.
    pub(crate) fn wrong_token() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "this is not the token; it is what the file of `http.auth.tokenFile` holds",
        )
        .with_header(
            header::WWW_AUTHENTICATE,
            "Bearer realm=\"tidemark\", error=\"invalid_token\"",
        )
    }

    /// There should be a token, and there is none.
    pub(crate) fn closed() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the file of `http.auth.tokenFile` cannot be used, so nobody is let in; the log says why",
        )
    }

    /// A browser says that a page of somebody else asks.
    pub(crate) fn other_origin() -> Self {
        Self::new(StatusCode::FORBIDDEN, "nothing is done for pages of another origin")
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
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many such requests are being answered; try again in a moment",
        )
        .with_header(header::RETRY_AFTER, "1")
    }

    /// The daemon does not know yet what it is asked about.
    pub(crate) fn starting() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the first pass has not ended yet; try again in a moment",
        )
        .with_header(header::RETRY_AFTER, "2")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.to_owned(),
            errors: self.parts,
        };
        let body = serde_json::to_vec(&problem).expect("a struct of texts is always JSON");
        let mut response = (self.status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
