//! How a policy looks at one tag beside a current value.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::{Lacks, Lens, Objection, Read, Source};
use crate::order::{Comparators, Key, Membership, Numbers, Range};
use crate::policy::{Kind, Options, Policy, Precision};
use crate::reference::{Digest, Platform, Tag, Timestamp, Value};
use crate::scan::Created;

/// A policy together with what it takes from the current value.
pub(crate) struct Rules<'a> {
    lens: Lens<'a>,
    options: &'a Options,
    limits: Limits<'a>,
    /// How many numbers candidates must have.
    precision: Option<usize>,
    current: Option<&'a Tag>,
    /// The current digest, where no tag is written beside it.
    bare_digest: Option<&'a Digest>,
    now: Timestamp,
    /// The rank of the current value, if it has one.
    pub(crate) rank: Option<Read<'a>>,
    /// Whether the current value has no rank, though nothing can be picked without.
    pub(crate) rank_is_lacking: bool,
    /// Whether the current value gives way to a candidate of the same rank.
    pub(crate) current_yields: bool,
}

/// Keys that are worth a closer look: cheap to ask, and never wrong about one that is within the limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) floor: Key,
    pub(super) ceiling: Key,
    /// Whether pre-releases can be within the limits.
    prereleases: bool,
}

impl Window {
    pub(super) fn holds(&self, key: Key) -> bool {
        self.floor <= key && key <= self.ceiling && (self.prereleases || !key.version().is_plain_prerelease())
    }
}

