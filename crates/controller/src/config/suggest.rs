//! What was perhaps meant by a word that does not exist.

/// The candidate that takes the fewest changes to become `word`, if they are few for its length.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // The cost is the product of the lengths, and no key is that long.
    if word.len() > 64 {
        return None;
    }
    let folded = |text: &str| text.to_ascii_lowercase().replace(['-', '_'], "");
    let limit = word.chars().count() / 3;
    let scored = candidates
        .into_iter()
        .map(|candidate| (distance(&folded(word), &folded(candidate)), candidate));
    scored
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many characters must be inserted, deleted, replaced or swapped with their neighbour to make one text the other.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![(0..=other.len()).collect::<Vec<_>>()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let replaced = rows[i][j] + usize::from(a != b);
            let mut least = replaced.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let keys = ["interval", "minInterval", "plainHttp", "caFile", "url"];
        let check = |word: &str, expected: Option<&str>| assert_eq!(closest(word, keys), expected, "{word}");
        check("intervall", Some("interval"));
        check("itnerval", Some("interval"));
        check("min_interval", Some("minInterval"));
        check("cafile", Some("caFile"));
        check("URL", Some("url"));
        check("password", None);
        check("x", None);
    }
}
