//! Secrets in every spelling, and text that would forge a log line.

use base64::engine::general_purpose::STANDARD;

use super::*;

const CANARY: &str = "s3cr3t/+canary?\"x";

fn check(text: &str) {
    let safe = Redactor::new([&Secret::new(CANARY)]).safe_text(text.as_bytes(), 500);
    assert!(safe.contains("[secret]"), "{text} became {safe}");
    assert!(!safe.contains(CANARY), "{safe}");
}

#[test]
fn a_secret_is_found_in_every_encoding() {
    check(&format!("bad password {CANARY}!"));
    check(&CANARY.bytes().map(|byte| format!("{byte:02X}")).collect::<String>());
    check(&url::form_urlencoded::byte_serialize(CANARY.as_bytes()).collect::<String>());
    check(&format!("{CANARY:?}"));
    for user in ["", "a", "ab", "abc", "abcd"] {
        check(&format!("Basic {}", STANDARD.encode(format!("{user}:{CANARY}"))));
        check(&format!(
            "Basic {}",
            URL_SAFE_NO_PAD.encode(format!("{user}:{CANARY}:more"))
        ));
    }
}

#[test]
fn a_secret_at_the_cut_does_not_survive_in_halves() {
    let redactor = Redactor::new([&Secret::new(CANARY)]);
    for limit in 0..40 {
        let safe = redactor.safe_text(format!("denied: {CANARY} is wrong").as_bytes(), limit);
        assert!(!safe.contains("s3cr"), "{limit}: {safe}");
    }
}

#[test]
fn text_of_servers_is_one_line_of_bounded_length() {
    assert_eq!(one_line("  no\r\n\x1b[31mway\u{202e}out \n", 100), "no [31mway out");
    assert_eq!(one_line("abcdef", 3), "abc…");
    assert_eq!(one_line("abc", 3), "abc");
    assert_eq!(one_line("", 3), "");
}

#[test]
fn an_error_is_printed_with_its_causes() {
    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] std::io::Error);
    assert_eq!(
        chain(&Outer(std::io::Error::other("inner"))).to_string(),
        "outer: inner"
    );
}

#[test]
fn a_secret_is_found_in_pieces() {
    let (head, tail) = CANARY.split_at(5);
    for between in ["\0", "\n", "\r\n  ", " ", "\u{200b}", "\u{202e}", "\u{ad}"] {
        let safe =
            Redactor::new([&Secret::new(CANARY)]).safe_text(format!("no: {head}{between}{tail}!").as_bytes(), 500);
        assert_eq!(safe, "no: [secret]!", "{between:?}");
    }
    let short = Redactor::new([&Secret::new("a  b")]);
    assert_eq!(short.safe_text(b"a  b ab", 500), "[secret] ab");
}
