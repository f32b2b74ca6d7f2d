//! Answers as a test writes them, well-formed or not.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use hyper::body::{Body as HttpBody, Frame};
use serde_json::json;
use tokio::time::{self, Sleep};

use crate::http_server::{Answered, DropConnection};

/// How long what was written has to reach the client before the connection is cut.
const FLUSH: Duration = Duration::from_millis(50);

/// An answer, or what comes in place of one.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
    ending: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Whole,
    /// The connection is dropped after so many bytes of the body.
    CutAfter(usize),
    /// Nothing comes, and the connection is dropped.
    Dropped(DropConnection),
    /// Nothing comes, and the connection stays.
    Hanging,
    /// The body comes in pieces of so many bytes, with a pause before each.
    Dripping(usize, Duration),
}

impl Answer {
    /// An empty answer.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            ending: Ending::Whole,
        }
    }

    /// 200 and JSON.
    pub fn json(body: impl Into<Bytes>) -> Self {
        Self::status(200).header("content-type", "application/json").body(body)
    }

    /// 200 and a page for people, as a captive portal or a login gives it.
    pub fn html(body: impl Into<Bytes>) -> Self {
        Self::status(200)
            .header("content-type", "text/html; charset=utf-8")
            .body(body)
    }

    /// A list of tags.
    pub fn tags<T: AsRef<str>>(repository: &str, tags: &[T]) -> Self {
        let tags: Vec<&str> = tags.iter().map(AsRef::as_ref).collect();
        Self::json(json!({"name": repository, "tags": tags}).to_string())
    }

    /// The answer of a token service.
    pub fn token(token: &str) -> Self {
        Self::json(json!({"token": token, "access_token": token, "expires_in": 300}).to_string())
    }

    /// 401 with this `WWW-Authenticate`.
    pub fn challenge(challenge: &str) -> Self {
        Self::status(401).header("www-authenticate", challenge)
    }

    /// 3xx to `location`.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::status(status).header("location", location)
    }

    /// No answer: the connection is dropped.
    pub fn drop_connection() -> Self {
        Self {
            ending: Ending::Dropped(DropConnection::Close),
            ..Self::status(0)
        }
    }

    /// No answer: the connection is reset (over HTTP/1.1; over HTTP/2 the answer alone is).
    pub fn reset() -> Self {
        Self {
            ending: Ending::Dropped(DropConnection::Reset),
            ..Self::status(0)
        }
    }

    /// No answer: the connection stays, and nothing comes.
    pub fn hang() -> Self {
        Self {
            ending: Ending::Hanging,
            ..Self::status(0)
        }
    }

    /// The same with one more header; a name given twice is sent twice.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with a `Link` to the next page.
    #[must_use]
    pub fn next(self, target: &str) -> Self {
        self.header("link", &format!(r#"<{target}>; rel="next""#))
    }

    /// The same with another body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// The same with the connection dropped after so many bytes of the body; the
    /// headers promise all of it.
    #[must_use]
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.ending = Ending::CutAfter(bytes);
        self
    }

    /// The same with the body in pieces of `bytes`, and a pause before each.
    #[must_use]
    pub fn dripping(mut self, bytes: usize, pause: Duration) -> Self {
        self.ending = Ending::Dripping(bytes.max(1), pause);
        self
    }

    /// Gives the answer, to a request that was no `HEAD` or else without its body.
    pub(crate) async fn give(self, head: bool) -> Answered {
        let length = self.body.len();
        let body = match self.ending {
            Ending::Dropped(way) => return Err(way),
            Ending::Hanging => std::future::pending().await,
            _ if head => Body::empty(),
            Ending::Whole => Body::from(self.body),
            Ending::CutAfter(bytes) => Body::new(Paced::cut(self.body.slice(..bytes.min(length)))),
            Ending::Dripping(bytes, pause) => Body::new(Paced::dripping(self.body, bytes, pause)),
        };
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        if !matches!(self.status, 204 | 304) {
            headers.insert("content-length", length.into());
        }
        for (name, value) in self.headers {
            let name = HeaderName::try_from(name).expect("the test writes a header's name");
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("the test writes a header's value");
            if name == "content-length" {
                headers.remove(&name);
            }
            headers.append(name, value);
        }
        Ok(response)
    }
}

/// A body that takes its time, and may end too early.
struct Paced {
    rest: Bytes,
    piece: usize,
    pause: Duration,
    cut: bool,
    sleep: Pin<Box<Sleep>>,
}

impl Paced {
    fn cut(bytes: Bytes) -> Self {
        let piece = bytes.len().max(1);
        Self {
            rest: bytes,
            piece,
            pause: FLUSH,
            cut: true,
            sleep: Box::pin(time::sleep(Duration::ZERO)),
        }
    }

    fn dripping(bytes: Bytes, piece: usize, pause: Duration) -> Self {
        Self {
            rest: bytes,
            piece,
            pause,
            cut: false,
            sleep: Box::pin(time::sleep(pause)),
        }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = DropConnection;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, DropConnection>>> {
        if self.rest.is_empty() && !self.cut {
            return Poll::Ready(None);
        }
        if self.sleep.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        if self.rest.is_empty() {
            return Poll::Ready(Some(Err(DropConnection::Close)));
        }
        let next = time::Instant::now() + self.pause;
        self.sleep.as_mut().reset(next);
        let piece = self.piece.min(self.rest.len());
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }
}
