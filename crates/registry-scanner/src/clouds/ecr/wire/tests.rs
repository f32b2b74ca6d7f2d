use super::*;

fn asked(headers: &[(&'static str, &'static str)], body: &'static str) -> Asked {
    let mut request = HttpRequest::new(body.into());
    request.set_method("POST").expect("a method");
    request
        .set_uri("https://sts.eu-west-1.amazonaws.com/")
        .expect("an address");
    for (name, value) in headers {
        request.headers_mut().insert(*name, *value);
    }
    Asked::read(&request).expect("a request")
}

#[test]
fn metadata_and_agents_are_asked_without_a_proxy_and_nobody_else_is() {
    let near = |url: &str| is_near(&Url::parse(url).expect("an address"));
    for url in [
        "http://169.254.169.254/latest/api/token",
        "http://169.254.170.2/v2/credentials",
        "http://169.254.170.23/v1/credentials",
        "http://[fd00:ec2::254]/latest/api/token",
        "http://127.0.0.1:4566/",
        "http://localhost:4566/",
        "http://[::1]/",
    ] {
        assert!(near(url), "{url}");
    }
    for url in [
        "https://api.ecr.eu-west-1.amazonaws.com/",
        "https://localhost.example.com/",
        "http://10.0.0.1/",
        "http://[fd00:ec3::254]/",
    ] {
        assert!(!near(url), "{url}");
    }
}

#[test]
fn headers_and_body_arrive_as_the_sdk_made_them() {
    let asked = asked(&[("x-amz-target", "T"), ("authorization", "AWS4 x")], "Action=A");
    assert_eq!(asked.method, Method::POST);
    assert_eq!(asked.body, b"Action=A");
    assert_eq!(asked.headers["x-amz-target"], "T");
    assert!(asked.headers["authorization"].is_sensitive());
    assert!(!asked.headers["x-amz-target"].is_sensitive());
}

#[test]
fn what_was_sent_is_taken_out_of_errors() {
    let wire = Wire::new(Wires::new(None));
    wire.remember(&asked(&[("x-amz-security-token", "session-canary")], ""));
    wire.remember(&asked(
        &[],
        "Action=AssumeRoleWithWebIdentity&WebIdentityToken=web%2Bcanary",
    ));
    let shown = wire.redactor().safe_text(b"no session-canary, no web+canary", 100);
    assert_eq!(shown, "no [secret], no [secret]");
}

#[test]
fn only_the_last_secrets_are_remembered() {
    let wire = Wire::new(Wires::new(None));
    for _ in 0..10 * REMEMBERED {
        wire.remember(&asked(&[("authorization", "AWS4 x")], ""));
    }
    assert_eq!(wire.sent.lock().expect("no test panics with it").len(), REMEMBERED);
}
