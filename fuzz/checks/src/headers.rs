//! Lines as headers.

use http::{HeaderMap, HeaderName, HeaderValue};

/// How many lines are looked at.
pub(crate) const MOST: usize = 24;

/// The lines that a header can have as its value, line ends aside.
pub(crate) fn values(data: &[u8]) -> Vec<HeaderValue> {
    let lines = data.split(|&byte| byte == b'\n').take(MOST);
    lines.filter_map(|line| HeaderValue::from_bytes(line).ok()).collect()
}

/// Several headers of one name.
pub(crate) fn named(name: &HeaderName, values: &[HeaderValue]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(name, value.clone());
    }
    headers
}

/// What may be shown to a person: one line of a bounded length.
#[track_caller]
pub(crate) fn shows(message: &str) {
    assert!(!message.is_empty() && message.len() <= 4096, "{message}");
    assert!(!message.contains(char::is_control), "{message:?}");
}

/// Whether a secret that is found in a message got there from its source: it is no word that might stand there anyhow.
pub(crate) fn is_telling(secret: &str) -> bool {
    let digits = secret.bytes().filter(u8::is_ascii_digit).count();
    secret.len() >= 8 && digits >= 4 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
