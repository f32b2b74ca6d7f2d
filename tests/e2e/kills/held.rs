//! Killed while a server keeps it waiting: in the middle of a fetch, and before and after a push is accepted.

use testkit::{GitHttp, GitHttpSettings, OtherCommit, Proxy, Sshd};

use super::Victim;
use crate::git_servers::Stage;

const NAME: &str = "team/fleet.git";

/// How often each stage is killed over HTTP.
const KILLS: usize = 10;
/// How often each stage is killed over SSH, where a connection takes its time.
const KILLS_OVER_SSH: usize = 5;
/// Size of a file that others commit: most of what a fetch brings.
const LARGE: usize = 256 << 10;
/// By how much later each fetch is held than the one before: the last is near its end.
const STEP: u64 = 25 << 10;

/// Bytes that no compression makes fewer.
fn noise(seed: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15 ^ (seed as u64 + 1);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..LARGE / 8).flat_map(|_| next()).collect()
}

#[test]
fn a_kill_in_the_middle_of_a_fetch_loses_nothing() {
    let server = GitHttp::start(&GitHttpSettings::new()).unwrap();
    let proxy = Proxy::to(server.address()).unwrap();
    let url = format!("http://{}/{NAME}", proxy.address());
    let stage = Stage::new(server.repository(NAME).unwrap()).reached_by(&format!("url: \"{url}\""));
    let mut victim = Victim::new(stage);
    for kill in 0..KILLS {
        let theirs = OtherCommit::new("Theirs").write("notes/picture.png", noise(kill));
        victim.stage.repository.commit(&theirs).unwrap();
        victim.push_tag();
        // From the first byte of the list of branches to the last of the pack.
        proxy.hold_after(kill as u64 * STEP);
        let daemon = victim.stage.world.start();
        proxy.wait_until_held().unwrap();
        daemon.kill();
        proxy.release();
        victim.recovers();
    }
}

/// Pushes that `hook` holds when the kill comes. Afterwards the server goes on with every other one, and drops the rest.
fn killed_in(hook: &str, stage: Stage, kills: usize) {
    let mut victim = Victim::new(stage);
    for kill in 0..kills {
        victim.push_tag();
        let repository = &victim.stage.repository;
        let held = repository.hold_pushes(hook).unwrap();
        let daemon = victim.stage.world.start();
        held.wait().unwrap();
        daemon.kill();
        let goes_on = kill % 2 == 0;
        if goes_on { held.release() } else { held.refuse() }.unwrap();
        repository.remove_hook(hook).unwrap();
        if goes_on {
            victim.recovers()
        } else {
            victim.recovers_as_daemon()
        }
    }
}

fn over_http(hook: &str) {
    let server = GitHttp::start(&GitHttpSettings::new()).unwrap();
    let url = server.url(NAME);
    let stage = Stage::new(server.repository(NAME).unwrap()).reached_by(&format!("url: \"{url}\""));
    killed_in(hook, stage, KILLS);
}

fn over_ssh(hook: &str) {
    let server = Sshd::start().unwrap();
    let stage = Stage::new(server.repository(NAME).unwrap()).reached_by(&format!(
        "url: \"{}\", auth: {{sshKeyFile: \"{}\", knownHostsFile: \"{}\"}}",
        server.url(NAME),
        server.client_key().display(),
        server.known_hosts().display()
    ));
    killed_in(hook, stage, KILLS_OVER_SSH);
}

#[test]
fn a_kill_before_the_push_is_accepted_loses_nothing_over_http() {
    over_http("pre-receive");
}

#[test]
fn a_kill_before_the_push_is_accepted_loses_nothing_over_ssh() {
    over_ssh("pre-receive");
}

#[test]
fn a_kill_after_the_push_is_accepted_doubles_nothing_over_http() {
    over_http("post-receive");
}

#[test]
fn a_kill_after_the_push_is_accepted_doubles_nothing_over_ssh() {
    over_ssh("post-receive");
}