/// What a kind holds against those that it can read.
enum Limits<'a> {
    None,
    Range(&'a Range),
    Comparators(&'a Comparators),
}

/// What is known of a tag whose name is no obstacle.
pub(crate) enum Known<'a> {
    /// It is a candidate, of this rank.
    Candidate(Read<'a>),
    /// It would be one if more were known.
    Unknown(Lacking<'a>),
    /// It is none: this platform is missing.
    Out(&'a Platform),
}

/// A tag of which too little is known.
pub(crate) struct Lacking<'a> {
    pub(crate) lacks: Lacks,
    /// Its rank, unless that is what is unknown.
    pub(crate) rank: Option<Read<'a>>,
    /// Whether it could be the pick once it is known.
    pub(crate) could_win: bool,
}

impl<'a> Rules<'a> {
    pub(crate) fn new(policy: &'a Policy, current: &'a Value, source: &impl Source, now: Timestamp) -> Self {
        let tag = current.tag.as_ref();
        let mut rules = Self {
            lens: Lens::new(policy, tag),
            options: policy.options(),
            limits: Limits::of(policy.kind()),
            precision: None,
            current: tag,
            bare_digest: current.digest.as_ref().filter(|_| tag.is_none()),
            now,
            rank: None,
            rank_is_lacking: false,
            current_yields: false,
        };
        if rules.options.precision == Precision::Keep {
            let read = tag.and_then(|tag| rules.lens.read_written(tag.as_str()));
            rules.precision = read.and_then(|read| read.count());
        }
        if policy.kind().is_by_time() {
            rules.rank_by_time(current, source);
        } else {
            rules.rank = tag.and_then(|tag| rules.lens.rank_of(tag));
        }
        rules
    }

    /// Ranks the current value by its build time.
    fn rank_by_time(&mut self, current: &'a Value, source: &impl Source) {
        let built = |index: usize| match source.created(index).plausible(self.now) {
            Created::At(time) => Some(time),
            Created::Unknown | Created::Never => None,
        };
        let built = match &current.tag {
            Some(tag) => source.find(tag.as_str()).and_then(built),
            None if current.digest.is_none() => return,
            None => {
                let is_deployed = |&index: &usize| self.is_deployed(source, index);
                (0..source.len()).filter(is_deployed).filter_map(built).max()
            }
        };
        let order = self.lens.order();
        self.rank = built.map(|time| Read::known(order, Key::of_time(time), Cow::Borrowed("")));
        self.rank_is_lacking = self.rank.is_none() && !self.options.allow_downgrade;
        let objection = |tag: &Tag| self.lens.judge(tag.as_str()).err();
        self.current_yields = self.current.and_then(objection).is_some_and(Objection::is_of_filters);
    }

    /// Whether build times order the candidates.
    pub(crate) fn are_by_time(&self) -> bool {
        self.lens.policy().kind().is_by_time()
    }

    pub(crate) fn lens(&self) -> &Lens<'a> {
        &self.lens
    }

    /// What the current value is ranked as, where its tag does not read as it stands.
    pub(crate) fn counts_as(&self) -> Option<&str> {
        let tag = self.current.filter(|_| !self.are_by_time())?;
        let rank = self.rank.as_ref()?;
        self.lens.read_written(tag.as_str()).is_none().then(|| rank.text())
    }

    /// The build time that the current value is ranked by, if it is.
    pub(crate) fn current_built(&self) -> Option<Timestamp> {
        let rank = self.rank.as_ref().filter(|_| self.are_by_time())?;
        Some(rank.key().time())
    }

    /// Whether a text would be within the limits.
    pub(crate) fn hold(&self, text: &str) -> bool {
        Read::new(self.lens.order(), Cow::Borrowed(text)).is_some_and(|read| self.check(&read).is_ok())
    }

    /// Whether a tag is the current one.
    pub(crate) fn is_current(&self, tag: &str) -> bool {
        self.current.is_some_and(|current| current.as_str() == tag)
    }

    /// Whether the tag at `index` is the current one, or has the digest that stands in its place.
    fn is_deployed(&self, source: &impl Source, index: usize) -> bool {
        let tag = source.tag(index);
        let has_digest = |digest: &Digest| source.digest(index) == Some(digest) && Tag::is_valid(tag);
        self.is_current(tag) || self.bare_digest.is_some_and(has_digest)
    }

    /// Reads a tag, or says why its name keeps it out.
    pub(crate) fn judge<'t>(&self, tag: &'t str) -> Result<Read<'t>, Objection>
    where
        'a: 't,
    {
        let read = self.lens.judge(tag)?;
        self.check(&read)?;
        Ok(read)
    }

    /// The keys that can be within the limits.
    pub(super) fn window(&self) -> Window {
        match self.limits {
            Limits::Range(range) => Window {
                floor: range.floor().into(),
                ceiling: range.ceiling().into(),
                prereleases: self.options.prerelease || range.names_prerelease(),
            },
            Limits::Comparators(_) | Limits::None => Window {
                floor: Key::NONE,
                ceiling: Key::LARGEST,
                prereleases: true,
            },
        }
    }

    /// Whether a tag that was read has as many numbers as are wanted, and is within the limits.
    pub(crate) fn check(&self, read: &Read<'_>) -> Result<(), Objection> {
        if let (Some(wanted), Some(had)) = (self.precision, read.count())
            && had != wanted
        {
            return Err(Objection::Precision { had, wanted });
        }
        match self.limits {
            Limits::None => Ok(()),
            Limits::Range(range) => self.check_range(range, read),
            Limits::Comparators(comparators) => {
                let numbers = Numbers::read(read.text()).ok_or(Objection::Unreadable)?;
                if comparators.hold(&numbers) {
                    return Ok(());
                }
                Err(Objection::OutOfRange(comparators.side(&numbers)))
            }
        }
    }

    fn check_range(&self, range: &Range, read: &Read<'_>) -> Result<(), Objection> {
        match range.membership(read.key().version(), read.text(), self.options.prerelease) {
            Membership::Inside => Ok(()),
            Membership::Prerelease => Err(Objection::Prerelease),
            Membership::Outside => {
                let side = range.side(read.key().version(), read.text());
                Err(Objection::OutOfRange(side))
            }
        }
    }

    /// Looks at what is known of a tag that was read by its name.
    pub(crate) fn complete<'t>(&self, source: &impl Source, index: usize, read: Read<'t>) -> Known<'t>
    where
        'a: 't,
    {
        let platforms = self.platforms(source, index);
        if let Some(Err(missing)) = platforms {
            return Known::Out(missing);
        }
        let (rank, built) = self.ranked(source, index, read);
        match (rank, platforms) {
            (Some(rank), Some(_)) => Known::Candidate(rank),
            (rank, platforms) => Known::Unknown(Lacking {
                lacks: match platforms {
                    None => Lacks::Platforms,
                    Some(_) => Lacks::BuildTime,
                },
                // What is known to have no build time is never the newest, and the current tag neither ranks nor blocks.
                could_win: rank.is_some() || (built == Created::Unknown && !self.is_deployed(source, index)),
                rank,
            }),
        }
    }

    /// A tag's rank, and its build time where that decides it.
    fn ranked<'t>(&self, source: &impl Source, index: usize, read: Read<'t>) -> (Option<Read<'t>>, Created) {
        if !self.are_by_time() {
            return (Some(read), Created::Unknown);
        }
        match source.created(index).plausible(self.now) {
            Created::At(time) => (Some(read.at(Key::of_time(time))), Created::At(time)),
            created => (None, created),
        }
    }

    /// Whether the tag at `index` runs on the wanted platforms; the first that is missing if not, `None` if nobody knows.
    fn platforms(&self, source: &impl Source, index: usize) -> Option<Result<(), &'a Platform>> {
        if self.options.platforms.is_empty() {
            return Some(Ok(()));
        }
        let known = source.platforms(index)?;
        let missing = self.options.platforms.iter().find(|wanted| !known.contains(wanted));
        Some(missing.map_or(Ok(()), Err))
    }

    /// Of two candidates of one rank, the order in which they are preferred, the better one greater.
    pub(crate) fn preference(&self, one: &str, other: &str) -> Ordering {
        let same_v = |tag: &str| {
            self.current
                .is_some_and(|current| has_v(current.as_str()) == has_v(tag))
        };
        self.is_current(one)
            .cmp(&self.is_current(other))
            .then_with(|| same_v(one).cmp(&same_v(other)))
            .then_with(|| dotted_numbers(one).cmp(&dotted_numbers(other)))
            .then_with(|| one.cmp(other))
    }
}

impl<'a> Limits<'a> {
    fn of(kind: &'a Kind) -> Self {
        match kind {
            Kind::Semver(range) => Self::Range(range),
            Kind::Version(comparators) => Self::Comparators(comparators),
            _ => Self::None,
        }
    }
}

/// Whether a tag begins with `v` before a digit.
pub(crate) fn has_v(tag: &str) -> bool {
    matches!(tag.as_bytes(), [b'v', b'0'..=b'9', ..])
}

/// How many numbers joined by dots a tag begins with, after the `v`.
pub(crate) fn dotted_numbers(tag: &str) -> usize {
    let tag = if has_v(tag) { &tag[1..] } else { tag };
    tag.split('.')
        .scan(false, |ended, part| {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let counts = !*ended && digits > 0;
            *ended |= digits < part.len();
            counts.then_some(())
        })
        .count()
}
