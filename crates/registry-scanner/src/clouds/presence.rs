//! Whether a machine runs on a cloud: asked seldom, answered quickly.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;

use super::ask::{Question, Said};
use super::wires::Wires;

/// How long the server that every machine of a cloud has beside it may take to answer.
pub(super) const QUICKLY: Duration = Duration::from_secs(1);

/// How long its absence is remembered. Machines do not move into a cloud, but its network may come up late. Longer than any embargo.
const ABSENT: Duration = Duration::from_secs(15 * 60);

/// Whether the server of a cloud is there. Once seen it stays so.
#[derive(Debug, Default)]
pub(super) struct Presence {
    asking: AsyncMutex<()>,
    known: Mutex<Option<Known>>,
}

#[derive(Debug, Clone, Copy)]
enum Known {
    There,
    AbsentUntil(Instant),
}

impl Presence {
    /// Whether the server that `question` is for is there; remembered. `knows` tells its answer from those of other clouds, which have
    /// theirs at the same address.
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

    /// The server is there and has nothing for us: as good as none.
    pub(super) fn has_nothing(&self) {
        self.learn(absent());
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
