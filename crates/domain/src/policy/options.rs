//! The options of policies.

use super::error::shown;
use super::{FieldValue, Filter, Kind, KindName, Pattern, PolicyError, PolicyFields, kind, near};
use crate::reference::Platform;

/// The names of the options.
const NAMES: [&str; 8] = [
    "filter",
    "deny",
    "suffix",
    "precision",
    "prerelease",
    "platforms",
    "pin",
    "allowDowngrade",
];

/// Gates, which stand beside a named policy in the configuration and nowhere else.
const GATES: [&str; 8] = [
    "hold", "window", "freeze", "rate", "cooldown", "verify", "trial", "approval",
];

/// Options of a policy, each with its default filled in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Options {
    pub(crate) filter: Option<Filter>,
    pub(crate) deny: Vec<Pattern>,
    pub(crate) suffix: Suffix,
    pub(crate) precision: Precision,
    pub(crate) prerelease: bool,
    pub(crate) platforms: Vec<Platform>,
    pub(crate) pin: Pin,
    pub(crate) allow_downgrade: bool,
}

/// Which suffixes a candidate may have: what stands from the first `-` on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Suffix {
    /// Any; the kind reads the whole tag.
    Any,
    /// The current tag's.
    Keep,
    /// None.
    None,
    /// This one.
    Exactly(String),
}

/// How many numbers a candidate may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Any.
    Any,
    /// As many as the current tag.
    Keep,
}

/// Whether the value that is written carries a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pin {
    /// It does iff the current value does.
    IfPresent,
    /// It always does.
    Digest,
    /// It never does.
    Never,
}

impl Pin {
    pub(super) const NAMES: [(&'static str, Self); 3] = [
        ("ifPresent", Self::IfPresent),
        ("digest", Self::Digest),
        ("never", Self::Never),
    ];

    /// What a kind does when nothing is said.
    pub(super) fn default_of(kind: KindName) -> Self {
        if kind == KindName::Digest {
            Self::Digest
        } else {
            Self::IfPresent
        }
    }

    /// The name that it is written with.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|&&(_, pin)| pin == self)
            .map_or("", |&(name, _)| name)
    }
}

impl Options {
    pub(super) fn default_of(kind: KindName) -> Self {
        Self {
            filter: None,
            deny: Vec::new(),
            suffix: Suffix::Any,
            precision: Precision::Any,
            prerelease: false,
            platforms: Vec::new(),
            pin: Pin::default_of(kind),
            allow_downgrade: false,
        }
    }
}

/// Sorts the keys of a long form into a kind and its options, and checks each.
pub(super) fn sort(fields: &PolicyFields) -> Result<(Kind, Options), PolicyError> {
    check_keys(fields)?;
    let mut kinds = fields
        .entries
        .iter()
        .filter_map(|(key, value)| Some((key, KindName::parse(key)?, value)));
    let Some((key, name, argument)) = kinds.next() else {
        return Err(without_kind(fields));
    };
    if let Some((other, ..)) = kinds.next() {
        let reason = format!("a policy has one kind, not both `{key}` and `{other}`");
        return Err(PolicyError::new(other, reason));
    }
    let kind = Kind::read(name, key, argument)?;
    let mut options = Options::default_of(name);
    for (key, value) in &fields.entries {
        if KindName::parse(key).is_none() {
            check_stands_beside(name, key)?;
            options.set(key, value)?;
        }
    }
    Ok((kind, options))
}

/// Refuses unknown keys and keys that are there twice.
fn check_keys(fields: &PolicyFields) -> Result<(), PolicyError> {
    for (place, (key, _)) in fields.entries.iter().enumerate() {
        let known = KindName::parse(key).is_some() || NAMES.contains(&key.as_str());
        if !known {
            return Err(unknown(key));
        }
        if fields.entries[..place].iter().any(|(before, _)| before == key) {
            return Err(PolicyError::new(key, "it is given twice"));
        }
    }
    Ok(())
}

fn unknown(key: &str) -> PolicyError {
    if GATES.contains(&key) {
        let reason = "this is a gate; gates stand only in `policies:` of the configuration";
        return PolicyError::new(key, reason);
    }
    let hint = near::hint(key, kind::names().chain(NAMES));
    let reason = format!(
        "there is no such kind or option{hint}; options are {}",
        NAMES.join(", ")
    );
    PolicyError::new(shown(key), reason)
}

