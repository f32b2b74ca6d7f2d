use super::*;
use crate::ask;

fn ask(recorder: &Recorder, path: &str, headers: &[&str]) -> String {
    ask::get(recorder.host().parse().unwrap(), None, path, headers).unwrap()
}

#[test]
fn a_credential_is_seen_wherever_it_stands() {
    let encoded = STANDARD.encode("alice:s3cret");
    for (path, header) in [
        ("/", format!("authorization: Basic {encoded}")),
        ("/", "x-anything: s3cret".to_owned()),
        ("/token?password=s3cret", "accept: */*".to_owned()),
        ("/token?password=%73%33cret", "accept: */*".to_owned()),
        ("/", format!("x-anything: {}", STANDARD.encode("s3cret"))),
        ("/", "cookie: session=1".to_owned()),
    ] {
        let recorder = Recorder::start("127.0.0.2").unwrap();
        ask(&recorder, path, &[&header]);
        assert!(!recorder.leaks(&["alice:s3cret"]).is_empty(), "{path} {header}");
    }
}

#[test]
fn what_carries_none_leaks_nothing() {
    let recorder = Recorder::start("127.0.0.2").unwrap();
    recorder.answer(Answer::challenge(r#"Bearer realm="http://127.0.0.2/token""#));
    let answer = ask(&recorder, "/v2/?n=1", &["accept: */*"]);
    assert_eq!(ask::status(&answer), 401);
    recorder.assert_saw_no_credential(&["alice:s3cret"]);
    assert_eq!(recorder.connections(), 1);
    let seen = recorder.seen();
    assert_eq!(
        (seen.len(), seen[0].target().as_str(), seen[0].header("accept")),
        (1, "/v2/?n=1", Some("*/*"))
    );
}

#[test]
fn a_secret_in_what_is_no_request_is_seen_too() {
    use std::io::Write;
    let recorder = Recorder::start("127.0.0.3").unwrap();
    let mut stream = std::net::TcpStream::connect(recorder.host()).unwrap();
    stream.write_all(b"s3cret\r\n\r\n").unwrap();
    crate::process::wait_for("the bytes", || (!recorder.leaks(&["s3cret"]).is_empty()).then_some(())).unwrap();
}

#[test]
fn it_sees_through_tls() {
    let ca = Ca::new().unwrap();
    let recorder = Recorder::start_tls("127.0.0.2", &ca).unwrap();
    ask::get(
        recorder.host().parse().unwrap(),
        Some(&ca),
        "/",
        &["authorization: Bearer abc"],
    )
    .unwrap();
    assert_eq!(recorder.leaks(&[]), ["GET /: the header `authorization`"]);
}
