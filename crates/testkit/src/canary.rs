//! Secrets that are easy to find wherever they get to.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// What all canaries begin with; each encoding changes it.
const MARK: &str = "c4n4ry+/=&?";

/// A secret of one owner, made to be looked for: plainly, percent-encoded, in hexadecimal, or in Base64, by itself or behind a
/// user's name and in the midst of other text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canary {
    secret: String,
}

impl Canary {
    /// The one of `owner`, a word of letters and digits.
    pub fn of(owner: &str) -> Self {
        Self {
            // Base64 may lose two bytes at the end.
            secret: format!("{MARK}{owner}<<<"),
        }
    }

    /// The secret itself.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// As it travels in an `Authorization` header, behind the name of `user`.
    pub fn basic(&self, user: &str) -> String {
        format!("Basic {}", STANDARD.encode(format!("{user}:{}", self.secret)))
    }

    /// As it travels in a form.
    pub fn percent_encoded(&self) -> String {
        percent_encoded(&self.secret, true)
    }

    /// Whether it stands in `text`, in whatever encoding.
    pub fn is_in(&self, text: &str) -> bool {
        spellings(&self.secret)
            .iter()
            .any(|spelling| text.contains(spelling.as_str()))
    }

    /// The place in `text` where any canary stands, with what stands around it; one look for all of them.
    pub fn any_in(text: &str) -> Option<String> {
        let at = spellings(MARK)
            .iter()
            .find_map(|spelling| text.find(spelling.as_str()))?;
        let from = text.floor_char_boundary(at.saturating_sub(200));
        let to = text.ceil_char_boundary((at + 200).min(text.len()));
        Some(text[from..to].to_owned())
    }
}

/// How a text may be written.
fn spellings(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let json = text.replace('/', "\\/");
    let html = text.replace('&', "&amp;");
    let mut spellings = vec![
        text.to_owned(),
        percent_encoded(text, true),
        percent_encoded(text, false),
        hex.to_uppercase(),
        hex,
        json,
        html,
    ];
    // In the midst of other text: what of it is encoded depends on where in a group of three bytes it begins.
    for skipped in 0..3 {
        let whole = &bytes[skipped..][..(bytes.len() - skipped) / 3 * 3];
        spellings.extend([STANDARD_NO_PAD.encode(whole), URL_SAFE_NO_PAD.encode(whole)]);
    }
    spellings.sort();
    spellings.dedup();
    spellings
}

/// All but letters and digits as `%2B`, or `%2b`.
fn percent_encoded(text: &str, upper: bool) -> String {
    let escape = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte if upper => format!("%{byte:02X}"),
        byte => format!("%{byte:02x}"),
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests;
