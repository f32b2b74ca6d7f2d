use expect_test::expect;

use super::*;
use crate::process::run;

/// Runs git as `user:password` would, in a new folder.
fn clone(server: &GitHttp, credential: &str, ca: Option<&Ca>) -> anyhow::Result<Folder> {
    let folder = Folder::new()?;
    let mut git = command(&installed("git")?, folder.path());
    git.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_TERMINAL_PROMPT", "0");
    if let Some(ca) = ca {
        git.env("GIT_SSL_CAINFO", folder.write("ca.crt", ca.certificate_pem())?);
    }
    let url = server
        .url("team/config.git")
        .replace("://", &format!("://{credential}"));
    let url = url.replace("127.0.0.1", "localhost");
    run(git.args(["clone", "--quiet", &url]).arg(folder.join("w")))?;
    let git_in = |arguments: &[&str]| {
        let mut git = command(&installed("git")?, folder.path());
        git.env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_SSL_CAINFO", folder.join("ca.crt"));
        run(git
            .arg("-C")
            .arg(folder.join("w"))
            .args(["-c", "user.name=Us", "-c", "user.email=us@x"])
            .args(arguments))
    };
    git_in(&["commit", "--quiet", "--allow-empty", "-m", "Ours"])?;
    git_in(&["push", "--quiet", "origin", "HEAD:main"])?;
    Ok(folder)
}

#[test]
fn who_has_the_password_clones_and_pushes() {
    let server = GitHttp::start(&GitHttpSettings::new().user("bot", "tok3n")).unwrap();
    let origin = server.repository("team/config.git").unwrap();
    origin.seed([("a.yaml", "one\n")]).unwrap();
    assert!(clone(&server, "bot:wrong@", None).is_err());
    assert!(!server.saw_push().unwrap());
    clone(&server, "bot:tok3n@", None).unwrap();
    assert!(server.saw_push().unwrap());
    assert_eq!(origin.log().unwrap(), ["Ours", "Seed"]);
    let mut requests = server.requests().unwrap();
    requests.retain(|request| request.status == 200);
    let shown: Vec<String> = requests
        .iter()
        .map(|r| format!("{} {} {} {} {}", r.user, r.method, r.path, r.query, r.is_push()))
        .collect();
    expect![[r#"
        bot GET /team/config.git/info/refs service=git-upload-pack false
        bot POST /team/config.git/git-upload-pack  false
        bot POST /team/config.git/git-upload-pack  false
        bot GET /team/config.git/info/refs service=git-receive-pack true
        bot POST /team/config.git/git-receive-pack  true"#]]
    .assert_eq(&shown.join("\n"));
}

#[test]
fn over_tls_the_ca_must_be_trusted() {
    let ca = Ca::new().unwrap();
    let server = GitHttp::start(&GitHttpSettings::new().tls(&ca)).unwrap();
    server
        .repository("team/config.git")
        .unwrap()
        .seed([("a.yaml", "one\n")])
        .unwrap();
    assert!(clone(&server, "", Some(&Ca::new().unwrap())).is_err());
    clone(&server, "", Some(&ca)).unwrap();
}

/// The status of the answer to the first question of a client that shows `credential`.
fn status_for(server: &GitHttp, service: &str, credential: &str) -> u16 {
    let header = format!("authorization: {credential}");
    let path = format!("/team/config.git/info/refs?service={service}");
    ask::status(&ask::get(server.address(), None, &path, &[header.as_str()]).unwrap())
}

#[test]
fn who_has_the_token_is_let_in() {
    let server = GitHttp::start(&GitHttpSettings::new().token("tok3n")).unwrap();
    server.repository("team/config.git").unwrap();
    assert_eq!(status_for(&server, "git-upload-pack", "Bearer tok3n"), 200);
    assert_eq!(status_for(&server, "git-receive-pack", "Bearer tok3n"), 200);
    assert_eq!(status_for(&server, "git-upload-pack", "Bearer wrong"), 401);
    assert_eq!(status_for(&server, "git-upload-pack", "Basic dG9rM24="), 401);
}

#[test]
fn pushes_are_sent_elsewhere() {
    let server = GitHttp::start(&GitHttpSettings::new().redirect_pushes("http://127.0.0.2:9")).unwrap();
    server.repository("team/config.git").unwrap();
    assert_eq!(status_for(&server, "git-upload-pack", ""), 200);
    assert_eq!(status_for(&server, "git-receive-pack", ""), 307);
}
