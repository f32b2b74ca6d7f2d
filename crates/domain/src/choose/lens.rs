//! What a policy makes of a tag's name alone, whatever the current value and its rank.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::Objection;
use crate::order::{Detail, Key, Order};
use crate::policy::{Filter, Glob, Kind, Options, Pattern, Policy, Suffix};
use crate::reference::Tag;

/// How a policy reads names: what it passes over, and the rank of the rest.
///
/// Two policies that differ in their range, precision, platforms or pin look
/// through equal lenses, and share what these found in a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lens<'a> {
    policy: &'a Policy,
    /// The suffix that candidates must have; `None` if any will do.
    suffix: Option<&'a str>,
}

/// A tag that was read: its place in the order, and the text that it was read from.
#[derive(Debug, Clone)]
pub(crate) struct Read<'a> {
    order: Order<'a>,
    key: Key,
    detail: Detail,
    text: Cow<'a, str>,
}

impl<'a> Read<'a> {
    pub(super) fn new(order: Order<'a>, text: Cow<'a, str>) -> Option<Self> {
        order.read(&text).map(|key| Self::known(order, key, text))
    }

    /// A text that was read before.
    pub(super) fn known(order: Order<'a>, key: Key, text: Cow<'a, str>) -> Self {
        Self {
            order,
            key,
            detail: order.detail(key, &text),
            text,
        }
    }

    /// The same at another place: where a build time puts it.
    pub(super) fn at(self, key: Key) -> Self {
        Self { key, ..self }
    }

    pub(crate) fn key(&self) -> Key {
        self.key
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// How many numbers were read, where they count.
    pub(super) fn count(&self) -> Option<usize> {
        self.order.count(&self.text)
    }

    /// The order of the two, by rank alone.
    pub(crate) fn compare(&self, other: &Read<'_>) -> Ordering {
        let packed = (self.key, self.detail).cmp(&(other.key, other.detail));
        packed.then_with(|| self.order.compare_texts(self.key, &self.text, &other.text))
    }
}

impl<'a> Lens<'a> {
    pub(crate) fn new(policy: &'a Policy, current: Option<&'a Tag>) -> Self {
        let suffix = match &policy.options().suffix {
            Suffix::Any => None,
            Suffix::Keep => Some(current.map_or("", |tag| split_suffix(tag.as_str()).1)),
            Suffix::None => Some(""),
            Suffix::Exactly(text) => Some(text.as_str()),
        };
        Self::with_suffix(policy, suffix)
    }

    /// The lens of a policy for the suffix that it resolved to.
    pub(super) fn with_suffix(policy: &'a Policy, suffix: Option<&'a str>) -> Self {
        Self { policy, suffix }
    }

    pub(crate) fn policy(&self) -> &'a Policy {
        self.policy
    }

