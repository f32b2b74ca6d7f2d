//! `git http-backend` behind nginx: passwords and tokens, with and without TLS.

use testkit::{Ca, GitHttp, GitHttpSettings};

use super::Stage;
use super::stage::told;

const PASSWORD: &str = "correct-h0rse-battery";
const NAME: &str = "team/fleet.git";

/// A stage at this server.
fn stage(server: &GitHttp) -> Stage {
    Stage::new(server.repository(NAME).unwrap())
}

/// How many requests of pushes the server has answered.
fn pushes(server: &GitHttp) -> usize {
    server
        .requests()
        .unwrap()
        .iter()
        .filter(|request| request.is_push())
        .count()
}

/// The stage, reached as `bot`; `more` are further keys of the repository.
fn with_password(server: &GitHttp, more: &str) -> Stage {
    let mut stage = stage(server);
    let file = stage.world.secret_file("password", PASSWORD);
    stage.reached_by(&format!(
        "url: \"{}\", auth: {{username: bot, passwordFile: \"{}\"}}{more}",
        server.url(NAME),
        file.display()
    ))
}

#[test]
fn a_password_over_plain_http_brings_one_commit() {
    let server = GitHttp::start(&GitHttpSettings::new().user("bot", PASSWORD)).unwrap();
    with_password(&server, "").assert_updates(|| pushes(&server));
    let requests = server.requests().unwrap();
    let strangers: Vec<_> = requests
        .iter()
        .filter(|request| request.user != "bot" || request.status != 200)
        .collect();
    assert!(
        strangers.is_empty(),
        "the password goes with every request: {strangers:?}"
    );
}

#[test]
fn a_password_over_tls_with_a_private_ca_brings_one_commit() {
    let ca = Ca::new().unwrap();
    let server = GitHttp::start(&GitHttpSettings::new().user("bot", PASSWORD).tls(&ca)).unwrap();
    let stage = with_password(&server, ", caFile: ca.pem");
    stage.world.file("ca.pem", ca.certificate_pem());
    stage.assert_updates(|| pushes(&server));
}

#[test]
fn a_token_brings_one_commit() {
    let server = GitHttp::start(&GitHttpSettings::new().token("glpat-3xampleT0ken")).unwrap();
    let mut stage = stage(&server);
    stage.world.secret_file("token", "glpat-3xampleT0ken");
    stage
        .reached_by(&format!("url: \"{}\", auth: {{tokenFile: token}}", server.url(NAME)))
        .assert_updates(|| pushes(&server));
}

/// A pass at a server that wants a password, reached by `entry`; all that may be said of it.
fn refused(tls: bool, entry: &str, words: &[&str]) {
    let (ca, settings) = (Ca::new().unwrap(), GitHttpSettings::new().user("bot", PASSWORD));
    let server = GitHttp::start(&if tls { settings.tls(&ca) } else { settings }).unwrap();
    let mut stage = stage(&server);
    stage.push_tag("1.9.2");
    stage.world.secret_file("right", PASSWORD);
    stage.world.secret_file("wrong", "wr0ng-and-secret");
    stage.world.file("other-ca.pem", Ca::new().unwrap().certificate_pem());
    let url = server.url(NAME);
    let stage = stage.reached_by(&entry.replace("URL", &url));

    let ran = stage.world.once().expect(1);

    let told = told(&ran);
    for words in words {
        assert!(told.contains(words), "{words}:\n{told}");
    }
    stage.assert_untouched(server.saw_push().unwrap());
}

#[test]
fn who_is_not_let_in_is_told_what_to_check() {
    refused(
        false,
        "url: \"URL\", auth: {username: bot, passwordFile: wrong}",
        &["401 Unauthorized", "check `auth.username` and `auth.passwordFile`"],
    );
    refused(
        false,
        "url: \"URL\", auth: {username: someone, passwordFile: right}",
        &["401 Unauthorized", "check `auth.username` and `auth.passwordFile`"],
    );
    refused(
        false,
        "url: \"URL\", auth: {tokenFile: wrong}",
        &["401 Unauthorized", "check `auth.tokenFile`"],
    );
    refused(
        false,
        "url: \"URL\"",
        &["401 Unauthorized", "the repository has no `auth`"],
    );
}

#[test]
fn a_missing_password_file_is_named() {
    refused(
        false,
        "url: \"URL\", auth: {username: bot, passwordFile: nowhere}",
        &["reading the password", "/nowhere", "No such file"],
    );
}

#[test]
fn a_server_of_an_unknown_ca_gets_no_password() {
    for ca in ["", ", caFile: other-ca.pem"] {
        refused(
            true,
            &format!("url: \"URL\", auth: {{username: bot, passwordFile: right}}{ca}"),
            &["certificate is not trusted", "set the repository's `caFile`"],
        );
    }
}

#[test]
fn a_repository_and_a_branch_that_are_not_there_are_said() {
    let auth = "auth: {username: bot, passwordFile: right}";
    refused(
        false,
        &format!("url: \"URL.git\", {auth}"),
        &["404 Not Found", "check the `url`"],
    );
    refused(
        false,
        &format!("url: \"URL\", branch: release, {auth}"),
        &["no branch `release`", "push a first commit"],
    );
}
