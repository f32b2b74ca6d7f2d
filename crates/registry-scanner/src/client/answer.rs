//! What comes back: read within its bounds, and what of it may be shown.

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, Method, StatusCode};
use transport::{Redactor, Response};
use url::Url;

use super::ask::Outgoing;
use crate::error::Failure;
use crate::json::Json;

/// How much of an error's body is looked at.
const ERROR_BYTES: usize = 8 * 1024;

/// How much of a server's words is shown.
const WORDS: usize = 300;

/// A whole answer. The body of a failure is only its beginning.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Where it came from in the end.
    pub(crate) url: Url,
}

/// Reads an answer, within the bound of what was asked for.
pub(super) async fn read(response: Response, out: &Outgoing<'_>) -> Result<Answer, Failure> {
    let status = response.status();
    let headers = response.headers().clone();
    let body = if out.method == Method::HEAD {
        Bytes::new()
    } else if status.is_success() {
        response.bytes(out.limit).await?
    } else {
        response.first_bytes(ERROR_BYTES).await
    };
    Ok(Answer {
        status,
        headers,
        body,
        url: out.url.clone(),
    })
}

/// Where a redirect leads. A 30x that names no place is an answer like any other, and a wrong one.
pub(super) fn location(answer: &Answer) -> Option<String> {
    let redirects = matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308);
    let value = answer.headers.get(LOCATION).filter(|_| redirects)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// A server's own words: the `message`s of the distribution error format, else the beginning of the body.
pub(super) fn words(body: &[u8], redactor: &Redactor) -> String {
    match messages(body) {
        Some(messages) => redactor.safe_text(messages.as_bytes(), WORDS),
        None if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<') => "(an HTML page)".to_owned(),
        None => redactor.safe_text(body, WORDS),
    }
}

fn messages(body: &[u8]) -> Option<String> {
    let json = Json::parse(body).ok()?;
    let Some(Json::List(errors)) = json.get("errors") else {
        return None;
    };
    let of = |error: &Json| {
        let text = |key| error.get(key).and_then(Json::text).filter(|text| !text.is_empty());
        Some(text("message").or_else(|| text("code"))?.to_owned())
    };
    let messages: Vec<String> = errors.iter().filter_map(of).collect();
    (!messages.is_empty()).then(|| messages.join("; "))
}
