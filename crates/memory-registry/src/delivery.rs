//! What becomes of answers on their way to the client.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::body::{self, Body};
use axum::response::Response;
use bytes::Bytes;
use http::header;
use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::time;
use tokio_util::io::ReaderStream;

/// How long what was written has to reach the client before the connection ends.
const FLUSH: Duration = Duration::from_millis(50);
/// What may lie between the writer of a body and the connection.
const BUFFER: usize = 1024;

/// How answers get to the client; what they say does not change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Delivery {
    /// At once, and whole.
    #[default]
    Prompt,
    /// After this long, and whole.
    Delayed(Duration),
    /// The head at once, then so many bytes of the body each second.
    BytesPerSecond(NonZeroU32),
    /// So many bytes of the body, though the head promises all of it; then the connection ends.
    CutAfter(usize),
    /// Never: the connection stays, and nothing comes.
    Hanging,
}

impl Delivery {
    /// Hands `response` over in this way.
    pub(crate) async fn deliver(self, response: Response) -> Response {
        match self {
            Self::Prompt => response,
            Self::Delayed(delay) => {
                time::sleep(delay).await;
                response
            }
            Self::BytesPerSecond(bytes) => paced(response, |body, pipe| drip(body, pipe, bytes)).await,
            Self::CutAfter(bytes) => paced(response, |body, pipe| cut(body, pipe, bytes)).await,
            Self::Hanging => std::future::pending().await,
        }
    }
}

/// The same answer with a body that `write` writes; its head says how long the whole body is.
async fn paced<F>(response: Response, write: impl FnOnce(Bytes, DuplexStream) -> F) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    let (mut head, body) = response.into_parts();
    let Ok(body) = body::to_bytes(body, usize::MAX).await else {
        return Response::from_parts(head, Body::empty());
    };
    if body.is_empty() {
        return Response::from_parts(head, Body::empty());
    }
    head.headers.insert(header::CONTENT_LENGTH, body.len().into());
    let (pipe, out) = tokio::io::duplex(BUFFER);
    // Ends by itself, at the latest when the client has gone.
    tokio::spawn(write(body, pipe));
    Response::from_parts(head, Body::from_stream(ReaderStream::new(out)))
}

async fn drip(body: Bytes, mut pipe: DuplexStream, bytes_per_second: NonZeroU32) {
    let pause = Duration::from_secs(1) / bytes_per_second.get();
    for byte in &body {
        time::sleep(pause).await;
        if pipe.write_all(&[*byte]).await.is_err() {
            return;
        }
    }
}

async fn cut(body: Bytes, mut pipe: DuplexStream, bytes: usize) {
    if pipe.write_all(&body[..bytes.min(body.len())]).await.is_ok() {
        time::sleep(FLUSH).await;
    }
}

#[cfg(test)]
mod tests;
