#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod choices;
mod layouts;
mod policies;
mod ranges;
mod references;
mod selecting;

#[cfg(test)]
mod tests;

/// Reads a text as a reference, a name, a value, a digest and a platform.
pub fn references(data: &[u8]) {
    with_text(data, references::check);
}

/// Reads a text as a policy.
pub fn policies(data: &[u8]) {
    with_text(data, policies::check);
}

/// Reads two lines as ranges, and asks which of the versions in the others they hold.
pub fn ranges(data: &[u8]) {
    with_text(data, ranges::check);
}

/// Reads a line as a layout of calendar versions, and writes tags by it from the others.
pub fn layouts(data: &[u8]) {
    with_text(data, layouts::check);
}

/// Chooses among tags by a policy.
pub fn choices(data: &[u8]) {
    with_text(data, choices::check);
}

/// Everything that is read is text; what is none was refused before it got there.
fn with_text(data: &[u8], check: impl FnOnce(&str)) {
    if let Ok(text) = std::str::from_utf8(data) {
        check(text);
    }
}
