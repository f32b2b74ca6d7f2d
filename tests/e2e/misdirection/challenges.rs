//! Challenges that name a token server elsewhere.

use std::fmt::Write;

use expect_test::expect;
use testkit::Answer;

use super::stage::{Elsewhere, KINDS, Kind, SECRETS, Setting, Stage, Verb, leads_away, with_cookie};

/// What a plain registry says in `WWW-Authenticate`; each line is a header of its own.
const PLAIN: &[&str] = &[
    // Another host, another port.
    r#"Bearer realm="http://HOST/token",service="own""#,
    r#"Bearer realm="http://PORT/token",service="own""#,
    r#"Bearer realm="https://TLSHOST/token",service="own""#,
    r#"Bearer realm="https://TLSPORT/token",service="own""#,
    r#"Bearer realm="http://HOST/token?service=x&scope=repository:acme/api:pull",service="own""#,
    r#"Bearer realm="HTTP://HOST/token",service="own""#,
    r#"bearer REALM="http://HOST/token""#,
    "Bearer realm=http://HOST/token",
    r#"Bearer scope="repository:acme/api:pull",service="OWN",realm="http://HOST/token""#,
    // Users and passwords before the host.
    r#"Bearer realm="http://OWN@HOST/token""#,
    r#"Bearer realm="http://127.0.0.1:80@HOST/token""#,
    r#"Bearer realm="http://127.0.0.1%3A80@HOST/token""#,
    r#"Bearer realm="http://ci:guess@HOST/token""#,
    r#"Bearer realm="http://ci:guess@OWN@HOST/token""#,
    r#"Bearer realm="http://@PORT/token""#,
    // Delimiters that readers of URLs take differently.
    r#"Bearer realm="http://HOST\\@OWN/token""#,
    r#"Bearer realm="http://OWN\\@HOST/token""#,
    r#"Bearer realm="http:\\\\HOST\\token""#,
    r#"Bearer realm="http://HOST#@OWN/token""#,
    r#"Bearer realm="http://HOST?@OWN/token""#,
    r#"Bearer realm="http:HOST/token""#,
    r#"Bearer realm="http:///HOST/token""#,
    r#"Bearer realm="//HOST/token""#,
    r#"Bearer realm="HOST/token""#,
    r#"Bearer realm=" http://HOST/token""#,
    "Bearer realm=\"http://127.0.0.2\t:NUMBER/token\"",
    // Look-alikes of the registry and of the listeners.
    r#"Bearer realm="http://OWN.example/token""#,
    r#"Bearer realm="http://127.0.0.1.example:NUMBER/token""#,
    r#"Bearer realm="http://localhost:NUMBER2/token""#,
    r#"Bearer realm="http://LoCaLhOsT:NUMBER2/token""#,
    r#"Bearer realm="http://localhost.:NUMBER2/token""#,
    r#"Bearer realm="http://127.0.0.2.:NUMBER/token""#,
    r#"Bearer realm="http://127.2:NUMBER/token""#,
    r#"Bearer realm="http://0x7f.2:NUMBER/token""#,
    r#"Bearer realm="http://0177.0.0.2:NUMBER/token""#,
    r#"Bearer realm="http://2130706434:NUMBER/token""#,
    r#"Bearer realm="http://127%2e0%2e0%2e2:NUMBER/token""#,
    r#"Bearer realm="http://127。0。0。2:NUMBER/token""#,
    r#"Bearer realm="http://１27.0.0.2:NUMBER/token""#,
    r#"Bearer realm="http://[::ffff:127.0.0.2]:NUMBER/token""#,
    r#"Bearer realm="http://[::ffff:7f00:1]:NUMBER2/token""#,
    r#"Bearer realm="http://[::1]:NUMBER2/token""#,
    r#"Bearer realm="http://127.0.0.2:0NUMBER/token""#,
    r#"Bearer realm="http://0.0.0.0:NUMBER2/token""#,
    r#"Bearer realm="http://169.254.169.254/latest/meta-data/""#,
    // No web address.
    r#"Bearer realm="file:///etc/passwd""#,
    r#"Bearer realm="ftp://HOST/token""#,
    r#"Bearer realm="ws://HOST/token""#,
    r#"Bearer realm="data:HOST""#,
    // Several at once.
    "Bearer realm=\"http://HOST/token\"\nBearer realm=\"SELF/token\"",
    "Bearer realm=\"SELF/token\"\nBearer realm=\"http://HOST/token\"",
    r#"Bearer realm="http://HOST/token", Bearer realm="http://PORT/token""#,
    r#"Bearer realm="SELF/token",realm="http://HOST/token""#,
    r#"Bearer realm="http://HOST/token",realm="SELF/token""#,
    r#"Basic realm="x", Bearer realm="http://HOST/token""#,
    r#"Bearer realm="http://HOST/token", Basic realm="http://HOST/""#,
    "Negotiate\nBearer realm=\"http://HOST/token\"",
    r#"Bearer realm="SELF/token\"@HOST/token""#,
    r#"Bearer realm="SELF/token",service="http://HOST/token""#,
    r#"Basic realm="http://HOST/token""#,
    r#"Digest realm="http://HOST/token",nonce="x""#,
];

