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
fn metadata_and_agents_are_asked_without_a_proxy_and_so_is_all_that_is_plain() {
    let near = |url: &str| is_near(&Url::parse(url).expect("an address"));
    for url in [
        "http://169.254.169.254/latest/api/token",
        "http://169.254.170.2/v2/credentials",
        "http://169.254.170.23/v1/credentials",
        "http://[fd00:ec2::254]/latest/api/token",
        "http://[fd00:ec2::23]/v1/credentials",
        "http://127.0.0.1:4566/",
        "http://localhost:4566/",
        "http://10.0.0.1/",
        "https://127.0.0.1:4566/",
        "https://localhost:4566/",
        "https://169.254.170.23/",
    ] {
        assert!(near(url), "{url}");
    }
    for url in [
        "https://api.ecr.eu-west-1.amazonaws.com/",
        "https://localhost.example.com/",
        "https://10.0.0.1/",
        "https://169.254.169.253/",
        "https://[fd00:ec3::254]/",
    ] {
        assert!(!near(url), "{url}");
    }
}

/// Why a question to this place is not even sent.
async fn refused(url: &str) -> String {
    let mut request = HttpRequest::new("".into());
    request.set_uri(url).expect("an address");
    let wire = Wire::new(None);
    let error = wire.ask(request, Duration::from_secs(1)).await.expect_err("no answer");
    transport::chain(&error).to_string()
}

#[tokio::test]
async fn plain_http_goes_to_what_aws_puts_beside_a_machine_and_nowhere_else() {
    for url in [
        "http://10.0.0.1/credentials",
        "http://192.0.2.1:4566/",
        "http://169.254.169.253/",
        "http://169.254.170.3/",
        "http://[fd00:ec2::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://0.0.0.0/",
    ] {
        let error = refused(url).await;
        assert!(
            error.ends_with("beside it, and only those may be connected to here"),
            "{url}: {error}"
        );
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
    let wire = Wire::new(None);
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
    let wire = Wire::new(None);
    for _ in 0..10 * REMEMBERED {
        wire.remember(&asked(&[("authorization", "AWS4 x")], ""));
    }
    assert_eq!(wire.sent.lock().expect("no test panics with it").len(), REMEMBERED);
}
