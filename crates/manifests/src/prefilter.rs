//! Whether a text is worth reading.

use memchr::{memchr_iter, memmem};

use crate::places::ANNOTATIONS;

/// Whether a text can have places at all; as quick as looking at each byte once.
///
/// False says that [`Manifest::read`](crate::Manifest::read) would find none, or refuse the file. What the fields of
/// rules name is not looked for.
pub fn may_hold_images(text: &str) -> bool {
    let text = text.as_bytes();
    holds_image(text) || holds_parameters(text) || holds_escapes(text) || holds_annotations(text)
}

/// Whether the text has a key `image`, `images` or `…Image`, a parameter that is called like one, or a marker
/// (`$imagepolicy`).
fn holds_image(text: &[u8]) -> bool {
    memmem::find_iter(text, "mage").any(|start| {
        let begins = start
            .checked_sub(1)
            .is_some_and(|before| matches!(text[before], b'i' | b'I'));
        begins && ends_word(&text[start + 4..])
    })
}

/// Whether what follows `image` leaves it a name, and not the beginning of another (`imagePullSecrets`, `image-registry`).
fn ends_word(rest: &[u8]) -> bool {
    let rest = rest.strip_prefix(b"s").unwrap_or(rest);
    match rest.first() {
        Some(b'p') => rest.starts_with(b"policy"),
        Some(byte) => !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/')),
        None => true,
    }
}

/// Whether the text may say in words of its own where a repository is written: parameters that Argo CD hands to Helm, or
/// annotations that told Flux v1 the path.
fn holds_parameters(text: &[u8]) -> bool {
    memmem::find(text, b"repository").is_some()
        && ["parameters", "repository.fluxcd.io"]
            .iter()
            .any(|word| memmem::find(text, word.as_bytes()).is_some())
}

/// Whether somebody asks for updates of an object, even if it is one without images: that is worth a word.
fn holds_annotations(text: &[u8]) -> bool {
    memmem::find(text, ANNOTATIONS.as_bytes()).is_some()
}

/// Whether a key may be written so that it does not read as it stands: with escapes, or over two lines. Nobody does.
fn holds_escapes(text: &[u8]) -> bool {
    memchr_iter(b'\\', text).any(|at| matches!(text.get(at + 1), Some(b'x' | b'u' | b'U' | b'\n' | b'\r')))
}

#[cfg(test)]
mod tests;
