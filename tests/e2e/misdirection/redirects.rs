//! Answers of 30x that lead elsewhere.

use std::fmt::Write;

use expect_test::expect;
use testkit::Answer;

use super::stage::{Elsewhere, KINDS, Kind, Setting, Stage, Verb, leads_away, with_cookie};

/// What is redirected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The question for a token.
    Token,
    /// A question to the registry, after a token was shown.
    Registry(Verb),
}

use Source::{Registry, Token};
use Verb::{Blob, Head, List, Manifest};

const PLAIN: &[(Source, u16, &str)] = &[
    (Token, 301, "http://HOST/token"),
    (Token, 302, "http://HOST/token"),
    (Token, 303, "http://HOST/token"),
    (Token, 307, "http://HOST/token"),
    (Token, 308, "http://HOST/token"),
    (Token, 307, "http://PORT/token"),
    (Token, 307, "//HOST/token"),
    (Token, 307, "https://TLSHOST/token"),
    (Token, 307, "http://OWN@HOST/token"),
    (Registry(List), 301, "http://HOST/v2/acme/api/tags/list"),
    (Registry(List), 302, "http://PORT/v2/acme/api/tags/list"),
    (Registry(List), 303, "https://TLSHOST/v2/acme/api/tags/list"),
    (Registry(List), 307, "//HOST/v2/acme/api/tags/list"),
    (Registry(List), 308, r"http:\\HOST\v2\acme\api\tags\list"),
    (Registry(List), 307, "http://127.2:NUMBER/v2/acme/api/tags/list"),
    (Registry(List), 307, "http://localhost:NUMBER2/v2/acme/api/tags/list"),
    (Registry(Head), 301, "http://HOST/v2/acme/api/manifests/1.0.0"),
    (Registry(Head), 302, "http://PORT/v2/acme/api/manifests/1.0.0"),
    (Registry(Head), 307, "http://OWN@HOST/v2/acme/api/manifests/1.0.0"),
    (Registry(Head), 308, "https://TLSPORT/v2/acme/api/manifests/1.0.0"),
    (Registry(Manifest), 301, "http://HOST/v2/acme/api/manifests/1.0.0"),
    (Registry(Manifest), 302, "http://PORT/v2/acme/api/manifests/1.0.0"),
    (Registry(Manifest), 303, "///HOST/v2/acme/api/manifests/1.0.0"),
    (Registry(Manifest), 307, "https://TLSHOST/v2/acme/api/manifests/1.0.0"),
    (Registry(Manifest), 308, "file:///etc/passwd"),
    (Registry(Blob), 301, "http://HOST/blob?signature=x"),
    (Registry(Blob), 302, "http://PORT/blob?signature=x"),
    (Registry(Blob), 303, "https://TLSHOST/blob?signature=x"),
    (Registry(Blob), 307, "https://TLSPORT/blob?signature=x"),
    (Registry(Blob), 308, "//HOST/blob?signature=x"),
    (Registry(Blob), 307, "http://ci:guess@HOST/blob"),
    (Registry(Blob), 307, r"http://HOST\@OWN/blob"),
    (Registry(Blob), 307, "http://[::ffff:127.0.0.2]:NUMBER/blob"),
    (Registry(Blob), 307, "https://169.254.169.254/blob"),
    // By way of the registry itself.
    (Registry(List), 307, "/hop1"),
    (Registry(Manifest), 307, "/hop1"),
    (Registry(Blob), 307, "/hop1"),
    (Registry(Blob), 307, "/hop2"),
    // In circles.
    (Token, 307, "/token"),
    (Registry(List), 307, "/v2/acme/api/tags/list?n=1000"),
    (Registry(Blob), 307, "/circle"),
    // To a page of the registry that asks for credentials to go elsewhere.
    (Registry(List), 307, "/asks"),
    (Registry(Head), 307, "/asks"),
    (Registry(Blob), 307, "/asks"),
];

const TLS: &[(Source, u16, &str)] = &[
    (Token, 307, "http://OWN/token"),
    (Token, 307, "https://TLSPORT/token"),
    (Registry(List), 307, "http://HOST/v2/acme/api/tags/list"),
    (Registry(List), 307, "https://TLSPORT/v2/acme/api/tags/list"),
    (Registry(Head), 307, "http://OWN/v2/acme/api/manifests/1.0.0"),
    (Registry(Manifest), 307, "https://TLSHOST/v2/acme/api/manifests/1.0.0"),
    (Registry(Blob), 307, "http://HOST/blob"),
    (Registry(Blob), 307, "http://PORT/blob"),
    (Registry(Blob), 307, "https://TLSHOST/blob"),
    (Registry(Blob), 307, "https://TLSPORT/blob"),
];

