use super::*;

const FROM: &str = "https://reg.example.com:5000/v2/team/app/manifests/1.0";

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

fn go(rule: RedirectRule, from: &str, location: &str) -> Result<Hop, RedirectRefused> {
    let cdn = |origin: &Origin| {
        matches!(
            origin.to_string().as_str(),
            "https://cdn.example.com" | "http://plain.example.com"
        )
    };
    follow(rule, &url(from), location, &[url(from)], cdn)
}

const ELSEWHERE: [&str; 24] = [
    "https://evil.example/v2/team/app/manifests/1.0",
    "https://reg.example.com/v2/team/app/manifests/1.0",
    "https://reg.example.com:5001/v2/team/app/manifests/1.0",
    "https://reg.example.com:443/",
    "http://reg.example.com:5000/v2/team/app/manifests/1.0",
    "https://reg.example.com..:5000/x",
    "https://reg.example.com.evil.example:5000/",
    "https://reg.example.com:5000@evil.example/",
    "https://user:secret@reg.example.com:5000/x",
    "https://evil.example#@reg.example.com:5000/",
    "//evil.example/x",
    "///evil.example/x",
    r"\\evil.example\x",
    r"/\evil.example/x",
    r"https:\\evil.example/x",
    "https:evil.example/x",
    "ftp://reg.example.com:5000/x",
    "file:///etc/passwd",
    "https://127.0.0.1:5000/x",
    "https://0x7f.1:5000/x",
    "https://[::ffff:7f00:1]:5000/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://reg.example.com:5000\t/x",
    "javascript:alert(1)",
];

#[test]
fn lists_and_manifests_stay_on_their_origin() {
    for location in ELSEWHERE {
        let refused = go(RedirectRule::SameOriginOnce, FROM, location);
        assert!(refused.is_err(), "{location}: {refused:?}");
    }
}

#[test]
fn on_the_same_origin_they_are_followed_once() {
    for (location, wanted) in [
        (
            "/v2/team/app/manifests/sha256:0",
            "https://reg.example.com:5000/v2/team/app/manifests/sha256:0",
        ),
        ("1.1", "https://reg.example.com:5000/v2/team/app/manifests/1.1"),
        ("HTTPS://REG.EXAMPLE.COM:5000/x#y", "https://reg.example.com:5000/x"),
        ("//reg.example.com:5000/x", "https://reg.example.com:5000/x"),
    ] {
        assert_eq!(
            go(RedirectRule::SameOriginOnce, FROM, location),
            Ok(Hop::Same(url(wanted))),
            "{location}"
        );
    }
    let seen = [url(FROM), url("https://reg.example.com:5000/x")];
    assert!(follow(RedirectRule::SameOriginOnce, &seen[1], "/y", &seen, |_| true).is_err());
    assert!(go(RedirectRule::SameOriginOnce, FROM, FROM).is_err(), "a circle");
}

#[test]
fn tokens_are_never_redirected() {
    for location in ELSEWHERE
        .into_iter()
        .chain(["/other", "https://reg.example.com:5000/token"])
    {
        assert!(go(RedirectRule::Never, FROM, location).is_err(), "{location}");
    }
}

#[test]
fn blobs_go_anywhere_with_tls_but_never_with_a_credential() {
    let hop = |location| go(RedirectRule::Bare, FROM, location);
    assert_eq!(
        hop("https://store.example.net/x?sig=1"),
        Ok(Hop::Outside(url("https://store.example.net/x?sig=1")))
    );
    assert_eq!(
        hop("https://cdn.example.com/x"),
        Ok(Hop::Configured(url("https://cdn.example.com/x")))
    );
    // On the same origin too the credential is left behind.
    assert_eq!(hop("/x"), Ok(Hop::Configured(url("https://reg.example.com:5000/x"))));
    // An address is checked when it is connected to, not here.
    assert_eq!(hop("https://127.0.0.1/x"), Ok(Hop::Outside(url("https://127.0.0.1/x"))));
    for location in [
        "http://store.example.net/x",
        "http://plain.example.com/x",
        "http://reg.example.com:5000/x",
        "https://user@store.example.net/x",
        "https://0x7f.1/x",
        r"https:\\store.example.net/x",
        "ftp://store.example.net/x",
        FROM,
    ] {
        assert!(hop(location).is_err(), "{location}");
    }
}

#[test]
fn whom_a_server_named_stays_so_when_it_redirects_to_itself() {
    let seen = [url(FROM), url("https://store.example.net/x")];
    let hop = |location| follow(RedirectRule::Bare, &seen[1], location, &seen, |_| false);
    // Its name may lead to another address by now, so that one is checked again.
    assert_eq!(hop("/y"), Ok(Hop::Outside(url("https://store.example.net/y"))));
    assert_eq!(
        hop("https://reg.example.com:5000/y"),
        Ok(Hop::Configured(url("https://reg.example.com:5000/y")))
    );
}

#[test]
fn plain_http_goes_only_where_it_is_configured() {
    let from = "http://reg.example.com:5000/v2/team/app/blobs/x";
    assert_eq!(
        go(RedirectRule::Bare, from, "http://plain.example.com/x"),
        Ok(Hop::Configured(url("http://plain.example.com/x")))
    );
    assert!(go(RedirectRule::Bare, from, "http://store.example.net/x").is_err());
    assert!(go(RedirectRule::Bare, from, "https://store.example.net/x").is_ok());
}

