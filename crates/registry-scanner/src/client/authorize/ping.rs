//! Whether a registry that lets strangers in wants to know us all the same.

use std::sync::atomic::Ordering;

use http::StatusCode;

use super::{NoProof, Operation, Shown};
use crate::client::{Answer, Ask, Kind};
use crate::error::Failure;

/// What `/v2/` says is nobody's business but its status and its challenge.
const MAX_BYTES: usize = 64 * 1024;

impl Operation<'_> {
    /// Asks `/v2/`, the base of the protocol, whether the registry knows anybody, as clients do that pull images. It is asked once;
    /// what it wants to be shown is learned.
    ///
    /// A registry may let strangers in and show them fewer tags. Whoever has a credential must not be taken for a stranger there.
    pub(super) async fn wants_to_know(&mut self) -> Result<bool, NoProof> {
        let client = self.client;
        if client.method().is_some() {
            return Ok(true);
        }
        if client.knows_nobody.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let mut url = client.base.clone();
        url.set_path("/v2/");
        let ask = Ask {
            kind: Kind::Ping,
            url,
            accept: "*/*",
            if_none_match: None,
            limit: MAX_BYTES,
        };
        let challenged = match self.send(&ask, &Shown::default()).await {
            Ok(answer) if answer.status == StatusCode::UNAUTHORIZED => Some(answer),
            Ok(answer) => check_answered(self, &answer).map(|()| None)?,
            // To a page for people, as a rule.
            Err(Failure::Redirect(_)) => None,
            Err(failure) => return Err(failure.into()),
        };
        let Some(answer) = challenged else {
            client.knows_nobody.store(true, Ordering::Relaxed);
            return Ok(false);
        };
        let learned = self.learn(&answer).await;
        // Scopes are those of a repository; here they are an example at best.
        self.more_scopes.clear();
        learned.map(|()| client.method().is_some())
    }
}

/// A server that has trouble of its own has not answered.
fn check_answered(operation: &Operation<'_>, answer: &Answer) -> Result<(), Failure> {
    if !answer.status.is_server_error() {
        return Ok(());
    }
    Err(Failure::Status {
        who: "the registry".to_owned(),
        status: answer.status,
        words: operation.words(answer),
    })
}

#[cfg(test)]
mod tests;
