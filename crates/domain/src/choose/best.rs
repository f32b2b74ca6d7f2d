//! The newest candidate.

use std::cmp::Ordering;

use super::{Read, Rules, Source};

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
/// that most cost one comparison of two numbers where the source has read them.
pub(crate) fn best<'a>(rules: &Rules<'_>, source: &'a impl Source) -> Found<'a> {
    let mut best: Option<(usize, Read<'a>)> = None;
    let mut unknown: Vec<(usize, Read<'a>)> = Vec::new();
    let versions = source.versions().filter(|_| rules.are_plain());
    for index in 0..source.len() {
        let read = match versions {
            Some(versions) => {
                let key = versions[index];
                let low = best.as_ref().is_some_and(|(_, read)| key < read.key());
                if low || !key.is_readable() {
                    continue;
                }
                let read = Read::known(key, source.tag(index));
                if rules.check_range(&read).is_err() {
                    continue;
                }
                read
            }
            None => match rules.judge(source.tag(index)) {
                Ok(read) => read,
                Err(_) => continue,
            },
        };
        if !outranks(rules, source, index, &read, best.as_ref()) || source.is_gone(index) {
            continue;
        }
        match suits(rules, source, index) {
            Some(true) => best = Some((index, read)),
            Some(false) => {}
            None => unknown.push((index, read)),
        }
    }
    let unknown = blockers(rules, source, best.as_ref().map(|(_, read)| read), unknown);
    Found { best, unknown }
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
