//! Which names have been met before.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use crate::names::Names;

/// Tells the names that are new from those that have been met.
#[derive(Default)]
pub(super) struct Seen {
    order: Order,
    /// Hashes of the names that are no tags. That two have the same would only matter if it hid all that is new on a page.
    invalid: HashSet<u64>,
    hashes: RandomState,
}

/// How the names have come so far.
enum Order {
    /// Each behind the one before, so that the last one tells which are new.
    Bytes { last: Option<String> },
    /// Anyhow: the places of the valid ones in the list, to be found by their hashes.
    Any(HashTable<u32>),
}

impl Default for Order {
    fn default() -> Self {
        Self::Bytes { last: None }
    }
}

impl Seen {
    /// Whether a name is new; if so, and if it is valid, it is to become the last of `names`.
    pub(super) fn is_new(&mut self, name: &str, is_valid: bool, names: &Names) -> bool {
        if let Order::Bytes { last } = &mut self.order {
            match last {
                None => *last = Some(name.to_owned()),
                Some(last) if last.as_str() < name => name.clone_into(last),
                Some(last) if last == name => return false,
                Some(_) => self.order = Order::Any(self.table(names)),
            }
        }
        let hash = |name: &str| self.hashes.hash_one(name);
        match &mut self.order {
            _ if !is_valid => self.invalid.insert(hash(name)),
            Order::Bytes { .. } => true,
            Order::Any(table) => {
                let hash_of = |place: &u32| hash(at(names, *place));
                let is_new = table.find(hash(name), |&place| at(names, place) == name).is_none();
                if is_new {
                    table.insert_unique(hash(name), short(names.len()), hash_of);
                }
                is_new
            }
        }
    }

    /// The places of all valid names.
    fn table(&self, names: &Names) -> HashTable<u32> {
        let mut table = HashTable::with_capacity(names.len());
        let hash_of = |place: &u32| self.hashes.hash_one(at(names, *place));
        for place in 0..short(names.len()) {
            table.insert_unique(hash_of(&place), place, hash_of);
        }
        table
    }

    /// Makes room for so many valid names.
    pub(super) fn make_room(&mut self, count: usize, names: &Names) {
        if let Order::Any(table) = &mut self.order {
            let more = count.saturating_sub(table.len());
            table.reserve(more, |&place| self.hashes.hash_one(at(names, place)));
        }
    }

    /// Whether all have come in the order of their bytes.
    pub(super) fn is_in_order(&self) -> bool {
        matches!(self.order, Order::Bytes { .. })
    }

    /// How many are no tags.
    pub(super) fn invalid(&self) -> usize {
        self.invalid.len()
    }
}

fn at(names: &Names, place: u32) -> &str {
    names.get(place as usize).unwrap_or_default()
}

/// A place in a list, which has fewer than 4 GiB of names.
fn short(place: usize) -> u32 {
    u32::try_from(place).expect("a list has less than 4 GiB of names")
}
