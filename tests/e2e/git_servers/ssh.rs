//! `sshd` with a key, and servers that nobody vouches for.

use std::fs;
use std::path::Path;

use testkit::Sshd;

use super::Stage;
use super::stage::told;

const NAME: &str = "team/fleet.git";

/// The stage, reached with this key and this list of known hosts.
fn stage(server: &Sshd, key: &Path, known_hosts: &Path) -> Stage {
    Stage::new(server.repository(NAME).unwrap()).reached_by(&format!(
        "url: \"{}\", auth: {{sshKeyFile: \"{}\", knownHostsFile: \"{}\"}}",
        server.url(NAME),
        key.display(),
        known_hosts.display()
    ))
}

/// How many commands of pushes the server has been given.
fn pushes(server: &Sshd) -> usize {
    server
        .commands()
        .iter()
        .filter(|command| command.contains("git-receive-pack"))
        .count()
}

#[test]
fn a_key_brings_one_commit() {
    let server = Sshd::start().unwrap();
    stage(&server, &server.client_key(), &server.known_hosts()).assert_updates(|| pushes(&server));
    assert_eq!(pushes(&server), 1, "{:?}", server.commands());
}

#[test]
fn a_server_known_by_its_ecdsa_key_brings_one_commit() {
    let server = Sshd::start().unwrap();
    stage(&server, &server.client_key(), &server.ecdsa_known_hosts()).assert_updates(|| pushes(&server));
}

/// A pass with what `known_hosts` is made of; the server's commands show that it got nowhere.
fn refused(server: &Sshd, name: &str, known_hosts: &Path, key: &Path, words: &[&str]) {
    let stage = Stage::new(server.repository(name).unwrap()).reached_by(&format!(
        "url: \"{}\", auth: {{sshKeyFile: \"{}\", knownHostsFile: \"{}\"}}",
        server.url(name),
        key.display(),
        known_hosts.display()
    ));
    stage.push_tag("1.9.2");

    let ran = stage.world.once().expect(1);

    let told = told(&ran);
    for words in words {
        assert!(told.contains(words), "{words}:\n{told}");
    }
    stage.assert_untouched(server.saw_push());
    assert_eq!(
        server.commands(),
        Vec::<String>::new(),
        "it came no further than the door"
    );
}

#[test]
fn a_server_that_nobody_vouches_for_is_told_nothing() {
    let server = Sshd::start().unwrap();
    let good = fs::read_to_string(server.known_hosts()).unwrap();
    let changed = fs::read_to_string(server.changed_known_hosts()).unwrap();
    // `[127.0.0.1]:PORT KIND KEY`, as the operator should add it.
    let line = good.split_ascii_whitespace().take(3).collect::<Vec<_>>().join(" ");
    let key = line.split_once(' ').expect("a host before the key").1;
    let (port, files) = (server.address().port(), tempfile::tempdir().unwrap());
    let elsewhere = format!("[127.0.0.1]:{} {key}\n", port ^ 1);
    let cases: [(&str, String, &[&str]); 5] = [
        (
            "unknown",
            "# nobody yet\n".to_owned(),
            &["known_hosts has no key for", &line],
        ),
        ("elsewhere", elsewhere, &["known_hosts has no key for", &line]),
        (
            "changed",
            changed,
            &[
                "is not the one in line 1 of known_hosts",
                "someone may be in between",
                &line,
            ],
        ),
        (
            "revoked",
            format!("{good}@revoked * {key}\n"),
            &["is revoked by line 2 of known_hosts"],
        ),
        (
            "authority",
            format!("@cert-authority {good}"),
            &["@cert-authority", "is not supported", &line],
        ),
    ];
    for (name, content, words) in cases {
        let file = files.path().join(name);
        fs::write(&file, content).unwrap();
        refused(&server, &format!("{name}.git"), &file, &server.client_key(), words);
    }
}

#[test]
fn a_missing_list_of_known_hosts_is_no_leave_to_trust() {
    let server = Sshd::start().unwrap();
    refused(
        &server,
        NAME,
        Path::new("nowhere"),
        &server.client_key(),
        &["reading the known_hosts file", "/nowhere", "No such file"],
    );
    let url = server.url(NAME);
    let world = crate::world::World::new().repository(&format!(
        "url: \"{url}\", auth: {{sshKeyFile: \"{}\"}}",
        server.client_key().display()
    ));
    let ran = world.once().expect(1);
    assert!(ran.stderr.contains("knownHostsFile"), "{}", ran.stderr);
}

#[test]
fn a_key_that_is_not_registered_is_named() {
    let server = Sshd::start().unwrap();
    refused(
        &server,
        NAME,
        &server.known_hosts(),
        &server.unknown_key(),
        &["with this key (SHA256:", "check `auth.sshKeyFile`"],
    );
}
