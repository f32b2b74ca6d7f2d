use expect_test::{Expect, expect};

use super::*;

fn check(text: &str, expected: &Expect) {
    let actual = match GitUrl::parse(text) {
        Ok(url) => url.to_string(),
        Err(error) => format!("refused: {error}"),
    };
    expected.assert_eq(&actual);
}

#[test]
fn the_four_kinds_are_read() {
    check("file:///srv/fleet.git", &expect!["file:///srv/fleet.git"]);
    check("file://localhost/srv/a%20b.git/", &expect!["file:///srv/a%20b.git"]);
    check(
        "https://Git.Example.com:443/team/fleet.git/",
        &expect!["https://git.example.com/team/fleet.git"],
    );
    check("http://127.0.0.1:8080/fleet", &expect!["http://127.0.0.1:8080/fleet"]);
    check(
        "ssh://git@Git.Example.com/fleet.git",
        &expect!["ssh://git@git.example.com/fleet.git"],
    );
    check(
        "ssh://git.example.com:2222/fleet.git",
        &expect!["ssh://git@git.example.com:2222/fleet.git"],
    );
    check(
        "ssh://root@[::1]:2222/~bot/fleet.git",
        &expect!["ssh://root@[::1]:2222/~bot/fleet.git"],
    );
}

#[test]
fn other_spellings_are_refused_with_the_one_to_use() {
    check(
        "git@github.com:acme/fleet.git",
        &expect!["refused: scp-like addresses are not read: write `ssh://git@github.com/acme/fleet.git`"],
    );
    check(
        "/srv/fleet.git",
        &expect!["refused: a path alone is not an address: write `file:///srv/fleet.git`"],
    );
    check(
        "fleet.git",
        &expect!["refused: the address has no scheme: write `file://`, `https://`, `http://` or `ssh://` before it"],
    );
    check(
        "git://host/fleet.git",
        &expect!["refused: `git://` has neither encryption nor passwords: use `https://` or `ssh://`"],
    );
    check(
        "ftp://host/fleet.git",
        &expect!["refused: the scheme must be `file://`, `https://`, `http://` or `ssh://`"],
    );
    check(
        "ext::sh -c id",
        &expect!["refused: the address holds a space, a backslash or a control character; write it percent-encoded"],
    );
    check(
        "file://host/srv/fleet.git",
        &expect!["refused: a `file://` address needs an absolute path: `file:///srv/fleet.git`"],
    );
    check(
        "file:///",
        &expect!["refused: a `file://` address needs the path of a repository: `file:///srv/fleet.git`"],
    );
    check(
        "https://host/",
        &expect!["refused: the address names no repository after the host"],
    );
    check(
        "ssh://host",
        &expect!["refused: the address names no repository after the host"],
    );
    check(
        "ssh://host/",
        &expect!["refused: the address names no repository after the host"],
    );
}

#[test]
fn passwords_are_refused_and_not_repeated() {
    for text in [
        "https://bot:hunter2@host/fleet.git",
        "https://hunter2@host/fleet.git",
        "https://@host/fleet.git",
        "ssh://bot:hunter2@host/fleet.git",
        "bot:hunter2@host:fleet.git",
        "https://host/fleet.git?token=hunter2",
        "https://host/fleet.git#hunter2",
    ] {
        let error = GitUrl::parse(text).expect_err(text).to_string();
        assert!(
            text.starts_with("bot:") || !error.contains("hunter2"),
            "{text}: {error}"
        );
    }
}

#[test]
fn what_looks_like_an_option_is_refused() {
    for text in [
        "--upload-pack=touch x",
        "-x://host/fleet.git",
        "ssh://-oProxyCommand=id/fleet.git",
        "ssh://-oProxyCommand=id@host/fleet.git",
        "ssh://host:-1/fleet.git",
        "ssh://host:0/fleet.git",
        "ssh://host:65536/fleet.git",
        "ssh://host/fleet%0a.git",
        "ssh://host/fleet%zz.git",
        "ssh://host/fleet%",
        "ssh://host/fleet%00.git",
        "ssh://ho$t/fleet.git",
        "ssh://[::g]/fleet.git",
        "ssh://[::1/fleet.git",
        "https://host/a\nb",
        "https://host/a\tb",
        "https:///host/fleet\u{7f}",
        "https://ho\0st/fleet.git",
        "",
    ] {
        GitUrl::parse(text).expect_err(text);
    }
    GitUrl::parse(&format!("https://host/{}", "a".repeat(3000))).expect_err("too long");
}
