#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod references;

#[cfg(test)]
mod tests;

/// Reads a text as a reference, a name, a value, a digest and a platform.
pub fn references(data: &[u8]) {
    with_text(data, references::check);
}

/// Everything that is read is text; what is none was refused before it got there.
fn with_text(data: &[u8], check: impl FnOnce(&str)) {
    if let Ok(text) = std::str::from_utf8(data) {
        check(text);
    }
}
