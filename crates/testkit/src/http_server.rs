//! The HTTP server under all servers of our own: plain or TLS, HTTP/1.1 and 2.

use std::error::Error;
use std::iter;
use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context;
use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::background::Background;
use crate::wire::{Tapped, Wire};
use crate::{Ca, Seen};

/// The largest body that is read of a request.
const LARGEST_BODY: usize = 64 << 20;

/// The connection is to be dropped without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DropConnection {
    /// It ends as if all had been said.
    Close,
    /// It is reset, as by a middlebox that has forgotten it.
    Reset,
}

impl std::fmt::Display for DropConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is dropped on purpose")
    }
}

impl std::error::Error for DropConnection {}

pub(crate) type Answered = Result<Response<Body>, DropConnection>;
type Answering = dyn Fn(Seen) -> Pin<Box<dyn Future<Output = Answered> + Send>> + Send + Sync;

/// An HTTP server on a thread of its own; ends when dropped.
#[derive(Debug)]
pub(crate) struct HttpServer {
    address: SocketAddr,
    /// Who is shown to clients, if it speaks TLS.
    identity: Option<watch::Sender<Arc<ServerConfig>>>,
    wire: Arc<Wire>,
    _background: Background,
}

/// What one connection needs to be served.
#[derive(Clone)]
struct Service {
    identity: Option<watch::Receiver<Arc<ServerConfig>>>,
    answering: Arc<Answering>,
    wire: Arc<Wire>,
}

impl HttpServer {
    /// Serves on a free port of `ip`, over TLS if a `ca` is given.
    pub(crate) fn start<F>(
        ip: &str,
        ca: Option<&Ca>,
        answering: impl Fn(Seen) -> F + Send + Sync + 'static,
    ) -> anyhow::Result<Self>
    where
        F: Future<Output = Answered> + Send + 'static,
    {
        Self::at((ip, 0), ca, answering)
    }

    /// Serves on this port of `ip`.
    pub(crate) fn at<F>(
        (ip, port): (&str, u16),
        ca: Option<&Ca>,
        answering: impl Fn(Seen) -> F + Send + Sync + 'static,
    ) -> anyhow::Result<Self>
    where
        F: Future<Output = Answered> + Send + 'static,
    {
        let listener = TcpListener::bind((ip, port)).with_context(|| format!("listening on {ip}:{port}"))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let identity = ca.map(|ca| ca.server()?.server_config()).transpose()?;
        let identity = identity.map(watch::Sender::new);
        let wire = Arc::new(Wire::default());
        let answering: Arc<Answering> = Arc::new(move |seen| Box::pin(answering(seen)));
        let service = Service {
            identity: identity.as_ref().map(watch::Sender::subscribe),
            answering,
            wire: Arc::clone(&wire),
        };
        let background = Background::run(move || service.serve(listener))?;
        Ok(Self {
            address,
            identity,
            wire,
            _background: background,
        })
    }

    /// Its address.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its origin, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.identity.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Shows a new certificate of `ca` to clients; connections that are open end.
    ///
    /// # Errors
    ///
    /// It speaks no TLS, or there is no randomness.
    pub(crate) fn change_certificate(&self, ca: &Ca) -> anyhow::Result<()> {
        let identity = self.identity.as_ref().context("this server speaks no TLS")?;
        identity.send_replace(ca.server()?.server_config()?);
        Ok(())
    }

    /// What its connections carried.
    pub(crate) fn wire(&self) -> &Wire {
        &self.wire
    }
}

impl Service {
    async fn serve(self, listener: TcpListener) {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
            return;
        };
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                Ok((stream, peer)) = listener.accept() => {
                    self.wire.connections.fetch_add(1, Ordering::SeqCst);
                    connections.spawn(self.clone().connection(stream, peer));
                }
                Some(_) = connections.join_next() => {}
            }
        }
    }

    async fn connection(self, stream: TcpStream, peer: SocketAddr) {
        // A second handle of the connection: what is done to it at last is done after hyper has let go of it.
        let handle = rustix::io::dup(&stream);
        let ended = match self.identity.clone() {
            None => self.requests(stream, peer).await,
            Some(mut identity) => {
                let tls = TlsAcceptor::from(identity.borrow_and_update().clone());
                let served = async {
                    match tls.accept(stream).await {
                        Ok(stream) => self.requests(stream, peer).await,
                        // A handshake that fails is the client's affair: it does not trust us.
                        Err(_) => None,
                    }
                };
                tokio::select! {
                    ended = served => ended,
                    _ = identity.changed() => None,
                }
            }
        };
        if let (Some(DropConnection::Reset), Ok(handle)) = (ended, handle) {
            // A connection that is closed without lingering is reset.
            let _ = rustix::net::sockopt::set_socket_linger(handle, Some(Duration::ZERO));
        }
    }

    /// Serves a connection; says in which way it is to be dropped, if that is wanted.
    async fn requests<S>(self, stream: S, peer: SocketAddr) -> Option<DropConnection>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let stream = TokioIo::new(Tapped::new(stream, Arc::clone(&self.wire)));
        let service = service_fn(move |request: Request<Incoming>| {
            let answering = Arc::clone(&self.answering);
            async move {
                let (head, body) = request.into_parts();
                let body = axum::body::to_bytes(Body::new(body), LARGEST_BODY).await;
                answering(Seen::new(head, body.unwrap_or_default(), peer)).await
            }
        });
        // It ends in an error whenever a connection is dropped, which is what tests do.
        let error = Builder::new(TokioExecutor::new())
            .serve_connection(stream, service)
            .await
            .err()?;
        let mut causes = iter::successors(Some(&*error as &dyn Error), |&error| error.source());
        causes.find_map(|cause| cause.downcast_ref().copied())
    }
}

/// A counter that only grows.
pub(crate) fn read(counter: &AtomicUsize) -> usize {
    counter.load(Ordering::SeqCst)
}
