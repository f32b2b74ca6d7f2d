//! Helpers that the tests write themselves, into a folder that only they search.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::*;

/// A folder with helpers, in place of `PATH`.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_default()
    }

    /// Writes `docker-credential-NAME`, a script; `$HERE` is its folder.
    pub(crate) fn helper(&self, name: &str, script: &str) {
        let here = self.path().display();
        let text = format!("#!/bin/sh\nHERE='{here}'\n{script}\n");
        fs::write(self.file("script"), text).expect("a file");
        // Another process writes the program: while one of ours has it open for writing, no thread of ours could start it.
        let install = Command::new("install")
            .args(["-m", "755"])
            .arg(self.file("script"))
            .arg(self.file(&format!("docker-credential-{name}")))
            .status()
            .expect("`install` of coreutils");
        assert!(install.success());
    }

    /// Allows these helpers, which find the usual programs as well.
    pub(crate) fn config(&self, allowed: &[&str]) -> HelperConfig {
        HelperConfig {
            allowed: allowed.iter().map(|name| (*name).to_owned()).collect(),
            search: vec![
                self.path().to_owned(),
                "/usr/local/bin".into(),
                "/usr/bin".into(),
                "/bin".into(),
            ],
            environment: Vec::new(),
        }
    }

    fn helpers(&self) -> Helpers {
        Helpers::new(self.config(&["test"]))
    }
}

fn registry(text: &str) -> Registry {
    Registry::parse(text).expect("a registry")
}

fn basic(username: &str, password: &str) -> Credential {
    Credential::Basic {
        username: username.to_owned(),
        password: Secret::new(password),
    }
}

/// What a helper that is this script says of `r.io`.
async fn says(script: &str) -> Result<Option<Credential>, HelperError> {
    let folder = Folder::new();
    folder.helper("test", script);
    folder.helpers().credential("test", &registry("r.io"), None).await
}

/// How that is told.
async fn fails(script: &str) -> String {
    says(script).await.expect_err("no credential").to_string()
}

#[tokio::test]
async fn a_helper_is_asked_for_a_server_and_answers_with_a_user() {
    let folder = Folder::new();
    folder.helper(
        "test",
        r#"cat >> $HERE/asked; echo "$@" >> $HERE/asked
           echo '{"ServerURL": "", "Username": "ci", "Secret": "p:w"}'"#,
    );
    let helpers = folder.helpers();
    for host in ["r.io:5000", "docker.io"] {
        let found = helpers.credential("test", &registry(host), None).await;
        assert_eq!(found, Ok(Some(basic("ci", "p:w"))));
    }
    assert_eq!(
        folder.read("asked"),
        "r.io:5000\nget\nhttps://index.docker.io/v1/\nget\n"
    );
}

