#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod choices;
mod documents;
mod edits;
mod events;
mod layouts;
mod policies;
mod ranges;
mod references;
mod selecting;
mod trees;

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

/// Reads bytes as a file of each kind, and changes the images in it.
pub fn edits(data: &[u8]) {
    edits::check(data);
}

/// Makes documents up, prints them in every style, and changes the images in them.
pub fn documents(data: &[u8]) {
    documents::check(data);
}

/// Reads a text as YAML, and looks that every node knows its bytes.
pub fn trees(data: &[u8]) {
    with_text(data, trees::check);
}

/// Everything that is read is text; what is none was refused before it got there.
fn with_text(data: &[u8], check: impl FnOnce(&str)) {
    if let Ok(text) = std::str::from_utf8(data) {
        check(text);
    }
}
