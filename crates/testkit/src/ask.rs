//! One request to a server, without an HTTP client.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::Context;
use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};

use crate::Ca;

/// A server that says nothing for so long is not ready.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks `GET path` of a server, over TLS if a `ca` is given; its whole answer, as text.
///
/// `headers` are whole lines: `name: value`. For readiness, and for tests of servers; the
/// product's own client is what the tests are about.
///
/// # Errors
///
/// The server is not there, or not who the `ca` says.
pub fn get(address: SocketAddr, ca: Option<&Ca>, path: &str, headers: &[&str]) -> anyhow::Result<String> {
    let stream = connect(address)?;
    let request = request(&format!("GET {path}"), address, headers);
    match ca {
        None => exchange(stream, &request),
        Some(ca) => {
            let connection = ClientConnection::new(ca.client_config()?, ServerName::from(address.ip()))?;
            exchange(StreamOwned::new(connection, stream), &request)
        }
    }
}

/// Asks `POST path` of a server without TLS, with `body`; its whole answer, as text.
///
/// # Errors
///
/// The server is not there.
pub fn post(address: SocketAddr, path: &str, headers: &[&str], body: &str) -> anyhow::Result<String> {
    let length = format!("content-length: {}", body.len());
    let headers = [headers, &[&length]].concat();
    let request = request(&format!("POST {path}"), address, &headers);
    exchange(connect(address)?, &(request + body))
}

fn connect(address: SocketAddr) -> anyhow::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE).with_context(|| format!("connecting to {address}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// The head of a request.
fn request(what: &str, address: SocketAddr, headers: &[&str]) -> String {
    let mut request = format!("{what} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for header in headers {
        request = request + header + "\r\n";
    }
    request + "\r\n"
}

fn exchange(mut stream: impl Read + Write, request: &str) -> anyhow::Result<String> {
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        // Servers end TLS without saying so; the answer is there all the same.
        Err(error) if answer.is_empty() => return Err(error.into()),
        _ => {}
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The status of an answer of [`get`]; 0 if it has none.
pub fn status(answer: &str) -> u16 {
    answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or_default()
}
