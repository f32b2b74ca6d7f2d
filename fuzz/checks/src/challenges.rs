//! Laws of challenges: what a registry may ask for, and where it may send a credential.

use http::HeaderValue;
use http::header::WWW_AUTHENTICATE;
use registry_scanner::fuzzing::{Challenge, Registry, challenges, readable};
use transport::{Authority, Origin};
use url::Url;

use crate::headers::{self, is_telling, named};

/// The longest challenge that is listened to, in bytes.
const LONGEST: usize = 8 * 1024;

/// Lines: each a `WWW-Authenticate`, a realm, a scope, and a piece of a challenge that is made of three of them.
pub(crate) fn check(data: &[u8]) {
    let values = headers::values(data);
    let found = challenges(&named(&WWW_AUTHENTICATE, &values));
    let alone = values
        .iter()
        .flat_map(|value| challenges(&named(&WWW_AUTHENTICATE, std::slice::from_ref(value))));
    assert_eq!(found, alone.collect::<Vec<_>>(), "each header stands alone");
    is_bounded(&found, &values);
    let lines: Vec<&str> = values.iter().filter_map(|value| value.to_str().ok()).collect();
    for pieces in lines.chunks(3) {
        what_is_written_is_read(pieces);
    }
    let realms = found.iter().filter_map(|challenge| challenge.realm.as_deref());
    for realm in realms.chain(lines.iter().copied()) {
        check_realm(realm);
    }
    let scopes = found
        .iter()
        .flat_map(|challenge| challenge.scopes.iter().map(String::as_str));
    for scope in scopes.chain(lines.iter().copied()) {
        check_scope(scope);
    }
}

/// Nothing is invented, and nobody is listened to for long.
fn is_bounded(found: &[Challenge], values: &[HeaderValue]) {
    let written: usize = values.iter().map(HeaderValue::len).sum();
    let mut read = 0;
    for challenge in found {
        let realm = challenge.realm.as_deref().unwrap_or("Basic");
        let service = challenge.service.as_deref().unwrap_or_default();
        let scopes: usize = challenge.scopes.iter().map(|scope| scope.len() + 1).sum();
        let size = realm.len() + service.len() + scopes;
        assert!(size <= LONGEST, "{challenge:?}");
        read += size;
        let whole = |scope: &String| !scope.is_empty() && !scope.contains(' ');
        assert!(challenge.scopes.iter().all(whole), "{challenge:?}");
    }
    // An empty realm is one.
    assert!(read <= written + found.len(), "{found:?}");
}

/// A challenge that is built from a realm, a service and scopes reads as them.
fn what_is_written_is_read(pieces: &[&str]) {
    let piece = |at: usize| pieces.get(at).copied();
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let realm = piece(0).unwrap_or_default();
    let mut text = format!("BEARER Realm={}", quoted(realm));
    if let Some(service) = piece(1) {
        text.push_str(&format!(" , service={}", quoted(service)));
    }
    if let Some(scope) = piece(2) {
        text.push_str(&format!(",x=y,SCOPE={}", quoted(scope)));
    }
    let scopes = piece(2)
        .unwrap_or_default()
        .split(' ')
        .filter(|scope| !scope.is_empty());
    let bearer = Challenge {
        realm: Some(realm.to_owned()),
        service: piece(1).map(str::to_owned),
        scopes: scopes.map(str::to_owned).collect(),
    };
    let basic = Challenge {
        realm: None,
        service: None,
        scopes: Vec::new(),
    };
    for (header, wanted) in [
        (text.clone(), vec![bearer.clone()]),
        (
            format!("Basic realm=\"a, b\", {text}"),
            vec![basic.clone(), bearer.clone()],
        ),
        (
            format!("{text}, Negotiate, basic realm=x"),
            vec![bearer.clone(), basic.clone()],
        ),
    ] {
        let Ok(value) = HeaderValue::from_str(&header) else {
            return;
        };
        assert_eq!(challenges(&named(&WWW_AUTHENTICATE, &[value])), wanted, "{header}");
    }
}

/// A registry, whether it is spoken to without TLS, whether with credentials, its token host, and all origins that it may name.
type Case = (&'static str, bool, bool, &'static str, &'static [&'static str]);