/// What a registry behind TLS says.
const TLS: &[&str] = &[
    r#"Bearer realm="http://HOST/token",service="own""#,
    r#"Bearer realm="http://PORT/token",service="own""#,
    r#"Bearer realm="https://TLSHOST/token",service="own""#,
    r#"Bearer realm="https://TLSPORT/token",service="own""#,
    r#"Bearer realm="http://OWN/token",service="own""#,
    r#"Bearer realm="https://OWN@TLSHOST/token""#,
    r#"Bearer realm="https://TLSHOST\\@OWN/token""#,
    r#"Bearer realm="https://OWN:443@TLSPORT/token""#,
    r#"Bearer realm="https://ci:guess@OWN/token""#,
    r#"Basic realm="x", Bearer realm="https://TLSPORT/token""#,
];

const ALONE: Setting = Setting {
    tls: false,
    kind: Kind::Password,
    elsewhere_configured: false,
    elsewhere_trusted: false,
};

#[test]
fn the_listeners_see_a_credential_where_one_belongs() {
    for tls in [false, true] {
        for kind in [Kind::Password, Kind::IdentityToken] {
            let elsewhere = Elsewhere::giving_tokens();
            let stage = Stage::new(
                &elsewhere,
                Setting {
                    tls,
                    kind,
                    elsewhere_trusted: true,
                    ..ALONE
                },
            );
            let (realm, listener) = if tls {
                ("https://TLSHOST", &elsewhere.tls_host)
            } else {
                ("http://HOST", &elsewhere.host)
            };
            let challenge = stage.text(&format!(r#"Bearer realm="{realm}/token",service="own""#));
            stage.registry.then(&Verb::List.route(), Answer::challenge(&challenge));
            stage
                .registry
                .always(&Verb::List.route(), Answer::tags("acme/api", &["1.0.0"]));
            assert_eq!(stage.ask(Verb::List), "ok");
            let leaks = listener.leaks(&SECRETS);
            assert!(
                leaks.iter().any(|leak| leak.ends_with("a secret")),
                "{tls}, {kind:?}: {leaks:?}"
            );
        }
    }
}

/// Says `text` to each kind of credential with each verb, and gives back what came of it with the password.
fn lead(elsewhere: &Elsewhere, tls: bool, text: &str) -> String {
    let mut outcomes = Vec::new();
    for kind in KINDS {
        let verbs: &[Verb] = if kind == Kind::Password {
            &Verb::ALL
        } else {
            &[Verb::List]
        };
        for &verb in verbs {
            let before = elsewhere.connections();
            let stage = Stage::new(elsewhere, Setting { tls, kind, ..ALONE });
            stage.gives_tokens();
            let mut answer = with_cookie(Answer::status(401));
            for line in text.lines() {
                answer = answer.header("www-authenticate", &stage.text(line));
            }
            stage.registry.always(&verb.route(), answer);
            let outcome = stage.ask(verb);
            let case = format!("{text} ({verb:?}, {kind:?}: {outcome})");
            assert_ne!(outcome, "ok", "{case}");
            elsewhere.assert_saw_no_credential(&case);
            assert_eq!(elsewhere.connections(), before, "{case}: someone was connected to");
            if kind == Kind::Password {
                outcomes.push(outcome);
            }
        }
    }
    outcomes.dedup();
    outcomes.join(" or ")
}

fn table(tls: bool, challenges: &[&str]) -> String {
    let elsewhere = Elsewhere::giving_tokens();
    let mut table = String::new();
    for text in challenges {
        let outcome = lead(&elsewhere, tls, text);
        writeln!(table, "{} => {outcome}", text.escape_debug()).unwrap();
    }
    table
}

#[test]
fn the_tables_hold_forty_challenges_that_lead_away() {
    let count = PLAIN.iter().chain(TLS).filter(|text| leads_away(text)).count();
    assert!(count >= 40, "{count} challenges");
    println!("{count} challenges name another host or port");
}

#[test]
fn no_credential_follows_a_challenge_to_another_host_or_port() {
    expect![[r#"
        Bearer realm=\"http://HOST/token\",service=\"own\" => realmNotAllowed (tokenHosts: ["HOST"])
        Bearer realm=\"http://PORT/token\",service=\"own\" => realmNotAllowed (tokenHosts: ["PORT"])
        Bearer realm=\"https://TLSHOST/token\",service=\"own\" => realmNotAllowed (tokenHosts: ["TLSHOST"])
        Bearer realm=\"https://TLSPORT/token\",service=\"own\" => realmNotAllowed (tokenHosts: ["TLSPORT"])
        Bearer realm=\"http://HOST/token?service=x&scope=repository:acme/api:pull\",service=\"own\" => realmNotAllowed (tokenHosts: ["HOST"])
        Bearer realm=\"HTTP://HOST/token\",service=\"own\" => realmNotAllowed (tokenHosts: ["HOST"])
        bearer REALM=\"http://HOST/token\" => realmNotAllowed (tokenHosts: ["HOST"])
        Bearer realm=http://HOST/token => unauthorized
        Bearer scope=\"repository:acme/api:pull\",service=\"OWN\",realm=\"http://HOST/token\" => realmNotAllowed (tokenHosts: ["HOST"])
        Bearer realm=\"http://OWN@HOST/token\" => realmNotAllowed
        Bearer realm=\"http://127.0.0.1:80@HOST/token\" => realmNotAllowed
        Bearer realm=\"http://127.0.0.1%3A80@HOST/token\" => realmNotAllowed
        Bearer realm=\"http://ci:guess@HOST/token\" => realmNotAllowed
        Bearer realm=\"http://ci:guess@OWN@HOST/token\" => realmNotAllowed
        Bearer realm=\"http://@PORT/token\" => realmNotAllowed
        Bearer realm=\"http://HOST\\\\@OWN/token\" => realmNotAllowed
        Bearer realm=\"http://OWN\\\\@HOST/token\" => realmNotAllowed
        Bearer realm=\"http:\\\\\\\\HOST\\\\token\" => realmNotAllowed
        Bearer realm=\"http://HOST#@OWN/token\" => realmNotAllowed (tokenHosts: ["HOST"])
        Bearer realm=\"http://HOST?@OWN/token\" => realmNotAllowed (tokenHosts: ["HOST"])
        Bearer realm=\"http:HOST/token\" => realmNotAllowed
        Bearer realm=\"http:///HOST/token\" => realmNotAllowed
        Bearer realm=\"//HOST/token\" => realmNotAllowed
        Bearer realm=\"HOST/token\" => realmNotAllowed
        Bearer realm=\" http://HOST/token\" => realmNotAllowed
        Bearer realm=\"http://127.0.0.2\t:NUMBER/token\" => realmNotAllowed
        Bearer realm=\"http://OWN.example/token\" => realmNotAllowed
        Bearer realm=\"http://127.0.0.1.example:NUMBER/token\" => realmNotAllowed (tokenHosts: ["127.0.0.1.example:NUMBER"])
        Bearer realm=\"http://localhost:NUMBER2/token\" => realmNotAllowed (tokenHosts: ["localhost:NUMBER2"])
        Bearer realm=\"http://LoCaLhOsT:NUMBER2/token\" => realmNotAllowed (tokenHosts: ["localhost:NUMBER2"])
        Bearer realm=\"http://localhost.:NUMBER2/token\" => realmNotAllowed (tokenHosts: ["localhost:NUMBER2"])
        Bearer realm=\"http://127.0.0.2.:NUMBER/token\" => realmNotAllowed (tokenHosts: ["HOST"])
        Bearer realm=\"http://127.2:NUMBER/token\" => realmNotAllowed
        Bearer realm=\"http://0x7f.2:NUMBER/token\" => realmNotAllowed
        Bearer realm=\"http://0177.0.0.2:NUMBER/token\" => realmNotAllowed
        Bearer realm=\"http://2130706434:NUMBER/token\" => realmNotAllowed
        Bearer realm=\"http://127%2e0%2e0%2e2:NUMBER/token\" => realmNotAllowed
        Bearer realm=\"http://127。0。0。2:NUMBER/token\" => unauthorized
        Bearer realm=\"http://１27.0.0.2:NUMBER/token\" => unauthorized
        Bearer realm=\"http://[::ffff:127.0.0.2]:NUMBER/token\" => realmNotAllowed (tokenHosts: ["[::ffff:7f00:2]:NUMBER"])
        Bearer realm=\"http://[::ffff:7f00:1]:NUMBER2/token\" => realmNotAllowed (tokenHosts: ["[::ffff:7f00:1]:NUMBER2"])
        Bearer realm=\"http://[::1]:NUMBER2/token\" => realmNotAllowed (tokenHosts: ["[::1]:NUMBER2"])
        Bearer realm=\"http://127.0.0.2:0NUMBER/token\" => realmNotAllowed
        Bearer realm=\"http://0.0.0.0:NUMBER2/token\" => realmNotAllowed (tokenHosts: ["0.0.0.0:NUMBER2"])
        Bearer realm=\"http://169.254.169.254/latest/meta-data/\" => realmNotAllowed (tokenHosts: ["169.254.169.254"])
        Bearer realm=\"file:///etc/passwd\" => realmNotAllowed
        Bearer realm=\"ftp://HOST/token\" => realmNotAllowed
        Bearer realm=\"ws://HOST/token\" => realmNotAllowed
        Bearer realm=\"data:HOST\" => realmNotAllowed
        Bearer realm=\"http://HOST/token\"\nBearer realm=\"SELF/token\" => realmNotAllowed (tokenHosts: ["HOST"])
        Bearer realm=\"SELF/token\"\nBearer realm=\"http://HOST/token\" => unauthorized
        Bearer realm=\"http://HOST/token\", Bearer realm=\"http://PORT/token\" => realmNotAllowed (tokenHosts: ["HOST"])
        Bearer realm=\"SELF/token\",realm=\"http://HOST/token\" => unauthorized
        Bearer realm=\"http://HOST/token\",realm=\"SELF/token\" => realmNotAllowed (tokenHosts: ["HOST"])
        Basic realm=\"x\", Bearer realm=\"http://HOST/token\" => unauthorized
        Bearer realm=\"http://HOST/token\", Basic realm=\"http://HOST/\" => unauthorized
        Negotiate\nBearer realm=\"http://HOST/token\" => realmNotAllowed (tokenHosts: ["HOST"])
        Bearer realm=\"SELF/token\\\"@HOST/token\" => badAnswer
        Bearer realm=\"SELF/token\",service=\"http://HOST/token\" => unauthorized
        Basic realm=\"http://HOST/token\" => unauthorized
        Digest realm=\"http://HOST/token\",nonce=\"x\" => unauthorized
    "#]].assert_eq(&table(false, PLAIN));
}

#[test]
fn nor_does_one_from_behind_tls() {
    expect![[r#"
        Bearer realm=\"http://HOST/token\",service=\"own\" => realmNotAllowed (tokenHosts: ["HOST"])
        Bearer realm=\"http://PORT/token\",service=\"own\" => realmNotAllowed (tokenHosts: ["PORT"])
        Bearer realm=\"https://TLSHOST/token\",service=\"own\" => realmNotAllowed (tokenHosts: ["TLSHOST"])
        Bearer realm=\"https://TLSPORT/token\",service=\"own\" => realmNotAllowed (tokenHosts: ["TLSPORT"])
        Bearer realm=\"http://OWN/token\",service=\"own\" => realmNotAllowed
        Bearer realm=\"https://OWN@TLSHOST/token\" => realmNotAllowed
        Bearer realm=\"https://TLSHOST\\\\@OWN/token\" => realmNotAllowed
        Bearer realm=\"https://OWN:443@TLSPORT/token\" => realmNotAllowed
        Bearer realm=\"https://ci:guess@OWN/token\" => realmNotAllowed
        Basic realm=\"x\", Bearer realm=\"https://TLSPORT/token\" => unauthorized
    "#]]
    .assert_eq(&table(true, TLS));
}

#[test]
fn a_challenge_that_comes_late_leads_nowhere_either() {
    let elsewhere = Elsewhere::giving_tokens();
    for kind in KINDS {
        let stage = Stage::new(&elsewhere, Setting { kind, ..ALONE });
        stage.gives_tokens();
        let evil = Answer::challenge(&stage.text(r#"Bearer realm="http://HOST/token""#));
        let route = Verb::List.route();
        // First all is well: the token of the registry's own server opens the first page, and then it is refused.
        let page = Answer::tags("acme/api", &["1.0.0"]).next("/v2/acme/api/tags/list?last=1.0.0");
        stage.registry.then(&route, stage.own_challenge()).then(&route, page);
        stage.registry.always(&route, evil);
        let outcome = stage.ask(Verb::List);
        assert!(stage.registry_was_shown_a_credential(), "{kind:?}");
        assert_ne!(outcome, "ok");
        elsewhere.assert_saw_no_credential(&format!("{kind:?}: {outcome}"));
        assert_eq!(elsewhere.connections(), 0, "{kind:?}");
    }
}
