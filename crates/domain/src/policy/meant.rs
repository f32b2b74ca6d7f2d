//! What was probably meant by a word that is no kind, or by a text without one.

use std::ops::Range;

use super::kind::{ALL, names};
use super::sort::OPTIONS;
use super::{KindName, Policy, PolicyError};
use crate::fault::{Fault, shown};
use crate::near;
use crate::reference::Tag;

/// Words of other systems, each with the kind or option that is meant by it.
const SYNONYMS: [(&str, &str); 24] = [
    ("range", "semver"),
    ("constraint", "semver"),
    ("major", "semver"),
    ("minor", "semver"),
    ("patch", "semver"),
    ("date", "calver"),
    ("calendar", "calver"),
    ("number", "numeric"),
    ("name", "alphabetical"),
    ("alpha", "alphabetical"),
    ("newest-build", "newest"),
    ("latest", "newest"),
    ("timestamp", "newest"),
    ("wildcard", "glob"),
    ("pattern", "filter"),
    ("extract", "filter"),
    ("filterTags", "filter"),
    ("allow-tags", "filter"),
    ("ignore-tags", "deny"),
    ("ignore", "deny"),
    ("exclude", "deny"),
    ("arch", "platforms"),
    ("variant", "suffix"),
    ("digests", "pin"),
];

/// A short form whose kind does not exist; `kind` is where it stands.
pub(super) fn unknown(text: &str, kind: Range<usize>) -> PolicyError {
    let name = &text[kind.clone()];
    if text.trim_matches(' ').is_empty() || name.is_empty() {
        let reason = format!("the policy names no kind; write KIND or KIND:ARGUMENT, the kind being one of {ALL}");
        return PolicyError::new("", reason).pointing_at(text, kind);
    }
    if text.contains(':')
        && let Some(meant) = in_full(text)
    {
        let reason = format!("there is no such kind of policy{}", question(&meant));
        return PolicyError::new(shown(name, 40), reason).pointing_at(text, kind);
    }
    if let Some(reason) = of_something_else(name) {
        return PolicyError::new(shown(name, 40), reason).pointing_at(text, kind);
    }
    match in_full(text) {
        Some(meant) => {
            let problem = format!("it names no kind{}", question(&meant));
            let fault = Fault::new("a policy", name, 0..name.len(), problem);
            PolicyError::of("", fault).within(text, kind.start)
        }
        None => {
            let reason = format!("there is no such kind of policy; kinds are {ALL}");
            PolicyError::new(shown(name, 40), reason).pointing_at(text, kind)
        }
    }
}

fn question(meant: &str) -> String {
    near::question(Some(meant))
}

/// Words that mean something, though no kind.
fn of_something_else(name: &str) -> Option<&'static str> {
    match name {
        "sha256" | "sha512" => Some("a digest itself never moves; name the tag to follow, as in `digest:stable`"),
        _ if OPTIONS.contains(&name) => {
            Some("this is an option; options stand beside a kind, as in `{semver: \"*\", pin: digest}`")
        }
        _ => None,
    }
}

/// The kind or option that was meant by a key, or the policy by an argument in its place.
pub(super) fn by_key(key: &str) -> Option<String> {
    let near = near::nearest(key, names().chain(OPTIONS));
    let word = near.or_else(|| synonym(key)).map(str::to_owned);
    // Any word could be the tag to follow.
    word.or_else(|| in_full(key).filter(|meant| !meant.starts_with("digest:")))
}

fn synonym(word: &str) -> Option<&'static str> {
    let known = SYNONYMS.iter().find(|(foreign, _)| foreign.eq_ignore_ascii_case(word));
    known.map(|&(_, meant)| meant)
}

/// The policy in short form that was probably meant by a text that is none: `semver:~1.4` by `~1.4` or `semvr:~1.4`.
#[must_use]
pub fn in_full(text: &str) -> Option<String> {
    let text = text.trim_matches(' ');
    if text.is_empty() || text.len() > 256 || text.contains('\n') {
        return None;
    }
    let kinds = |word: &str| names().find(|name| *name == word);
    let kind_of = |word: &str| near::nearest(word, names()).or_else(|| synonym(word).and_then(kinds));
    let candidate = match text.split_once(':') {
        Some((kind, argument)) => format!("{}:{}", kind_of(kind.trim_matches(' '))?, argument.trim_matches(' ')),
        None => with_separator(text)
            .or_else(|| {
                kind_of(text)
                    .filter(|kind| near::nearest(text, [*kind]).is_some())
                    .map(str::to_owned)
            })
            .or_else(|| by_argument(text))?,
    };
    Policy::parse_short(&candidate).is_ok().then_some(candidate)
}

/// `semver=~1.4` and `semver ~1.4`, where a colon was meant.
fn with_separator(text: &str) -> Option<String> {
    let end = text.find(|letter: char| !letter.is_ascii_alphabetic())?;
    let kind = KindName::parse(&text[..end].to_ascii_lowercase())?;
    let argument = text[end..].strip_prefix(['=', ' ', '/'])?.trim_matches(' ');
    (!argument.is_empty()).then(|| format!("{kind}:{argument}"))
}

/// The argument alone: the first kind that would take it, in the order in which it is likely.
fn by_argument(text: &str) -> Option<String> {
    let mut kinds = Vec::new();
    if text.contains("YY") || text.contains("MAJOR") {
        kinds.push("calver");
    } else if text.contains(|letter: char| letter.is_ascii_digit() || "*xX".contains(letter)) && !text.contains('$') {
        kinds.extend(["semver", "version"]);
    }
    if text.contains(['^', '$', '[', '(', '\\', '+', '|']) {
        kinds.push("regexp");
    } else if text.contains(['*', '?']) {
        kinds.push("glob");
    } else if Tag::is_valid(text) {
        kinds.push("digest");
    }
    let mut policies = kinds.into_iter().map(|kind| format!("{kind}:{text}"));
    policies.find(|policy| Policy::parse_short(policy).is_ok())
}
