use expect_test::expect;

use super::*;
use crate::helper::HelperConfig;

fn password(text: &[u8]) -> Result<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("password");
    std::fs::write(&path, text).expect("a file");
    let shown = |error: CredentialUnavailable| error.to_string().replace(&path.display().to_string(), "FILE");
    read_password(&path)
        .map(|secret| secret.expose().to_owned())
        .map_err(shown)
}

#[test]
fn one_line_end_is_no_part_of_a_password() {
    for text in ["p a\tss", "p a\tss\n", "p a\tss\r\n"] {
        assert_eq!(password(text.as_bytes()), Ok("p a\tss".to_owned()));
    }
    assert_eq!(password(b"two\n\n"), Ok("two\n".to_owned()));
}

#[test]
fn a_file_without_a_password_is_an_error() {
    assert_eq!(password(b""), Err("the password file FILE is empty".to_owned()));
    assert_eq!(password(b"\r\n"), Err("the password file FILE is empty".to_owned()));
    assert_eq!(
        password(b"\xff"),
        Err("the password file FILE is no UTF-8 text".to_owned())
    );
    assert_eq!(
        password(&[b'a'; 65_537]),
        Err("the password file FILE is larger than 64 KiB".to_owned())
    );
    assert!(password(&[b'a'; 65_536]).is_ok());
}

/// The candidates for `r.io/team/app`, one a line, and then what is skipped; secrets are left to other tests.
async fn found(configured: Option<&ConfiguredCredentials>, file: &DockerConfigFile, allowed: &[&str]) -> String {
    let repository = Repository::parse("r.io/team/app").expect("a repository");
    let helpers = Helpers::new(HelperConfig {
        allowed: allowed.iter().map(|name| (*name).to_owned()).collect(),
        ..HelperConfig::default()
    });
    let found = candidates(&repository, configured, Some(file), &helpers).await;
    let (DockerConfigFile::Named(path) | DockerConfigFile::Usual(path)) = file;
    let folder = path.parent().expect("a folder").display().to_string();
    let line = |candidate: &Candidate| match candidate {
        Candidate::Known(identity) => format!("{}\n", identity.source),
        Candidate::Helper(name) => format!("helper {name}\n"),
        Candidate::Cloud => "cloud\n".to_owned(),
    };
    let mut text: String = found.list.iter().map(line).collect();
    for Passed { code, name, reason } in &found.skipped {
        text.push_str(&format!("skipped {code}, {name}: {reason}\n"));
    }
    for error in &found.broken {
        text.push_str(&format!("broken: {}\n", chain(error)));
    }
    text.replace(&folder, "FOLDER")
}

/// The same, with this Docker config.
async fn of_file(text: &str, allowed: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.json");
    std::fs::write(&path, text).expect("a file");
    found(None, &DockerConfigFile::Named(path), allowed).await
}

#[tokio::test]
async fn a_helper_is_tried_only_if_the_configuration_names_it() {
    let file = r#"{"credHelpers": {"r.io": "ecr-login"}, "credsStore": "desktop",
                   "auths": {"r.io/team": {"auth": "dTpw"}, "r.io": {}, "other.io": {}}}"#;
    expect![[r#"
        helper ecr-login
        the Docker configuration's entry `r.io/team`
        cloud
        skipped dockerConfig, the Docker configuration's entry `r.io`: the entry holds no credential; correct it in FOLDER/config.json, or log in again
        skipped helper, the credential helper `desktop`: it is not run; add `desktop` to `registries.credentialHelpers` to allow it
    "#]]
    .assert_eq(&of_file(file, &["ecr-login", "gcr"]).await);
    let all = of_file(file, &["desktop", "ecr-login"]).await;
    assert!(
        all.starts_with("helper ecr-login\nthe Docker configuration's entry `r.io/team`\nhelper desktop\ncloud\n"),
        "{all}"
    );
}

#[tokio::test]
async fn a_key_makes_no_line_of_its_own_in_the_log() {
    let long = "x".repeat(10_000);
    let skipped = of_file(&format!(r#"{{"auths": {{"a\nERROR \u001b[31m{long}": {{}}}}}}"#), &[]).await;
    assert!(
        skipped.contains("the Docker configuration's entry `a ERROR [31mx"),
        "{skipped}"
    );
    assert_eq!((skipped.lines().count(), skipped.len() < 1000), (2, true), "{skipped}");
}

#[tokio::test]
async fn of_thousands_of_bad_entries_some_are_named() {
    let entries: Vec<String> = (0..5000).map(|number| format!(r#""!{number}": {{}}"#)).collect();
    let skipped = of_file(&format!(r#"{{"auths": {{{}}}}}"#, entries.join(",")), &[]).await;
    assert_eq!(skipped.lines().count(), 1 + 20 + 1, "{skipped}");
    assert!(
        skipped.ends_with("the Docker config FOLDER/config.json: 4980 more of its entries cannot be used\n"),
        "{skipped}"
    );
}

#[tokio::test]
async fn one_bad_source_never_spoils_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let (password_file, config) = (folder.path().join("password"), folder.path().join("config.json"));
    let configured = ConfiguredCredentials {
        username: "ci".to_owned(),
        password_file: password_file.clone(),
    };
    let file = DockerConfigFile::Named(config.clone());
    std::fs::write(&config, r#"{"auths": {"r.io": {"auth": "dTpw"}}}"#).expect("a file");
    expect![[r#"
        the Docker configuration's entry `r.io`
        cloud
        skipped configured, the configuration of `r.io`: the password file FOLDER/password cannot be read: No such file or directory (os error 2)
        broken: the password file FOLDER/password cannot be read: No such file or directory (os error 2)
    "#]]
    .assert_eq(&found(Some(&configured), &file, &[]).await);
    std::fs::write(&password_file, "p").expect("a file");
    std::fs::write(&config, "{").expect("a file");
    expect![[r#"
        the configuration of `r.io`
        cloud
        skipped dockerConfig, the Docker config FOLDER/config.json: failed to read the Docker config FOLDER/config.json: it is no JSON (line 1, column 1)
        broken: its credentials are not known: failed to read the Docker config FOLDER/config.json: it is no JSON (line 1, column 1)
    "#]]
    .assert_eq(&found(Some(&configured), &file, &[]).await);
    std::fs::remove_file(&config).expect("it is there");
    let missing = found(Some(&configured), &file, &[]).await;
    assert!(missing.contains("broken: its credentials are not known"), "{missing}");
    let usual = found(Some(&configured), &DockerConfigFile::Usual(config), &[]).await;
    assert_eq!(
        usual, "the configuration of `r.io`\ncloud\n",
        "where one usually is, none need be"
    );
}
