use super::*;

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

#[tokio::test]
async fn a_helper_alone_leaves_the_request_anonymous() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.json");
    std::fs::write(&path, r#"{"credsStore": "desktop", "auths": {"r.io": {}}}"#).expect("a file");
    let repository = Repository::parse("r.io/app").expect("a repository");
    let found = identities(
        &repository,
        None,
        Some(&DockerConfigFile::Named(path)),
        &Clouds::default(),
    )
    .await
    .expect("readable");
    let sources: Vec<_> = found.into_iter().map(|identity| identity.source).collect();
    assert_eq!(sources, [CredentialSource::Anonymous]);
}

#[tokio::test]
async fn the_configured_credential_goes_first_and_stands_alone_beside_a_broken_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (password_file, config) = (folder.path().join("password"), folder.path().join("config.json"));
    std::fs::write(&password_file, "p").expect("a file");
    std::fs::write(&config, r#"{"auths": {"r.io": {"auth": "dTpw"}}}"#).expect("a file");
    let repository = Repository::parse("r.io/app").expect("a repository");
    let configured = ConfiguredCredentials {
        username: "ci".to_owned(),
        password_file,
    };
    let file = DockerConfigFile::Named(config.clone());
    let names = async || {
        let found = identities(&repository, Some(&configured), Some(&file), &Clouds::default())
            .await
            .expect("readable");
        found
            .into_iter()
            .map(|identity| identity.source.code())
            .collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["configured", "dockerConfig"]);
    std::fs::write(&config, "{").expect("a file");
    assert_eq!(names().await, ["configured"]);
}
