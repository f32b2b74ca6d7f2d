//! The server that every machine of a cloud has beside it: whether it is there, asked seldom and answered quickly, and its tokens.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;
use transport::{Secret, chain};
use url::Url;

use super::ask::{Question, Said};
use super::wires::Wires;

/// How long it may take to show that it is there.
pub(super) const QUICKLY: Duration = Duration::from_secs(1);

/// How long a token may take, further attempts included.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// How long its absence is remembered. Machines do not move into a cloud, but its network may come up late. Longer than any embargo.
const ABSENT: Duration = Duration::from_secs(15 * 60);

/// The metadata server of a cloud. Once seen it stays there.
#[derive(Debug)]
pub(super) struct MetadataServer {
    address: Url,
    asking: AsyncMutex<()>,
    known: Mutex<Option<Known>>,
}

#[derive(Debug, Clone, Copy)]
enum Known {
    There,
    AbsentUntil(Instant),
}

impl MetadataServer {
    /// The one at `address`, a URL.
    pub(super) fn at(address: &str) -> Self {
        Self {
            address: Url::parse(address).expect("addresses of metadata servers are URLs"),
            asking: AsyncMutex::default(),
            known: Mutex::default(),
        }
    }

    /// Where it answers at `path`.
    pub(super) fn url(&self, path: &str) -> Url {
        let mut url = self.address.clone();
        url.set_path(path);
        url
    }

    /// Whether it is there; remembered. `knows` tells its answer to `question` from those of other clouds, which have theirs at the same
    /// address.
    pub(super) async fn is_there(&self, wires: &Wires, question: Question, knows: impl FnOnce(&Said) -> bool) -> bool {
        let look = async {
            let Ok(http) = wires.near() else {
                return false;
            };
            let there = question.once(&http).await.is_ok_and(|said| knows(&said));
            if !there {
                let who = question.who;
                tracing::debug!(
                    "{who} is not here; the registries of its cloud are asked without an identity of this machine"
                );
            }
            there
        };
        self.or_look(look).await
    }

    /// What is remembered, else what `look` finds out; whoever asks meanwhile waits for that one look.
    async fn or_look(&self, look: impl Future<Output = bool>) -> bool {
        if let Some(known) = self.known() {
            return known;
        }
        let _asking = self.asking.lock().await;
        if let Some(known) = self.known() {
            return known;
        }
        let there = look.await;
        self.learn(if there { Known::There } else { absent() });
        there
    }

    /// The token that `question` is for, and how long it says to live. An answer that `has_none` says that there is nothing for us: the
    /// server is as good as absent from then on.
    ///
    /// # Errors
    ///
    /// Why there is none, in words that are safe to show.
    pub(super) async fn token(
        &self,
        wires: &Wires,
        question: Question,
        has_none: impl FnOnce(&Said) -> bool,
    ) -> Result<(Secret, Option<Duration>), String> {
        let http = wires.near().map_err(|error| chain(&error).to_string())?;
        let said = question.patiently(&http).await?;
        if has_none(&said) {
            self.learn(absent());
        }
        said.token(question.who, "access_token")
    }

    /// Whether it is remembered to be absent.
    pub(super) fn is_absent(&self) -> bool {
        self.known() == Some(false)
    }

    fn known(&self) -> Option<bool> {
        match *self.known.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(Known::There) => Some(true),
            Some(Known::AbsentUntil(until)) if Instant::now() < until => Some(false),
            _ => None,
        }
    }

    fn learn(&self, known: Known) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }
}

fn absent() -> Known {
    Known::AbsentUntil(Instant::now() + ABSENT)
}
