//! The HTTP server: an accept loop that a slow or idle client cannot fill up.
//!
//! `axum::serve` installs no timer, which leaves hyper's header timeout without effect, so the loop is
//! our own. HTTP/1.1 only: a status page behind a proxy needs no HTTP/2, and detecting it by its
//! preface has no time limit in hyper-util.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    pin,
    task::{JoinError, JoinSet},
    time,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use tracing::{debug, error, warn};

use self::{
    slots::{Slot, Slots},
    stall::Stall,
};
use crate::metrics::Metrics;

mod slots;
mod stall;
#[cfg(test)]
mod tests;

/// What a client may take of the server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long a request's head may take, counted from the connection or from the last answer.
    ///
    /// It is therefore also how long a connection is kept for a next request.
    pub header: Duration,
    /// How long a connection may stand still while something is being sent.
    pub idle: Duration,
    /// How many connections are open at once; one more closes the one that has waited longest.
    pub connections: usize,
    /// How long answers under way may take once the server is told to stop.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            connections: 512,
            grace: Duration::from_secs(5),
        }
    }
}

/// A bound server that does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    local: SocketAddr,
    limits: Limits,
    metrics: Metrics,
}

impl Server {
    /// Binds the address; nothing is answered before [`Server::run`].
    ///
    /// # Errors
    ///
    /// When the address is taken or not ours.
    pub async fn bind(address: SocketAddr, limits: Limits, metrics: &Metrics) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let local = listener.local_addr()?;
        Ok(Self {
            listener,
            local,
            limits,
            metrics: metrics.clone(),
        })
    }

    /// The address with its real port, also where port 0 was asked for.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Answers until `shutdown`, then finishes the answers under way within the grace period.
    pub async fn run(self, router: Router, shutdown: CancellationToken) {
        let slots = Slots::new(self.limits.connections);
        let mut tasks = JoinSet::new();
        loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => break,
                Some(ended) = tasks.join_next(), if !tasks.is_empty() => report(ended, &self.metrics),
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        self.metrics.connections.inc();
                        let (slot, evicted) = slots.take();
                        self.metrics.evicted.inc_by(evicted);
                        tasks.spawn(serve(stream, router.clone(), slot, self.limits, shutdown.clone()));
                    }
                    Err(error) => back_off(&error).await,
                },
            }
        }
        // Told to stop: no new connections, the old ones end after their current answer.
        drop(self.listener);
        let all = async {
            while let Some(ended) = tasks.join_next().await {
                report(ended, &self.metrics);
            }
        };
        if time::timeout(self.limits.grace, all).await.is_err() {
            warn!(
                "Cutting off {} connections that outstayed the shutdown grace",
                tasks.len()
            );
        }
    }
}

/// Waits a little when no connection can be accepted: the process may be out of file descriptors.
async fn back_off(error: &io::Error) {
    warn!(%error, "Accepting a connection failed; trying again in 100 ms");
    time::sleep(Duration::from_millis(100)).await;
}

fn report(ended: Result<(), JoinError>, metrics: &Metrics) {
    metrics.closed.inc();
    if let Err(error) = ended {
        error!(%error, "A connection's task ended badly");
    }
}

/// Answers the requests of one connection until it ends, is evicted, or the server stops.
async fn serve(stream: TcpStream, router: Router, slot: Slot, limits: Limits, shutdown: CancellationToken) {
    let slot = Arc::new(slot);
    let service = {
        let slot = Arc::clone(&slot);
        service_fn(move |request: http::Request<Incoming>| {
            let busy = slot.busy();
            let answer = router.clone().oneshot(request.map(Body::new));
            async move {
                let answer = answer.await;
                drop(busy);
                answer
            }
        })
    };
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(Stall::new(stream, limits.idle)), service);
    pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = slot.evicted() => return,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        debug!(%error, "A connection ended early");
    }
}
