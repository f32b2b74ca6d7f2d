//! Sentences about tags that a kind cannot read.

use std::fmt;

use super::{Code, Counted, Short};
use crate::choose::split_suffix;
use crate::order::{Layout, Misread, Numbers, Version};
use crate::policy::{Kind, Policy, Suffix};

pub(super) fn unreadable(f: &mut fmt::Formatter<'_>, tag: &str, policy: &Policy, extract: Option<&str>) -> fmt::Result {
    let is_without_suffix = policy.options().suffix != Suffix::Any && tag.contains('-');
    let text = match extract {
        Some("") => {
            return write!(
                f,
                "{tag} cannot be read: nothing of it is left by the filter's `extract`"
            );
        }
        Some(text) => {
            write!(f, "{tag}, read as `{}`, ", Short(text))?;
            text
        }
        None if is_without_suffix => {
            write!(f, "{tag}, read without its suffix, ")?;
            split_suffix(tag).0
        }
        None => {
            write!(f, "{tag} ")?;
            tag
        }
    };
    // Who has a filter knows what it is for.
    let may_filter = policy.options().filter.is_none();
    match policy.kind() {
        Kind::Calver(layout) => calver(f, text, layout),
        Kind::Numeric(_) if may_filter && text.bytes().any(|byte| byte.is_ascii_digit()) => {
            f.write_str("is no number; a `filter` with `extract` can take one out of it")
        }
        Kind::Numeric(_) => f.write_str("is no number"),
        kind => version(f, text, kind, may_filter),
    }
}

fn version(f: &mut fmt::Formatter<'_>, text: &str, kind: &Kind, may_filter: bool) -> fmt::Result {
    let is_semver = matches!(kind, Kind::Semver(_));
    let (name, most) = if is_semver { ("semver", 3) } else { ("version", 8) };
    let reads = |text: &str| {
        if is_semver {
            Version::read(text).is_some()
        } else {
            Numbers::read(text).is_some()
        }
    };
    write!(f, "is no version to `{name}`")?;
    let numbers = numbers(text);
    let count = numbers.split('.').count();
    if numbers.is_empty() {
        let number = text.find(|letter: char| letter.is_ascii_digit());
        return match number.map(|at| text.split_at(at)) {
            None => f.write_str(": there is no number in it"),
            Some((before, behind)) if reads(behind) => {
                write!(f, ", for it begins with `{}`", Short(before))?;
                let filter = "; a `filter` with `extract` can take that off";
                f.write_str(if may_filter { filter } else { "" })
            }
            Some(_) => f.write_str(": it does not begin with a number"),
        };
    }
    if is_semver && Numbers::read(text).is_some() {
        return if count > most {
            write!(
                f,
                ": it has {}, not up to {most}; `version` reads it",
                Counted(count, "number")
            )
        } else {
            f.write_str(": what follows the `-` is no pre-release; `version` reads it")
        };
    }
    if count > most {
        return write!(f, ": it has {}, not up to {most}", Counted(count, "number"));
    }
    let end = usize::from(text.starts_with('v')) + numbers.len();
    write!(f, ": `{}` cannot follow {}", Short(&text[end..]), Short(&text[..end]))
}

/// The numbers joined by single dots that a text begins with, after a `v`.
fn numbers(text: &str) -> &str {
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut end = 0;
    loop {
        let start = if end == 0 { 0 } else { end + 1 };
        let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return &text[..end];
        }
        end = start + digits;
        if text.as_bytes().get(end) != Some(&b'.') {
            return &text[..end];
        }
    }
}

fn calver(f: &mut fmt::Formatter<'_>, text: &str, layout: &Layout) -> fmt::Result {
    write!(f, "does not read as {}: ", Code(layout.as_str()))?;
    match layout.misread(text) {
        Misread::Wanted { wanted, found: "" } => write!(f, "it ends before {}", Code(wanted)),
        Misread::Wanted { wanted, found } => {
            write!(f, "{} stands where {} is due", Code(found), Code(wanted))
        }
        Misread::Left(rest) => write!(f, "{} is left over", Code(rest)),
        Misread::NoSuchDay => f.write_str("there is no such day"),
    }
}
