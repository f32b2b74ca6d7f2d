//! Sentences about versions: pre-releases, variants that look like them, and what is outside a range.

use std::fmt;

use super::super::variant::is_prerelease;
use super::super::verdict::{Side, Variant};
use super::{Code, Short};
use crate::choose::split_suffix;
use crate::order::{Layout, Version};

pub(super) fn prerelease(
    f: &mut fmt::Formatter<'_>,
    tag: &str,
    extract: Option<&str>,
    variant: Option<Variant>,
) -> fmt::Result {
    if let Some(variant) = variant {
        write!(f, "{tag} looks like a pre-release to `semver`; ")?;
        return follow(f, tag, variant);
    }
    let text = extract.unwrap_or(tag);
    let Some(version) = Version::read(text) else {
        return write!(f, "{tag} is a pre-release, and the policy asks for none");
    };
    let release = version.release();
    match extract {
        Some(text) => write!(f, "{tag}, read as `{}`, ", Short(text))?,
        None => write!(f, "{tag} ")?,
    }
    if is_prerelease(version.prerelease()) {
        write!(
            f,
            "is a pre-release of {release}; `prerelease: true`, or a range such as `>={release}-0`, would take it"
        )
    } else if is_date(text) {
        f.write_str("looks like a pre-release to `semver`; `calver:YYYY-0M-0D` would read it as a date")
    } else {
        write!(
            f,
            "looks like a pre-release to `semver`; to `version` it would be a build of {release}"
        )
    }
}

pub(super) fn out_of_range(
    f: &mut fmt::Formatter<'_>,
    tag: &str,
    range: &str,
    side: Option<Side>,
    variant: Option<Variant>,
) -> fmt::Result {
    let side = match side {
        Some(Side::Below) => "below",
        Some(Side::Above) => "above",
        None => "outside",
    };
    let range = Code(range);
    match variant {
        None => write!(f, "{tag} is {side} the range {range}"),
        Some(variant) => {
            write!(
                f,
                "{tag} looks like a pre-release to `semver`, {side} the range {range}; "
            )?;
            follow(f, tag, variant)
        }
    }
}

/// How to follow variants.
fn follow(f: &mut fmt::Formatter<'_>, tag: &str, variant: Variant) -> fmt::Result {
    let suffix = Short(split_suffix(tag).1);
    match variant {
        Variant::Keep => f.write_str("`suffix: keep`")?,
        Variant::Exactly => write!(f, "`suffix: \"{suffix}\"`")?,
    }
    write!(f, " would follow the {} variants", Short(&split_suffix(tag).1[1..]))
}

fn is_date(text: &str) -> bool {
    Layout::parse("YYYY-0M-0D").is_ok_and(|layout| layout.read(text).is_some())
}
