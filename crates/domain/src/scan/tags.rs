//! Lists of tags.

use super::Growth;
use crate::choose::{Lens, ReadingMemory, Readings};
use std::fmt;
use std::sync::OnceLock;

/// The names of a repository's tags: each once, sorted by bytes.
///
/// One text holds them all, so a million tags are two allocations. How a
/// policy reads them is found out once and shared by all who decide from the
/// list. Names are kept as the registry gave them, also those that are no tags.
#[derive(Clone, Default)]
pub struct TagList {
    names: String,
    places: Places,
    fingerprint: OnceLock<u64>,
    readings: ReadingMemory,
}

/// Where each name stands in the text.
#[derive(Clone)]
enum Places {
    /// One behind the other, as they are sorted: where each ends.
    Joined(Vec<u32>),
    /// Anywhere: where each begins, and where it ends. A text of names that came in another order is left as it is, for it is by far the
    /// largest part of a list.
    Apart(Vec<[u32; 2]>),
}

impl Default for Places {
    fn default() -> Self {
        Self::Joined(Vec::new())
    }
}

impl Places {
    fn len(&self) -> usize {
        match self {
            Self::Joined(ends) => ends.len(),
            Self::Apart(spans) => spans.len(),
        }
    }

    #[inline]
    fn get(&self, index: usize) -> [u32; 2] {
        match self {
            Self::Joined(ends) => [index.checked_sub(1).map_or(0, |before| ends[before]), ends[index]],
            Self::Apart(spans) => spans[index],
        }
    }
}

impl TagList {
    /// Sorts names into a list; a name given twice counts once.
    ///
    /// Names beyond 4 GiB of text are left out; no registry's list gets near that.
    pub fn from_names(names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for name in names {
            let name = name.as_ref();
            if let Ok(end) = u32::try_from(text.len() + name.len()) {
                text.push_str(name);
                ends.push(end);
            }
        }
        Self::from_joined(text, ends)
    }

    /// A list of names that stand behind each other in one text, with where each ends; sorted if they are not.
    #[must_use]
    pub fn from_joined(names: String, ends: Vec<u32>) -> Self {
        let list = Self {
            names,
            places: Places::Joined(ends),
            ..Self::default()
        };
        let mut before = None;
        let in_order = list
            .iter()
            .all(|name| before.replace(name).is_none_or(|before| before < name));
        if in_order { list } else { list.sorted() }
    }

    /// Adds a name that stands behind all others.
    pub(super) fn push(&mut self, name: &str) {
        let start = self.names.len();
        let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(start + name.len())) else {
            return;
        };
        self.names.push_str(name);
        match &mut self.places {
            Places::Joined(ends) => ends.push(end),
            Places::Apart(spans) => spans.push([start, end]),
        }
    }

    pub(super) fn last(&self) -> Option<&str> {
        self.len().checked_sub(1).map(|index| self.get(index))
    }

    /// The same names in order, each once. Beside the text and where its names end that takes eight bytes for each name, which stay.
    fn sorted(self) -> Self {
        let count = u32::try_from(self.len()).expect("a list has less than 4 GiB of names");
        let mut entries: Vec<Entry> = (0..count).map(|place| [0, place]).collect();
        self.sort(&mut entries, 0);
        entries.dedup_by(|one, other| one[0] == other[0] && self.name(one) == self.name(other));
        for entry in &mut entries {
            *entry = self.places.get(entry[1] as usize);
        }
        Self {
            places: Places::Apart(entries),
            names: self.names,
            ..Self::default()
        }
    }

    /// Sorts names that are the same up to `depth`, piece by piece: what is compared are numbers that stand side by side, and the
    /// text is looked at once for each piece.
    fn sort(&self, entries: &mut [Entry], mut depth: usize) {
        while entries.len() > FEW {
            let mut longest = 0;
            for entry in entries.iter_mut() {
                let name = self.name(entry);
                longest = longest.max(name.len());
                entry[0] = piece(name, depth);
            }
            if longest <= depth {
                break;
            }
            entries.sort_unstable_by_key(|&[piece, place]| (u64::from(piece) << 32) | u64::from(place));
            depth += PIECE;
            if entries.first().map(|entry| entry[0]) != entries.last().map(|entry| entry[0]) {
                let alike = entries.chunk_by_mut(|one, other| one[0] == other[0]);
                return alike.for_each(|alike| self.sort(alike, depth));
            }
        }
        entries.sort_unstable_by(|one, other| self.name(one).cmp(self.name(other)));
    }

    fn name(&self, entry: &Entry) -> &str {
        self.get(entry[1] as usize)
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.len() == 0
    }

    /// The names in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }

    /// Whether the list holds `name`.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// A number that two lists share iff they hold the same names, but for a chance of one in 2^64; the same in every release.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        *self.fingerprint.get_or_init(|| self.hash())
    }

    fn hash(&self) -> u64 {
        let mut hash = FNV_OFFSET;
        for name in self.iter() {
            // No UTF-8 text holds the byte 0xff, so it parts the names.
            for byte in name.bytes().chain([0xff]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
            }
        }
        hash
    }

    /// The name at `index`, which must be below [`TagList::len`].
    #[inline]
    pub(crate) fn get(&self, index: usize) -> &str {
        let [start, end] = self.places.get(index);
        &self.names[start as usize..end as usize]
    }

    /// Where `name` stands.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let place = self.before(name);
        (place < self.len() && self.get(place) == name).then_some(place)
    }

    /// How many names come before `name`.
    pub(crate) fn before(&self, name: &str) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle) < name {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// What a lens lets through; `None` if too many have looked through others.
    pub(crate) fn readings(&self, lens: &Lens<'_>) -> Option<&Readings> {
        self.readings.get(lens, self)
    }

    /// Takes over what was found out of an earlier list of the same repository, so that only new names are looked at.
    #[must_use]
    pub fn following(mut self, earlier: &Self) -> Self {
        self.readings = earlier.readings.grown(&self, &Growth::new(&self, earlier));
        self
    }
}

/// The offset and the factor of the 64-bit FNV-1a hash.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// The first bytes as a number that sorts like them.
pub(crate) fn first_bytes(name: &str) -> u128 {
    let mut first = [0; 16];
    let length = name.len().min(first.len());
    first[..length].copy_from_slice(&name.as_bytes()[..length]);
    u128::from_be_bytes(first)
}

/// A name that is being sorted: the bytes of it that are compared just now, as a number that sorts like them, and its place.
type Entry = [u32; 2];

/// How many bytes of a name are compared at once.
const PIECE: usize = 4;

/// So few names are compared whole.
const FEW: usize = 16;

/// The bytes of a name from `depth` on, with zeros behind its end.
fn piece(name: &str, depth: usize) -> u32 {
    let rest = name.as_bytes().get(depth..).unwrap_or_default();
    if let Some(bytes) = rest.first_chunk() {
        return u32::from_be_bytes(*bytes);
    }
    let mut bytes = [0; PIECE];
    bytes[..rest.len()].copy_from_slice(rest);
    u32::from_be_bytes(bytes)
}

/// By what they hold; what has been found out of it does not matter.
impl PartialEq for TagList {
    fn eq(&self, other: &Self) -> bool {
        match (&self.places, &other.places) {
            (Places::Joined(ends), Places::Joined(others)) => self.names == other.names && ends == others,
            _ => self.len() == other.len() && self.iter().eq(other.iter()),
        }
    }
}

impl Eq for TagList {}

impl fmt::Debug for TagList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<S: AsRef<str>> FromIterator<S> for TagList {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        Self::from_names(names)
    }
}
