//! What lenses found in a list of tags, kept for all who decide from it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Lens;
use crate::order::Key;
use crate::policy::Policy;
use crate::reference::Tag;
use crate::scan::{Growth, TagList};

/// How many lenses are remembered for a list; who comes later has to look again each time.
const MOST: usize = 8;

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
        let plain = lens.is_plain_semver();
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
/// A memory only: with it or without, the same is found. It is as quick to read
/// as can be, for a pass reads one for each image.
#[derive(Debug, Default)]
pub(crate) struct ReadingMemory([OnceLock<Seen>; MOST]);

/// What a lens found, with all of it that outlives those who look through it.
#[derive(Debug)]
struct Seen {
    /// Whether every tag is read as a semantic version; by far the most lenses do only that.
    is_plain_semver: bool,
    /// Whether anybody has asked since the list came; what nobody asks for is not taken over by the next list.
    is_used: AtomicBool,
    readings: Readings,
    policy: Policy,
    suffix: Option<Box<str>>,
}

impl Seen {
    fn new(lens: &Lens<'_>, readings: Readings, is_used: bool) -> Self {
        Self {
            is_plain_semver: lens.is_plain_semver(),
            is_used: is_used.into(),
            readings,
            policy: lens.policy().clone(),
            suffix: lens.suffix().map(Into::into),
        }
    }

    fn lens(&self) -> Lens<'_> {
        Lens::with_suffix(&self.policy, self.suffix.as_deref())
    }

    fn is_through(&self, lens: &Lens<'_>) -> bool {
        (self.is_plain_semver && lens.is_plain_semver()) || self.lens() == *lens
    }

    fn is_used(&self) -> bool {
        self.is_used.load(Ordering::Relaxed)
    }

    /// The same in a list that follows.
    fn grown(&self, tags: &TagList, growth: &Growth) -> Self {
        let lens = self.lens();
        Self::new(&lens, self.readings.grown(&lens, tags, growth), false)
    }
}

impl ReadingMemory {
    /// What a lens finds in `tags`, the list that this memory belongs to; `None` if it would be one lens too many.
    pub(crate) fn get(&self, lens: &Lens<'_>, tags: &TagList) -> Option<&Readings> {
        let look = || Seen::new(lens, Readings::of(lens, tags), true);
        let mut all = self.0.iter().map(|place| place.get_or_init(look));
        let seen = all.find(|seen| seen.is_through(lens))?;
        if !seen.is_used() {
            seen.is_used.store(true, Ordering::Relaxed);
        }
        Some(&seen.readings)
    }

    /// The memory of a list that follows on this one.
    pub(crate) fn grown(&self, tags: &TagList, growth: &Growth) -> Self {
        let used = self.seen().filter(|seen| seen.is_used());
        used.map(|seen| seen.grown(tags, growth)).collect()
    }

    fn seen(&self) -> impl Iterator<Item = &Seen> {
        self.0.iter().map_while(OnceLock::get)
    }
}

impl FromIterator<Seen> for ReadingMemory {
    fn from_iter<T: IntoIterator<Item = Seen>>(iter: T) -> Self {
        let mut seen = iter.into_iter();
        Self(std::array::from_fn(|_| {
            seen.next().map_or_else(OnceLock::new, OnceLock::from)
        }))
    }
}

impl Clone for ReadingMemory {
    fn clone(&self) -> Self {
        let seen = self.seen();
        seen.map(|seen| Seen::new(&seen.lens(), seen.readings.clone(), seen.is_used()))
            .collect()
    }
}
