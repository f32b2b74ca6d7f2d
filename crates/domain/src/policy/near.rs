//! Finding the name that somebody meant.

/// The name nearest to `written`, if it is near enough to have been meant.
pub(super) fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if written.len() > 32 {
        return None;
    }
    let written = written.to_ascii_lowercase();
    names
        .into_iter()
        .map(|name| (distance(&written, &name.to_ascii_lowercase()), name))
        .filter(|&(distance, name)| distance <= 1 + name.len() / 4)
        .min()
        .map(|(_, name)| name)
}

/// ` (did you mean …?)`, or nothing.
pub(super) fn hint<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest(written, names).map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
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
