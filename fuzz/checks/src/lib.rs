#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod challenges;
mod choices;
mod docker_config;
mod documents;
mod edits;
mod events;
mod headers;
mod image_manifests;
mod json;
mod layouts;
mod links;
mod policies;
mod ranges;
mod references;
mod retry_after;
mod selecting;
mod tags;
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

/// Reads lines as `WWW-Authenticate` headers, and as what a challenge is made of.
pub fn challenges(data: &[u8]) {
    challenges::check(data);
}

/// Reads lines as `Link` headers and as addresses of redirects.
pub fn links(data: &[u8]) {
    links::check(data);
}

/// Reads lines as pages of a list of tags.
pub fn tags(data: &[u8]) {
    tags::check(data);
}

/// Reads a manifest, and the configuration of an image.
pub fn image_manifests(data: &[u8]) {
    image_manifests::check(data);
}

/// Reads a Docker config, and looks for the credentials of images in it.
pub fn docker_config(data: &[u8]) {
    docker_config::check(data);
}

/// Reads lines as `Retry-After`, `Date` and the headers of a quota.
pub fn retry_after(data: &[u8]) {
    retry_after::check(data);
}

/// Everything that is read is text; what is none was refused before it got there.
fn with_text(data: &[u8], check: impl FnOnce(&str)) {
    if let Ok(text) = std::str::from_utf8(data) {
        check(text);
    }
}
