use expect_test::{Expect, expect};

use super::*;

/// The head that matters and the body of a list.
fn list(registry: &GoRegistry, query: &str) -> String {
    let answer = ask::get(registry.address(), None, &format!("/v2/team/app/tags/list{query}"), &[]).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let shown = head
        .lines()
        .filter(|line| line.starts_with("Link:") || line.starts_with("Content-Type:"));
    let shown: Vec<&str> = shown.collect();
    format!("{} {}\n{}", ask::status(&answer), shown.join(" "), body.trim())
}

#[track_caller]
fn check(kind: Kind, expected: &Expect) {
    let registry = GoRegistry::start(kind, &["team/app", "team/web"], &["1.0", "1.1", "1.2", "1.3"]).unwrap();
    let lists = ["", "?n=2", "?n=2&last=1.1", "?n=2&last=1.15"].map(|query| list(&registry, query));
    expected.assert_eq(&(lists.join("\n") + "\n"));
    let requests = registry.requests().unwrap();
    let shown: Vec<String> = requests
        .iter()
        .map(|request| {
            format!(
                "{} {} {} {}",
                request.method, request.target, request.version, request.status
            )
        })
        .collect();
    assert_eq!(shown[1], "GET /v2/team/app/tags/list?n=2 HTTP/1.1 200");
    assert_eq!(shown.len(), 4);
}

#[test]
fn ocimem_pages_with_links() {
    check(
        Kind::Ocimem,
        &expect![[r#"
        200 Content-Type: text/plain; charset=utf-8
        {"name":"team/app","tags":["1.0","1.1","1.2","1.3"]}
        200 Link: </v2/team/app/tags/list?last=1.1&n=2>;rel="next" Content-Type: text/plain; charset=utf-8
        {"name":"team/app","tags":["1.0","1.1"]}
        200 Content-Type: text/plain; charset=utf-8
        {"name":"team/app","tags":["1.2","1.3"]}
        200 Content-Type: text/plain; charset=utf-8
        {"name":"team/app","tags":["1.2","1.3"]}
    "#]],
    );
}

#[test]
fn go_containerregistry_pages_without_links() {
    check(
        Kind::GoContainerRegistry,
        &expect![[r#"
        200 Content-Type: text/plain; charset=utf-8
        {"name":"team/app","tags":["1.0","1.1","1.2","1.3"]}
        200 Content-Type: text/plain; charset=utf-8
        {"name":"team/app","tags":["1.0","1.1"]}
        200 Content-Type: text/plain; charset=utf-8
        {"name":"team/app","tags":["1.2","1.3"]}
        200 Content-Type: text/plain; charset=utf-8
        {"name":"team/app","tags":["1.2","1.3"]}
    "#]],
    );
}