    pub(crate) fn suffix(&self) -> Option<&'a str> {
        self.suffix
    }

    fn options(&self) -> &'a Options {
        self.policy.options()
    }

    /// How texts are read and ordered.
    pub(crate) fn order(&self) -> Order<'a> {
        match self.policy.kind() {
            Kind::Semver(_) => Order::Semver,
            Kind::Version(_) => Order::Numbers,
            Kind::Calver(layout) => Order::Calver(layout),
            Kind::Numeric(direction) => Order::Decimal(*direction),
            Kind::Alphabetical(direction) => Order::Bytes(*direction),
            Kind::Newest(..) | Kind::Regexp(_) | Kind::Digest(_) => Order::Time,
        }
    }

    /// Whether every tag is read as a semantic version, as it stands.
    pub(super) fn is_plain_semver(&self) -> bool {
        let Options { filter, deny, .. } = self.options();
        let is_semver = matches!(self.policy.kind(), Kind::Semver(_));
        is_semver && filter.is_none() && deny.is_empty() && self.suffix.is_none()
    }

    /// Reads a tag, or says why its name alone keeps it out.
    pub(crate) fn judge<'t>(&self, tag: &'t str) -> Result<Read<'t>, Objection>
    where
        'a: 't,
    {
        if !Tag::is_valid(tag) {
            return Err(Objection::InvalidTag);
        }
        if let Some(place) = self.options().deny.iter().position(|pattern| pattern.is_match(tag)) {
            return Err(Objection::Denied(place));
        }
        self.check_filters(tag)?;
        if self.suffix.is_some_and(|wanted| wanted != split_suffix(tag).1) {
            return Err(Objection::Suffix);
        }
        Read::new(self.order(), self.text(tag)).ok_or(Objection::Unreadable)
    }

    /// The filter, the glob or expression of the kind, and the rule that `latest` is left alone.
    fn check_filters(&self, tag: &str) -> Result<(), Objection> {
        let filter = self.options().filter.as_ref();
        let kind = self.policy.kind();
        if tag.eq_ignore_ascii_case("latest") && !kind.mentions_latest() && !filter.is_some_and(Filter::mentions_latest)
        {
            return Err(Objection::Latest);
        }
        if filter.is_some_and(|filter| !filter.pattern.is_match(tag)) {
            return Err(Objection::Filter);
        }
        match kind {
            Kind::Newest(glob, _) if !glob.is_match(tag) => Err(Objection::Kind),
            Kind::Regexp(pattern) if !pattern.is_match(tag) => Err(Objection::Kind),
            _ => Ok(()),
        }
    }

    /// The text that an `extract` makes of a tag.
    pub(crate) fn extracted(&self, tag: &str) -> Option<String> {
        let filter = self.options().filter.as_ref()?;
        filter.extracted(filter.extract.as_ref()?, tag)
    }

    /// What the kind reads of a tag that no filter keeps out.
    pub(super) fn text<'t>(&self, tag: &'t str) -> Cow<'t, str> {
        match self.extracted(tag) {
            Some(text) => Cow::Owned(text),
            None if self.suffix.is_some() => Cow::Borrowed(split_suffix(tag).0),
            None => Cow::Borrowed(tag),
        }
    }

    /// The rank of a tag that is written somewhere: by what it reads as, else by the dotted numbers in it.
    ///
    /// Ranges and the like do not matter. Build times are not known here.
    pub(crate) fn rank_of<'t>(&self, tag: &'t Tag) -> Option<Read<'t>>
    where
        'a: 't,
    {
        let tag = tag.as_str();
        self.read_written(tag).or_else(|| {
            let run = self.order().first_run(tag)?;
            Read::new(self.order(), Cow::Owned(run))
        })
    }

    /// A tag that is written somewhere, as the kind reads it.
    pub(crate) fn read_written<'t>(&self, tag: &'t str) -> Option<Read<'t>>
    where
        'a: 't,
    {
        self.check_filters(tag).ok()?;
        Read::new(self.order(), self.text(tag))
    }
}

/// What two lenses are compared by.
#[derive(PartialEq)]
enum Reading<'a> {
    By(Order<'a>),
    Glob(&'a Glob),
    Search(&'a Pattern),
}

impl<'a> Lens<'a> {
    fn reading(&self) -> Reading<'a> {
        match self.policy.kind() {
            Kind::Newest(glob, _) => Reading::Glob(glob),
            Kind::Regexp(pattern) => Reading::Search(pattern),
            _ => Reading::By(self.order()),
        }
    }
}

/// Whether both read every name alike.
impl PartialEq for Lens<'_> {
    fn eq(&self, other: &Self) -> bool {
        let (options, others) = (self.options(), other.options());
        self.reading() == other.reading()
            && self.suffix == other.suffix
            && options.filter == others.filter
            && options.deny == others.deny
    }
}

/// A tag without its suffix, and the suffix: what stands from the first `-` on.
pub(crate) fn split_suffix(tag: &str) -> (&str, &str) {
    tag.split_at(tag.find('-').unwrap_or(tag.len()))
}
