//! Refusals, in the form of the specification.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;

/// A refusal.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    code: &'static str,
    message: String,
    challenges: Vec<String>,
}

impl Failure {
    /// A refusal with one of the codes of the specification.
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            challenges: Vec::new(),
        }
    }

    /// 401 with these `WWW-Authenticate` headers.
    pub(crate) fn unauthorized(challenges: Vec<String>) -> Self {
        Self {
            challenges,
            ..Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "authentication required")
        }
    }

    /// 404 for a repository.
    pub(crate) fn unknown_repository(name: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "NAME_UNKNOWN",
            format!("repository `{name}` is not known"),
        )
    }

    /// 404 for a manifest.
    pub(crate) fn unknown_manifest(reference: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "MANIFEST_UNKNOWN",
            format!("manifest `{reference}` is not known"),
        )
    }

    /// 404 for a blob.
    pub(crate) fn unknown_blob(digest: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "BLOB_UNKNOWN",
            format!("blob `{digest}` is not known"),
        )
    }

    /// 400 for bytes that are not those that the digest names.
    pub(crate) fn digest() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "DIGEST_INVALID",
            "the digest is not that of the content",
        )
    }

    /// 405.
    pub(crate) fn method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "UNSUPPORTED",
            "the method is not supported here",
        )
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for challenge in self.challenges {
            if let Ok(value) = HeaderValue::try_from(challenge) {
                headers.append(header::WWW_AUTHENTICATE, value);
            }
        }
        let body = json!({"errors": [{"code": self.code, "message": self.message}]});
        (self.status, headers, body.to_string()).into_response()
    }
}
