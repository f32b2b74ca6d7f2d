use std::time::Duration;

use axum::body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use expect_test::expect;
use serde_json::Value;

use super::{check, send};
use crate::{Action, Authentication, Credential, Manners, Registry, RequestKind, Rights, TokenService, Users};

fn basic(user: &str, password: &str) -> String {
    format!("authorization: Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// Asks for a token as `credential` would.
async fn token(registry: &Registry, scope: &str, credential: &str) -> String {
    let response = send(
        registry,
        &format!("GET /token?service=registry.test&scope={scope}\n{credential}"),
        "",
    )
    .await;
    let body = body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    format!("authorization: Bearer {}", body["token"].as_str().unwrap_or("none"))
}

fn users() -> Users {
    Users::new()
        .with("ci", "s3cret", Rights::pull("acme/*").and("acme/api", &[Action::Push]))
        .with_anonymous(Rights::pull("public/*"))
}

#[tokio::test]
async fn basic_asks_for_the_right_password_and_the_right_to_it() {
    let registry = Registry::new();
    registry.push_tag("acme/api", "1.0");
    registry.push_tag("other/api", "1.0");
    registry.push_tag("public/api", "1.0");
    registry.set_authentication(Authentication::basic(users()));
    let list = |name: &str, credential: &str| format!("GET /v2/{name}/tags/list\n{credential}");
    for (name, credential, status) in [
        ("acme/api", String::new(), 401),
        ("acme/api", basic("ci", "wrong"), 401),
        ("acme/api", basic("ci", "s3cret"), 200),
        ("other/api", basic("ci", "s3cret"), 403),
        ("public/api", String::new(), 200),
    ] {
        assert_eq!(
            send(&registry, &list(name, &credential), "").await.status(),
            status,
            "{name} {credential}"
        );
    }
    check(
        &registry,
        "GET /v2/",
        &expect![[r#"
        401
        content-type: application/json
        www-authenticate: Basic realm="registry.test"
        {"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}
    "#]],
    )
    .await;
    let seen: Vec<_> = registry.requests().iter().map(|request| request.user.clone()).collect();
    expect![[r#"[None, None, Some("ci"), Some("ci"), None, None]"#]].assert_eq(&format!("{seen:?}"));
}

#[tokio::test]
async fn a_token_opens_what_was_asked_for_and_may_be_had() {
    let registry = Registry::new();
    registry.push_tag("acme/api", "1.0");
    registry.push_tag("acme/web", "1.0");
    registry.set_authentication(Authentication::bearer(users()));
    check(&registry, "GET /v2/acme/api/tags/list", &expect![[r#"
        401
        content-type: application/json
        www-authenticate: Bearer realm="http://registry.test/token",service="registry.test",scope="repository:acme/api:pull"
        {"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}
    "#]]).await;
    let bearer = token(&registry, "repository:acme/api:pull", &basic("ci", "s3cret")).await;
    let list = |name: &str, credential: &str| format!("GET /v2/{name}/tags/list\n{credential}");
    assert_eq!(send(&registry, &list("acme/api", &bearer), "").await.status(), 200);
    check(&registry, &list("acme/web", &bearer), &expect![[r#"
        401
        content-type: application/json
        www-authenticate: Bearer realm="http://registry.test/token",service="registry.test",scope="repository:acme/web:pull",error="insufficient_scope"
        {"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}
    "#]]).await;
    let anonymous = token(&registry, "repository:acme/api:pull", "").await;
    assert_eq!(send(&registry, &list("acme/api", &anonymous), "").await.status(), 401);
    let kinds: Vec<_> = registry
        .requests()
        .iter()
        .map(|r| (r.kind, r.credential, r.user.clone(), r.status))
        .collect();
    assert_eq!(
        kinds[2],
        (RequestKind::TagList, Credential::Bearer, Some("ci".to_owned()), 200)
    );
    assert_eq!(registry.requests().count(RequestKind::Token), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_ends_with_its_life_or_when_revoked() {
    let registry = Registry::new();
    registry.push_tag("acme/api", "1.0");
    let service = TokenService {
        lifetime: Duration::from_secs(60),
        ..TokenService::new(users())
    };
    registry.set_authentication(Authentication::Bearer(service));
    let credential = basic("ci", "s3cret");
    let fresh = || token(&registry, "repository:acme/api:pull", &credential);
    let list = |bearer: &str| format!("GET /v2/acme/api/tags/list\n{bearer}");
    let bearer = fresh().await;
    tokio::time::advance(Duration::from_secs(59)).await;
    assert_eq!(send(&registry, &list(&bearer), "").await.status(), 200);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(send(&registry, &list(&bearer), "").await.status(), 401);
    let bearer = fresh().await;
    registry.revoke_tokens();
    assert_eq!(send(&registry, &list(&bearer), "").await.status(), 401);
}

#[tokio::test]
async fn gitea_offers_two_ways_in_and_takes_both() {
    let registry = Registry::new();
    registry.push_tag("acme/api", "1.0");
    registry.set_authentication(Authentication::bearer(users()));
    registry.set_manners(Manners::gitea());
    check(
        &registry,
        "GET /v2/acme/api/tags/list",
        &expect![[r#"
        401
        content-type: application/json
        www-authenticate: Bearer realm="http://registry.test/token",service="registry.test",scope="*"
        www-authenticate: Basic realm="registry.test"
        {"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}
    "#]],
    )
    .await;
    let bearer = token(&registry, "*", &basic("ci", "s3cret")).await;
    for credential in [bearer, basic("ci", "s3cret")] {
        let list = format!("GET /v2/acme/api/tags/list\n{credential}");
        assert_eq!(send(&registry, &list, "").await.status(), 200);
    }
}

#[tokio::test]
async fn a_blob_is_mounted_only_from_where_it_may_be_read() {
    let registry = Registry::new();
    let layer = registry.push_tag("acme/web", "1.0");
    let layer = registry.manifest("acme/web", &layer).unwrap().bytes;
    let layer: Value = serde_json::from_slice(&layer).unwrap();
    let layer = layer["layers"][0]["digest"].as_str().unwrap();
    registry.push_tag("other/web", "1.0");
    registry.set_authentication(Authentication::basic(users()));
    for (from, status) in [("acme/web", 201), ("other/web", 202)] {
        let mount = format!(
            "POST /v2/acme/api/blobs/uploads/?mount={layer}&from={from}\n{}",
            basic("ci", "s3cret")
        );
        assert_eq!(send(&registry, &mount, "").await.status(), status, "{from}");
    }
}

#[tokio::test]
async fn a_token_may_be_good_for_so_many_requests() {
    let registry = Registry::new();
    registry.push_tag("acme/api", "1.0");
    let uses = Some(2);
    registry.set_authentication(Authentication::Bearer(TokenService {
        uses,
        ..TokenService::new(users())
    }));
    let bearer = token(&registry, "repository:acme/api:pull", &basic("ci", "s3cret")).await;
    for status in [200, 200, 401, 401] {
        let list = format!("GET /v2/acme/api/tags/list\n{bearer}");
        assert_eq!(send(&registry, &list, "").await.status(), status);
    }
}
