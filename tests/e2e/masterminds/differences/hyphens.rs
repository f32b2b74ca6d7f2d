//! Where Masterminds looks for `A - B` before it looks for anything else, and rewrites it as text.

/// Whether another comparator and a space, but no comma, stand before an `A - B`.
pub(super) fn are_behind_space(alternative: &str) -> bool {
    let parts: Vec<&str> = alternative.split(" - ").map(str::trim_end).collect();
    let (_, starts) = parts.split_last().expect("a text has a part");
    starts.iter().enumerate().any(|(place, start)| {
        let before = start.rfind([' ', ',']).map_or("", |at| &start[..=at]);
        let other = before.trim();
        // The B of another `A - B` stands well there.
        let is_end = place > 0 && !other.contains([' ', ',']);
        before.ends_with(' ') && !other.is_empty() && !other.ends_with(',') && !is_end
    })
}

/// Whether a `||` stands right before the A or behind the B of an `A - B`.
pub(super) fn touch_bars(constraint: &str) -> bool {
    let alternatives: Vec<&str> = constraint.split("||").collect();
    alternatives.windows(2).any(|pair| {
        let [one, other] = [pair[0], pair[1]];
        let apart = other.starts_with(' ');
        !apart && (other.contains(" - ") || (one.contains(" - ") && !one.ends_with(' ')))
    })
}

/// Whether an operator, a `v` or a wildcard stands right behind an `A - B`.
pub(super) fn touch_comparator(alternative: &str) -> bool {
    let touches = |part: &str| {
        let word = part.trim_start().split([' ', ',']).next().unwrap_or("");
        let word = word.strip_prefix('v').unwrap_or(word);
        let (core, prerelease) = word.split_once('-').unwrap_or((word, ""));
        word.contains(['=', '!', '<', '>', '~', '^']) || core.contains('v') || prerelease.contains('*')
    };
    alternative.split(" - ").skip(1).any(touches)
}
