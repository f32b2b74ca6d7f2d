//! What lenses found in a list of tags, kept for all who decide from it.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Lens;
use crate::order::Key;
use crate::policy::Policy;
use crate::reference::Tag;
use crate::scan::{Growth, TagList};

/// How many lenses are remembered for a list; who comes later has to look again each time.
const MOST: usize = 8;

/// In longer lists most tags may be builds, which are no versions: there places take less memory than keys for all.
const FEW: usize = 4096;

/// The tags that a lens lets through, with their keys, in the order of the list.
#[derive(Debug, Clone)]
pub(crate) struct Readings {
    keys: Vec<Key>,
    /// Where in the list the tag of each key stands; `None` if every tag has a key, and what is kept out has [`Key::NONE`].
    places: Option<Vec<u32>>,
}

impl Readings {
    /// Looks at every tag.
    pub(crate) fn of(lens: &Lens<'_>, tags: &TagList) -> Self {
        let keys = tags.iter().enumerate();
        if lens.is_plain_semver() {
            if tags.len() <= FEW {
                return Self {
                    keys: tags.iter().map(|name| plain_key(lens, name)).collect(),
                    places: None,
                };
            }
            let found = keys.map(|(place, name)| (place, plain_key(lens, name)));
            return Self::sparse(tags.len(), found.filter(|&(_, key)| key != Key::NONE));
        }
        Self::sparse(
            tags.len(),
            keys.filter_map(|(place, name)| Some((place, key(lens, name)?))),
        )
    }

    /// Keys, at most so many, with their places.
    fn sparse(most: usize, found: impl Iterator<Item = (usize, Key)>) -> Self {
        let (mut places, mut keys) = (Vec::with_capacity(most), Vec::with_capacity(most));
        for (place, key) in found {
            places.push(short(place));
            keys.push(key);
        }
        places.shrink_to_fit();
        keys.shrink_to_fit();
        Self {
            keys,
            places: Some(places),
        }
    }

    /// The keys of the tags that were let through.
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Where the tag of that key stands in the list.
    pub(crate) fn place(&self, key: usize) -> usize {
        self.places.as_ref().map_or(key, |places| places[key] as usize)
    }

    /// The same for a list that came out of this one: only the names that are new are looked at.
    fn grown(&self, lens: &Lens<'_>, tags: &TagList, growth: &Growth) -> Self {
        match &self.places {
            None => self.grown_whole(lens, tags, growth),
            Some(places) => self.grown_sparse(places, lens, tags, growth),
        }
    }

    fn grown_whole(&self, lens: &Lens<'_>, tags: &TagList, growth: &Growth) -> Self {
        let mut keys = Vec::with_capacity(tags.len());
        keys.extend_from_slice(&self.keys[..growth.start]);
        keys.extend(
            (growth.start..)
                .zip(&growth.middle)
                .map(|(place, origin)| match origin {
                    Some(origin) => self.keys[*origin as usize],
                    None => plain_key(lens, tags.get(place)),
                }),
        );
        keys.extend_from_slice(&self.keys[growth.end..]);
        Self { keys, places: None }
    }

    fn grown_sparse(&self, places: &[u32], lens: &Lens<'_>, tags: &TagList, growth: &Growth) -> Self {
        let upto = |end: usize| places.partition_point(|&place| (place as usize) < end);
        let (start, end) = (upto(growth.start), upto(growth.end));
        let kept = |range: Range<usize>| {
            places[range.clone()]
                .iter()
                .copied()
                .zip(self.keys[range].iter().copied())
        };
        let mut known = kept(start..end).peekable();
        let middle = (growth.start..).zip(&growth.middle).filter_map(|(place, origin)| {
            let Some(origin) = origin else {
                return Some((place, key(lens, tags.get(place))?));
            };
            while known.next_if(|(at, _)| at < origin).is_some() {}
            let (_, key) = known.next_if(|(at, _)| at == origin)?;
            Some((place, key))
        });
        let now = growth.start + growth.middle.len();
        let before = kept(0..start).map(|(place, key)| (place as usize, key));
        let behind = kept(end..places.len()).map(|(place, key)| (place as usize - growth.end + now, key));
        Self::sparse(places.len() + growth.middle.len(), before.chain(middle).chain(behind))
    }
}

/// The key of a tag, if the lens lets it through.
fn key(lens: &Lens<'_>, name: &str) -> Option<Key> {
    lens.judge(name).ok().map(|read| read.key())
}

/// The same where every tag is read as it stands: what reads as a version is a tag, unless it is too long for one.
fn plain_key(lens: &Lens<'_>, name: &str) -> Key {
    let key = lens.order().read(name).filter(|_| name.len() <= Tag::LONGEST);
    key.unwrap_or(Key::NONE)
}

/// A place in a list, of which there are never more than the bytes of its names.
fn short(place: usize) -> u32 {
    u32::try_from(place).expect("a list has less than 4 GiB of names")
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
