//! What becomes of a tag, as a sentence.
//!
//! One for everybody: `select`, `explain`, the API and the page. The tag is its subject; where an option of
//! the policy would change the verdict, the sentence names it.

mod rank;
mod reading;
mod versions;

use std::fmt;

use super::verdict::{Sieve, SuffixRule, TagVerdict, Verdict, WrongPlatform};
use crate::choose::split_suffix;
use crate::reference::{Platform, Tag};

/// As much of a policy's text as a sentence shows, in characters.
const SHOWN: usize = 60;

impl fmt::Display for TagVerdict<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tag = self.tag;
        match &self.verdict {
            Verdict::InvalidTag => match Tag::parse(tag) {
                Err(error) => write!(f, "{error}"),
                Ok(tag) => write!(f, "{tag} is no tag"),
            },
            Verdict::Denied { pattern } => write!(f, "{tag} matches {}, which `deny` keeps out", Code(pattern)),
            Verdict::Filtered { by } => filtered(f, tag, by),
            Verdict::SuffixDiffers { wanted, rule } => suffix_differs(f, tag, wanted, *rule),
            Verdict::Unreadable { policy, extract } => reading::unreadable(f, tag, policy, extract.as_deref()),
            Verdict::PrecisionDiffers { had, wanted, current } => write!(
                f,
                "{tag} has {}, the current tag {current} has {wanted}, and the policy says `precision: keep`",
                Counted(usize::from(*had), "number")
            ),
            Verdict::Prerelease { extract, variant } => versions::prerelease(f, tag, extract.as_deref(), *variant),
            Verdict::OutOfRange { range, side, variant } => versions::out_of_range(f, tag, range, *side, *variant),
            Verdict::WrongPlatform { platforms } => wrong_platform(f, tag, platforms),
            Verdict::UnknownPlatform { wanted } => write!(
                f,
                "{tag} may be a candidate: its platforms are not known, and the policy wants {}",
                Listed(wanted, wanted.len())
            ),
            Verdict::UnknownBuildTime { looked: true } => {
                write!(
                    f,
                    "{tag} is passed over: it has no build time, or one that cannot be true"
                )
            }
            Verdict::UnknownBuildTime { looked: false } => {
                write!(f, "{tag} may be the newest: its build time is not known")
            }
            Verdict::Picked { why, place } => rank::picked(f, tag, *why, place),
            Verdict::Best { unknown, place } => rank::best(f, tag, *unknown, &place.standing),
            Verdict::Current { place } => rank::current(f, tag, place),
            Verdict::Older { place } => rank::older(f, tag, place),
            Verdict::Equal { place } => rank::equal(f, tag, place),
            Verdict::Newer { ties, place } => rank::newer(f, tag, *ties, place),
        }
    }
}

fn filtered(f: &mut fmt::Formatter<'_>, tag: &str, by: &Sieve) -> fmt::Result {
    match by {
        Sieve::Pattern(pattern) => write!(f, "{tag} does not match the filter's pattern {}", Code(pattern)),
        Sieve::Glob(glob) => write!(f, "{tag} does not match the glob {}", Code(glob)),
        Sieve::Expression(pattern) => write!(f, "{tag} does not match the expression {}", Code(pattern)),
        Sieve::Latest => write!(
            f,
            "{tag} is left alone unless the policy names it; `digest:{tag}` would follow what it stands for"
        ),
        Sieve::Followed(followed) => write!(f, "{tag} is not {followed}, the one tag that the policy follows"),
    }
}

fn suffix_differs(f: &mut fmt::Formatter<'_>, tag: &str, wanted: &str, rule: SuffixRule) -> fmt::Result {
    match split_suffix(tag).1 {
        "" => write!(f, "{tag} has no suffix")?,
        suffix => write!(f, "{tag} has the suffix `{suffix}`")?,
    }
    match (rule, wanted) {
        (SuffixRule::Keep, "") => f.write_str(", the current tag has none, and the policy says `suffix: keep`"),
        (SuffixRule::Keep, _) => write!(
            f,
            ", the current tag has `{wanted}`, and the policy says `suffix: keep`"
        ),
        (SuffixRule::KeepOfNothing, _) => {
            f.write_str("; without a current tag, `suffix: keep` takes only tags that have none")
        }
        (SuffixRule::None, _) => f.write_str(", and the policy says `suffix: none`"),
        (SuffixRule::Exactly, _) => write!(f, ", and the policy says `suffix: \"{}\"`", Short(wanted)),
    }
}

fn wrong_platform(f: &mut fmt::Formatter<'_>, tag: &str, platforms: &WrongPlatform) -> fmt::Result {
    let WrongPlatform { missing, some, all } = platforms;
    write!(f, "{tag} does not run on {missing}, ")?;
    if some.is_empty() {
        f.write_str("and names no platform at all")
    } else {
        write!(f, "only on {}", Listed(some, *all))
    }
}

/// A part of a policy, marked as such, as far as there is room for it.
struct Code<'a>(&'a str);

impl fmt::Display for Code<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", Short(self.0))
    }
}

/// A text from outside, as far as there is room for it.
struct Short<'a>(&'a str);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars().take(SHOWN) {
            if letter.is_control() {
                write!(f, "{}", letter.escape_debug())?;
            } else {
                write!(f, "{letter}")?;
            }
        }
        f.write_str(if self.0.chars().nth(SHOWN).is_some() { "…" } else { "" })
    }
}

/// `1 number`, `2 numbers`.
struct Counted(usize, &'static str);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count, one) = self;
        write!(f, "{count} {one}{}", if *count == 1 { "" } else { "s" })
    }
}

/// The first three of some platforms, and how many more there are of all.
struct Listed<'a>(&'a [Platform], usize);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(platforms, all) = self;
        let listed = &platforms[..platforms.len().min(3)];
        for (place, platform) in listed.iter().enumerate() {
            let separator = match place {
                0 => "",
                _ if place + 1 == *all => " and ",
                _ => ", ",
            };
            write!(f, "{separator}{platform}")?;
        }
        match all.saturating_sub(listed.len()) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}
