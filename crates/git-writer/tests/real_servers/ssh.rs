//! `sshd` with a key.

use std::fs;

use git_writer::{Auth, Failure, GitUrl, Remote};
use testkit::Sshd;
use transport::{Secret, chain};

use crate::origin::{Origin, fetch, go, key, ssh};
use crate::story;

#[test]
fn an_edit_lands() {
    story::an_edit_lands(&ssh());
}

#[test]
fn a_lost_race_is_moved() {
    story::a_lost_race_is_moved(&ssh());
}

#[test]
fn a_protected_branch_refuses() {
    story::a_protected_branch_refuses(&ssh());
}

#[test]
fn a_rewound_branch_is_followed() {
    story::a_rewound_branch_is_followed(&ssh());
}

#[test]
fn a_missing_branch_is_not_made() {
    story::a_missing_branch_is_not_made(&ssh());
}

#[test]
fn a_lost_answer_is_unknown() {
    story::a_lost_answer_is_unknown(&ssh());
}

#[test]
fn a_pack_too_large_is_not_taken() {
    story::a_pack_too_large_is_not_taken(&ssh());
}

#[test]
fn the_host_key_that_is_listed_is_asked_for() {
    let origin = ssh();
    let auth = key(&origin.server.client_key(), &origin.server.ecdsa_known_hosts());
    fetch(
        &mut origin
            .open(Remote {
                auth,
                ..origin.remote.clone()
            })
            .unwrap(),
    );
    assert!(!origin.server.saw_push());
}

fn refusal(origin: &Origin<Sshd>, auth: Auth) -> (Failure, String) {
    let error = origin
        .open(Remote {
            auth,
            ..origin.remote.clone()
        })
        .unwrap()
        .fetch(&go())
        .expect_err("refused");
    (error.failure(), chain(&error).to_string())
}

#[test]
fn a_host_that_is_not_vouched_for_is_refused_with_the_line_to_add() {
    let origin = ssh();
    let pem = Secret::new(fs::read_to_string(origin.server.client_key()).unwrap());
    let line = fs::read_to_string(origin.server.known_hosts()).unwrap();
    let words: Vec<&str> = line.split_ascii_whitespace().take(3).collect();
    let (to_add, good) = (words.join(" "), words[1..].join(" "));
    let changed = fs::read_to_string(origin.server.changed_known_hosts()).unwrap();
    for (known_hosts, reason) in [
        (String::new(), "known_hosts has no key for"),
        (format!("127.0.0.1 {good}"), "known_hosts has no key for"),
        (changed.clone(), "is not the one in line 1 of known_hosts"),
        (format!("@cert-authority {changed}"), "has a @cert-authority for"),
    ] {
        let (failure, told) = refusal(
            &origin,
            Auth::SshKey {
                private_key_pem: pem.clone(),
                known_hosts,
            },
        );
        assert_eq!(failure, Failure::Untrusted, "{told}");
        assert!(told.contains(reason) && told.ends_with(&to_add), "{told}");
    }
    let known_hosts = format!("{line}@revoked * {good}");
    let (failure, told) = refusal(
        &origin,
        Auth::SshKey {
            private_key_pem: pem,
            known_hosts,
        },
    );
    assert_eq!(failure, Failure::Untrusted);
    assert!(told.contains("is revoked by line 2 of known_hosts"), "{told}");
    // None of these came as far as a command.
    assert_eq!(origin.server.commands(), Vec::<String>::new());
}

#[test]
fn a_stranger_and_a_wrong_path_are_told_apart() {
    let origin = ssh();
    let (failure, told) = refusal(&origin, key(&origin.server.unknown_key(), &origin.server.known_hosts()));
    assert_eq!(failure, Failure::Unauthorized);
    assert!(
        told.contains("with this key (SHA256:") && told.contains("check `auth.sshKeyFile`"),
        "{told}"
    );

    let url = GitUrl::parse(&origin.server.url("team/none.git")).unwrap();
    let error = origin
        .open(Remote {
            url,
            ..origin.remote.clone()
        })
        .unwrap()
        .fetch(&go())
        .expect_err("none");
    assert_eq!(error.failure(), Failure::NoRepository, "{}", chain(&error));
}

#[test]
fn keys_that_cannot_be_used_are_refused_at_once() {
    let origin = ssh();
    let known_hosts = fs::read_to_string(origin.server.known_hosts()).unwrap();
    for (pem, known_hosts, reason) in [
        ("no key", known_hosts.as_str(), "is no private key that can be used"),
        (
            &fs::read_to_string(origin.server.client_key()).unwrap(),
            "host",
            "line 1 of known_hosts is not `HOSTS KIND KEY`",
        ),
    ] {
        let auth = Auth::SshKey {
            private_key_pem: Secret::new(pem),
            known_hosts: known_hosts.to_owned(),
        };
        let error = origin
            .open(Remote {
                auth,
                ..origin.remote.clone()
            })
            .expect_err("unusable");
        assert!(chain(&error).to_string().contains(reason), "{}", chain(&error));
    }
    let error = origin
        .open(Remote {
            auth: Auth::None,
            ..origin.remote.clone()
        })
        .expect_err("no key");
    assert!(
        chain(&error)
            .to_string()
            .ends_with("an `ssh://` repository needs `auth.sshKeyFile` and `auth.knownHostsFile`")
    );
}