fn without_kind(fields: &PolicyFields) -> PolicyError {
    let options = if fields.entries.is_empty() {
        "it is empty"
    } else {
        "it has options only"
    };
    PolicyError::new(
        "",
        format!("the policy names no kind ({options}); add one, as in `semver: \"*\"`"),
    )
}

/// `digest` names its tag, so that nothing is left to choose by options.
fn check_stands_beside(kind: KindName, key: &str) -> Result<(), PolicyError> {
    if kind == KindName::Digest && key != "pin" {
        return Err(PolicyError::new(
            key,
            "only `pin` may stand beside `digest`, which follows one tag",
        ));
    }
    Ok(())
}

impl Options {
    fn set(&mut self, key: &str, value: &FieldValue) -> Result<(), PolicyError> {
        match key {
            "filter" => self.filter = filter(value)?,
            "deny" => self.deny = deny(value)?,
            "suffix" => self.suffix = value.text(key)?.map_or(Ok(Suffix::Any), suffix)?,
            "precision" => {
                let names = [("any", Precision::Any), ("keep", Precision::Keep)];
                self.precision = value
                    .text(key)?
                    .map_or(Ok(Precision::Any), |text| one_of(key, text, names))?;
            }
            "prerelease" => self.prerelease = value.bool(key)?.unwrap_or_default(),
            "platforms" => self.platforms = platforms(value)?,
            "pin" => {
                self.pin = value
                    .text(key)?
                    .map_or(Ok(self.pin), |text| one_of(key, text, Pin::NAMES))?
            }
            "allowDowngrade" => self.allow_downgrade = value.bool(key)?.unwrap_or_default(),
            _ => return Err(unknown(key)),
        }
        Ok(())
    }
}

fn filter(value: &FieldValue) -> Result<Option<Filter>, PolicyError> {
    let entries = match value {
        FieldValue::Null => return Ok(None),
        FieldValue::Map(entries) => entries,
        _ => {
            return Err(PolicyError::new(
                "filter",
                "a mapping is wanted here, as in `{pattern: \"^v(.*)$\", extract: \"$1\"}`",
            ));
        }
    };
    let (mut pattern, mut extract) = (None, None);
    for (key, value) in entries {
        let part = format!("filter.{}", shown(key));
        let place = match key.as_str() {
            "pattern" => &mut pattern,
            "extract" => &mut extract,
            _ => {
                let hint = near::hint(key, ["pattern", "extract"]);
                return Err(PolicyError::new(
                    part,
                    format!("there is no such key{hint}; a filter has `pattern` and `extract`"),
                ));
            }
        };
        if place.is_some() {
            return Err(PolicyError::new(part, "it is given twice"));
        }
        *place = value.text(&part)?;
    }
    let pattern =
        pattern.ok_or_else(|| PolicyError::new("filter.pattern", "it is missing; a filter needs a pattern"))?;
    Filter::parse(pattern, extract).map(Some)
}

fn deny(value: &FieldValue) -> Result<Vec<Pattern>, PolicyError> {
    value
        .texts("deny")?
        .into_iter()
        .map(|(part, text)| Pattern::parse(text, &part))
        .collect()
}

fn platforms(value: &FieldValue) -> Result<Vec<Platform>, PolicyError> {
    let platform =
        |(part, text): (String, &str)| Platform::parse(text).map_err(|error| PolicyError::new(part, error.to_string()));
    value.texts("platforms")?.into_iter().map(platform).collect()
}

fn suffix(text: &str) -> Result<Suffix, PolicyError> {
    match text {
        "any" => Ok(Suffix::Any),
        "keep" => Ok(Suffix::Keep),
        "none" => Ok(Suffix::None),
        _ if text.starts_with('-') => Ok(Suffix::Exactly(text.to_owned())),
        _ => {
            let hint = near::hint(text, ["any", "keep", "none"]);
            let reason = format!(
                "`{}` is no suffix{hint}; write any, keep, none, or a text that begins with `-`",
                shown(text)
            );
            Err(PolicyError::new("suffix", reason))
        }
    }
}

/// The value of that name, or an error that lists them.
pub(super) fn one_of<T: Copy, const N: usize>(
    part: &str,
    text: &str,
    names: [(&'static str, T); N],
) -> Result<T, PolicyError> {
    let found = names.iter().find(|(name, _)| *name == text);
    found.map(|&(_, value)| value).ok_or_else(|| {
        let all = names.map(|(name, _)| name);
        let hint = near::hint(text, all);
        PolicyError::new(
            part,
            format!("`{}` is not one of {}{hint}", shown(text), all.join(", ")),
        )
    })
}
