//! Parts of a list that were read again.

use super::TagList;

/// All the tags of a list that stand between two places, by bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPart {
    /// The tag behind which the part begins; `None` for the start of the list.
    pub after: Option<String>,
    /// The last text that it tells about; `None` for the end of the list.
    pub through: Option<String>,
    /// Its tags.
    pub tags: TagList,
}

/// A list of which parts were read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewed {
    /// All tags: outside of the parts those that were there before.
    pub tags: TagList,
    /// How many tags stood in each part before, and how many do now.
    pub sizes: Vec<(u64, u64)>,
}

impl ListPart {
    /// Where in a list it begins, and where it ends.
    fn span(&self, list: &TagList) -> (usize, usize) {
        let behind = |name: &str| list.before(name) + usize::from(list.contains(name));
        let start = self.after.as_deref().map_or(0, behind);
        let end = self.through.as_deref().map_or(list.len(), behind);
        (start, end.max(start))
    }
}

impl TagList {
    /// The list after parts of it, in order, were read again: what stood in them is gone, what they hold is there.
    #[must_use]
    pub fn renewed(&self, parts: &[ListPart]) -> Renewed {
        let mut tags = Self::default();
        let mut sizes = Vec::with_capacity(parts.len());
        let mut at = 0;
        for part in parts {
            let (start, end) = part.span(self);
            // Where a part went on into the next one, that is the later word.
            let start = start.max(at);
            (at..start).for_each(|place| tags.push(self.get(place)));
            let is_new = |name: &&str| tags.last().is_none_or(|last| last < *name);
            let names: Vec<&str> = part.tags.iter().filter(is_new).collect();
            sizes.push((end.saturating_sub(start) as u64, names.len() as u64));
            names.into_iter().for_each(|name| tags.push(name));
            at = end.max(start);
        }
        (at..self.len()).for_each(|place| tags.push(self.get(place)));
        Renewed { tags, sizes }
    }
}
