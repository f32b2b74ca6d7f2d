//! Text that came from outside, made safe to log, show and store.

use std::error::Error;
use std::fmt;
use std::iter;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::Secret;

/// Secrets shorter than this are not looked for: the text would be full of chance hits, and the shape of the holes would
/// tell the secret.
const SHORTEST_SECRET: usize = 4;

/// Shows `error` and its sources on one line, joined by `: `.
pub fn chain(error: &dyn Error) -> impl fmt::Display {
    fmt::from_fn(move |f| {
        let causes = iter::successors(Some(error), |&error| error.source());
        for (depth, cause) in causes.enumerate() {
            let separator = if depth == 0 { "" } else { ": " };
            write!(f, "{separator}{cause}")?;
        }
        Ok(())
    })
}

/// Cuts `text` to `limit` characters and turns line ends and other control characters into spaces.
///
/// Characters that would turn the direction of the text around (Unicode `Bidi_Control`) go as well.
pub fn one_line(text: &str, limit: usize) -> String {
    let mut words = String::new();
    let mut length = 0;
    for c in text.chars().map(|c| if is_unsafe(c) { ' ' } else { c }) {
        if c == ' ' && (words.is_empty() || words.ends_with(' ')) {
            continue;
        }
        if length == limit {
            words.push('…');
            return words;
        }
        words.push(c);
        length += 1;
    }
    words.truncate(words.trim_end().len());
    words
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{feff}')
}

/// Characters without a width.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}')
}

/// Takes our own credentials, in every encoding that a server might send them back in, out of a text.
#[derive(Clone, Default)]
pub struct Redactor {
    needles: Vec<String>,
}

impl Redactor {
    /// Looks for these secrets from now on.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut needles: Vec<String> = secrets
            .into_iter()
            .filter(|secret| secret.expose().len() >= SHORTEST_SECRET)
            .flat_map(spellings)
            .collect();
        // The longest first: a short one inside it would leave the rest standing.
        needles.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        needles.dedup();
        Self { needles }
    }

    /// The text of a server on one line, without our secrets and control characters, at most `limit` characters long.
    pub fn safe_text(&self, bytes: &[u8], limit: usize) -> String {
        // What is far beyond the cut is dropped first, and with it as much as a secret that the drop cut in two.
        let longest = self.needles.first().map_or(0, String::len);
        let bound = limit.saturating_mul(8).saturating_add(longest).saturating_add(1024);
        let mut text = self.redact(&String::from_utf8_lossy(&bytes[..bytes.len().min(bound)]));
        if bytes.len() > bound {
            text = text
                .chars()
                .take(text.chars().count().saturating_sub(longest))
                .collect();
        }
        // The secret must not survive in halves: it is looked for before the text is cut.
        one_line(&self.redact(&one_line(&text, usize::MAX)), limit)
    }

    fn redact(&self, text: &str) -> String {
        self.needles
            .iter()
            .fold(text.to_owned(), |text, needle| replace(&text, needle))
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redactor({} needles)", self.needles.len())
    }
}

/// Replaces without regard to ASCII case (hex and percent encodings come in both) and to blanks and characters that do not show: a
/// secret that was broken up by them can still be read.
fn replace(text: &str, needle: &str) -> String {
    let solid = |c: char| !is_unsafe(c) && !c.is_whitespace() && !is_invisible(c);
    let is_solid = needle.chars().filter(|&c| solid(c)).count() >= SHORTEST_SECRET;
    let keep = |&(_, c): &(usize, char)| !is_solid || solid(c);
    let needle: String = needle.char_indices().filter(keep).map(|(_, c)| c).collect();
    let needle = needle.to_ascii_lowercase();
    // Where each byte of what is searched stands in the text.
    let (mut searched, mut places) = (String::new(), Vec::new());
    for (place, c) in text.char_indices().filter(keep) {
        searched.push(c.to_ascii_lowercase());
        places.extend(place..place + c.len_utf8());
    }
    let (mut result, mut copied) = (String::new(), 0);
    for (found, _) in searched.match_indices(&needle) {
        let (start, last) = (places[found], places[found + needle.len() - 1]);
        result.push_str(&text[copied..start]);
        result.push_str("[secret]");
        copied = last + 1;
    }
    result.push_str(&text[copied..]);
    result
}

/// The secret as it is, in hex, percent-encoded, escaped as JSON, and in base64 at each of the three alignments.
fn spellings(secret: &Secret) -> Vec<String> {
    let text = secret.expose();
    let bytes = text.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = bytes
        .iter()
        .map(|&byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    let percent_lenient: String = url::form_urlencoded::byte_serialize(bytes).collect();
    let escaped: String = text.escape_debug().to_string();
    let mut all = vec![text.to_owned(), hex, percent, percent_lenient, escaped];
    // Long keys come back line by line.
    all.extend(
        text.lines()
            .filter(|line| line.len() >= 16 && line.len() < text.len())
            .map(str::to_owned),
    );
    for lead in 0..3 {
        let padded: Vec<u8> = iter::repeat_n(0, lead).chain(bytes.iter().copied()).collect();
        for encoded in [STANDARD_NO_PAD.encode(&padded), URL_SAFE_NO_PAD.encode(&padded)] {
            // The first characters hold bits of the lead, the last may hold bits of what follows.
            let stable = &encoded[[0, 2, 3][lead]..padded.len() / 3 * 4];
            if stable.len() >= SHORTEST_SECRET {
                all.push(stable.to_owned());
            }
        }
    }
    all
}

#[cfg(test)]
mod tests;
