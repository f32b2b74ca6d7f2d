use expect_test::{Expect, expect};

use super::*;
use crate::ask;

/// The status and body of an answer.
fn ask(registry: &ScriptedRegistry, path: &str) -> String {
    let answer = ask::get(registry.host().parse().unwrap(), None, path, &[]).unwrap();
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    format!("{} {body}", ask::status(&answer))
}

#[test]
fn what_is_said_once_comes_first_and_what_is_said_always_stays() {
    let registry = ScriptedRegistry::start().unwrap();
    registry
        .always("GET /a", Answer::json("always"))
        .then("GET /a", Answer::status(503))
        .then("GET /a", Answer::json("then"));
    registry.always("GET /a?n=1", Answer::json("one"));
    assert_eq!(registry.left(), ["GET /a (2 times)"]);
    assert_eq!(
        ["/a", "/a?n=2", "/a", "/a?n=1"].map(|path| ask(&registry, path)),
        ["503 ", "200 then", "200 always", "200 one"]
    );
    assert_eq!(ask(&registry, "/b"), "404 ");
    assert_eq!(registry.seen().len(), 5);
}

#[test]
#[should_panic(expected = "the script was not used up")]
fn a_script_must_be_used_up() {
    ScriptedRegistry::start().unwrap().then("GET /a", Answer::status(200));
}

#[test]
fn connections_can_be_dropped_and_answers_cut() {
    let registry = ScriptedRegistry::start().unwrap();
    registry.always("GET /drop", Answer::drop_connection());
    registry.always("GET /cut", Answer::json("0123456789").cut_after(4));
    registry.always(
        "GET /drip",
        Answer::json("0123456789").dripping(3, std::time::Duration::from_millis(1)),
    );
    let dropped = ask::get(registry.host().parse().unwrap(), None, "/drop", &[]);
    assert!(dropped.is_err() || dropped.is_ok_and(|answer| answer.is_empty()));
    let cut = ask::get(registry.host().parse().unwrap(), None, "/cut", &[]).unwrap();
    assert!(
        cut.contains("content-length: 10") && cut.ends_with("\r\n\r\n0123"),
        "{cut}"
    );
    assert_eq!(ask(&registry, "/drip"), "200 0123456789");
}

#[test]
fn a_connection_can_be_reset() {
    use std::io::{Read, Write};
    let registry = ScriptedRegistry::start().unwrap();
    registry.always("GET /reset", Answer::reset());
    let mut stream = std::net::TcpStream::connect(registry.host()).unwrap();
    stream.write_all(b"GET /reset HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    let error = stream.read_to_end(&mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[test]
fn a_certificate_can_be_changed() {
    let (ca, other) = (Ca::new().unwrap(), Ca::new().unwrap());
    let registry = ScriptedRegistry::start_tls(&ca).unwrap();
    let trusts = |ca: &Ca| ask::get(registry.host().parse().unwrap(), Some(ca), "/", &[]).is_ok();
    assert!(trusts(&ca) && !trusts(&other));
    registry.change_certificate(&other).unwrap();
    assert!(trusts(&other) && !trusts(&ca));
    registry.change_certificate(&ca).unwrap();
    assert!(trusts(&ca));
}

fn check(list: TagList, first: &Expect, second: &Expect) {
    let behind = Registry::new();
    behind.push_tags("acme/api", ["1.0", "1.1", "1.10", "1.2"]);
    let registry = ScriptedRegistry::listen("127.0.0.1", None, Some(&behind)).unwrap();
    registry.tag_list("acme/api", list);
    first.assert_eq(&ask(&registry, "/v2/acme/api/tags/list"));
    second.assert_eq(&ask(&registry, "/v2/acme/api/tags/list?last=1.2"));
    assert_eq!(
        ask(&registry, "/v2/acme/api/manifests/1.2").split_once(' ').unwrap().0,
        "200"
    );
}

#[test]
fn lists_of_tags_go_bad_in_every_way() {
    check(
        TagList::Good,
        &expect![[r#"200 {"name":"acme/api","tags":["1.0","1.1","1.10","1.2"]}"#]],
        &expect![[r#"200 {"name":"acme/api","tags":[]}"#]],
    );
    check(
        TagList::Empty,
        &expect![[r#"200 {"name":"acme/api","tags":[]}"#]],
        &expect![[r#"200 {"name":"acme/api","tags":[]}"#]],
    );
    check(
        TagList::Null,
        &expect![[r#"200 {"name":"acme/api","tags":null}"#]],
        &expect![[r#"200 {"name":"acme/api","tags":null}"#]],
    );
    check(
        TagList::Html,
        &expect!["200 <!doctype html><title>Sign in</title><p>Please sign in."],
        &expect!["200 <!doctype html><title>Sign in</title><p>Please sign in."],
    );
    check(
        TagList::CutAtPageTwo,
        &expect![[r#"200 {"name":"acme/api","tags":["1.10","1.2"]}"#]],
        &expect![[r#"200 {"name":"acme/api","tags""#]],
    );
    check(
        TagList::Newest(3),
        &expect![[r#"200 {"name":"acme/api","tags":["1.1","1.10","1.2"]}"#]],
        &expect![[r#"200 {"name":"acme/api","tags":["1.1","1.10","1.2"]}"#]],
    );
    check(
        TagList::Without("1.1".to_owned()),
        &expect![[r#"200 {"name":"acme/api","tags":["1.0","1.10","1.2"]}"#]],
        &expect![[r#"200 {"name":"acme/api","tags":["1.0","1.10","1.2"]}"#]],
    );
    check(
        TagList::Only(vec!["9.9".to_owned()]),
        &expect![[r#"200 {"name":"acme/api","tags":["9.9"]}"#]],
        &expect![[r#"200 {"name":"acme/api","tags":["9.9"]}"#]],
    );
    check(TagList::Answer(500), &expect!["500 "], &expect!["500 "]);
}