/// What became of one redirect.
struct Led {
    outcome: String,
    /// Whether anyone elsewhere was connected to.
    followed: bool,
}

fn lead(elsewhere: &Elsewhere, setting: Setting, redirect: (Source, u16, &str)) -> Led {
    let (from, status, location) = redirect;
    let stage = Stage::new(elsewhere, setting);
    let to = |location: &str| with_cookie(Answer::redirect(status, &stage.text(location)));
    let registry = &stage.registry;
    let verb = match from {
        Token => List,
        Registry(verb) => verb,
    };
    match from {
        Token => {
            registry
                .always("GET /token", to(location))
                .always("POST /token", to(location));
            registry.always(&verb.route(), stage.own_challenge());
        }
        Registry(_) => {
            stage.gives_tokens();
            registry
                .then(&verb.route(), stage.own_challenge())
                .always(&verb.route(), to(location));
        }
    }
    for method in ["GET", "HEAD"] {
        registry.always(&format!("{method} /hop1"), to("http://HOST/elsewhere"));
        registry.always(&format!("{method} /hop2"), to("/hop1"));
        registry.always(&format!("{method} /circle"), to("/circle2"));
        registry.always(&format!("{method} /circle2"), to("/circle"));
        let asks = Answer::challenge(&stage.text(r#"Bearer realm="http://HOST/token""#));
        registry.always(&format!("{method} /asks"), with_cookie(asks));
    }
    let before = elsewhere.connections();
    // The second time a token is shown at once, so that the answer elsewhere is the first refusal.
    let mut outcomes = vec![stage.ask(verb), stage.ask(verb)];
    outcomes.dedup();
    let outcome = outcomes.join(", then ");
    let case = format!("{redirect:?} ({setting:?}: {outcome})");
    // A ready-made token is not asked for, so there is nothing to redirect.
    let at_stake = from == Token || stage.registry_was_shown_a_credential();
    assert!(at_stake, "{case}: nothing was at stake");
    elsewhere.assert_saw_no_credential(&case);
    let followed = elsewhere.connections() > before;
    assert!(
        !followed || from == Registry(Blob),
        "{case}: only blobs may be elsewhere"
    );
    Led { outcome, followed }
}

/// Leads every kind of credential through a redirect, past hosts of the configuration and others.
fn lead_all(elsewhere: &Elsewhere, tls: bool, redirect: (Source, u16, &str)) -> String {
    let mut outcomes = Vec::new();
    for elsewhere_configured in [false, true] {
        for kind in KINDS {
            let setting = Setting {
                tls,
                kind,
                elsewhere_configured,
                elsewhere_trusted: false,
            };
            let led = lead(elsewhere, setting, redirect);
            assert_ne!(led.outcome, "ok", "{redirect:?}");
            if kind == Kind::Password {
                let followed = if led.followed {
                    ", followed with empty hands"
                } else {
                    ""
                };
                outcomes.push(format!("{}{followed}", led.outcome));
            }
        }
    }
    outcomes.dedup();
    outcomes.join("; where the host is configured: ")
}

fn table(tls: bool, redirects: &[(Source, u16, &str)]) -> String {
    let elsewhere = Elsewhere::asking();
    let mut table = String::new();
    for &(from, status, location) in redirects {
        let outcome = lead_all(&elsewhere, tls, (from, status, location));
        let from = match from {
            Token => "Token".to_owned(),
            Registry(verb) => format!("{verb:?}"),
        };
        writeln!(table, "{from} {status} {location} => {outcome}").unwrap();
    }
    table
}

#[test]
fn no_credential_follows_a_redirect_to_another_host_or_port() {
    let leading_away = |(_, _, location): &&(Source, u16, &str)| leads_away(location) || location.starts_with("/hop");
    let count = PLAIN.iter().chain(TLS).filter(leading_away).count();
    assert!(count >= 20, "{count} redirects");
    println!("{count} redirects name another host or port");
    expect![[r#"
        Token 301 http://HOST/token => badAnswer
        Token 302 http://HOST/token => badAnswer
        Token 303 http://HOST/token => badAnswer
        Token 307 http://HOST/token => badAnswer
        Token 308 http://HOST/token => badAnswer
        Token 307 http://PORT/token => badAnswer
        Token 307 //HOST/token => badAnswer
        Token 307 https://TLSHOST/token => badAnswer
        Token 307 http://OWN@HOST/token => badAnswer
        List 301 http://HOST/v2/acme/api/tags/list => badAnswer
        List 302 http://PORT/v2/acme/api/tags/list => badAnswer
        List 303 https://TLSHOST/v2/acme/api/tags/list => badAnswer
        List 307 //HOST/v2/acme/api/tags/list => badAnswer
        List 308 http:\\HOST\v2\acme\api\tags\list => badAnswer
        List 307 http://127.2:NUMBER/v2/acme/api/tags/list => badAnswer
        List 307 http://localhost:NUMBER2/v2/acme/api/tags/list => badAnswer
        Head 301 http://HOST/v2/acme/api/manifests/1.0.0 => badAnswer
        Head 302 http://PORT/v2/acme/api/manifests/1.0.0 => badAnswer
        Head 307 http://OWN@HOST/v2/acme/api/manifests/1.0.0 => badAnswer
        Head 308 https://TLSPORT/v2/acme/api/manifests/1.0.0 => badAnswer
        Manifest 301 http://HOST/v2/acme/api/manifests/1.0.0 => badAnswer
        Manifest 302 http://PORT/v2/acme/api/manifests/1.0.0 => badAnswer
        Manifest 303 ///HOST/v2/acme/api/manifests/1.0.0 => badAnswer
        Manifest 307 https://TLSHOST/v2/acme/api/manifests/1.0.0 => badAnswer
        Manifest 308 file:///etc/passwd => badAnswer
        Blob 301 http://HOST/blob?signature=x => badAnswer; where the host is configured: badAnswer, followed with empty hands
        Blob 302 http://PORT/blob?signature=x => badAnswer; where the host is configured: badAnswer, followed with empty hands
        Blob 303 https://TLSHOST/blob?signature=x => unreachable; where the host is configured: badAnswer, followed with empty hands
        Blob 307 https://TLSPORT/blob?signature=x => unreachable; where the host is configured: badAnswer, followed with empty hands
        Blob 308 //HOST/blob?signature=x => badAnswer; where the host is configured: badAnswer, followed with empty hands
        Blob 307 http://ci:guess@HOST/blob => badAnswer
        Blob 307 http://HOST\@OWN/blob => badAnswer
        Blob 307 http://[::ffff:127.0.0.2]:NUMBER/blob => badAnswer
        Blob 307 https://169.254.169.254/blob => unreachable
        List 307 /hop1 => badAnswer
        Manifest 307 /hop1 => badAnswer
        Blob 307 /hop1 => badAnswer; where the host is configured: badAnswer, followed with empty hands
        Blob 307 /hop2 => badAnswer; where the host is configured: badAnswer, followed with empty hands
        Token 307 /token => badAnswer
        List 307 /v2/acme/api/tags/list?n=1000 => badAnswer
        Blob 307 /circle => badAnswer
        List 307 /asks => unauthorized, then realmNotAllowed (tokenHosts: ["HOST"])
        Head 307 /asks => unauthorized, then realmNotAllowed (tokenHosts: ["HOST"])
        Blob 307 /asks => unauthorized, then realmNotAllowed (tokenHosts: ["HOST"])
    "#]].assert_eq(&table(false, PLAIN));
    expect![[r#"
        Token 307 http://OWN/token => badAnswer
        Token 307 https://TLSPORT/token => badAnswer
        List 307 http://HOST/v2/acme/api/tags/list => badAnswer
        List 307 https://TLSPORT/v2/acme/api/tags/list => badAnswer
        Head 307 http://OWN/v2/acme/api/manifests/1.0.0 => badAnswer
        Manifest 307 https://TLSHOST/v2/acme/api/manifests/1.0.0 => badAnswer
        Blob 307 http://HOST/blob => badAnswer
        Blob 307 http://PORT/blob => badAnswer
        Blob 307 https://TLSHOST/blob => unreachable; where the host is configured: badAnswer, followed with empty hands
        Blob 307 https://TLSPORT/blob => unreachable; where the host is configured: badAnswer, followed with empty hands
    "#]]
    .assert_eq(&table(true, TLS));
}

#[test]
fn a_blob_from_another_host_is_fetched_with_empty_hands() {
    let elsewhere = Elsewhere::answering(&Answer::status(200).body("{}"));
    for tls in [false, true] {
        for kind in KINDS {
            let setting = Setting {
                tls,
                kind,
                elsewhere_configured: true,
                elsewhere_trusted: true,
            };
            let stage = Stage::new(&elsewhere, setting);
            stage.gives_tokens();
            let to = stage.text(if tls {
                "https://TLSHOST/blob"
            } else {
                "http://HOST/blob"
            });
            stage.registry.then(&Blob.route(), stage.own_challenge());
            stage
                .registry
                .always(&Blob.route(), with_cookie(Answer::redirect(307, &to)));
            assert_eq!(stage.ask(Blob), "ok", "{setting:?}");
            assert!(stage.registry_was_shown_a_credential());
            elsewhere.assert_saw_no_credential(&format!("{setting:?}"));
        }
    }
    assert_eq!(elsewhere.host.seen().len() + elsewhere.tls_host.seen().len(), 6);
}