#[tokio::test]
async fn the_user_token_means_an_identity_token() {
    let found = says(r#"echo '{"Username": "<token>", "Secret": "it"}'"#).await;
    let token = Credential::IdentityToken {
        username: None,
        token: Secret::new("it"),
    };
    assert_eq!(found, Ok(Some(token)));
}

#[tokio::test]
async fn to_have_none_is_no_failure() {
    for script in [
        "echo 'credentials not found in native keychain'; exit 1",
        "printf 'credentials not found in native keychain'; exit 1",
        r#"echo '{"ServerURL": "r.io", "Username": "", "Secret": ""}'"#,
        "echo '{}'",
    ] {
        assert_eq!(says(script).await, Ok(None), "{script}");
    }
}

#[tokio::test]
async fn an_answer_for_another_server_is_refused() {
    for server in [
        "https://evil.io",
        "r.io:5000",
        "a.r.io",
        "https://index.docker.io/v1/",
        "::",
    ] {
        let script = format!(r#"echo '{{"ServerURL": "{server}", "Username": "u", "Secret": "hunter2"}}'"#);
        let words = fails(&script).await;
        assert!(words.contains("it is for another server"), "{server}: {words}");
    }
    for server in ["r.io", "https://r.io", "https://R.io/v2/", "http://r.io/v1/"] {
        let script = format!(r#"echo '{{"ServerURL": "{server}", "Username": "u", "Secret": "p"}}'"#);
        assert_eq!(says(&script).await, Ok(Some(basic("u", "p"))), "{server}");
    }
}

#[tokio::test]
async fn nonsense_is_told_without_being_shown() {
    let cases = [
        ("echo hunter2", "it is no JSON"),
        ("true", "it is no JSON"),
        ("echo '[\"hunter2\"]'", "it is no JSON object"),
        (
            r#"echo '{"Username": 5, "Secret": "hunter2"}'"#,
            "its fields are no texts",
        ),
        (r#"echo '{"Secret": "hunter2"}'"#, "it names no user"),
        (r#"echo '{"Username": "u"}'"#, "it holds no secret"),
        (
            r#"echo '{"Username": "a:b", "Secret": "hunter2"}'"#,
            "its user name holds a colon",
        ),
    ];
    for (script, reason) in cases {
        let words = fails(script).await;
        assert_eq!(
            words,
            format!(
                "what `docker-credential-test` answers is of no use: {reason}; another version of it may do better"
            )
        );
    }
}

#[tokio::test]
async fn what_a_failing_helper_writes_is_not_shown() {
    let folder = Folder::new();
    folder.helper(
        "test",
        r#"echo 'hunter2'; echo 'hunter2' >&2
           head -c 100000 /dev/zero | tr '\0' x >&2; exit 3"#,
    );
    let error = Helpers::new(folder.config(&["test"]))
        .credential("test", &registry("r.io"), None)
        .await
        .expect_err("a failure");
    assert_eq!(
        error.to_string(),
        "`docker-credential-test` failed (exit status: 3); \
         what it wrote may hold secrets, run `echo r.io | docker-credential-test get` to see it"
    );
}

#[tokio::test]
async fn the_environment_is_the_one_that_was_written_for_it() {
    let folder = Folder::new();
    folder.helper(
        "test",
        r#"env > $HERE/environment; pwd > $HERE/place; echo '{"Username": "u", "Secret": "p"}'"#,
    );
    let config = HelperConfig {
        environment: vec![("HOME".to_owned(), Secret::new("/home/of/tests"))],
        ..folder.config(&["test"])
    };
    let search = std::env::join_paths(&config.search).expect("a path");
    Helpers::new(config)
        .credential("test", &registry("r.io"), None)
        .await
        .expect("a credential");
    let environment = folder.read("environment");
    let mut names: Vec<&str> = environment
        .lines()
        .filter_map(|line| line.split_once('=').map(|(name, _)| name))
        // What the shell adds by itself.
        .filter(|name| !matches!(*name, "PWD" | "OLDPWD" | "SHLVL" | "_"))
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["HOME", "PATH"], "{environment}");
    assert!(environment.contains(&format!("PATH={}\n", search.display())));
    assert_eq!(folder.read("place"), "/\n");
}

#[tokio::test]
async fn a_helper_that_is_not_there_is_told() {
    let folder = Folder::new();
    fs::write(folder.file("docker-credential-test"), "no program").expect("a file");
    let words = "`docker-credential-test` is in no folder of PATH; install it in one";
    let search = |search: &[&Path]| HelperConfig {
        search: search.iter().map(|path| path.to_path_buf()).collect(),
        ..folder.config(&["test"])
    };
    // A file that is no program; a folder that is not there; a path that depends on where we are; no path at all.
    for config in [
        search(&[folder.path()]),
        search(&[&folder.file("nowhere")]),
        search(&[Path::new("bin"), Path::new("")]),
        search(&[]),
    ] {
        let error = Helpers::new(config)
            .credential("test", &registry("r.io"), None)
            .await
            .expect_err("none");
        assert_eq!(error.to_string(), words);
    }
}

#[tokio::test]
async fn a_helper_that_is_no_program_of_this_machine_is_told() {
    let folder = Folder::new();
    folder.helper("test", "");
    fs::write(folder.file("docker-credential-test"), "\u{7f}ELF and no more").expect("a file");
    let error = folder
        .helpers()
        .credential("test", &registry("r.io"), None)
        .await
        .expect_err("none");
    assert!(
        error
            .to_string()
            .starts_with("`docker-credential-test` cannot be started: "),
        "{error}"
    );
}

#[tokio::test]
async fn too_much_output_ends_it() {
    assert_eq!(
        fails("exec cat /dev/zero").await,
        "`docker-credential-test` wrote more than 64 KiB and was stopped"
    );
}

/// Whether a process is there and no zombie.
fn runs(pid: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{}/status", pid.trim())).unwrap_or_default();
    !status.is_empty() && !status.contains("State:\tZ")
}

#[tokio::test(start_paused = true)]
async fn a_helper_that_hangs_is_ended_with_all_that_it_started() {
    let folder = Folder::new();
    // The first one is gone by itself; its child keeps the pipe open.
    folder.helper(
        "test",
        "sleep 1000 & echo $! > $HERE/child; mv $HERE/child $HERE/pid; exit 0",
    );
    let helpers = folder.helpers();
    let asked = tokio::time::Instant::now();
    // Time that is paused passes as soon as nothing else is to do, so the helper is waited for first.
    let registry = registry("r.io");
    let asking = helpers.credential("test", &registry, None);
    tokio::pin!(asking);
    let child = loop {
        let _ = futures_once(asking.as_mut()).await;
        if let Ok(pid) = fs::read_to_string(folder.file("pid")) {
            break pid;
        }
    };
    assert!(runs(&child));
    let error = asking.await.expect_err("it hangs");
    assert_eq!(
        error.to_string(),
        "`docker-credential-test` did not answer within 5 s and was stopped; \
         run `echo r.io | docker-credential-test get` to see what it waits for"
    );
    assert_eq!(asked.elapsed().as_secs(), 5);
    while runs(&child) {
        std::thread::yield_now();
    }
}

/// Polls once, without letting paused time pass.
async fn futures_once<F: Future + Unpin>(mut future: F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        let polled = std::pin::Pin::new(&mut future).poll(context);
        std::task::Poll::Ready(match polled {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

/// Says `u` and the number of the run.
const COUNTS: &str =
    r#"echo >> $HERE/runs; echo "{\"Username\": \"u\", \"Secret\": \"$(wc -l < $HERE/runs | tr -d ' ')\"}""#;

#[tokio::test]
async fn what_a_helper_said_is_kept_for_five_minutes_for_each_host() {
    let folder = Folder::new();
    folder.helper("test", COUNTS);
    let helpers = folder.helpers();
    let ask = async |host: &str| {
        let found = helpers.credential("test", &registry(host), None).await;
        found
            .expect("a credential")
            .expect("a credential")
            .secret()
            .expose()
            .to_owned()
    };
    assert_eq!(ask("r.io").await, "1");
    assert_eq!(ask("r.io").await, "1");
    assert_eq!(ask("other.io").await, "2");
    tokio::time::pause();
    tokio::time::advance(KEPT).await;
    tokio::time::resume();
    assert_eq!(ask("r.io").await, "3");
}

#[tokio::test]
async fn who_asks_at_the_same_time_waits_for_the_same_answer() {
    let folder = Folder::new();
    folder.helper("test", COUNTS);
    let helpers = Arc::new(folder.helpers());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let helpers = helpers.clone();
        tasks.spawn(async move { helpers.credential("test", &registry("r.io"), None).await });
    }
    for found in tasks.join_all().await {
        assert_eq!(found, Ok(Some(basic("u", "1"))));
    }
    assert_eq!(folder.read("runs"), "\n");
}

#[tokio::test]
async fn a_refused_credential_is_not_given_out_again_unless_it_is_fresh() {
    let folder = Folder::new();
    folder.helper("test", COUNTS);
    let helpers = folder.helpers();
    let registry = registry("r.io");
    let first = helpers.credential("test", &registry, None).await;
    let refused = basic("u", "1");
    assert_eq!(first, Ok(Some(refused.clone())));
    let again = helpers.credential("test", &registry, Some(&refused)).await;
    assert_eq!(again, Ok(Some(refused.clone())), "it has only just come");
    tokio::time::pause();
    tokio::time::advance(FRESH).await;
    tokio::time::resume();
    let other = helpers.credential("test", &registry, Some(&basic("x", "y"))).await;
    assert_eq!(other, Ok(Some(refused.clone())), "another one was refused");
    let newer = helpers.credential("test", &registry, Some(&refused)).await;
    assert_eq!(newer, Ok(Some(basic("u", "2"))));
}

#[tokio::test]
async fn a_helper_that_broke_is_left_alone_for_a_while() {
    let folder = Folder::new();
    folder.helper("test", "echo >> $HERE/runs; exit 1");
    let helpers = folder.helpers();
    let registry = registry("r.io");
    for _ in 0..3 {
        helpers.credential("test", &registry, None).await.expect_err("it fails");
    }
    assert_eq!(folder.read("runs"), "\n");
    tokio::time::pause();
    tokio::time::advance(EMBARGO).await;
    tokio::time::resume();
    helpers.credential("test", &registry, None).await.expect_err("it fails");
    assert_eq!(folder.read("runs"), "\n\n");
}

#[tokio::test]
async fn a_helper_whose_asker_gives_up_is_ended() {
    let folder = Folder::new();
    folder.helper("test", "echo $$ > $HERE/own; mv $HERE/own $HERE/pid; exec sleep 1000");
    let helpers = folder.helpers();
    let registry = registry("r.io");
    let pid = {
        let asking = helpers.credential("test", &registry, None);
        tokio::pin!(asking);
        loop {
            let _ = futures_once(asking.as_mut()).await;
            tokio::task::yield_now().await;
            if let Ok(pid) = fs::read_to_string(folder.file("pid")) {
                break pid;
            }
        }
    };
    while runs(&pid) {
        std::thread::yield_now();
    }
}

#[test]
fn no_value_of_the_environment_is_printed() {
    let config = HelperConfig {
        environment: vec![("AWS_SESSION_TOKEN".to_owned(), Secret::new("canary"))],
        ..HelperConfig::default()
    };
    assert!(!format!("{config:?}").contains("canary"));
}
