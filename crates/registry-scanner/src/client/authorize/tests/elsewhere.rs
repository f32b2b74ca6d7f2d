//! Servers that a registry leads to, and that it should not have led to.

use transport::Authority;

use super::*;

/// A registry that names `realm` and would take any token; asked by `ci`, whose credential must reach nobody.
async fn misled(realm: &str, token_hosts: &[&str]) -> (Fake, Result<crate::Listing, crate::ScanError>) {
    let files = Files::new();
    let named = realm.to_owned();
    let server = Fake::start(move |asked, _| match asked.authorization() {
        Some(value) if value.starts_with("Bearer") => ok(page(&["1.0"])),
        _ => bearer(&named.replace("SELF", asked.header("host").expect("a host"))),
    })
    .await;
    let entry = HostConfig {
        credentials: Some(files.ci()),
        token_hosts: token_hosts
            .iter()
            .map(|host| Authority::parse(host).expect("a host"))
            .collect(),
        ..server.entry()
    };
    let result = scanner([entry]).tags(&server.repository("team/app")).await;
    (server, result)
}

#[tokio::test]
async fn the_recorder_sees_a_credential_where_one_belongs() {
    let recorder = Fake::start(|_, _| token("good")).await;
    let (_, result) = misled(&recorder.url("/token"), &[&recorder.host()]).await;
    result.expect("a list");
    assert_eq!(recorder.log()[0].authorization(), Some(CI));
}

#[tokio::test]
async fn no_realm_elsewhere_is_ever_asked() {
    let recorder = Fake::start(|_, _| token("good")).await;
    let (host, port) = (recorder.host(), recorder.port());
    let realms = [
        format!("http://{host}/token"),
        format!("HTTP://{host}/token"),
        format!("https://{host}/token"),
        format!("http://{host}"),
        format!("http://{host}?scope=x"),
        format!("http://SELF@{host}/token"),
        format!("http://ci:hunter2@{host}/token"),
        format!("http://@{host}/token"),
        format!("http://{host}#@SELF/token"),
        format!("http://{host}?@SELF/token"),
        format!("http://{host}/@SELF/token"),
        format!(r"http://{host}\@SELF/token"),
        format!(r"http:\\{host}/token"),
        format!("http:{host}/token"),
        format!("http:/{host}/token"),
        format!("http:///{host}/token"),
        format!("//{host}/token"),
        format!("http://localhost:{port}/token"),
        format!("http://LOCALHOST:{port}/token"),
        format!("http://localhost.:{port}/token"),
        format!("http://127.1:{port}/token"),
        format!("http://0x7f.1:{port}/token"),
        format!("http://0x7f000001:{port}/token"),
        format!("http://2130706433:{port}/token"),
        format!("http://017700000001:{port}/token"),
        format!("http://127.0.0.1.:{port}/token"),
        format!("http://0.0.0.0:{port}/token"),
        format!("http://0:{port}/token"),
        format!("http://[::ffff:127.0.0.1]:{port}/token"),
        format!("http://[::1]:{port}/token"),
        format!("http://127.0.0.1:0{port}/token"),
        format!("http://127.0.0.1:{port} /token"),
        format!("http://127.0.0.1\t:{port}/token"),
        format!("http://%31%32%37.0.0.1:{port}/token"),
        format!("http://１２７.0.0.1:{port}/token"),
        format!("http://127。0。0。1:{port}/token"),
        format!("ftp://{host}/token"),
        format!("file://{host}/token"),
        format!("gopher://{host}/token"),
        format!("ws://{host}/token"),
        format!("http://SELF.evil.example@{host}/token"),
        format!("{host}/token"),
        "/token".to_owned(),
        String::new(),
    ];
    for realm in &realms {
        let (server, result) = misled(realm, &[]).await;
        let error = result.expect_err(realm);
        assert!(
            matches!(error.code(), ErrorCode::RealmNotAllowed | ErrorCode::Unauthorized),
            "{realm}: {}",
            chain(&error)
        );
        assert!(
            server.log().iter().all(|asked| asked.authorization() != Some(CI)),
            "{realm}"
        );
    }
    assert!(realms.len() >= 40);
    assert_eq!(recorder.lines(), "", "the recorder was never asked");
}

#[tokio::test]
async fn a_token_server_that_redirects_is_not_followed() {
    let recorder = Fake::start(|_, _| token("good")).await;
    for code in [301, 302, 303, 307, 308] {
        let target = recorder.url("/token");
        let tokens = Fake::start(move |_, _| with(code, &[("location", &target)], "")).await;
        let (server, result) = misled(&tokens.url("/token"), &[&tokens.host()]).await;
        let error = result.expect_err("no token");
        assert_eq!(error.code(), ErrorCode::BadAnswer, "{}", chain(&error));
        assert_eq!(server.log().len(), 1);
        // Not even on the same origin.
        let itself = Fake::start(move |asked, _| match asked.path() {
            "/other" => token("good"),
            _ => with(code, &[("location", "/other")], ""),
        })
        .await;
        let (_, result) = misled(&itself.url("/token"), &[&itself.host()]).await;
        assert!(result.is_err());
        assert_eq!(itself.log().len(), 1);
    }
    assert_eq!(recorder.lines(), "");
}

#[tokio::test]
async fn a_second_challenge_that_works_is_used_where_the_first_leads_astray() {
    let files = Files::new();
    let recorder = Fake::bystander().await;
    let realm = recorder.url("/token");
    let server = Fake::start(move |asked, _| match asked.authorization() {
        Some(CI) => ok(page(&["1.0"])),
        _ => {
            let bearer = format!(r#"Bearer realm="{realm}""#);
            with(
                401,
                &[("www-authenticate", &bearer), ("www-authenticate", "Basic realm=x")],
                "",
            )
        }
    })
    .await;
    scanner([files.entry(&server)])
        .tags(&server.repository("team/app"))
        .await
        .expect("a list");
    assert_eq!(recorder.lines(), "");
}

#[tokio::test]
async fn a_refusal_elsewhere_says_nothing_about_the_registry() {
    let files = Files::new();
    let elsewhere = Fake::start(|asked, _| {
        let host = asked.header("host").expect("a host");
        let bearer = format!(r#"Bearer realm="http://{host}/token",service="test""#);
        with(
            401,
            &[("www-authenticate", &bearer), ("www-authenticate", "Basic realm=x")],
            "",
        )
    })
    .await;
    let blob = elsewhere.url("/blob");
    let registry = Fake::start(move |asked, _| match asked.path() {
        path if path.ends_with("/tags/list") => ok(page(&["1.0"])),
        _ => with(307, &[("location", &blob)], ""),
    })
    .await;
    let scanner = scanner([files.entry(&registry), elsewhere.entry()]);
    let repository = registry.repository("team/app");
    let digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let config = crate::Descriptor {
        media_type: String::new(),
        digest: domain::reference::Digest::parse(digest).expect("a digest"),
        size: 2,
        platform: None,
        attestation: false,
    };
    let error = scanner.config(&repository, &config).await.expect_err("nobody gives it");
    assert_eq!(error.code(), ErrorCode::BadAnswer);
    let words = chain(&error).to_string();
    assert!(
        words.contains("the server that the registry sends for it answered 401"),
        "{words}"
    );
    assert!(!words.contains("tokenHosts"), "{words}");
    scanner.tags(&repository).await.expect("an open list");
    expect![[r#"
        GET /v2/team/app/blobs/sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
        GET /v2/team/app/tags/list?n=1000
        GET /v2/
    "#]]
    .assert_eq(&registry.lines());
    assert_eq!(elsewhere.lines(), "GET /blob\n");
}
