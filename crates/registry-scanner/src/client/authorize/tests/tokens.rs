//! Tokens: for whom they are fetched, how often, and what is made of the answers of token servers.

use super::*;

#[tokio::test]
async fn a_token_is_fetched_once_per_repository_and_then_up_front() {
    let files = Files::new();
    let server = registry_with_tokens().await;
    let scanner = scanner([files.entry(&server)]);
    for repository in ["team/app", "team/app", "team/web"] {
        scanner.tags(&server.repository(repository)).await.expect("a list");
    }
    expect![[r#"
        GET /v2/team/app/tags/list?n=1000
        !GET /token?service=test&scope=repository%3Ateam%2Fapp%3Apull&account=ci
        !GET /v2/team/app/tags/list?n=1000
        !GET /v2/team/app/tags/list?n=1000
        !GET /token?service=test&scope=repository%3Ateam%2Fweb%3Apull&account=ci
        !GET /v2/team/web/tags/list?n=1000
    "#]]
    .assert_eq(&server.lines());
}

#[tokio::test]
async fn many_who_wait_for_one_token_fetch_it_once() {
    let files = Files::new();
    let server = registry_with_tokens().await;
    let scanner = scanner([files.entry(&server)]);
    let repository = server.repository("team/app");
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (scanner, repository) = (scanner.clone(), repository.clone());
        tasks.spawn(async move { scanner.tags(&repository).await.expect("a list") });
    }
    tasks.join_all().await;
    let tokens = server.log().iter().filter(|asked| asked.path() == "/token").count();
    assert_eq!(tokens, 1);
}

#[tokio::test]
async fn the_realms_own_query_is_kept() {
    let server = Fake::start(|asked, _| match asked.path() {
        "/token" => token("good"),
        _ if asked.authorization() == Some("Bearer good") => ok(page(&["1.0"])),
        _ => bearer(&format!(
            "http://{}/token?scope=keep%20me&x",
            asked.header("host").expect("a host")
        )),
    })
    .await;
    server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect("a list");
    assert_eq!(
        server.log()[1].query(),
        "scope=keep%20me&x&service=test&scope=repository%3Ateam%2Fapp%3Apull"
    );
    assert_eq!(server.log()[1].authorization(), None, "nobody asked in anyone's name");
}

#[tokio::test]
async fn a_challenge_cannot_ask_for_more_than_reading() {
    let server = Fake::start(|asked, _| match asked.path() {
        "/token" => token("good"),
        _ if asked.authorization() == Some("Bearer good") => ok(page(&["1.0"])),
        _ => challenge(&format!(
            r#"Bearer realm="http://{}/token",scope="repository:team/app:pull,push,delete repository:b/c:push registry:catalog:* *""#,
            asked.header("host").expect("a host")
        )),
    })
    .await;
    server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect("a list");
    assert_eq!(server.log()[1].query(), "scope=*&scope=repository%3Ateam%2Fapp%3Apull");
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_in_the_middle_of_a_list() {
    let server = Fake::start(|asked, before| match (asked.path(), asked.query()) {
        ("/token", _) => token(&format!("t{before}")),
        (_, "n=1000") if asked.authorization() == Some("Bearer t1") => {
            with(200, &[("link", r#"<?last=1.0>; rel="next""#)], page(&["1.0"]))
        }
        (_, "last=1.0") if asked.authorization() == Some("Bearer t4") => ok(page(&["1.1"])),
        _ => bearer_of_itself(asked),
    })
    .await;
    let listing = server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect("a list");
    assert_eq!(listing.tags.iter().collect::<Vec<&str>>(), ["1.0", "1.1"]);
    expect![[r#"
        GET /v2/team/app/tags/list?n=1000
        GET /token?service=test&scope=repository%3Ateam%2Fapp%3Apull
        !GET /v2/team/app/tags/list?n=1000
        !GET /v2/team/app/tags/list?last=1.0
        GET /token?service=test&scope=repository%3Ateam%2Fapp%3Apull
        !GET /v2/team/app/tags/list?last=1.0
    "#]]
    .assert_eq(&server.lines());
}

#[tokio::test]
async fn a_second_refusal_ends_the_list() {
    let server = Fake::start(|asked, before| match (asked.path(), asked.query()) {
        ("/token", _) => token(&format!("t{before}")),
        (_, "n=1000") if asked.authorization() == Some("Bearer t1") => {
            with(200, &[("link", r#"<?last=1.0>; rel="next""#)], page(&["1.0"]))
        }
        _ => bearer_of_itself(asked),
    })
    .await;
    let error = server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect_err("incomplete");
    assert_eq!(error.code(), ErrorCode::Unauthorized);
    assert_eq!(server.log().len(), 6);
}

#[tokio::test]
async fn tokens_are_kept_apart_by_who_asks() {
    let files = Files::new();
    let server = Fake::start(|asked, before| match asked.path() {
        "/token" => token(&format!("t{before}")),
        _ if asked.authorization().is_some() => ok(page(&["1.0"])),
        _ => bearer_of_itself(asked),
    })
    .await;
    let path = files.write("password", "first");
    let credentials = ConfiguredCredentials {
        username: "ci".to_owned(),
        password_file: path,
    };
    let scanner = scanner([HostConfig {
        credentials: Some(credentials),
        ..server.entry()
    }]);
    let repository = server.repository("team/app");
    scanner.tags(&repository).await.expect("a list");
    files.write("password", "second");
    scanner.tags(&repository).await.expect("a list");
    scanner.tags(&repository).await.expect("a list");
    let users: Vec<String> = server
        .log()
        .iter()
        .filter(|asked| asked.path() == "/token")
        .map(|asked| asked.authorization().expect("a user").to_owned())
        .collect();
    assert_eq!(users, ["Basic Y2k6Zmlyc3Q=", "Basic Y2k6c2Vjb25k"]);
    let last = server
        .log()
        .last()
        .expect("a request")
        .authorization()
        .map(str::to_owned);
    assert_eq!(last.as_deref(), Some("Bearer t3"), "the new token, and not the old one");
}

#[tokio::test]
async fn identity_tokens_are_exchanged_by_post() {
    let files = Files::new();
    let server = Fake::start(|asked, _| match asked.path() {
        "/token" if asked.method == http::Method::POST => ok(r#"{"access_token": "good", "refresh_token": "other"}"#),
        "/token" => status(405),
        _ if asked.authorization() == Some("Bearer good") => ok(page(&["1.0"])),
        _ => bearer_of_itself(asked),
    })
    .await;
    let entries = format!(r#""{}": {{"identitytoken": "r&t"}}"#, server.host());
    let scanner = with_docker_config(&server, docker_config(&files, &entries), None);
    scanner.tags(&server.repository("team/app")).await.expect("a list");
    let exchange = &server.log()[1];
    assert_eq!(exchange.authorization(), None);
    assert_eq!(
        exchange.body,
        "grant_type=refresh_token&service=test&client_id=tidemark&scope=repository%3Ateam%2Fapp%3Apull&refresh_token=r%26t"
    );
}

#[tokio::test]
async fn registry_tokens_go_to_the_registry_alone() {
    let files = Files::new();
    let bystander = Fake::bystander().await;
    let realm = bystander.url("/token");
    let server = Fake::start(move |asked, _| match asked.authorization() {
        Some("Bearer rt") => ok(page(&["1.0"])),
        _ => bearer(&realm),
    })
    .await;
    let entries = format!(r#""{}": {{"registrytoken": "rt"}}"#, server.host());
    let scanner = with_docker_config(&server, docker_config(&files, &entries), None);
    scanner.tags(&server.repository("team/app")).await.expect("a list");
    assert_eq!(bystander.lines(), "");
}

#[tokio::test]
async fn a_refusing_token_server_is_not_passed_by() {
    let files = Files::new();
    let server = Fake::start(|asked, _| match (asked.path(), asked.authorization()) {
        ("/token", Some(_)) => with(401, &[], r#"{"details": "wrong password hunter2, or aHVudGVyMg=="}"#),
        ("/token", None) => token("anonymous"),
        (_, Some("Bearer anonymous")) => ok(page(&["1.0"])),
        _ => bearer_of_itself(asked),
    })
    .await;
    let scanner = scanner([files.entry(&server)]);
    let error = scanner.tags(&server.repository("team/app")).await.expect_err("refused");
    assert_eq!(error.code(), ErrorCode::Unauthorized);
    let words = chain(&error).to_string();
    assert!(!words.contains("hunter2") && !words.contains("aHVudGVy"), "{words}");
    assert_eq!(server.log().len(), 2);
}

#[tokio::test]
async fn hostile_token_answers_are_refused() {
    for body in [
        "<html>".to_owned(),
        "{}".to_owned(),
        r#"{"token": ""}"#.to_owned(),
        r#"{"token": "a\r\nX-Evil: 1"}"#.to_owned(),
        r#"{"token": "a b"}"#.to_owned(),
        r#"{"token": 5}"#.to_owned(),
        format!(r#"{{"token": "{}"}}"#, "a".repeat(70_000)),
        "[".repeat(60_000),
    ] {
        let answer = body.clone();
        let server = Fake::start(move |asked: &Asked, _| match asked.path() {
            "/token" => ok(answer.clone()),
            _ => bearer_of_itself(asked),
        })
        .await;
        let error = server
            .scanner()
            .tags(&server.repository("team/app"))
            .await
            .expect_err("no token");
        assert_eq!(error.code(), ErrorCode::BadAnswer, "{}", chain(&error));
    }
}
