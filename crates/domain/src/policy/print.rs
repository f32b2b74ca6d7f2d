//! Policies as text.

use std::fmt;

use super::{Options, Pin, Policy, Precision, Suffix};

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.0.kind.name();
        let argument = self.0.kind.argument();
        let options = written(&self.0.options, Pin::default_of(kind));
        // The short form is cut off at its spaces, and ends with its line.
        let is_short = argument.trim_matches(' ') == argument && !argument.contains('\n');
        if options.is_empty() && is_short {
            return write!(f, "{kind}:{argument}");
        }
        write!(f, "{{\"{kind}\": {}", Quoted(argument))?;
        for (key, value) in options {
            write!(f, ", \"{key}\": {value}")?;
        }
        f.write_str("}")
    }
}

/// The options that are not at their default, as JSON.
fn written(options: &Options, default_pin: Pin) -> Vec<(&'static str, String)> {
    let mut written = Vec::new();
    if let Some(filter) = &options.filter {
        let pattern = Quoted(filter.pattern.as_str());
        let extract = filter
            .extract
            .as_ref()
            .map(|template| format!(", \"extract\": {}", Quoted(template.as_str())));
        written.push((
            "filter",
            format!("{{\"pattern\": {pattern}{}}}", extract.unwrap_or_default()),
        ));
    }
    if !options.deny.is_empty() {
        written.push(("deny", list(options.deny.iter().map(|pattern| pattern.as_str()))));
    }
    match &options.suffix {
        Suffix::Any => {}
        Suffix::Keep => written.push(("suffix", Quoted("keep").to_string())),
        Suffix::None => written.push(("suffix", Quoted("none").to_string())),
        Suffix::Exactly(text) => written.push(("suffix", Quoted(text).to_string())),
    }
    if options.precision == Precision::Keep {
        written.push(("precision", Quoted("keep").to_string()));
    }
    if options.prerelease {
        written.push(("prerelease", "true".to_owned()));
    }
    if !options.platforms.is_empty() {
        written.push((
            "platforms",
            list(options.platforms.iter().map(|platform| platform.as_str())),
        ));
    }
    if options.pin != default_pin {
        written.push(("pin", Quoted(options.pin.as_str()).to_string()));
    }
    if options.allow_downgrade {
        written.push(("allowDowngrade", "true".to_owned()));
    }
    written
}

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = texts.map(|text| Quoted(text).to_string()).collect();
    format!("[{}]", quoted.join(", "))
}

/// A text as a JSON string, which is a YAML one too.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for letter in self.0.chars() {
            match letter {
                '"' | '\\' => write!(f, "\\{letter}")?,
                _ if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => {
                    write!(f, "\\u{:04x}", u32::from(letter))?;
                }
                _ => write!(f, "{letter}")?,
            }
        }
        f.write_str("\"")
    }
}
