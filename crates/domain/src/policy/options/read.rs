//! Options as they are written.

use super::{Options, Precision, Suffix};
use crate::fault::{Fault, shown};
use crate::near;
use crate::policy::print::Quoted;
use crate::policy::word::word;
use crate::policy::{FieldValue, Filter, Pattern, PolicyError};
use crate::reference::{Platform, Tag};

impl Options {
    /// Takes the value of one option; `false` if there is no such option.
    pub(in crate::policy) fn set(&mut self, key: &str, value: &FieldValue) -> Result<bool, PolicyError> {
        match key {
            "filter" => self.filter = filter(value)?,
            "deny" => self.deny = deny(value)?,
            "suffix" => self.suffix = suffix(value)?,
            "precision" => self.precision = word(key, value)?.unwrap_or(Precision::Any),
            "prerelease" => self.prerelease = value.bool(key)?.unwrap_or_default(),
            "platforms" => self.platforms = platforms(value)?,
            "pin" => self.pin = word(key, value)?.unwrap_or(self.pin),
            "allowDowngrade" => self.allow_downgrade = value.bool(key)?.unwrap_or_default(),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn filter(value: &FieldValue) -> Result<Option<Filter>, PolicyError> {
    let entries = match value {
        FieldValue::Null => return Ok(None),
        FieldValue::Map(entries) => entries,
        FieldValue::Text(text) => {
            let pattern = Quoted(&shown(text, 40)).to_string();
            let reason = format!("a mapping is wanted here; write `filter: {{pattern: {pattern}}}`");
            return Err(PolicyError::new("filter", reason));
        }
        _ => return Err(value.not("filter", "a mapping such as `{pattern: \"^v(.*)$\", extract: \"$1\"}`")),
    };
    let (mut pattern, mut extract) = (None, None);
    for (key, value) in entries {
        let part = format!("filter.{}", shown(key, 40));
        let place = match key.as_str() {
            "pattern" => &mut pattern,
            "extract" => &mut extract,
            _ => {
                let meant = match key.as_str() {
                    "regex" | "regexp" | "match" => Some("pattern"),
                    "replace" | "template" => Some("extract"),
                    _ => near::nearest(key, ["pattern", "extract"]),
                };
                let meant = near::question(meant);
                let reason = format!("a filter has `pattern` and `extract`{meant}");
                return Err(PolicyError::new(part, reason));
            }
        };
        if place.is_some() {
            return Err(PolicyError::new(part, "it is given twice"));
        }
        *place = value.text(&part)?;
    }
    let missing = || PolicyError::new("filter.pattern", "it is missing; a filter needs a pattern");
    Filter::parse(pattern.ok_or_else(missing)?, extract).map(Some)
}

fn deny(value: &FieldValue) -> Result<Vec<Pattern>, PolicyError> {
    value
        .texts("deny")?
        .into_iter()
        .map(|(part, text)| Pattern::parse(text, &part))
        .collect()
}

fn platforms(value: &FieldValue) -> Result<Vec<Platform>, PolicyError> {
    if let FieldValue::Text(text) = value {
        let items: Vec<&str> = text.split([',', ' ']).filter(|item| !item.is_empty()).collect();
        let items = shown(&items.join(", "), 60);
        let reason = format!("a list is wanted here; write `platforms: [{items}]`");
        return Err(PolicyError::new("platforms", reason));
    }
    value.texts("platforms")?.into_iter().map(platform).collect()
}

fn platform((part, text): (String, &str)) -> Result<Platform, PolicyError> {
    Platform::parse(text).map_err(|error| {
        let meant = text.replace(['-', ':', ' '], "/");
        let meant = if meant.contains('/') {
            meant
        } else {
            format!("linux/{meant}")
        };
        match Platform::parse(&meant) {
            Ok(_) if !text.contains('/') => {
                let problem = format!("write OS/ARCHITECTURE{}", near::question(Some(meant)));
                PolicyError::of(part, Fault::new("a platform", text, 0..text.len(), problem))
            }
            _ => PolicyError::of(part, error.0),
        }
    })
}

fn suffix(value: &FieldValue) -> Result<Suffix, PolicyError> {
    if let FieldValue::Bool(_) = value {
        return Err(PolicyError::new("suffix", format!("{}{SUFFIXES}", value.lost_quotes())));
    }
    let Some(text) = value.text("suffix")? else {
        return Ok(Suffix::Any);
    };
    match text {
        "any" => Ok(Suffix::Any),
        "keep" => Ok(Suffix::Keep),
        "none" => Ok(Suffix::None),
        _ if text.starts_with('-') => Ok(Suffix::Exactly(text.to_owned())),
        _ => {
            let word = near::nearest(text, ["any", "keep", "none"]).map(str::to_owned);
            let meant = word.or_else(|| Tag::is_valid(text).then(|| format!("-{text}")));
            let problem = format!("{SUFFIXES}{}", near::question(meant));
            Err(PolicyError::of(
                "suffix",
                Fault::new("a suffix", text, 0..text.len(), problem),
            ))
        }
    }
}

/// What may be written there.
const SUFFIXES: &str = "write `any`, `keep`, `none`, or a text that begins with `-`";
