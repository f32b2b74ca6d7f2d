//! The pace of every host that is asked, by its origin: whoever leads there, however many do, it is asked by one measure.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use transport::Origin;

use crate::config::Limits;
use crate::pace::Pace;

/// So many hosts are known that only servers name: token servers, and where blobs lie.
const STRANGERS: usize = 256;

/// All paces of a scanner.
#[derive(Default)]
pub(crate) struct Paces(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Named by images and the configuration, so bounded by them.
    registries: HashMap<Origin, Arc<Pace>>,
    /// The one that was used last is the last.
    strangers: Vec<(Origin, Arc<Pace>)>,
}

impl Paces {
    /// The pace of a registry; it is kept.
    pub(crate) fn registry(&self, origin: &Origin, limits: &Limits) -> Arc<Pace> {
        let mut known = self.lock();
        if let Some(pace) = known.registries.get(origin) {
            return pace.clone();
        }
        let pace = Pace::new(limits);
        if let Some(at) = known.position(origin) {
            let (_, met_before) = known.strangers.remove(at);
            pace.take_over(&met_before);
        }
        let pace = Arc::new(pace);
        known.registries.insert(origin.clone(), pace.clone());
        pace
    }

    /// The pace of the host that a server leads to; made with `limits` if nothing is known of it.
    pub(crate) fn elsewhere(&self, origin: &Origin, limits: impl FnOnce() -> Limits) -> Arc<Pace> {
        let mut known = self.lock();
        if let Some(pace) = known.registries.get(origin) {
            return pace.clone();
        }
        let stranger = match known.position(origin) {
            Some(at) => known.strangers.remove(at),
            None => {
                known.make_room();
                (origin.clone(), Arc::new(Pace::elsewhere(&limits())))
            }
        };
        let pace = stranger.1.clone();
        known.strangers.push(stranger);
        pace
    }

    /// The pace of a host, if it is known.
    pub(crate) fn get(&self, origin: &Origin) -> Option<Arc<Pace>> {
        let known = self.lock();
        let stranger = || known.position(origin).map(|at| known.strangers[at].1.clone());
        known.registries.get(origin).cloned().or_else(stranger)
    }

    /// Goes on with what was known under an earlier configuration of the hosts that only servers name.
    pub(crate) fn inherit(&self, earlier: &Self) {
        let strangers = earlier.lock().strangers.clone();
        self.lock().strangers = strangers;
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn position(&self, origin: &Origin) -> Option<usize> {
        self.strangers.iter().position(|(known, _)| known == origin)
    }

    /// Forgets the host that was not used for the longest time; one that is in use or in a pause only if all are, for servers
    /// choose these names, and a new one must not end a pause.
    fn make_room(&mut self) {
        if self.strangers.len() < STRANGERS {
            return;
        }
        let idle = |(_, pace): &(Origin, Arc<Pace>)| Arc::strong_count(pace) == 1 && pace.paused().is_none();
        let at = self.strangers.iter().position(idle).unwrap_or(0);
        self.strangers.remove(at);
    }
}

#[cfg(test)]
mod tests;
