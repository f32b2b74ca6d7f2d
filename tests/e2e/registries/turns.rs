//! docker-registry with passwords, and several credentials of which one is right.

use std::os::unix::fs::PermissionsExt;

use testkit::{Ca, RealRegistry, RegistrySettings};

use super::{OFTEN, PASSWORD, Stage, USER, USER_AND_PASSWORD, ca_file, with_tags};
use crate::world::World;

/// `alice:nearly-right`.
const WRONG: &str = "YWxpY2U6bmVhcmx5LXJpZ2h0";

fn registry(ca: &Ca) -> RealRegistry {
    let settings = RegistrySettings::new().tls(ca).user(USER, PASSWORD);
    with_tags(RealRegistry::docker_registry(&settings), &["1.3.0", "1.4.0"])
}

/// A world whose Docker config holds `text`, with `HOST` for the registry.
fn world(start: World, registry: &RealRegistry, ca: &Ca, text: &str, registries: &str) -> World {
    let mut start = start;
    for secret in [PASSWORD, USER_AND_PASSWORD, WRONG, "nearly-right"] {
        start.secret(secret);
    }
    let host = registry.host();
    let file = start.file("docker.json", text.replace("HOST", &host));
    let ca = ca_file(&start, ca);
    start
        .registry(&format!("host: \"{host}\", caFile: \"{}\", {OFTEN}", ca.display()))
        .registries(&format!("dockerConfig: \"{}\"", file.display()))
        .registries(registries)
}

/// Statuses that the registry answered with.
fn statuses(registry: &RealRegistry) -> Vec<u16> {
    let asked = registry.requests().unwrap();
    asked.iter().map(|request| request.status).collect()
}

fn image(answer: &serde_json::Value) -> &serde_json::Value {
    &answer["images"][0]
}

#[test]
fn the_second_entry_opens_it_and_goes_first_from_then_on() {
    let ca = Ca::new().unwrap();
    let registry = registry(&ca);
    let host = registry.host();
    let text = format!(
        r#"{{"auths": {{"HOST/team/app": {{"auth": "{WRONG}"}}, "HOST/team": {{"auth": "%%%"}}, "HOST": {{"auth": "{USER_AND_PASSWORD}"}}}}}}"#
    );
    let world = world(World::new(), &registry, &ca, &text, "");
    let stage = Stage::new(world, &format!("{host}/team/app"), "1.4.0");
    let before = statuses(&registry).len();
    let daemon = stage.world.start();
    let shown = daemon.until("/api/v1/images", |answer| !image(answer)["credential"].is_null());
    assert_eq!(
        image(&shown)["credential"]["text"],
        format!("the Docker configuration's entry `{host}`"),
        "{shown:#}"
    );
    let refused = &image(&shown)["refusedCredentials"][0];
    assert_eq!(
        refused["text"],
        format!("the Docker configuration's entry `{host}/team/app`")
    );
    let skipped = image(&shown)["skippedCredentials"][0]["reason"]
        .as_str()
        .unwrap_or_default();
    assert!(skipped.starts_with("`auth` is not base64; correct it in "), "{shown:#}");
    registry.push_tag("team/app", "1.9.2").unwrap();
    daemon.until_commits(1);
    stage.assert_landed("1.9.2");
    let refusals = statuses(&registry)[before..]
        .iter()
        .filter(|status| **status == 401)
        .count();
    // The challenge, the wrong password, and the challenge of whoever pushed.
    assert!(refusals <= 3, "{:?}", registry.requests().unwrap());
    stage.world.assert_kept_secrets(&daemon.log());
    stage.world.assert_kept_secrets(&shown.to_string());
}

#[test]
fn a_helper_that_is_allowed_opens_it() {
    let ca = Ca::new().unwrap();
    let registry = registry(&ca);
    let start = World::new();
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = get ] && read SERVER && [ \"$SERVER\" = {} ] && echo '{{\"Username\": \"{USER}\", \"Secret\": \"{PASSWORD}\"}}'\n",
        registry.host()
    );
    let program = start.file("docker-credential-tests", script);
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", start.folder().display());
    let text = r#"{"credHelpers": {"HOST": "tests"}}"#;
    let world = world(start, &registry, &ca, text, "credentialHelpers: [tests]").env("PATH", &path);
    let stage = Stage::new(world, &format!("{}/team/app", registry.host()), "1.4.0");
    stage.lands_once("1.9.2", || {
        registry.push_tag("team/app", "1.9.2").unwrap();
    });
}

#[test]
fn a_helper_that_is_not_allowed_is_named_where_the_registry_wants_it() {
    let ca = Ca::new().unwrap();
    let registry = registry(&ca);
    let host = registry.host();
    let text = r#"{"credHelpers": {"HOST": "tests"}, "auths": {"HOST": {}}}"#;
    let world = world(World::new(), &registry, &ca, text, "");
    let stage = Stage::new(world, &format!("{host}/team/app"), "1.4.0");
    let ran = stage.world.once().expect(1);
    for words in [
        "the credential helper `tests` is passed by: it is not run; add `tests` to `registries.credentialHelpers` to allow it",
        &format!(
            "the Docker configuration's entry `{host}` is passed by: the entry holds no credential; correct it in "
        ),
        "the answer was 401 Unauthorized",
    ] {
        assert!(ran.stderr.contains(words), "{words}\n{}", ran.stderr);
    }
}
