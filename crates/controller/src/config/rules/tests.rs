use std::path::Path;

use crate::config::{Config, Environment, RuleSubject, parse};

const RULES: &str = r#"
mirrors: /m
state: {file: /s}
policies:
  - {name: stable, semver: ">=1.0.0 <2.0.0"}
rules:
  - {match: {repository: fleet, path: "clusters/**", namespace: apps, kind: deployment, container: "*", image: "ghcr.io/acme/*"}, policy: stable}
  - {match: {path: "tools/*"}, policy: "semver:2.x"}
  - {match: {container: "side?car"}, policy: {semver: "3.x"}}
repositories:
  - {name: fleet, url: "file:///srv/fleet.git"}
"#;

const SUBJECT: RuleSubject<'_> = RuleSubject {
    repository: "fleet",
    path: "clusters/prod/api.yaml",
    fields: &[],
    by_field_alone: false,
    namespace: "apps",
    kind: "Deployment",
    container: "api",
    image: "ghcr.io/acme/team/api",
};

fn config() -> Config {
    parse("f", RULES.as_bytes(), Path::new("/"), &Environment::default()).unwrap()
}

fn check(subject: RuleSubject<'_>, expected: Option<(usize, &str)>) {
    let config = config();
    let found = config
        .rules
        .first_match(&subject)
        .map(|(rule, number)| (number, rule.policy.to_string()));
    assert_eq!(
        found,
        expected.map(|(number, policy)| (number, policy.to_owned())),
        "{subject:?}"
    );
}

#[test]
fn all_that_a_rule_names_must_fit() {
    check(SUBJECT, Some((0, "semver:>=1.0.0 <2.0.0")));
    check(
        RuleSubject {
            repository: "other",
            ..SUBJECT
        },
        None,
    );
    check(
        RuleSubject {
            path: "other/api.yaml",
            ..SUBJECT
        },
        None,
    );
    check(
        RuleSubject {
            namespace: "default",
            ..SUBJECT
        },
        None,
    );
    check(
        RuleSubject {
            kind: "StatefulSet",
            ..SUBJECT
        },
        None,
    );
    check(
        RuleSubject {
            image: "ghcr.io/other/api",
            ..SUBJECT
        },
        None,
    );
    check(
        RuleSubject {
            container: "",
            ..SUBJECT
        },
        Some((0, "semver:>=1.0.0 <2.0.0")),
    );
}

#[test]
fn the_first_rule_that_fits_wins() {
    let elsewhere = RuleSubject {
        path: "tools/api.yaml",
        ..SUBJECT
    };
    check(elsewhere, Some((1, "semver:2.x")));
    check(
        RuleSubject {
            container: "side-car",
            ..elsewhere
        },
        Some((1, "semver:2.x")),
    );
    check(
        RuleSubject {
            path: "tools/deep/api.yaml",
            container: "side-car",
            ..SUBJECT
        },
        Some((2, "semver:3.x")),
    );
}

#[test]
fn a_text_is_the_name_of_a_policy_or_one_in_place() {
    let config = config();
    let resolve = |text: &str| match config.policies.resolve(text) {
        Ok(policy) => policy.to_string(),
        Err(error) => format!("error: {error}"),
    };
    expect_test::expect![[r#"
        semver:>=1.0.0 <2.0.0
        semver:1.x
        semver:1.x
        error: there is no policy named `stabel`; did you mean `stable`?
        error: there is no policy named `other`
        error: sember: there is no such kind of policy; did you mean `semver:1.x`?
        error: semver: `1.y` is not a range: `1.y` is no version; a wildcard is written `x`, `X` or `*`
        error: the policy names no kind; write KIND or KIND:ARGUMENT, the kind being one of semver, version, calver, numeric, alphabetical, newest, glob, regexp, digest
        error: a b: there is no such kind of policy; kinds are semver, version, calver, numeric, alphabetical, newest, glob, regexp, digest"#]].assert_eq(
        &[
            "stable",
            "semver:1.x",
            "{semver: 1.x}",
            "stabel",
            "other",
            "sember:1.x",
            "semver:1.y",
            "",
            "a b",
        ]
        .map(resolve)
        .join("\n"),
    );
}
