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
    check("Quay.IO", 20, (3, 10));
    check("public.ecr.aws", 20, (1, 10));
    check("ghcr.io", 20, (5, 2));
    check("docker.io", 20, (10, 10));
    check("acme.azurecr.io", 20, (10, 10));
    check("registry.gitlab.com", 20, (8, 10));
    // Never more than the configuration says.
    check("quay.io", 2, (2, 10));
}

#[test]
fn all_others_are_asked_as_configured() {
    for registry in [
        "registry.k8s.io",
        "gcr.io",
        "europe-docker.pkg.dev",
        "mcr.microsoft.com",
        "quay.io:8443",
        "quay.io.example.com",
        "myquay.io",
        "azurecr.io",
        "acme.azurecr.io.example.com",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
    ] {
        check(registry, 20, (20, 10));
    }
}

#[test]
fn who_is_led_to_has_the_same_patience() {
    let limits = within_host(Limits::default(), "gitlab.com");
    assert_eq!(limits.requests_per_second.get(), 8);
    assert_eq!(within_host(Limits::default(), "auth.docker.io"), Limits::default());
}
