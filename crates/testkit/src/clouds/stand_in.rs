//! The frame of all stand-ins: they give what they are told to, keep a log, and fail when they are told to.

use std::sync::{Arc, Mutex};

use super::log::{Log, lock};
use crate::http_server::HttpServer;
use crate::{Answer, Ca, Seen};

/// A server that gives a `T` to whoever asks in the right way; nothing until it is told what.
#[derive(Debug)]
pub struct StandIn<T> {
    server: HttpServer,
    log: Log,
    given: Arc<Mutex<Option<T>>>,
}

impl<T: Clone + Send + 'static> StandIn<T> {
    /// Serves on a port of an address, 0 for a free one, over TLS if a `ca` is given.
    pub(super) fn start(
        at: (&str, u16),
        ca: Option<&Ca>,
        answering: impl Fn(&Seen, Option<T>) -> Answer + Send + Sync + 'static,
    ) -> anyhow::Result<Self> {
        let (log, given) = (Log::default(), Arc::new(Mutex::new(None::<T>)));
        let (kept, now) = (log.clone(), Arc::clone(&given));
        let server = HttpServer::at(at, ca, move |request: Seen| {
            let instead = kept.note(&request);
            let given = lock(&now).clone();
            instead.unwrap_or_else(|| answering(&request, given)).give(false)
        })?;
        Ok(Self { server, log, given })
    }

    /// This is given from now on.
    pub(super) fn give(&self, what: T) {
        *lock(&self.given) = Some(what);
    }

    /// Answers everything so, until told to be well again by `None`.
    pub fn instead(&self, answer: Option<Answer>) {
        self.log.instead(answer);
    }

    /// Its origin.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The requests that arrived.
    pub fn seen(&self) -> Vec<Seen> {
        self.log.seen()
    }
}
