//! From the keys of a long form to a kind and its options.

use super::{Kind, KindName, Options, PolicyError, PolicyFields, meant};
use crate::fault::shown;
use crate::near;

/// The names of the options.
pub const OPTIONS: [&str; 8] = [
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
            if !options.set(key, value)? {
                return Err(unknown(key));
            }
        }
    }
    Ok((kind, options))
}

/// Refuses unknown keys and keys that are there twice.
fn check_keys(fields: &PolicyFields) -> Result<(), PolicyError> {
    for (place, (key, _)) in fields.entries.iter().enumerate() {
        let known = KindName::parse(key).is_some() || OPTIONS.contains(&key.as_str());
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
    let reason = if GATES.contains(&key) {
        "this is a gate; gates stand only in `policies:` of the configuration".to_owned()
    } else {
        match meant::by_key(key) {
            Some(meant) => format!("there is no such kind or option{}", near::question(Some(meant))),
            None => format!("there is no such kind or option; options are {}", OPTIONS.join(", ")),
        }
    };
    PolicyError::new(shown(key, 40), reason)
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
