//! What stands behind a version: a pre-release, or a variant of the release.

/// What pre-releases are called, before a number or alone.
const PRERELEASES: [&str; 26] = [
    "a",
    "alpha",
    "b",
    "beta",
    "c",
    "canary",
    "cr",
    "d",
    "dev",
    "develop",
    "development",
    "ea",
    "edge",
    "experimental",
    "m",
    "milestone",
    "next",
    "nightly",
    "p",
    "pr",
    "pre",
    "preview",
    "prerelease",
    "rc",
    "snapshot",
    "unstable",
];

/// What comes before the number of a build: nothing that many tags share.
const BUILDS: [&str; 6] = ["build", "k3s", "ls", "r", "rev", "rke2r"];

/// Whether what stands behind the `-` looks like the name of a variant: `alpine3.20`, `debian-12`, `jdk17`, and not `rc.1`.
pub(super) fn is_variant(text: &str) -> bool {
    let begins = text.starts_with(|letter: char| letter.is_ascii_alphabetic());
    begins && !is_prerelease(text) && !is_build(text) && !is_hash(text)
}

/// Whether it has one of the words that pre-releases are called by, perhaps with a number behind.
pub(super) fn is_prerelease(text: &str) -> bool {
    text.split(['.', '-']).any(|word| {
        let word = without_number(word);
        PRERELEASES.iter().any(|name| word.eq_ignore_ascii_case(name))
    })
}

/// Whether it has the number of a build.
fn is_build(text: &str) -> bool {
    text.split('-').any(|word| {
        let name = without_number(word);
        name.len() < word.len() && BUILDS.contains(&name)
    })
}

fn without_number(word: &str) -> &str {
    word.trim_end_matches(|letter: char| letter.is_ascii_digit())
}

/// Whether it can be a commit.
fn is_hash(text: &str) -> bool {
    let is_hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    text.len() >= 7 && text.bytes().all(is_hex) && text.bytes().any(|byte| byte.is_ascii_digit())
}