#[test]
fn three_redirects_are_the_limit() {
    let at = |n: usize| url(&format!("https://h{n}.example.net/"));
    let seen: Vec<Url> = (0..4).map(at).collect();
    for taken in 1..=3 {
        let seen = &seen[..taken];
        let last = seen.last().expect("one");
        assert!(follow(RedirectRule::Bare, last, at(taken).as_str(), seen, |_| false).is_ok());
        assert!(
            follow(RedirectRule::Bare, last, at(0).as_str(), seen, |_| false).is_err(),
            "a circle"
        );
    }
    assert!(follow(RedirectRule::Bare, &seen[3], at(4).as_str(), &seen, |_| false).is_err());
}

#[test]
fn a_refusal_shows_no_query() {
    let error = go(
        RedirectRule::SameOriginOnce,
        FROM,
        "https://evil.example/x?token=hunter2",
    )
    .expect_err("refused");
    assert_eq!(
        error.to_string(),
        "the server redirects to `https://evil.example/x`, which is not followed: it is another origin, and the \
         registry's credentials are for it alone"
    );
}

const KUBERNETES: &str = "https://registry.k8s.io/v2/kube-proxy/tags/list?n=1000";
const MIRROR: &str = "https://europe-west4-docker.pkg.dev/v2/k8s-artifacts-prod/images/kube-proxy/tags/list?rid=0123";

#[test]
fn lists_of_kubernetes_are_read_where_its_registry_has_them() {
    for (from, there) in [
        (KUBERNETES, MIRROR),
        (
            KUBERNETES,
            "https://US-docker.pkg.dev:443/v2/k8s-artifacts-prod/images/kube-proxy/tags/list",
        ),
        (
            "https://registry.k8s.io/v2/coredns/coredns/manifests/v1.11.1",
            "https://us-central1-docker.pkg.dev/v2/k8s-artifacts-prod/images/coredns/coredns/manifests/v1.11.1",
        ),
    ] {
        assert_eq!(
            go(RedirectRule::SameOriginOnce, from, there),
            Ok(Hop::Outside(url(there)))
        );
    }
    let seen = [url("https://registry.k8s.io/"), url(KUBERNETES)];
    assert!(
        follow(RedirectRule::SameOriginOnce, &seen[1], MIRROR, &seen, |_| true).is_err(),
        "once"
    );
    assert!(go(RedirectRule::Never, KUBERNETES, MIRROR).is_err(), "tokens");
    // Whoever configures a region knows its certificate; no credential goes there either.
    let configured = |origin: &Origin| origin.host() == "europe-west4-docker.pkg.dev";
    assert_eq!(
        follow(
            RedirectRule::SameOriginOnce,
            &url(KUBERNETES),
            MIRROR,
            &[url(KUBERNETES)],
            configured
        ),
        Ok(Hop::Configured(url(MIRROR)))
    );
}

#[test]
fn nobody_else_and_nothing_else_is_read_elsewhere() {
    for there in [
        "http://europe-west4-docker.pkg.dev/v2/k8s-artifacts-prod/images/kube-proxy/tags/list",
        "https://europe-west4-docker.pkg.dev:8443/v2/k8s-artifacts-prod/images/kube-proxy/tags/list",
        "https://ci@europe-west4-docker.pkg.dev/v2/k8s-artifacts-prod/images/kube-proxy/tags/list",
        "https://-docker.pkg.dev/v2/k8s-artifacts-prod/images/kube-proxy/tags/list",
        "https://docker.pkg.dev/v2/k8s-artifacts-prod/images/kube-proxy/tags/list",
        "https://a.europe-docker.pkg.dev/v2/k8s-artifacts-prod/images/kube-proxy/tags/list",
        "https://a_b-docker.pkg.dev/v2/k8s-artifacts-prod/images/kube-proxy/tags/list",
        "https://europe-docker.pkg.dev.evil.example/v2/k8s-artifacts-prod/images/kube-proxy/tags/list",
        "https://europe-docker.evilpkg.dev/v2/k8s-artifacts-prod/images/kube-proxy/tags/list",
        "https://europe-docker.pkg.dev/v2/evil/images/kube-proxy/tags/list",
        "https://europe-docker.pkg.dev/v2/k8s-artifacts-prod/images/etcd/tags/list",
        "https://europe-docker.pkg.dev/v2/k8s-artifacts-prod/images/kube-proxy/tags/list/",
        "https://europe-docker.pkg.dev/v2/k8s-artifacts-prod/images/../../evil/images/kube-proxy/tags/list",
        "https://europe-docker.pkg.dev/v2/k8s-artifacts-prod/images//kube-proxy/tags/list",
        "https://europe-docker.pkg.dev/v2/k8s-artifacts-prod/images/kube%2Dproxy/tags/list",
        "https://europe-docker.pkg.dev/",
        "https://gcr.io/v2/k8s-artifacts-prod/images/kube-proxy/tags/list",
    ] {
        assert!(go(RedirectRule::SameOriginOnce, KUBERNETES, there).is_err(), "{there}");
    }
    for from in [
        "http://registry.k8s.io/v2/kube-proxy/tags/list",
        "https://registry.k8s.io:8443/v2/kube-proxy/tags/list",
        "https://eu.registry.k8s.io/v2/kube-proxy/tags/list",
        "https://registry.k8s.io.evil.example/v2/kube-proxy/tags/list",
        "https://k8s.gcr.io/v2/kube-proxy/tags/list",
        "https://registry.k8s.io/kube-proxy/tags/list",
    ] {
        assert!(go(RedirectRule::SameOriginOnce, from, MIRROR).is_err(), "{from}");
    }
    let nothing = "https://europe-docker.pkg.dev/v2/k8s-artifacts-prod/images/";
    assert!(go(RedirectRule::SameOriginOnce, "https://registry.k8s.io/v2/", nothing).is_err());
}
