//! Credentials that clouds gave, kept: one fetch at a time for each key, renewed early, none again too soon.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;

use super::CloudError;
use crate::credential::Credential;

/// No credential is fetched twice within this time while all is well, however short its life is said to be.
const SHORTEST_LIFE: Duration = Duration::from_secs(60);

/// A credential that claims to live longer is renewed nevertheless.
const LONGEST_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// How long a cloud is left alone after the first failure, and at most after many.
const EMBARGO: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(10 * 60));

/// How long a credential is believed in after one was fetched because the registry refused it, and at most after many.
const REFUSAL: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(60 * 60));

/// Keys that have nothing to keep are forgotten when there are more than these.
const MANY: usize = 1024;

/// What a cloud answered.
#[derive(Debug)]
pub(crate) struct Fresh {
    pub(crate) credential: Credential,
    /// From its arrival on; zero for one that had expired before.
    pub(crate) life: Duration,
}

/// Why a cloud did not answer, before it is known when it is asked again.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) reason: String,
    pub(crate) next_step: String,
}

/// The credentials of one cloud by what they are for.
#[derive(Debug)]
pub(crate) struct Kept<K> {
    cloud: &'static str,
    slots: Mutex<HashMap<K, Arc<Slot>>>,
}

#[derive(Debug, Default)]
struct Slot {
    /// Held by whoever fetches.
    flight: AsyncMutex<()>,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    token: Option<Token>,
    trouble: Option<CloudError>,
    /// Failures since the last success.
    failures: u32,
    /// Fetches in a row that were made because the registry refused the credential.
    refusals: u32,
    /// Before this a refusal changes nothing.
    believed_until: Option<Instant>,
}

#[derive(Debug, Clone)]
struct Token {
    credential: Credential,
    renew: Instant,
    dies: Instant,
}

impl<K: Eq + Hash + Clone> Kept<K> {
    /// Keeps nothing yet; `cloud` is the name that people read.
    pub(crate) fn new(cloud: &'static str) -> Self {
        Self {
            cloud,
            slots: Mutex::default(),
        }
    }

    /// A credential that is good for a while yet, else what `fetch` brings; whoever asks meanwhile waits for that one answer, or
    /// gets the older credential if that still lives.
    ///
    /// `fetch` must have a time limit of its own.
    pub(crate) async fn get(
        &self,
        key: &K,
        fetch: impl Future<Output = Result<Fresh, Trouble>>,
    ) -> Result<Credential, CloudError> {
        let slot = self.slot(key);
        if let Some(answer) = slot.lock().answer(Instant::now()) {
            return answer;
        }
        let _flight = match slot.flight.try_lock() {
            Ok(flight) => flight,
            Err(_) => {
                if let Some(alive) = slot.lock().alive(Instant::now()) {
                    return Ok(alive);
                }
                slot.flight.lock().await
            }
        };
        // Whoever flew before us may have brought it.
        if let Some(answer) = slot.lock().answer(Instant::now()) {
            return answer;
        }
        let fetched = fetch.await;
        slot.lock().learn(self.cloud, fetched, Instant::now())
    }

    /// The registry refused `credential`: it is not given out again, unless that was tried a short while ago.
    pub(crate) fn refused(&self, key: &K, credential: &Credential) {
        self.slot(key).lock().refused(credential, Instant::now());
    }

    /// Why there is nothing new for `key`, if something is wrong.
    pub(crate) fn trouble(&self, key: &K) -> Option<CloudError> {
        let slot = self.slots().get(key).cloned()?;
        slot.lock().trouble.clone()
    }

    fn slot(&self, key: &K) -> Arc<Slot> {
        let mut slots = self.slots();
        if slots.len() >= MANY {
            let now = Instant::now();
            slots.retain(|_, slot| Arc::strong_count(slot) > 1 || slot.lock().is_worth_keeping(now));
        }
        slots.entry(key.clone()).or_default().clone()
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<K, Arc<Slot>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// What can be said without asking the cloud; `None` if it is to be asked.
    fn answer(&self, now: Instant) -> Option<Result<Credential, CloudError>> {
        if let Some(token) = &self.token
            && now < token.renew
        {
            return Some(Ok(token.credential.clone()));
        }
        let trouble = self.trouble.as_ref().filter(|trouble| now < trouble.until)?;
        Some(self.alive(now).ok_or_else(|| trouble.clone()))
    }

    fn alive(&self, now: Instant) -> Option<Credential> {
        let token = self.token.as_ref().filter(|token| now < token.dies)?;
        Some(token.credential.clone())
    }

    fn learn(
        &mut self,
        cloud: &'static str,
        fetched: Result<Fresh, Trouble>,
        now: Instant,
    ) -> Result<Credential, CloudError> {
        match fetched {
            Ok(fresh) => {
                let life = fresh.life.clamp(SHORTEST_LIFE, LONGEST_LIFE);
                let token = Token {
                    credential: fresh.credential.clone(),
                    renew: now + life.mul_f64(0.8).max(SHORTEST_LIFE),
                    dies: now + life,
                };
                self.token = Some(token);
                self.trouble = (fresh.life < SHORTEST_LIFE).then(|| short_lived(cloud, now));
                if let Some(trouble) = &self.trouble {
                    tracing::warn!(error = %trouble, "{cloud} gives credentials that are not good for long");
                }
                self.failures = 0;
                Ok(fresh.credential)
            }
            Err(trouble) => {
                let error = CloudError {
                    cloud,
                    reason: trouble.reason,
                    next_step: trouble.next_step,
                    until: now + doubled(EMBARGO, self.failures),
                };
                self.failures = self.failures.saturating_add(1);
                self.trouble = Some(error.clone());
                tracing::warn!(error = %error, "{cloud} gives no new credential");
                self.alive(now).ok_or(error)
            }
        }
    }

    fn refused(&mut self, credential: &Credential, now: Instant) {
        let ours = self.token.as_ref().is_some_and(|token| token.credential == *credential);
        if !ours || self.believed_until.is_some_and(|until| now < until) {
            return;
        }
        let quiet = self.believed_until.is_none_or(|until| now > until + REFUSAL.1);
        self.refusals = if quiet { 0 } else { self.refusals.saturating_add(1) };
        self.believed_until = Some(now + doubled(REFUSAL, self.refusals));
        self.token = None;
    }

    fn is_worth_keeping(&self, now: Instant) -> bool {
        let embargo = self.trouble.as_ref().is_some_and(|trouble| now < trouble.until);
        embargo || self.alive(now).is_some() || self.believed_until.is_some_and(|until| now < until)
    }
}

/// The first of `bounds`, doubled `times` times, at most the second.
fn doubled(bounds: (Duration, Duration), times: u32) -> Duration {
    bounds.0.saturating_mul(1 << times.min(16)).min(bounds.1)
}

fn short_lived(cloud: &'static str, now: Instant) -> CloudError {
    CloudError {
        cloud,
        reason: "what it gives lives for less than a minute, or has expired when it comes".to_owned(),
        next_step: "compare the clock of this machine with that of the cloud".to_owned(),
        until: now + SHORTEST_LIFE,
    }
}

#[cfg(test)]
mod tests;
