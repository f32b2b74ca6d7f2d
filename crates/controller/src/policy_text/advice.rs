//! What to write where YAML makes something else of a policy without quotes.

use domain::policy::{Policy, in_full};
use yaml_spans::Location;

use super::is_kind;

/// What means something else to YAML where a value begins.
const SIGNS: [char; 8] = ['*', '&', '!', '>', '|', '%', '@', '`'];

/// The longest text that is written out, in bytes.
const LONGEST: usize = 80;

/// What to write where YAML stumbles; to stand behind its own words.
pub(crate) fn on_yaml(text: &str, location: Location) -> String {
    // What is wrong may have begun on the line before.
    let lines: Vec<&str> = text.lines().take(location.line).collect();
    let advice = lines.iter().rev().take(2).find_map(|line| on_line(line));
    advice.map_or_else(String::new, |advice| format!("; {advice}"))
}

fn on_line(line: &str) -> Option<String> {
    let start = line.trim_start_matches([' ', '-', '{']);
    if let Some((kind, argument)) = start.split_once(':')
        && is_kind(kind)
        && !argument.is_empty()
        && !argument.starts_with(' ')
    {
        return Some(format!("a space stands behind `{kind}:` in a mapping"));
    }
    let mut ends = line.match_indices(": ");
    ends.find_map(|(end, _)| in_quotes(&line[..end], &line[end + 2..], line.contains('{')))
}

/// A key with its value in quotes, if YAML makes something else of the value.
fn in_quotes(before: &str, after: &str, is_flow: bool) -> Option<String> {
    let key = before.rsplit([' ', '{', ',']).next()?;
    let end = if is_flow {
        after.find([',', '}'])
    } else {
        after.find(" #")
    };
    let value = after[..end.unwrap_or(after.len())].trim();
    let shown = [key, value].concat();
    if key.is_empty() || !can_be_shown(&shown) || shown.contains(['"', '\'']) {
        return None;
    }
    if is_list(value) && value.contains(SIGNS) {
        return Some(format!("write what stands in the list of `{key}` in quotes"));
    }
    // Between double quotes a backslash would be an escape.
    let quote = if value.contains('\\') { '\'' } else { '"' };
    is_mistaken(value, is_flow).then(|| format!("write the value in quotes: `{key}: {quote}{value}{quote}`"))
}

/// Whether a message can repeat a text as it stands: it is short, and holds nothing that a terminal would act on.
fn can_be_shown(text: &str) -> bool {
    let is_plain = |letter: char| matches!(letter, '"' | '\'' | '\\') || letter.escape_debug().len() == 1;
    text.len() <= LONGEST && text.chars().all(is_plain)
}

/// Whether YAML takes the first letter for a sign, or finds a key or a list in it.
fn is_mistaken(value: &str, is_flow: bool) -> bool {
    if value.starts_with(SIGNS) {
        // A block scalar is a sign alone.
        return value.len() > 1 || value == "*";
    }
    !is_flow && (value.contains(": ") || (value.starts_with('[') && !is_list(value)))
}

/// Whether it is a list or the start of one; `[0-9]+` begins like one, and goes on.
fn is_list(value: &str) -> bool {
    value.starts_with('[') && value.find(']').is_none_or(|end| end + 1 == value.len())
}

/// What to write instead of a text that is read as the long form and is no mapping.
pub(crate) fn on_lines(text: &str) -> String {
    let short = text.trim();
    let meant = match Policy::parse_short(short) {
        _ if text.starts_with('{') || short.contains('\n') => None,
        Ok(_) => Some(short.to_owned()),
        Err(_) => in_full(short),
    };
    match meant.filter(|meant| can_be_shown(meant)) {
        Some(meant) => {
            format!("a text with a line end is read as a mapping; write `{meant}` without one (YAML: `|-`, not `|`)")
        }
        None => {
            "a policy that begins with `{` or has several lines is a mapping, such as `{semver: \"~1.4\"}`".to_owned()
        }
    }
}
