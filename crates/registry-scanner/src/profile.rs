//! How a registry lists tags: seen in full lists, verified by a self-test, forgotten at the first contradiction.
//!
//! Nothing here is assumed of a registry by its name. Values only: what is sent is the business of [`crate::list`].

use std::time::Duration;

use domain::reference::Timestamp;

mod codes;
mod manifests;
#[cfg(test)]
mod tests;

pub use codes::Coded;
pub(crate) use manifests::mark_of;
pub use manifests::{Heads, Manifests, Marks};

/// How long what a self-test has shown is relied upon, and how long a failed one is not made again.
const LIFE: Duration = Duration::from_secs(7 * 24 * 3600);

/// What one list has shown of the ends of pages holds for one that began so much earlier: several wait for the same test.
const MOMENT: Duration = Duration::from_secs(60);

/// Lists with fewer tags are no reason for a self-test: to read them whole costs little.
const LEAST_TAGS: usize = 300;

/// The most tags that are asked for in one page; ECR refuses to give more.
pub(crate) const PAGE: usize = 1000;

/// What is known of how a registry lists tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Profile {
    /// The most tags that it lets be asked for at once, where it refused to give more; at least 1.
    pub largest_page: Option<u32>,
    /// The order of its lists.
    pub order: ListOrder,
    /// What it makes of `last`.
    pub seek: Seek,
    /// Whether its lists say the digest of each tag.
    pub bulk: bool,
    /// When `seek` was found out.
    pub tested: Option<Timestamp>,
    /// What a page says that names no next one.
    pub linkless: Linkless,
    /// When `linkless` was found out.
    pub linkless_tested: Option<Timestamp>,
    /// How it answers for manifests.
    pub manifests: Manifests,
}

/// The order of a registry's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ListOrder {
    /// Not known, or none.
    #[default]
    Unknown,
    /// By the bytes of the tags.
    Lexical,
    /// What is new comes last.
    Append,
}

/// What a registry makes of `last`, the tag behind which a list is to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Seek {
    /// Not known.
    #[default]
    Unknown,
    /// The list begins behind it, whether or not there is such a tag.
    AnyLast,
    /// The list begins behind it if there is such a tag.
    ExistingLast,
    /// Nothing that could be relied upon.
    None,
}

/// What a page of a list says that names no next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Linkless {
    /// Not known.
    #[default]
    Unknown,
    /// That it is the last one.
    End,
    /// Nothing: the registry cuts lists, and does not say so.
    Nothing,
}

impl Coded for ListOrder {
    const CODES: &'static [(&'static str, Self)] = &[
        ("unknown", Self::Unknown),
        ("lexical", Self::Lexical),
        ("append", Self::Append),
    ];
}

impl Coded for Seek {
    const CODES: &'static [(&'static str, Self)] = &[
        ("unknown", Self::Unknown),
        ("anyLast", Self::AnyLast),
        ("existingLast", Self::ExistingLast),
        ("none", Self::None),
    ];
}

impl Coded for Linkless {
    const CODES: &'static [(&'static str, Self)] = &[
        ("unknown", Self::Unknown),
        ("end", Self::End),
        ("nothing", Self::Nothing),
    ];
}

/// What a full list shows for free.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sight {
    pub(crate) tags: usize,
    pub(crate) pages: usize,
    /// Whether the tags stand in the order of their bytes.
    pub(crate) in_order: bool,
    /// Whether all that is new since an earlier list stands at the end; `None` if nothing is new, or nothing is known.
    pub(crate) appended: Option<bool>,
    /// Whether anybody would profit if a part of such lists could be had.
    pub(crate) is_of_use: bool,
}

impl Sight {
    /// The order that the list may be in.
    fn order(self) -> ListOrder {
        match (self.in_order, self.appended) {
            (true, _) => ListOrder::Lexical,
            (false, Some(true)) => ListOrder::Append,
            (false, _) => ListOrder::Unknown,
        }
    }

    fn contradicts(self, order: ListOrder) -> bool {
        match order {
            ListOrder::Unknown => false,
            ListOrder::Lexical => !self.in_order,
            ListOrder::Append => self.appended == Some(false),
        }
    }
}

/// What a self-test has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A list began behind a tag.
    BehindTag,
    /// And behind what is no tag.
    BehindAny,
    /// Something else.
    Nothing,
}

fn is_fresh(tested: Option<Timestamp>, now: Timestamp) -> bool {
    // A clock that was set back makes nothing fresh for ever.
    tested.is_some_and(|tested| tested <= now && now.since(tested) < LIFE)
}

impl Profile {
    /// How many tags are asked for in one page.
    pub(crate) fn page(&self) -> usize {
        self.largest_page
            .map_or(PAGE, |largest| (largest as usize).clamp(1, PAGE))
    }

    /// Whether a part of a list can be had.
    pub(crate) fn seeks(&self, now: Timestamp) -> bool {
        let works = matches!(self.seek, Seek::AnyLast | Seek::ExistingLast);
        works && self.order != ListOrder::Unknown && self.is_fresh(now)
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        is_fresh(self.tested, now)
    }

    /// What a page says that names no next one, if that was found out not long ago.
    pub(crate) fn known_linkless(&self, now: Timestamp) -> Linkless {
        if is_fresh(self.linkless_tested, now + MOMENT) {
            self.linkless
        } else {
            Linkless::Unknown
        }
    }

    /// Takes in what a page says that names no next one.
    pub(crate) fn linkless(&mut self, shown: Linkless, now: Timestamp) {
        // What is known already is not known better, and would have to be written down again with each list.
        if self.known_linkless(now) != shown {
            self.linkless = shown;
            self.linkless_tested = (shown != Linkless::Unknown).then_some(now);
        }
    }

    /// Takes in what a full list has shown. `true`: a self-test begins, whose end must be told; no other does meanwhile.
    pub(crate) fn saw(&mut self, sight: Sight, now: Timestamp) -> bool {
        let ignores_n = sight.pages == 1 && sight.tags > self.page();
        if ignores_n {
            self.contradicted(now);
            return false;
        }
        if sight.contradicts(self.order) {
            self.contradicted(now);
            return false;
        }
        let is_large = sight.pages > 1 || sight.tags >= LEAST_TAGS;
        let is_worth_it = sight.is_of_use && is_large && sight.order() != ListOrder::Unknown;
        if !is_worth_it || self.is_fresh(now) {
            return false;
        }
        self.order = sight.order();
        self.seek = Seek::Unknown;
        self.tested = Some(now);
        true
    }

    /// Takes in what a self-test has shown, if there was any telling.
    pub(crate) fn end(&mut self, shown: Option<Shown>, now: Timestamp) {
        self.seek = match shown {
            Some(Shown::BehindAny) => Seek::AnyLast,
            Some(Shown::BehindTag) => Seek::ExistingLast,
            Some(Shown::Nothing) => Seek::None,
            None => Seek::Unknown,
        };
        self.tested = shown.map(|_| now);
    }

    /// What was known is not so, and is not tested again for a while.
    pub(crate) fn contradicted(&mut self, now: Timestamp) {
        if self.seek != Seek::None || !self.is_fresh(now) {
            self.end(Some(Shown::Nothing), now);
        }
        self.order = ListOrder::Unknown;
    }
}
