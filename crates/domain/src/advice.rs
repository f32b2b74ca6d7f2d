//! What to write instead of a word that is no version.

use crate::reference::Tag;

/// What was probably meant by a word of a range that is no version; `usual` where it could be anything.
pub(crate) fn on_version(word: &str, usual: &str) -> String {
    joining(word)
        .or_else(|| misspelt(word))
        .or_else(|| of_another_kind(word))
        .unwrap_or_else(|| usual.to_owned())
}

/// Words that join comparators in other languages.
fn joining(word: &str) -> Option<String> {
    match word.to_ascii_lowercase().as_str() {
        "&&" | "&" | "and" => Some("leave it out: comparators joined by a space must all hold".to_owned()),
        "or" => Some("alternatives of `semver` are joined by `||`".to_owned()),
        _ => None,
    }
}

/// Versions with a letter too many or of another language.
fn misspelt(word: &str) -> Option<String> {
    let mut letters = word.chars();
    let first = letters.next()?;
    let begins_with_digit = letters.as_str().starts_with(|letter: char| letter.is_ascii_digit());
    let advice = match first {
        '≥' => "write `>=` for `≥`",
        '≤' => "write `<=` for `≤`",
        '≠' => "write `!=` for `≠`",
        '"' | '\'' | '`' | '“' | '‘' => "the quotes are a part of this text; leave them out",
        '[' | '(' if begins_with_digit => "write both ends with operators, as in `>=1.0 <2.0`",
        'V' if begins_with_digit => "write the `v` in lower case, or leave it out",
        _ if word.contains(char::is_whitespace) => "only plain spaces and commas stand between comparators",
        _ if word.contains("..") || word.starts_with('.') || word.ends_with('.') => {
            "a number is missing beside the `.`"
        }
        _ => return None,
    };
    Some(advice.to_owned())
}

/// What is written as the argument of another kind, or read with a filter.
fn of_another_kind(word: &str) -> Option<String> {
    let shown = crate::fault::shown(word, 40);
    if word.contains(['[', ']', '(', ')', '\\', '$', '{']) {
        return Some("it looks like a regular expression, which is for `regexp` or `filter`".to_owned());
    }
    if word.contains(['*', '?']) {
        return Some(format!("it looks like a glob, as in `glob:{shown}`"));
    }
    if !Tag::is_valid(word) {
        return None;
    }
    match word.find(|letter: char| letter.is_ascii_digit()) {
        None if word.len() > 1 => Some(format!("to follow that tag write `digest:{shown}`")),
        // A prefix such as `release-` or `app-v`.
        Some(at @ 2..) if word[at..].contains('.') => {
            let prefix = word[..at].trim_end_matches('v');
            let filter = format!("{{pattern: \"^{prefix}(.*)$\", extract: \"$1\"}}");
            Some(format!("for tags with a prefix add `filter: {filter}`"))
        }
        _ => None,
    }
}
