//! Someone else pushes first, again and again: what is decided anew lands, in the same pass.

use testkit::{GitHttp, GitHttpSettings, OtherCommit, Sshd};

use super::Stage;
use super::stage::FILE;

/// How often the other writer comes first.
const RACES: usize = 7;

const NAME: &str = "team/fleet.git";

fn over_http() -> (GitHttp, Stage) {
    let server = GitHttp::start(&GitHttpSettings::new()).unwrap();
    let stage = Stage::new(server.repository(NAME).unwrap()).reached_by(&format!("url: \"{}\"", server.url(NAME)));
    (server, stage)
}

fn over_ssh() -> (Sshd, Stage) {
    let server = Sshd::start().unwrap();
    let stage = Stage::new(server.repository(NAME).unwrap()).reached_by(&format!(
        "url: \"{}\", auth: {{sshKeyFile: \"{}\", knownHostsFile: \"{}\"}}",
        server.url(NAME),
        server.client_key().display(),
        server.known_hosts().display()
    ));
    (server, stage)
}

/// Loses seven races; the last of the others' commits gives the service's file this content.
fn lose_races(stage: &Stage, last: &str) {
    for version in ["1.4.7", "1.9.2"] {
        stage.push_tag(version);
    }
    let mut others: Vec<OtherCommit> = (1..RACES)
        .map(|number| OtherCommit::new(&format!("Theirs {number}")).write(&format!("notes/{number}.md"), "Theirs.\n"))
        .collect();
    others.push(OtherCommit::new(&format!("Theirs {RACES}")).write(FILE, last));
    stage.repository.commit_before_pushes(&others).unwrap();

    stage.world.once().expect(0);

    assert_eq!(stage.repository.commits_waiting().unwrap(), 0, "all of them came first");
    assert!(stage.repository.is_linear().unwrap());
    stage.repository.fsck().unwrap();
}

/// The others' commits are all there, in their order, below `above` of ours.
#[track_caller]
fn assert_theirs_are_intact(stage: &Stage, above: usize) {
    let log = stage.repository.log().unwrap();
    let theirs = (1..=RACES).rev().map(|number| format!("Theirs {number}"));
    let wanted: Vec<String> = theirs.chain(["Seed".to_owned()]).collect();
    assert_eq!(log[above..], wanted, "{log:?}");
    for number in 1..RACES {
        assert_eq!(
            stage.repository.read(&format!("notes/{number}.md")).unwrap(),
            "Theirs.\n"
        );
    }
}

/// The last of the others narrows the policy: 1.9.2, which was on its way, is no longer wanted.
fn another_policy(stage: &Stage) {
    lose_races(stage, &stage.service("1.4.0", "semver:~1.4"));
    stage.assert_newest("1.4.0", "1.4.7");
    assert_eq!(
        stage.repository.read(FILE).unwrap(),
        stage.service("1.4.7", "semver:~1.4")
    );
    assert_theirs_are_intact(stage, 1);
}

/// The last of the others moves the image itself: the change is another one, from another value.
fn another_tag(stage: &Stage) {
    lose_races(stage, &stage.service("1.4.7", "semver:^1"));
    stage.assert_newest("1.4.7", "1.9.2");
    assert_theirs_are_intact(stage, 1);
}

/// The last of the others makes the very change that was on its way: nothing is left to commit.
fn the_same_tag(stage: &Stage) {
    let done = stage.service("1.9.2", "semver:^1");
    lose_races(stage, &done);
    assert_eq!(stage.repository.read(FILE).unwrap(), done);
    assert_theirs_are_intact(stage, 0);
}

#[test]
fn another_policy_meanwhile_is_decided_by_over_http() {
    let (_server, stage) = over_http();
    another_policy(&stage);
}

#[test]
fn another_policy_meanwhile_is_decided_by_over_ssh() {
    let (_server, stage) = over_ssh();
    another_policy(&stage);
}

#[test]
fn another_tag_meanwhile_is_moved_from_over_http() {
    let (_server, stage) = over_http();
    another_tag(&stage);
}

#[test]
fn another_tag_meanwhile_is_moved_from_over_ssh() {
    let (_server, stage) = over_ssh();
    another_tag(&stage);
}

#[test]
fn the_same_tag_meanwhile_leaves_nothing_to_commit() {
    let (_server, stage) = over_http();
    the_same_tag(&stage);
    let (_server, stage) = over_ssh();
    the_same_tag(&stage);
}
