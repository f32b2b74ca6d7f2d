//! What each kind lets through, as far as bytes can say.

use super::{Reach, TagRange};
use crate::choose::{Lens, Read};
use crate::order::{Bytes, Comparators, Layout, Numbers, Range, Rows, Version};
use crate::policy::{Direction, Kind, Policy};
use crate::reference::Value;

/// The tags that a kind can read and that rank above the current value, or at all, if a lower one may be taken too.
///
/// A suffix that the kind does not read begins with `-`, which comes before everything else that can stand in a tag. It so never
/// takes a tag out of a range that holds the text before it.
pub(super) fn of(policy: &Policy, current: &Value) -> Reach {
    match policy.kind() {
        Kind::Newest(glob, _) => match glob.start() {
            (text, true) => Reach::tag(text),
            (start, false) => Reach::starting([start]),
        },
        Kind::Regexp(pattern) => pattern.starts().map_or(Reach::Whole, Reach::starting),
        // What a template makes of a tag need not sort like it.
        _ if policy
            .options()
            .filter
            .as_ref()
            .is_some_and(|filter| filter.extract.is_some()) =>
        {
            Reach::Whole
        }
        kind => {
            let lens = Lens::new(policy, current.tag.as_ref());
            let rank = current.tag.as_ref().and_then(|tag| lens.rank_of(tag));
            let rank = rank.as_ref().filter(|_| !policy.allows_downgrade());
            of_names(kind, rank.map(Read::text))
        }
    }
}

/// What a kind that orders by names lets through and does not rank below `rank`, which it can read.
fn of_names(kind: &Kind, rank: Option<&str>) -> Reach {
    match kind {
        Kind::Semver(range) => semver(range, rank),
        Kind::Version(comparators) => version(comparators, rank),
        Kind::Calver(layout) => calver(layout, rank),
        Kind::Numeric(direction) => numeric(*direction, rank),
        Kind::Alphabetical(direction) => alphabetical(*direction, rank),
        Kind::Newest(..) | Kind::Regexp(_) | Kind::Digest(_) => Reach::Whole,
    }
}

fn semver(range: &Range, rank: Option<&str>) -> Reach {
    let rank = rank.and_then(Version::read);
    let rows = range.rows().map(|rows| match &rank {
        Some(version) => rows.from(version.numbers()),
        None => rows,
    });
    versions(rows)
}

fn version(comparators: &Comparators, rank: Option<&str>) -> Reach {
    let mut rows = comparators.rows();
    if let Some(numbers) = rank.and_then(Numbers::read) {
        let numbers: Vec<&str> = numbers.numbers().collect();
        rows = rows.from(&numbers);
    }
    versions([rows])
}

/// Numbers joined by dots, with or without a `v` before them.
fn versions(rows: impl IntoIterator<Item = Rows>) -> Reach {
    let mut bytes = Vec::new();
    for rows in rows {
        rows.bytes("", &mut bytes);
        rows.bytes("v", &mut bytes);
    }
    within(bytes)
}

fn calver(layout: &Layout, rank: Option<&str>) -> Reach {
    let start = layout.start();
    let mut bytes = Vec::new();
    for v in ["", "v"] {
        let start = format!("{v}{start}");
        let sorted = rank.and_then(|rank| layout.sorted_start(rank));
        match sorted.filter(|sorted| sorted.len() > layout.start().len()) {
            Some(sorted) => bytes.push((format!("{v}{sorted}"), Some(start + ":"))),
            None => {
                let first = rank.and_then(|rank| layout.first_number(rank));
                Rows::number_from(&start, first.unwrap_or_default(), &mut bytes);
            }
        }
    }
    within(bytes)
}

fn numeric(direction: Direction, rank: Option<&str>) -> Reach {
    let whole = rank.map(|rank| rank.split('.').next().unwrap_or_default().trim_start_matches('0'));
    let rows = match (whole, direction) {
        (None, _) => Rows::ALL,
        (Some(whole), Direction::Ascending) => Rows::ALL.from(&[whole]),
        (Some(whole), Direction::Descending) => Rows::ALL.upto(&[whole]),
    };
    let mut bytes = Vec::new();
    rows.bytes("", &mut bytes);
    within(bytes)
}

fn alphabetical(direction: Direction, rank: Option<&str>) -> Reach {
    let Some(rank) = rank else { return Reach::Whole };
    let (from, until) = match direction {
        Direction::Ascending => (rank.to_owned(), None),
        Direction::Descending => (String::new(), Some(rank.to_owned())),
    };
    Reach::of(vec![TagRange { from, until }])
}

fn within(bytes: Vec<Bytes>) -> Reach {
    Reach::of(bytes.into_iter().map(TagRange::from).collect())
}
