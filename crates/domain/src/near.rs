//! Finding the word that somebody meant.

use std::fmt;

use crate::fault::shown;

/// The word nearest to `written`, if it is near enough to have been meant.
pub(crate) fn nearest<'a>(written: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if written.len() > 32 {
        return None;
    }
    let written = written.to_ascii_lowercase();
    words
        .into_iter()
        .map(|word| (distance(&written, &word.to_ascii_lowercase()), word))
        .filter(|&(distance, word)| distance <= 1 + word.len() / 4 && distance < word.len())
        .min()
        .map(|(_, word)| word)
}

/// As much of what was meant as a question shows, in characters: it may hold what a stranger wrote.
const SHOWN: usize = 80;

/// `; did you mean …?`, or nothing.
pub(crate) fn question<T: fmt::Display>(meant: Option<T>) -> String {
    meant.map_or_else(String::new, |meant| {
        format!("; did you mean `{}`?", shown(&meant.to_string(), SHOWN))
    })
}

/// How many letters must be changed, added or left out to make one word the other.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (down, letter) in one.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = down + 1;
        for (across, wanted) in other.bytes().enumerate() {
            let changed = diagonal + usize::from(letter != wanted);
            diagonal = row[across + 1];
            row[across + 1] = changed.min(row[across] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

/// The operator of ranges that was meant by one of another language, or by one too many.
pub(crate) fn operator(written: &str) -> Option<&'static str> {
    Some(match written {
        "==" | "===" => "=",
        "!" | "!==" | "=!" | "<>" | "><" => "!=",
        ">==" | "=>=" | "==>" | ">>=" => ">=",
        "<==" | "=<=" | "==<" | "<<=" => "<=",
        ">>" => ">",
        "<<" => "<",
        "~=" | "=~" | "~~" | "~>=" | "~=>" => "~",
        "^^" | "^=" | "=^" => "^",
        _ => return None,
    })
}