const CASES: [Case; 5] = [
    (
        "https://registry.example.com",
        false,
        false,
        "auth.example.com:8443",
        &["https://registry.example.com:443", "https://auth.example.com:8443"],
    ),
    (
        "https://registry-1.docker.io",
        false,
        true,
        "127.0.0.1",
        &[
            "https://registry-1.docker.io:443",
            "https://auth.docker.io:443",
            "https://127.0.0.1:443",
        ],
    ),
    (
        "https://registry-1.docker.io:444",
        false,
        false,
        "[::1]:5001",
        &["https://registry-1.docker.io:444", "https://[::1]:5001"],
    ),
    (
        "http://registry.example.com:5000",
        true,
        false,
        "auth.example.com",
        &[
            "https://registry.example.com:5000",
            "http://registry.example.com:5000",
            "https://auth.example.com:443",
            "http://auth.example.com:80",
        ],
    ),
    (
        "http://localhost",
        true,
        true,
        "auth.example.com:8443",
        &[
            "https://localhost:80",
            "http://localhost:80",
            "https://auth.example.com:8443",
            "http://auth.example.com:8443",
        ],
    ),
];

fn check_realm(text: &str) {
    for (origin, plain_http, plain_http_credentials, token_host, allowed) in CASES {
        let registry = Registry {
            origin: Origin::of_text(origin).expect("the cases are origins"),
            plain_http,
            plain_http_credentials,
            token_hosts: vec![Authority::parse(token_host).expect("the cases are hosts")],
        };
        match registry.decide(text) {
            Ok((url, credentials)) => {
                let host = url.host_str().unwrap_or_default().trim_end_matches('.');
                let port = url.port_or_known_default().unwrap_or_default();
                let origin = format!("{}://{host}:{port}", url.scheme());
                assert!(allowed.contains(&origin.as_str()), "{text:?} leads to {url}");
                assert_eq!(
                    credentials,
                    url.scheme() == "https" || plain_http_credentials,
                    "{text:?}"
                );
                assert_eq!((url.username(), url.password()), ("", None), "{text:?}");
                assert_eq!(Url::parse(text).as_ref(), Ok(&url), "it is asked as it is written");
            }
            Err((message, entry)) => {
                assert!(!allowed.contains(&text), "{text:?}: {message}");
                headers::shows(&message);
                for shown in [message, entry] {
                    hides_the_user(text, &shown);
                }
            }
        }
    }
}

/// What stands before the last `@` of the authority is somebody's password, and what stands in the query may be one.
fn hides_the_user(realm: &str, shown: &str) {
    let Some((_, rest)) = realm.split_once("://") else {
        return;
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map(|(user, _)| user);
    let query = rest.split_once('?').map(|(_, query)| query);
    for secret in [user, query].into_iter().flatten().filter(|secret| is_telling(secret)) {
        let once = realm.matches(secret).count() == 1;
        assert!(!once || !shown.contains(secret), "{realm:?}: {shown}");
    }
}

/// However a token server splits the scope, it is about reading.
fn check_scope(text: &str) {
    let Some(scope) = readable(text) else { return };
    assert!(
        scope.len() <= 512 && scope.bytes().all(|byte| byte.is_ascii_graphic()),
        "{scope}"
    );
    let Some((kind, rest)) = scope.split_once(':') else {
        assert_eq!(scope, text);
        return;
    };
    assert_eq!(kind, "repository", "{scope}");
    let reads = |actions: &str| {
        actions
            .split(',')
            .all(|action| matches!(action, "pull" | "metadata_read"))
    };
    let (name, actions) = rest
        .rsplit_once(':')
        .unwrap_or_else(|| panic!("{scope} allows nothing"));
    assert!(reads(actions), "{scope}");
    // Some servers split at the first colons; a port before the name is the only thing that may hide another.
    assert!(!name.contains(','), "{scope}");
    if let Some((_, after)) = name.split_once(':') {
        let port = after.split('/').next().unwrap_or_default();
        let number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        assert!(number && after.contains('/') && !after.contains(':'), "{scope}");
    }
    assert_eq!(readable(&scope).as_ref(), Some(&scope), "{text:?}");
}
