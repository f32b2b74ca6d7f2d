//! The newest candidate.

use std::cmp::Ordering;

use super::{Read, Rules, Source};
use crate::version::VersionKey;

/// What a look at all tags found.
pub(crate) struct Found<'a> {
    /// The best candidate, and its rank.
    pub(crate) best: Option<(usize, Read<'a>)>,
    /// Candidates whose platforms are unknown and that could outrank both the best and the current value: best first.
    pub(crate) unknown: Vec<usize>,
}

/// Finds the best candidate.
///
/// Looks closely only at tags that rank at least as high as the best so far, so
/// that most cost a comparison of two numbers where the source has read them.
/// Goes backwards, for in byte order the newest mostly stand at the end.
pub(crate) fn best<'a>(rules: &Rules<'_>, source: &'a impl Source) -> Found<'a> {
    let mut search = Search {
        rules,
        source,
        best: None,
        unknown: Vec::new(),
    };
    match source.versions().filter(|_| rules.are_plain()) {
        Some(versions) => {
            for (index, &key) in versions.iter().enumerate().rev() {
                if rules.may_hold(key) && !search.is_beaten(key) {
                    let read = Read::known(key, source.tag(index));
                    if rules.check_range(&read).is_ok() {
                        search.look_at(index, read);
                    }
                }
            }
        }
        None => {
            for index in (0..source.len()).rev() {
                if let Ok(read) = rules.judge(source.tag(index)) {
                    search.look_at(index, read);
                }
            }
        }
    }
    let unknown = blockers(
        rules,
        source,
        search.best.as_ref().map(|(_, read)| read),
        search.unknown,
    );
    Found {
        best: search.best,
        unknown,
    }
}

/// The best so far.
struct Search<'a, 'r, S> {
    rules: &'r Rules<'r>,
    source: &'a S,
    best: Option<(usize, Read<'a>)>,
    unknown: Vec<(usize, Read<'a>)>,
}

impl<'a, S: Source> Search<'a, '_, S> {
    fn is_beaten(&self, key: VersionKey) -> bool {
        self.best.as_ref().is_some_and(|(_, read)| key < read.key())
    }

    /// Takes a candidate for the best if it is, its platforms included.
    fn look_at(&mut self, index: usize, read: Read<'a>) {
        if !outranks(self.rules, self.source, index, &read, self.best.as_ref()) || self.source.is_gone(index) {
            return;
        }
        match suits(self.rules, self.source, index) {
            Some(true) => self.best = Some((index, read)),
            Some(false) => {}
            None => self.unknown.push((index, read)),
        }
    }
}

/// Whether a candidate is better than the best so far.
fn outranks(
    rules: &Rules<'_>,
    source: &impl Source,
    index: usize,
    read: &Read<'_>,
    best: Option<&(usize, Read<'_>)>,
) -> bool {
    best.is_none_or(|(held, held_read)| {
        let order = read.compare(held_read);
        order
            .then_with(|| rules.preference(source.tag(index), source.tag(*held)))
            .is_gt()
    })
}

/// Whether a tag's platforms are the wanted ones; `None` if they are unknown.
fn suits(rules: &Rules<'_>, source: &impl Source, index: usize) -> Option<bool> {
    if !rules.wants_platforms() {
        return Some(true);
    }
    source
        .platforms(index)
        .map(|platforms| rules.lacking(platforms).is_none())
}

/// Of the candidates with unknown platforms those that could outrank the best and the current value, best first.
pub(crate) fn blockers(
    rules: &Rules<'_>,
    source: &impl Source,
    best: Option<&Read<'_>>,
    mut unknown: Vec<(usize, Read<'_>)>,
) -> Vec<usize> {
    let above = |read: &Read<'_>, other: Option<&Read<'_>>| other.is_none_or(|other| read.compare(other).is_gt());
    unknown.retain(|(_, read)| above(read, best) && above(read, rules.rank.as_ref()));
    unknown.sort_by(|(one, read), (other, other_read)| {
        let order: Ordering = other_read.compare(read);
        order.then_with(|| source.tag(*other).cmp(source.tag(*one)))
    });
    unknown.into_iter().map(|(index, _)| index).collect()
}
