//! What people get wrong: each is read as what was meant, or told how to say it.

mod arguments;
mod kinds;
mod long_form;

use expect_test::{Expect, expect};

use crate::policy::{Policy, PolicyError};

/// One paragraph for each text, between which `; ` stands: as written, the place that is meant, and the message; or what it reads as.
fn check_short(texts: &str, expected: &Expect) {
    let paragraphs = texts.split("; ").map(|text| paragraph(text, Policy::parse_short(text)));
    expected.assert_eq(&paragraphs.collect::<String>());
}

fn paragraph(written: &str, outcome: Result<Policy, PolicyError>) -> String {
    let error = match outcome {
        Ok(policy) => return format!("{written}\n    is {policy}\n"),
        Err(error) => error,
    };
    let (line, limit) = (error.to_string(), 220);
    assert!(
        line.chars().count() <= limit,
        "{} characters: {line}",
        line.chars().count()
    );
    let spot = error.spot().expect("a short form has a place for every mistake");
    assert_eq!(spot.text(), written);
    let before = written[..spot.span().start].chars().count();
    let carets = written[spot.span()].chars().count().max(1);
    format!("{written}\n{}{}\n    {line}\n", " ".repeat(before), "^".repeat(carets))
}

#[test]
fn what_is_meant_is_read() {
    check_short(
        "semver:>1.2; semver:v1.x; semver:>= 1.2; semver:>=1.2,<2; semver: ~1.4 ;  semver : ~1.4; \
             semver:~>1.4; semver:1.2.3-alpine; semver:^v1.2; regexp:1.2; regexp:/^v/i; regex:^main-.*$; \
             glob:^main-.*$; newest:*; newest; calver:YYYY-mm-dd",
        &expect![[r#"
            semver:>1.2
                is semver:>1.2
            semver:v1.x
                is semver:v1.x
            semver:>= 1.2
                is semver:>= 1.2
            semver:>=1.2,<2
                is semver:>=1.2,<2
            semver: ~1.4 
                is semver:~1.4
             semver : ~1.4
                is semver:~1.4
            semver:~>1.4
                is semver:~>1.4
            semver:1.2.3-alpine
                is semver:1.2.3-alpine
            semver:^v1.2
                is semver:^v1.2
            regexp:1.2
                is regexp:1.2
            regexp:/^v/i
                is regexp:/^v/i
            regex:^main-.*$
                is regexp:^main-.*$
            glob:^main-.*$
                is glob:^main-.*$
            newest:*
                is newest:*
            newest
                is newest:*
            calver:YYYY-mm-dd
                is calver:YYYY-mm-dd
        "#]],
    );
}
