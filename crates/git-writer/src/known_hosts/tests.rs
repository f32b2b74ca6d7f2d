use super::*;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOnsE/qTqKwTFzs0UZMVfq9NiYQNvcRX0o4mlX08BwfH";
const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ+9N1w4cKZuNEyb7R+NAbnUtkXqlmBmsPDqT1IIJrwN";
const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBKCM5dNAYq9/b9oUjc+qdd1R2AlkldeLcY1gotLqc3WCbAyorCaxxoZ6x+sH7jVEH21todIsb9L/NzNPmP3H+XU=";
const RSA: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDLJ0Asupk13v0k3ZDCoX1WLCYFrfowgMSSkb5JcbX9a+TQYzoZ4DA5HNNlGtL6xLOgUvC4S/0oq5XNofBPFA4wQus42fKcMY9bbbzjqnUGs86N4PHxBb1ZgPRONNwaMk7wFPEx4PYC12WENEGnEUmrhEd4eXGryKNiSg4YjB3FAw==";
/// `git.example.com` and `[git.example.com]:2222`, as `ssh-keygen -H` hashes them.
const HASHED: &str = "|1|M5GyMFr0Gx8uA3dVSRcMcEok5ts=|Z5QipyocciAsjGRVjbnfoF618Qc=";
const HASHED_PORT: &str = "|1|gO61M2Ofq/mTH4MvhA4VAk+sS4I=|x9HMZKihzFFtdNtQePAuEwA+JuQ=";

fn check(lines: &[&str], port: u16) -> Result<(), Refusal> {
    let key = PublicKey::from_openssh(KEY).unwrap();
    KnownHosts::parse(&lines.join("\n"))
        .unwrap()
        .check("git.example.com", port, &key)
}

#[test]
fn plain_hashed_and_patterned_lines_are_known() {
    for hosts in [
        "git.example.com",
        "other,git.example.com,10.0.0.1",
        "Git.Example.COM",
        HASHED,
        "*.example.com",
        "g?t.example.com",
        "*",
        "git.example.com,!other.example.com",
    ] {
        assert_eq!(
            check(&["# comment", "", &format!("  {hosts}\t{KEY} a comment")], 22),
            Ok(()),
            "{hosts}"
        );
    }
    for hosts in ["[git.example.com]:2222", HASHED_PORT, "[*]:2222", "*"] {
        assert_eq!(check(&[&format!("{hosts} {KEY}")], 2222), Ok(()), "{hosts}");
    }
}

#[test]
fn lines_of_other_hosts_and_ports_do_not_count() {
    for hosts in [
        "example.com",
        "git.example.com.evil.org",
        "*.example.org",
        "*,!git.example.com",
        "[git.example.com]:2222",
        HASHED_PORT,
        "git.example.co?m",
    ] {
        assert_eq!(
            check(&[&format!("{hosts} {KEY}")], 22),
            Err(Refusal::Unknown),
            "{hosts}"
        );
    }
    for hosts in ["git.example.com", HASHED, "[git.example.com]:22"] {
        assert_eq!(
            check(&[&format!("{hosts} {KEY}")], 2222),
            Err(Refusal::Unknown),
            "{hosts}"
        );
    }
    assert_eq!(check(&[], 22), Err(Refusal::Unknown));
}

#[test]
fn a_changed_key_is_told_from_a_missing_kind() {
    let line = |key: &str| format!("git.example.com {key}");
    assert_eq!(check(&["# a", &line(OTHER)], 22), Err(Refusal::Changed { line: 2 }));
    assert_eq!(check(&[&line(ECDSA), &line(RSA)], 22), Err(Refusal::OtherKind));
    assert_eq!(
        check(&[&line(ECDSA), &line(OTHER)], 22),
        Err(Refusal::Changed { line: 2 })
    );
    // Several keys of one kind are all good: a host that is changing its key has two.
    assert_eq!(check(&[&line(OTHER), &line(KEY)], 22), Ok(()));
    assert_eq!(check(&[&line("ssh-quantum AAAA"), &line(KEY)], 22), Ok(()));
    assert_eq!(check(&[&line("ssh-quantum AAAA")], 22), Err(Refusal::OtherKind));
}

#[test]
fn a_revoked_key_is_refused_wherever_the_line_stands() {
    let good = format!("git.example.com {KEY}");
    assert_eq!(
        check(&[&good, &format!("@revoked * {KEY}")], 22),
        Err(Refusal::Revoked { line: 2 })
    );
    assert_eq!(
        check(&[&format!("@revoked {HASHED} {KEY}"), &good], 22),
        Err(Refusal::Revoked { line: 1 })
    );
    assert_eq!(check(&[&format!("@revoked * {OTHER}"), &good], 22), Ok(()));
    assert_eq!(
        check(&[&format!("@revoked other.example.com {KEY}"), &good], 22),
        Ok(())
    );
    assert_eq!(
        check(&[&format!("@revoked * {KEY}")], 22),
        Err(Refusal::Revoked { line: 1 })
    );
    assert_eq!(check(&[&format!("@revoked * {OTHER}")], 22), Err(Refusal::Unknown));
}

#[test]
fn a_certificate_authority_vouches_for_nobody() {
    assert_eq!(
        check(&[&format!("@cert-authority *.example.com {KEY}")], 22),
        Err(Refusal::CertAuthority { line: 1 })
    );
    assert_eq!(
        check(
            &[
                &format!("@cert-authority *.example.com {OTHER}"),
                &format!("git.example.com {KEY}")
            ],
            22
        ),
        Ok(())
    );
}

#[test]
fn the_server_is_asked_for_the_listed_kinds() {
    let text = format!("git.example.com {ECDSA}\n{HASHED} {KEY}\n* {RSA}\nother {OTHER}\n@revoked * {OTHER}");
    let hosts = KnownHosts::parse(&text).unwrap();
    let names = |host: &str, port| {
        hosts
            .algorithms(host, port)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names("git.example.com", 22),
        ["ecdsa-sha2-nistp256", "ssh-ed25519", "ssh-rsa"]
    );
    assert_eq!(names("git.example.com", 23), ["ssh-rsa"]);
}

#[test]
fn lines_that_cannot_be_read_are_named() {
    for (line, problem) in [
        (
            "git.example.com",
            "line 2 of known_hosts is not `HOSTS KIND KEY`, as `ssh-keyscan` prints it",
        ),
        (
            "@trusted * ssh-ed25519 AAAA",
            "line 2 of known_hosts has an unknown marker; `@revoked` and `@cert-authority` are known",
        ),
        ("@revoked", "line 2 of known_hosts names no host"),
        (
            "@revoked * ssh-ed25519 AAAA",
            "line 2 of known_hosts has a key that cannot be read",
        ),
        (
            "* ssh-ed25519 A!A",
            "line 2 of known_hosts has a key that cannot be read",
        ),
        (
            "|1|x|y ssh-ed25519 AAAA",
            "line 2 of known_hosts has a hashed host that cannot be read",
        ),
        (
            "|2|x|y ssh-ed25519 AAAA",
            "line 2 of known_hosts has a hash of an unknown kind",
        ),
    ] {
        let error = KnownHosts::parse(&format!("# first\n{line}\n")).expect_err(line);
        assert_eq!(error.to_string(), problem);
    }
}

#[test]
fn patterns_take_no_more_time_than_they_must() {
    assert!(!fits(&"*a".repeat(500), &"a".repeat(499)));
    assert!(fits("a*b?c*", "axxbyc"));
    assert!(!fits("", "a"));
}
