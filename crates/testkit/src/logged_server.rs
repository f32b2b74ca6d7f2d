//! Servers of clouds that keep a log, and fail when they are told to.

use std::sync::{Arc, Mutex, PoisonError};

use crate::http_server::HttpServer;
use crate::{Answer, Ca, Seen};

/// A server whose answers a test may take the place of.
#[derive(Debug)]
pub(crate) struct LoggedServer {
    server: HttpServer,
    seen: Arc<Mutex<Vec<Seen>>>,
    instead: Arc<Mutex<Option<Answer>>>,
}

impl LoggedServer {
    /// Serves on a port of an address, 0 for a free one, over TLS if a `ca` is given.
    pub(crate) fn start(
        at: (&str, u16),
        ca: Option<&Ca>,
        answering: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
    ) -> anyhow::Result<Self> {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let instead = Arc::new(Mutex::new(None::<Answer>));
        let (log, broken) = (Arc::clone(&seen), Arc::clone(&instead));
        let server = HttpServer::at(at, ca, move |request: Seen| {
            log.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
            let broken = broken.lock().unwrap_or_else(PoisonError::into_inner).clone();
            broken.unwrap_or_else(|| answering(&request)).give(false)
        })?;
        Ok(Self { server, seen, instead })
    }

    /// Answers everything so, until told to be well again by `None`.
    pub(crate) fn instead(&self, answer: Option<Answer>) {
        *self.instead.lock().unwrap_or_else(PoisonError::into_inner) = answer;
    }

    /// Its origin.
    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    /// The requests that arrived.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
