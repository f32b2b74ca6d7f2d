//! Lists whose next page is elsewhere.

use std::fmt::Write;

use expect_test::expect;
use testkit::Answer;

use super::stage::{Elsewhere, IMAGE, KINDS, Setting, Stage, Verb, leads_away, with_cookie};

/// What a plain registry says in `Link`; each line is a header of its own.
const LINKS: &[&str] = &[
    // Another host, another port, another scheme.
    r#"<http://HOST/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<http://PORT/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<https://TLSHOST/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<https://TLSPORT/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<//HOST/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<//PORT/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<///HOST/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<http://localhost:NUMBER2/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<http://127.2:NUMBER/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<http://0x7f000002:NUMBER/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<http://[::ffff:127.0.0.2]:NUMBER/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<http://127.0.0.2.:NUMBER/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<http://127。0。0。2:NUMBER/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<ftp://HOST/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    // Users, and delimiters that readers of URLs take differently.
    r#"<http://OWN@HOST/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<http://ci:guess@PORT/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<http://HOST\@OWN/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<\\HOST\v2\acme\api\tags\list?last=1.0.0>; rel="next""#,
    r#"</\HOST/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<http:\\HOST/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"< http://HOST/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    "<\t//HOST/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\"",
    r#"<http://HOST#@OWN/v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    // Ways to say `next`.
    "<http://HOST/v2/acme/api/tags/list?last=1.0.0>;rel=next",
    r#"<http://HOST/v2/acme/api/tags/list?last=1.0.0>; REL="NEXT""#,
    r#"<http://HOST/v2/acme/api/tags/list?last=1.0.0>; title="x, y"; rel="last next""#,
    r#"</v2/acme/api/tags/list?last=0>; rel="prev", <http://HOST/v2/acme/api/tags/list>; rel="next""#,
    "</v2/acme/api/tags/list?last=1.0.0>; rel=\"next\"\n<http://HOST/v2/acme/api/tags/list>; rel=\"next\"",
    "<http://HOST/v2/acme/api/tags/list>; rel=\"next\"\n</v2/acme/api/tags/list?last=1.0.0>; rel=\"next\"",
    r#"<http://HOST/v2/acme/api/tags/list; rel="next""#,
    r#"http://HOST/v2/acme/api/tags/list; rel="next""#,
    // What is not said to be the next page is none.
    "<http://HOST/v2/acme/api/tags/list?last=1.0.0>",
    r#"<http://HOST/v2/acme/api/tags/list?last=1.0.0>; rel="prev""#,
    // Other lists of the registry.
    r#"</v2/acme/secret/tags/list?last=1.0.0>; rel="next""#,
    r#"</v2/_catalog?last=1.0.0>; rel="next""#,
    r#"</v2/acme/api/../secret/tags/list?last=1.0.0>; rel="next""#,
    r#"</v2/acme/api/%2e%2e/secret/tags/list?last=1.0.0>; rel="next""#,
    r#"</v2/acme%2fapi/tags/list?last=1.0.0>; rel="next""#,
    r#"</v2/acme/api/tags/list/?last=1.0.0>; rel="next""#,
    r#"<../manifests/1.0.0>; rel="next""#,
    // Lists without an end.
    r#"</v2/acme/api/tags/list?n=1000>; rel="next""#,
    r#"</v2/acme/api/tags/list?last=1.0.0>; rel="next""#,
    r#"<?last=1.0.0>; rel="next""#,
    r#"<>; rel="next""#,
];

