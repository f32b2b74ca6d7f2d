use expect_test::expect;

use super::*;

const TLS: Manner = Manner {
    plain_http: false,
    plain_http_credentials: false,
};
const PLAIN: Manner = Manner {
    plain_http: true,
    plain_http_credentials: true,
};
const PLAIN_WITHOUT_CREDENTIALS: Manner = Manner {
    plain_http: true,
    plain_http_credentials: false,
};

fn servers(registry: &str, manner: Manner, named: &[(&str, Option<Manner>)]) -> TokenServers {
    let origin = Authority::parse(registry).expect("a registry").origin(manner.scheme());
    let named: Vec<_> = named
        .iter()
        .map(|(host, manner)| (Authority::parse(host).expect("a host"), *manner))
        .collect();
    TokenServers::new(&origin, manner, &named)
}

#[track_caller]
fn allowed(servers: &TokenServers, realm: &str) -> bool {
    match servers.decide(realm) {
        Ok(found) => {
            assert_eq!(found.url, Url::parse(realm).expect("a URL"));
            found.credentials
        }
        Err(error) => panic!("{realm}: {error}"),
    }
}

#[track_caller]
fn refused(servers: &TokenServers, realm: &str) {
    assert!(servers.decide(realm).is_err(), "{realm} must be refused");
}

#[test]
fn a_registry_may_name_itself() {
    let tls = servers("reg.example.com:5000", TLS, &[]);
    assert!(allowed(&tls, "https://reg.example.com:5000/token"));
    assert!(allowed(&tls, "HTTPS://REG.Example.com:5000/token?scope=keep"));
    let default_port = servers("reg.example.com", TLS, &[]);
    assert!(allowed(&default_port, "https://reg.example.com/auth"));
    assert!(allowed(&default_port, "https://reg.example.com:443/auth"));
    let plain = servers("127.0.0.1:5000", PLAIN, &[]);
    assert!(allowed(&plain, "http://127.0.0.1:5000/token"));
    assert!(allowed(&plain, "https://127.0.0.1:5000/token"));
}

#[test]
fn forty_other_realms_are_refused() {
    let tls = servers("reg.example.com:5000", TLS, &[]);
    for realm in [
        "https://evil.example/token",
        "https://reg.example.com/token",
        "https://reg.example.com:443/token",
        "https://reg.example.com:5001/token",
        "https://reg.example.com:50000/token",
        "http://reg.example.com:5000/token",
        "http://reg.example.com/token",
        "https://auth.reg.example.com:5000/token",
        "https://example.com:5000/token",
        "https://reg.example.com.evil.example:5000/token",
        "https://reg.example.com@evil.example/token",
        "https://reg.example.com:5000@evil.example/token",
        "https://reg.example.com%3A5000@evil.example/token",
        "https://user@reg.example.com:5000/token",
        "https://user:password@reg.example.com:5000/token",
        "https://@reg.example.com:5000/token",
        "https://evil.example#@reg.example.com:5000/token",
        "https://evil.example?@reg.example.com:5000/token",
        "https://evil.example/@reg.example.com:5000/token",
        r"https://evil.example\@reg.example.com:5000/token",
        r"https://reg.example.com:5000\@evil.example/token",
        r"https:\\reg.example.com:5000/token",
        "https:reg.example.com:5000/token",
        "https:///reg.example.com:5000/token",
        "//reg.example.com:5000/token",
        "/token",
        "token",
        "",
        " https://reg.example.com:5000/token",
        "https://reg.example.com:5000/token ",
        "https://reg.example.com :5000/token",
        "https://reg.example.com\t:5000/token",
        "https://reg.example.com:05000/token",
        "https://reg.example.com:/token",
        "https://reg%2eexample.com:5000/token",
        "ftp://reg.example.com:5000/token",
        "file:///etc/passwd",
        "gopher://reg.example.com:5000/",
        "javascript:alert(1)",
        "data:,x",
        "https://127.0.0.1:5000/token",
        "https://0x7f.1:5000/token",
        "https://2130706433:5000/token",
        "https://[::1]:5000/token",
        "https://169.254.169.254/token",
        "https://localhost:5000/token",
        "https://rég.example.com:5000/token",
        "https://",
        "https://:5000/token",
    ] {
        refused(&tls, realm);
    }
}

#[test]
fn plain_registries_name_only_their_own_port() {
    let plain = servers("127.0.0.1:5000", PLAIN, &[]);
    for realm in [
        "http://127.0.0.1:5001/token",
        "http://127.0.0.1/token",
        "http://127.0.0.2:5000/token",
        "http://localhost:5000/token",
        "http://127.1:5000/token",
        "http://0x7f000001:5000/token",
        "http://[::ffff:127.0.0.1]:5000/token",
        "http://127.0.0.1:5000@127.0.0.2:5000/token",
    ] {
        refused(&plain, realm);
    }
}

