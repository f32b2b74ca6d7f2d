//! Classes of letters as RE2 writes them.
//!
//! In `[\\w-.]` and `[[a]` RE2 takes the `-` and the second `[` for themselves, where the `regex` crate wants them escaped.

/// The expression with such letters escaped; everything else stays as it is.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    let mut inside = false;
    let mut behind_class = false;
    while let Some(letter) = rest.chars().next() {
        let token = token(rest, letter, inside);
        match letter {
            '[' if inside && token.len() == 1 => out.push_str("\\["),
            '-' if inside && behind_class && !rest.starts_with("-]") => out.push_str("\\-"),
            _ => out.push_str(token),
        }
        behind_class = is_class(token);
        match letter {
            '[' => inside = true,
            ']' => inside = false,
            _ => {}
        }
        rest = &rest[token.len()..];
    }
    out
}

/// What belongs together at the start of `rest`: an escape, a named class, the start of a class, or one letter.
fn token(rest: &str, letter: char, inside: bool) -> &str {
    let characters = |count| rest.char_indices().nth(count).map_or(rest.len(), |(at, _)| at);
    let through = |end: &str| rest.find(end).map(|at| at + end.len());
    let length = match letter {
        '\\' if rest.starts_with("\\p{") || rest.starts_with("\\P{") => through("}"),
        '\\' if rest.starts_with("\\p") || rest.starts_with("\\P") => Some(characters(3)),
        '\\' => Some(characters(2)),
        '[' if inside && rest.starts_with("[:") => through(":]"),
        '[' if !inside => ["[^]", "[]", "[^"]
            .iter()
            .find(|start| rest.starts_with(**start))
            .map(|start| start.len()),
        _ => None,
    };
    &rest[..length.unwrap_or(letter.len_utf8())]
}

/// Whether it stands for several letters, so that no range can begin with it.
fn is_class(token: &str) -> bool {
    let escape = token
        .strip_prefix('\\')
        .is_some_and(|name| name.starts_with(['w', 'W', 'd', 'D', 's', 'S', 'p', 'P']));
    escape || token.starts_with("[:")
}
