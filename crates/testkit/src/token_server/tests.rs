use memory_registry::Rights;

use super::*;
use crate::ask;

fn claims(server: &TokenServer, query: &str, headers: &[&str]) -> Option<Value> {
    let answer = ask::get(
        server.host().parse().unwrap(),
        None,
        &format!("/token?{query}"),
        headers,
    )
    .unwrap();
    let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).ok()?;
    let token = body["token"].as_str()?.to_owned();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(token.split('.').nth(1)?)
        .ok()?;
    serde_json::from_slice(&claims).ok()
}

#[test]
fn a_token_holds_what_was_asked_for_and_may_be_had() {
    let users = Users::new()
        .with("alice", "s3cret", Rights::pull("priv/*"))
        .with_anonymous(Rights::pull("public/*"));
    let server = TokenServer::start(users, Duration::from_secs(60)).unwrap();
    let query = "service=registry.test&scope=repository:priv/app:pull,push&scope=repository:public/app:pull";
    let alice = format!("authorization: Basic {}", STANDARD.encode("alice:s3cret"));
    let access = |headers: &[&str]| claims(&server, query, headers).map(|claims| claims["access"].to_string());
    assert_eq!(
        access(&[&alice]).unwrap(),
        r#"[{"type":"repository","name":"priv/app","actions":["pull"]},{"type":"repository","name":"public/app","actions":[]}]"#
    );
    assert_eq!(
        access(&[]).unwrap(),
        r#"[{"type":"repository","name":"priv/app","actions":[]},{"type":"repository","name":"public/app","actions":["pull"]}]"#
    );
    let wrong = format!("authorization: Basic {}", STANDARD.encode("alice:guess"));
    assert_eq!(access(&[&wrong]), None);
    assert_eq!(server.seen().len(), 3);
}