#[test]
fn named_hosts_are_asked_as_the_registry_is() {
    let tls = servers(
        "reg.example.com",
        TLS,
        &[("auth.example.com", None), ("auth.example.com:8443", None)],
    );
    assert!(allowed(&tls, "https://auth.example.com/token"));
    assert!(allowed(&tls, "https://auth.example.com:8443/token"));
    refused(&tls, "http://auth.example.com/token");
    refused(&tls, "https://auth.example.com:8444/token");
    refused(&tls, "https://sub.auth.example.com/token");
    let plain = servers("reg.example.com", PLAIN, &[("auth.example.com:5001", None)]);
    assert!(allowed(&plain, "http://auth.example.com:5001/token"));
    assert!(allowed(&plain, "https://auth.example.com:5001/token"));
}

#[test]
fn named_hosts_with_an_entry_are_asked_as_it_says() {
    let tls = servers("reg.example.com", TLS, &[("auth.example.com", Some(PLAIN))]);
    assert!(allowed(&tls, "http://auth.example.com/token"));
    let plain = servers("reg.example.com", PLAIN, &[("auth.example.com", Some(TLS))]);
    refused(&plain, "http://auth.example.com/token");
    assert!(allowed(&plain, "https://auth.example.com/token"));
}

#[test]
fn credentials_without_tls_need_their_own_word() {
    let plain = servers("127.0.0.1:5000", PLAIN_WITHOUT_CREDENTIALS, &[("127.0.0.1:5001", None)]);
    assert!(!allowed(&plain, "http://127.0.0.1:5000/token"));
    assert!(!allowed(&plain, "http://127.0.0.1:5001/token"));
    assert!(allowed(&plain, "https://127.0.0.1:5001/token"));
}

#[test]
fn documented_pairs_are_built_in() {
    for (registry, realm) in [
        ("registry-1.docker.io", "https://auth.docker.io/token"),
        ("registry.gitlab.com", "https://gitlab.com/jwt/auth"),
        ("docker.elastic.co", "https://docker-auth.elastic.co/auth"),
        (
            "registry.digitalocean.com",
            "https://api.digitalocean.com/v2/registry/auth",
        ),
        ("ghcr.io", "https://ghcr.io/token"),
        ("quay.io", "https://quay.io/v2/auth"),
    ] {
        assert!(allowed(&servers(registry, TLS, &[]), realm));
    }
    let hub = servers("registry-1.docker.io", TLS, &[]);
    refused(&hub, "http://auth.docker.io/token");
    refused(&hub, "https://auth.docker.io:8443/token");
    refused(&hub, "https://auth.docker.io.evil.example/token");
    refused(
        &servers("registry-1.docker.io:5000", TLS, &[]),
        "https://auth.docker.io/token",
    );
    refused(&servers("evil.example", TLS, &[]), "https://auth.docker.io/token");
    refused(
        &servers("registry-1.docker.io", PLAIN, &[]),
        "https://auth.docker.io/token",
    );
}

#[test]
fn a_refusal_says_what_to_write() {
    let tls = servers("reg.example.com", TLS, &[]);
    let words = |realm| tls.decide(realm).expect_err("refused").to_string();
    expect![[r#"`https://reg.example.com` sends its clients for a token to `https://auth.example.net:8443/token`, which is not asked: it is another host or port, and the registry's credentials are for the registry alone; if this is its token server, add `tokenHosts: ["auth.example.net:8443"]` to the registry's entry in `registries.hosts`"#]]
        .assert_eq(&words("https://auth.example.net:8443/token?key=hunter2"));
    let plain = servers("127.0.0.1:5000", PLAIN, &[]);
    let error = plain.decide("http://127.0.0.1:5001/token").expect_err("refused");
    assert!(
        error.to_string().contains(r#"add `tokenHosts: ["127.0.0.1:5001"]` to"#),
        "{error}"
    );
    assert_eq!(error.entry(), "127.0.0.1:5001");
    expect![[r#"`https://reg.example.com` sends its clients for a token to `http://reg.example.com/token`, which is not asked: it is plain HTTP, and this host is asked over TLS only"#]]
        .assert_eq(&words("http://reg.example.com/token"));
    expect![[r#"`https://reg.example.com` sends its clients for a token to `https://[user]@reg.example.com/token`, which is not asked: it carries a user name or password"#]]
        .assert_eq(&words("https://ci:hunter2@reg.example.com/token"));
    expect![[r#"`https://reg.example.com` sends its clients for a token to `file:///etc/passwd`, which is not asked: it begins with neither `https://` nor `http://`"#]]
        .assert_eq(&words("file:///etc/passwd"));
}

#[test]
fn a_refusal_shows_no_user_however_the_realm_is_written() {
    let tls = servers("reg.example.com", TLS, &[]);
    let long = format!("https://ci:{}@reg.example.com/token", "hunter2".repeat(40));
    for realm in ["a: https://ci:hunter2@reg.example.com", "x: //hunter2@r", &long] {
        let error = tls.decide(realm).expect_err("refused");
        assert!(!error.to_string().contains("hunter2"), "{error}");
        assert!(!error.entry().contains("hunter2"), "{}", error.entry());
    }
}
