//! What lenses found in a list of tags, kept for all who decide from it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Lens;
use crate::order::{Key, Order};
use crate::policy::Policy;
use crate::reference::Tag;
use crate::scan::{Growth, TagList};

/// How many lenses are remembered for a list; who comes later has to look again each time.
const MOST: usize = 16;

/// The tags that a lens lets through, with their keys, in the order of the list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Readings {
    /// Where in the list.
    places: Vec<u32>,
    keys: Vec<Key>,
}

impl Readings {
    /// Looks at every tag.
    pub(crate) fn of(lens: &Lens<'_>, tags: &TagList) -> Self {
        let mut readings = Self::default();
        readings.reserve(tags.len());
        let order = lens.order();
        // What reads as a version is a tag, unless it is too long for one.
        let plain = lens.is_plain() && matches!(order, Order::Semver);
        for (place, name) in tags.iter().enumerate() {
            let key = if plain {
                order.read(name).filter(|_| name.len() <= Tag::LONGEST)
            } else {
                lens.judge(name).ok().map(|read| read.key())
            };
            readings.push(place, key);
        }
        readings.places.shrink_to_fit();
        readings.keys.shrink_to_fit();
        readings
    }

    fn reserve(&mut self, length: usize) {
        self.places.reserve_exact(length);
        self.keys.reserve_exact(length);
    }

    fn push(&mut self, place: usize, key: Option<Key>) {
        if let (Some(key), Ok(place)) = (key, u32::try_from(place)) {
            self.places.push(place);
            self.keys.push(key);
        }
    }

    /// The keys of the tags that were let through.
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Where the tag of that key stands in the list.
    pub(crate) fn place(&self, key: usize) -> usize {
        self.places[key] as usize
    }

    /// The same for a list that came out of this one: only the names that are new are looked at.
    fn grown(&self, lens: &Lens<'_>, tags: &TagList, growth: &Growth) -> Self {
        let mut readings = Self::default();
        readings.reserve(self.places.len() + growth.middle.len());
        let upto = |end: usize| self.places.partition_point(|&place| (place as usize) < end);
        let (start, end) = (upto(growth.start), upto(growth.end));
        readings.places.extend(&self.places[..start]);
        readings.keys.extend(&self.keys[..start]);
        let mut known = self.places[start..end].iter().zip(&self.keys[start..end]).peekable();
        for (place, origin) in (growth.start..).zip(&growth.middle) {
            let key = match origin {
                Some(origin) => {
                    while known.next_if(|&(at, _)| at < origin).is_some() {}
                    known.next_if(|&(at, _)| at == origin).map(|(_, &key)| key)
                }
                None => lens.judge(tags.get(place)).ok().map(|read| read.key()),
            };
            readings.push(place, key);
        }
        let now = growth.start + growth.middle.len();
        for (&place, &key) in self.places[end..].iter().zip(&self.keys[end..]) {
            readings.push(place as usize - growth.end + now, Some(key));
        }
        readings
    }
}

/// The readings of a list, by lens.
///
/// A memory only: with it or without, the same is found.
#[derive(Debug, Default)]
pub(crate) struct ReadingMemory(Mutex<Vec<Seen>>);

/// What a lens found, with all of it that outlives those who look through it.
#[derive(Debug, Clone)]
struct Seen {
    policy: Policy,
    suffix: Option<Box<str>>,
    readings: Arc<Readings>,
    /// Whether anybody has asked since the list came; what nobody asks for is not taken over by the next list.
    is_used: bool,
}

impl Seen {
    fn lens(&self) -> Lens<'_> {
        Lens::with_suffix(&self.policy, self.suffix.as_deref())
    }

    /// The same in a list that follows.
    fn grown(&self, tags: &TagList, growth: &Growth) -> Self {
        Self {
            policy: self.policy.clone(),
            suffix: self.suffix.clone(),
            readings: Arc::new(self.readings.grown(&self.lens(), tags, growth)),
            is_used: false,
        }
    }
}

impl ReadingMemory {
    /// What a lens finds in `tags`, the list that this memory belongs to.
    pub(crate) fn get(&self, lens: &Lens<'_>, tags: &TagList) -> Arc<Readings> {
        let mut memory = self.lock();
        if let Some(seen) = memory.iter_mut().find(|seen| seen.lens() == *lens) {
            seen.is_used = true;
            return seen.readings.clone();
        }
        let readings = Arc::new(Readings::of(lens, tags));
        if memory.len() < MOST {
            memory.push(Seen {
                policy: lens.policy().clone(),
                suffix: lens.suffix().map(Into::into),
                readings: readings.clone(),
                is_used: true,
            });
        }
        readings
    }

    /// The memory of a list that follows on this one.
    pub(crate) fn grown(&self, tags: &TagList, growth: &Growth) -> Self {
        let memory = self.lock();
        let used = memory.iter().filter(|seen| seen.is_used);
        Self(Mutex::new(used.map(|seen| seen.grown(tags, growth)).collect()))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for ReadingMemory {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.lock().clone()))
    }
}