/// Says `text` under each page, and gives back what came of it.
fn lead(elsewhere: &Elsewhere, text: &str) -> String {
    let mut outcomes = Vec::new();
    for kind in KINDS {
        let setting = Setting {
            tls: false,
            kind,
            elsewhere_configured: false,
            elsewhere_trusted: false,
        };
        let stage = Stage::new(elsewhere, setting);
        stage.gives_tokens();
        let mut page = with_cookie(Answer::tags(IMAGE, &["1.0.0"]));
        for line in text.lines() {
            page = page.header("link", &stage.text(line));
        }
        let route = Verb::List.route();
        stage.registry.then(&route, stage.own_challenge()).always(&route, page);
        let before = elsewhere.connections();
        let outcome = stage.ask(Verb::List);
        let case = format!("{text} ({kind:?}: {outcome})");
        assert!(stage.registry_was_shown_a_credential(), "{case}: nothing was at stake");
        elsewhere.assert_saw_no_credential(&case);
        assert_eq!(elsewhere.connections(), before, "{case}: someone was connected to");
        for seen in stage.registry.seen() {
            let own = seen.path == format!("/v2/{IMAGE}/tags/list") || seen.path == "/token";
            assert!(own, "{case}: {} was asked", seen.path);
        }
        outcomes.push(outcome);
    }
    outcomes.dedup();
    outcomes.join(" or ")
}

#[test]
fn no_credential_follows_a_link_to_another_host_or_port() {
    let leading_away = LINKS.iter().filter(|text| leads_away(text)).count();
    assert!(leading_away >= 20, "{leading_away} links");
    println!("{leading_away} links name another host or port");
    let elsewhere = Elsewhere::asking();
    let mut table = String::new();
    for text in LINKS {
        let outcome = lead(&elsewhere, text);
        writeln!(table, "{} => {outcome}", text.escape_debug()).unwrap();
    }
    expect![[r#"
        <http://HOST/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http://PORT/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <https://TLSHOST/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <https://TLSPORT/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <//HOST/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <//PORT/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <///HOST/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http://localhost:NUMBER2/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http://127.2:NUMBER/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http://0x7f000002:NUMBER/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http://[::ffff:127.0.0.2]:NUMBER/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http://127.0.0.2.:NUMBER/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http://127。0。0。2:NUMBER/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <ftp://HOST/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http://OWN@HOST/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http://ci:guess@PORT/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http://HOST\\@OWN/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <\\\\HOST\\v2\\acme\\api\\tags\\list?last=1.0.0>; rel=\"next\" => incomplete
        </\\HOST/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http:\\\\HOST/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        < http://HOST/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <\t//HOST/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http://HOST#@OWN/v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http://HOST/v2/acme/api/tags/list?last=1.0.0>;rel=next => incomplete
        <http://HOST/v2/acme/api/tags/list?last=1.0.0>; REL=\"NEXT\" => incomplete
        <http://HOST/v2/acme/api/tags/list?last=1.0.0>; title=\"x, y\"; rel=\"last next\" => incomplete
        </v2/acme/api/tags/list?last=0>; rel=\"prev\", <http://HOST/v2/acme/api/tags/list>; rel=\"next\" => incomplete
        </v2/acme/api/tags/list?last=1.0.0>; rel=\"next\"\n<http://HOST/v2/acme/api/tags/list>; rel=\"next\" => incomplete
        <http://HOST/v2/acme/api/tags/list>; rel=\"next\"\n</v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <http://HOST/v2/acme/api/tags/list; rel=\"next\" => incomplete
        http://HOST/v2/acme/api/tags/list; rel=\"next\" => incomplete
        <http://HOST/v2/acme/api/tags/list?last=1.0.0> => ok
        <http://HOST/v2/acme/api/tags/list?last=1.0.0>; rel=\"prev\" => ok
        </v2/acme/secret/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        </v2/_catalog?last=1.0.0>; rel=\"next\" => incomplete
        </v2/acme/api/../secret/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        </v2/acme/api/%2e%2e/secret/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        </v2/acme%2fapi/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        </v2/acme/api/tags/list/?last=1.0.0>; rel=\"next\" => incomplete
        <../manifests/1.0.0>; rel=\"next\" => incomplete
        </v2/acme/api/tags/list?n=1000>; rel=\"next\" => incomplete
        </v2/acme/api/tags/list?last=1.0.0>; rel=\"next\" => incomplete
        <?last=1.0.0>; rel=\"next\" => incomplete
        <>; rel=\"next\" => incomplete
    "#]].assert_eq(&table);
}
