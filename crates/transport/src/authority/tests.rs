//! Spellings of hosts, above all those that look like another.

use super::*;

fn authority(text: &str) -> String {
    Authority::parse(text).map_or_else(
        |error| format!("refused: {}", error.reason),
        |authority| authority.to_string(),
    )
}

fn origin(text: &str) -> String {
    Origin::of_text(text).map_or_else(
        |error| format!("refused: {}", error.reason),
        |origin| origin.to_string(),
    )
}

#[test]
fn one_host_has_one_spelling() {
    for (text, expected) in [
        ("Registry.Example.COM", "registry.example.com"),
        ("registry.example.com.", "registry.example.com"),
        ("registry.example.com:5000", "registry.example.com:5000"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("127.0.0.1:5000", "127.0.0.1:5000"),
        ("[::1]:5000", "[::1]:5000"),
        ("[0:0:0:0:0:0:0:1]", "[::1]"),
        ("localhost", "localhost"),
        ("localhost.evil.com", "localhost.evil.com"),
    ] {
        assert_eq!(authority(text), expected, "{text}");
    }
}

#[test]
fn unusual_hosts_are_refused() {
    for text in [
        "",
        ".",
        ":5000",
        "0x7f.1",
        "2130706433",
        "127.1",
        "0177.0.0.1",
        "::1",
        "[::1",
        "[::1]x",
        "[::1%eth0]",
        "host:0",
        "host:05000",
        "host:65536",
        "host:",
        "host:+80",
        "user@host",
        "host/path",
        "ho st",
        "host\n",
        "a%2eb",
        "*.example.com",
        "https://host",
    ] {
        assert!(authority(text).starts_with("refused"), "{text}: {}", authority(text));
    }
}

#[test]
fn an_origin_is_what_the_request_would_go_to() {
    for (text, expected) in [
        ("https://auth.example.com/token?x=1", "https://auth.example.com"),
        ("HTTPS://AUTH.example.com:443/token", "https://auth.example.com"),
        ("http://auth.example.com:8080", "http://auth.example.com:8080"),
        ("https://[::1]:8443/", "https://[::1]:8443"),
        ("https://auth.example.com./token", "https://auth.example.com"),
    ] {
        assert_eq!(origin(text), expected, "{text}");
    }
}

#[test]
fn misleading_urls_are_refused() {
    for text in [
        "https://good@evil/",
        "https://good:pw@evil/",
        "file:///etc/passwd",
        "ftp://x/",
        "//evil/",
        "evil",
        "https:/evil",
        "https:///evil",
        "https://evil\\@good/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://good\t.evil/",
        "https:// evil/",
        "javascript:alert(1)",
        "https://",
    ] {
        assert!(origin(text).starts_with("refused"), "{text}: {}", origin(text));
    }
}
