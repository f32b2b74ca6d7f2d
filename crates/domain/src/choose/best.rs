//! The newest candidate.

use std::cmp::Ordering;

use super::rules::Window;
use super::{Known, Read, Rules, Source};

/// What a look at all tags found.
pub(crate) struct Found<'a> {
    /// The best candidate, and its rank.
    pub(crate) best: Option<(usize, Read<'a>)>,
    /// Tags of which too little is known, and that could outrank both the best and the current value: best first.
    pub(crate) unknown: Vec<Blocker>,
}

/// A tag of which too little is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Blocker {
    pub(crate) index: usize,
    /// Whether it is its build time that is not known, and so its rank.
    pub(crate) lacks_time: bool,
}

/// A tag of which too little is known, with its rank, if that is known.
pub(crate) type Unknown<'a> = (usize, Option<Read<'a>>);

/// Finds the best candidate.
///
/// Looks closely only at tags that rank at least as high as the best so far, so
/// that most cost a comparison of two numbers where the source has read them.
pub(crate) fn best<'a>(rules: &'a Rules<'a>, source: &'a impl Source) -> Found<'a> {
    let mut search = Search {
        rules,
        source,
        best: None,
        unknown: Vec::new(),
    };
    match source.readings(rules.lens()) {
        Some(readings) => {
            let order = rules.lens().order();
            let mut window = rules.window();
            // In byte order the newest mostly stand at the end.
            for (at, &key) in readings.keys().iter().enumerate().rev() {
                if !window.holds(key) {
                    continue;
                }
                let index = readings.place(at);
                let text = rules.lens().text(source.tag(index));
                let read = Read::known(order, key, text);
                if rules.check(&read).is_ok() {
                    search.look_at(index, read);
                    search.narrow(&mut window);
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
struct Search<'a, S> {
    rules: &'a Rules<'a>,
    source: &'a S,
    best: Option<(usize, Read<'a>)>,
    unknown: Vec<Unknown<'a>>,
}

impl<'a, S: Source> Search<'a, S> {
    /// Leaves out what ranks below the best so far for sure.
    fn narrow(&self, window: &mut Window) {
        if let Some((_, best)) = &self.best
            && !self.rules.are_by_time()
        {
            window.floor = window.floor.max(best.key());
        }
    }

    /// Takes a candidate for the best if it is.
    fn look_at(&mut self, index: usize, read: Read<'a>) {
        match self.rules.complete(self.source, index, read) {
            Known::Candidate(read) if self.outranks(index, &read) && !self.source.is_gone(index) => {
                self.best = Some((index, read));
            }
            Known::Unknown(lacking) if lacking.could_win && !self.source.is_gone(index) => {
                self.unknown.push((index, lacking.rank));
            }
            Known::Candidate(_) | Known::Unknown(_) | Known::Out(_) => {}
        }
    }

    /// Whether a candidate is better than the best so far.
    fn outranks(&self, index: usize, read: &Read<'_>) -> bool {
        self.best.as_ref().is_none_or(|(held, held_read)| {
            let order = read.compare(held_read);
            order
                .then_with(|| self.rules.preference(self.source.tag(index), self.source.tag(*held)))
                .is_gt()
        })
    }
}

/// Of the tags of which too little is known those that could outrank the best and the current value.
///
/// Those with a rank come first, the highest before the others; of equal ones, and of those without, the greatest by bytes.
pub(crate) fn blockers(
    rules: &Rules<'_>,
    source: &impl Source,
    best: Option<&Read<'_>>,
    mut unknown: Vec<Unknown<'_>>,
) -> Vec<Blocker> {
    let above = |read: &Read<'_>, other: Option<&Read<'_>>| other.is_none_or(|other| read.compare(other).is_gt());
    unknown.retain(|(_, read)| match read {
        Some(read) => above(read, best) && above(read, rules.rank.as_ref()),
        None => true,
    });
    unknown.sort_by(|(one, read), (other, other_read)| {
        let order = match (read, other_read) {
            (Some(read), Some(other_read)) => other_read.compare(read),
            (read, other_read) => other_read.is_some().cmp(&read.is_some()),
        };
        order.then_with(|| Ordering::reverse(source.tag(*one).cmp(source.tag(*other))))
    });
    let blocker = |(index, read): Unknown<'_>| Blocker {
        index,
        lacks_time: read.is_none(),
    };
    unknown.into_iter().map(blocker).collect()
}
