//! How a list of tags came out of an earlier one.

use super::TagList;

/// Where the names of a list stood in an earlier list of the same repository.
///
/// Lists change in few places. What both begin with, and what both end with, is
/// not looked at name by name.
#[derive(Debug)]
pub(crate) struct Growth {
    /// So many names at the start stand where they stood.
    pub(crate) start: usize,
    /// For each name behind these where it stood, if it was there.
    pub(crate) middle: Vec<Option<u32>>,
    /// From here on the earlier list ends like this one.
    pub(crate) end: usize,
}

impl Growth {
    pub(super) fn new(list: &TagList, earlier: &TagList) -> Self {
        let shorter = list.len().min(earlier.len());
        let is_same = |place: &usize| list.get(*place) == earlier.get(*place);
        let start = (0..shorter).take_while(is_same).count();
        let from_end = |length: usize| list.get(list.len() - length) == earlier.get(earlier.len() - length);
        let ending = (1..=shorter - start).take_while(|&length| from_end(length)).count();
        let mut places = (start..earlier.len() - ending).peekable();
        let middle = (start..list.len() - ending).map(|place| {
            let name = list.get(place);
            while places.next_if(|&place| earlier.get(place) < name).is_some() {}
            let place = places.next_if(|&place| earlier.get(place) == name)?;
            u32::try_from(place).ok()
        });
        Self {
            start,
            middle: middle.collect(),
            end: earlier.len() - ending,
        }
    }
}
