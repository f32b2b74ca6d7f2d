//! What differs from run to run, made alike: times, spans of time, digests, commits, and the width of columns.

/// The text with placeholders, its runs of spaces made one.
pub(super) fn normal(text: &str) -> String {
    text.lines()
        .map(|line| {
            let words: Vec<String> = line.split_whitespace().map(word).collect();
            spans(words).join(" ")
        })
        .map(|line| line + "\n")
        .collect()
}

fn word(word: &str) -> String {
    let start = word.len() - word.trim_start_matches(['(', '"', '`']).len();
    let end = word
        .trim_end_matches([')', ',', ':', ';', '.', '"', '`'])
        .len()
        .max(start);
    let (before, core, after) = (&word[..start], &word[start..end], &word[end..]);
    format!("{before}{}{after}", core_word(core))
}

fn core_word(core: &str) -> String {
    if let Some((key, value)) = core.split_once('=') {
        return format!("{key}={}", core_word(value));
    }
    if is_time(core) {
        return "TIME".to_owned();
    }
    if let Some((before, digest)) = core.split_once("sha256:") {
        let rest = digest.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        return format!("{before}DIGEST{}", rest.trim_start_matches('…'));
    }
    let halves: Vec<&str> = core.split("..").collect();
    if halves.iter().all(|half| is_id(half)) {
        return vec!["ID"; halves.len()].join("..");
    }
    core.to_owned()
}

/// RFC 3339 in UTC.
fn is_time(core: &str) -> bool {
    core.len() >= 20 && core.ends_with('Z') && core.as_bytes()[10] == b'T' && core.starts_with("20")
}

/// A commit or the id of a target: seven to sixty-four hexadecimal digits, a figure among them.
fn is_id(core: &str) -> bool {
    (7..=64).contains(&core.len())
        && core
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
        && core.bytes().any(|byte| byte.is_ascii_digit())
}

/// `3 s ago`, `in 2 min`, `now`, `up 5 s` and counts of requests.
fn spans(words: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        let unit = words.peek().map(|unit| unit.trim_end_matches(',').to_owned());
        if is_number && matches!(unit.as_deref(), Some("s" | "min" | "h" | "days")) {
            let unit = words.next().expect("it was peeked at");
            let comma = if unit.ends_with(',') { "," } else { "" };
            match words.peek().map(String::as_str) {
                Some("ago") => drop(words.next()),
                _ if out.last().is_some_and(|last| last == "in") => drop(out.pop()),
                _ => {}
            }
            out.push(format!("SPAN{comma}"));
        } else if word == "now" {
            out.push("SPAN".to_owned());
        } else {
            out.push(word);
        }
    }
    out
}

/// Whether `shown` is what was printed; a line `…` stands for any lines.
pub(super) fn fits(shown: &str, printed: &str) -> bool {
    let (shown, printed) = (normal(shown), normal(printed));
    let shown: Vec<&str> = shown.lines().collect();
    let printed: Vec<&str> = printed.lines().collect();
    fit(&shown, &printed)
}

/// Whether `shown` is what was printed to the letter; a line `…` stands for any lines.
pub(super) fn fits_exactly(shown: &str, printed: &str) -> bool {
    let shown: Vec<&str> = shown.lines().collect();
    let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
    fit(&shown, &printed)
}

fn fit(shown: &[&str], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((&"…", rest)) => (0..=printed.len()).any(|skipped| fit(rest, &printed[skipped..])),
        Some((first, rest)) => printed
            .split_first()
            .is_some_and(|(line, more)| line == first && fit(rest, more)),
    }
}

#[test]
fn what_differs_from_run_to_run_is_made_alike() {
    let check = |left: &str, right: &str| assert!(fits(left, right), "{} / {}", normal(left), normal(right));
    check("a  b   c", "a b c");
    check("at 2026-01-31T08:00:00Z.", "at 2027-11-21T13:05:59.123Z.");
    check("x@sha256:…", &format!("x@sha256:{}", "0a".repeat(32)));
    check("3f2a91c now", "77aa01b 12 s ago");
    check("next in 3 s", "next 1 s ago");
    check("a\n…\nz", "a\nb\nc\nz");
    assert!(!fits("a\nz", "a\nb\nz"));
    assert!(!fits("1.4.0", "1.4.1"));
}

#[test]
fn to_the_letter_nothing_is_made_alike() {
    assert!(fits_exactly("a\n…\nz", "a  \nb\nz\n"));
    assert!(!fits_exactly("20240826", "20240827"));
    assert!(!fits_exactly("a b", "a  b"));
}
