//! What a door lets through to the server behind it.

use std::net::SocketAddr;

use axum::body::Body;
use http::header::HOST;
use http::{HeaderValue, Request};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Seen;
use crate::http_server::{Answered, DropConnection};

/// Asks the server `behind` the same, as a question to `host` if one is named, and brings its answer.
pub(super) async fn forward(seen: Seen, behind: SocketAddr, host: Option<&str>) -> Answered {
    let stream = TcpStream::connect(behind).await.map_err(|_| DropConnection::Close)?;
    let handshake = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|_| DropConnection::Close)?;
    tokio::spawn(connection);
    let mut request = Request::builder().method(seen.method.clone()).uri(seen.target());
    if let Some(headers) = request.headers_mut() {
        headers.clone_from(&seen.headers);
        // HTTP/2 has it elsewhere, and two of them are refused.
        if let Some(host) = host {
            headers.insert(HOST, HeaderValue::from_str(host).map_err(|_| DropConnection::Close)?);
        }
    }
    let request = request.body(Body::from(seen.body)).map_err(|_| DropConnection::Close)?;
    let response = sender.send_request(request).await.map_err(|_| DropConnection::Close)?;
    Ok(response.map(Body::new))
}
