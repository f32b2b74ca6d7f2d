//! Who is asked how often.

use super::*;

fn check(registry: &str, configured: u32, expected: (u32, u32)) {
    let limits = Limits {
        requests_per_second: NonZeroU32::new(configured).expect("more than none"),
        ..Limits::default()
    };
    let limits = within(limits, &Registry::parse(registry).expect("a registry"));
    assert_eq!(
        (limits.requests_per_second.get(), limits.burst.get()),
        expected,
        "{registry}"
    );
}

#[test]
fn a_registry_of_little_patience_is_asked_less() {
    check("quay.io", 20, (3, 10));
    check("public.ecr.aws", 20, (1, 10));
    check("quay.io", 2, (2, 10));
}

#[test]
fn all_others_are_asked_as_configured() {
    for registry in [
        "docker.io",
        "ghcr.io",
        "quay.io:8443",
        "quay.io.example.com",
        "myquay.io",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
    ] {
        check(registry, 20, (20, 10));
    }
}
