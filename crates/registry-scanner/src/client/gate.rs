//! Whose gate a request passes, and what it is about there.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{self, Instant};
use transport::Origin;
use url::Url;

use super::RegistryClient;
use super::ask::{Kind, Outgoing};
use crate::error::{Failure, Who};
use crate::pace::{Pace, Turn};

/// Pauses up to this are waited out.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);

impl RegistryClient {
    /// Who answers at `url`, and how fast they may be asked.
    pub(super) fn asked_host(&self, url: &Url) -> AskedHost {
        match Origin::of(url) {
            Some(origin) if origin != self.origin => AskedHost {
                pace: self.pace_elsewhere(&origin),
                who: Who::Elsewhere(origin.host().to_owned()),
            },
            _ => AskedHost {
                pace: self.pace.clone(),
                who: Who::Registry,
            },
        }
    }

    /// What a request is about, for the order of the turns: the repository, as far as its address tells.
    pub(super) fn subject(&self, out: &Outgoing<'_>) -> String {
        let path = out.url.path();
        let repository = ["/manifests/", "/blobs/", "/tags/"]
            .iter()
            .find_map(|part| Some(path.rsplit_once(part)?.0));
        let scope = || {
            out.url
                .query_pairs()
                .find(|(key, _)| key == "scope")
                .map(|(_, scope)| scope.into_owned())
        };
        let about = match out.kind {
            Kind::Token => scope().unwrap_or_default(),
            _ => repository.unwrap_or(path).to_owned(),
        };
        format!("{}{about}", self.config.host)
    }
}

/// A host that is asked.
pub(super) struct AskedHost {
    pace: Arc<Pace>,
    pub(super) who: Who,
}

impl AskedHost {
    /// Waits for a turn, through a pause too if it is short.
    pub(super) async fn turn(&self, subject: &str) -> Result<Turn<'_>, Failure> {
        loop {
            let pause = match self.pace.turn(subject).await {
                Ok(turn) => return Ok(turn),
                Err(pause) => pause,
            };
            let wait = pause.until.saturating_duration_since(Instant::now());
            if wait > PATIENCE {
                let (who, why) = (self.who.clone(), pause.why);
                return Err(Failure::Paused { who, wait, why });
            }
            time::sleep(wait).await;
        }
    }
}
