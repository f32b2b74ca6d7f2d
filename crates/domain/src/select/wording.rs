//! The texts that verdicts share, made once for each selection.

use std::collections::HashMap;
use std::sync::Arc;

use super::variant::is_variant;
use super::verdict::{Lacks, Sieve, SuffixRule, Variant, Verdict, WrongPlatform};
use crate::choose::{Objection, Rules, split_suffix};
use crate::policy::{Kind, Policy, Suffix};
use crate::reference::{Platform, Value};
use crate::scan::Created;

/// How many of a tag's platforms are kept for the sentence.
const PLATFORMS: usize = 3;

/// Makes verdicts of objections.
pub(super) struct Wording<'a> {
    policy: &'a Policy,
    rules: &'a Rules<'a>,
    deny: Vec<Arc<str>>,
    /// The pattern of the filter.
    pattern: Arc<str>,
    /// The argument of the kind.
    argument: Arc<str>,
    suffix: Arc<str>,
    suffix_rule: SuffixRule,
    /// The current tag; empty for none.
    current: Arc<str>,
    platforms: Arc<[Platform]>,
    wrong: HashMap<(&'a Platform, &'a [Platform]), Arc<WrongPlatform>>,
}

impl<'a> Wording<'a> {
    pub(super) fn new(policy: &'a Policy, rules: &'a Rules<'a>, current: &Value) -> Self {
        let options = policy.options();
        Self {
            policy,
            rules,
            deny: options.deny.iter().map(|pattern| pattern.as_str().into()).collect(),
            pattern: options
                .filter
                .as_ref()
                .map_or("", |filter| filter.pattern.as_str())
                .into(),
            argument: policy.kind().argument().into(),
            suffix: rules.lens().suffix().unwrap_or_default().into(),
            suffix_rule: match (&options.suffix, &current.tag) {
                (Suffix::Keep, Some(_)) => SuffixRule::Keep,
                (Suffix::Keep, None) => SuffixRule::KeepOfNothing,
                (Suffix::None, _) => SuffixRule::None,
                (Suffix::Any | Suffix::Exactly(_), _) => SuffixRule::Exactly,
            },
            current: current.tag.as_ref().map_or("", |tag| tag.as_str()).into(),
            platforms: options.platforms.clone().into(),
            wrong: HashMap::new(),
        }
    }

    /// The verdict on a tag that its name keeps out.
    pub(super) fn of_objection(&self, tag: &str, objection: Objection) -> Verdict {
        match objection {
            Objection::InvalidTag => Verdict::InvalidTag,
            Objection::Denied(place) => Verdict::Denied {
                pattern: self.deny[place].clone(),
            },
            Objection::Latest => Verdict::Filtered { by: Sieve::Latest },
            Objection::Filter => Verdict::Filtered {
                by: Sieve::Pattern(self.pattern.clone()),
            },
            Objection::Kind => Verdict::Filtered { by: self.kind_sieve() },
            Objection::Suffix => Verdict::SuffixDiffers {
                wanted: self.suffix.clone(),
                rule: self.suffix_rule,
            },
            Objection::Unreadable => Verdict::Unreadable {
                policy: self.policy.clone(),
                extract: self.extract(tag),
            },
            Objection::Precision { had, wanted } => Verdict::PrecisionDiffers {
                had: u8::try_from(had).unwrap_or(u8::MAX),
                wanted: u8::try_from(wanted).unwrap_or(u8::MAX),
                current: self.current.clone(),
            },
            Objection::Prerelease => Verdict::Prerelease {
                extract: self.extract(tag),
                variant: self.variant(tag),
            },
            Objection::OutOfRange(side) => Verdict::OutOfRange {
                range: self.argument.clone(),
                side,
                variant: self.variant(tag).filter(|_| self.rules.hold(split_suffix(tag).0)),
            },
        }
    }

    /// The verdict on a tag that lacks a platform.
    pub(super) fn of_platforms(&mut self, missing: &'a Platform, has: &'a [Platform]) -> Verdict {
        let platforms = self.wrong.entry((missing, has)).or_insert_with(|| {
            Arc::new(WrongPlatform {
                missing: missing.clone(),
                some: has.iter().take(PLATFORMS).cloned().collect(),
                all: has.len(),
            })
        });
        Verdict::WrongPlatform {
            platforms: platforms.clone(),
        }
    }

    /// The verdict on a tag of which too little is known.
    pub(super) fn of_lacking(&self, lacks: Lacks, created: Created) -> Verdict {
        match lacks {
            Lacks::Platforms => Verdict::UnknownPlatform {
                wanted: self.platforms.clone(),
            },
            Lacks::BuildTime => Verdict::UnknownBuildTime {
                looked: created != Created::Unknown,
            },
        }
    }

    fn kind_sieve(&self) -> Sieve {
        match self.policy.kind() {
            Kind::Regexp(_) => Sieve::Expression(self.argument.clone()),
            _ => Sieve::Glob(self.argument.clone()),
        }
    }

    fn extract(&self, tag: &str) -> Option<Box<str>> {
        self.rules.lens().extracted(tag).map(Into::into)
    }

    /// How to follow a tag that looks like a variant of a release, where its suffix is what makes it a pre-release.
    fn variant(&self, tag: &str) -> Option<Variant> {
        let options = self.policy.options();
        let has_extract = options.filter.as_ref().is_some_and(|filter| filter.extract.is_some());
        let is_semver = matches!(self.policy.kind(), Kind::Semver(_));
        let (_, suffix) = split_suffix(tag);
        if has_extract || !is_semver || options.suffix != Suffix::Any || !is_variant(suffix.strip_prefix('-')?) {
            return None;
        }
        let (_, current) = split_suffix(&self.current);
        Some(if current == suffix {
            Variant::Keep
        } else {
            Variant::Exactly
        })
    }
}
