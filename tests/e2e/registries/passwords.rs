//! docker-registry over TLS under a private CA, with passwords.

use memory_registry::{Authentication, Credential, Rights, Users};
use testkit::{Ca, MemoryRegistry, RealRegistry, RegistrySettings};

use super::{OFTEN, PASSWORD, Stage, USER, USER_AND_PASSWORD, ca_file, credentials, with_tags};
use crate::world::{Ran, World};

fn registry(ca: &Ca) -> RealRegistry {
    let settings = RegistrySettings::new().tls(ca).user(USER, PASSWORD);
    with_tags(RealRegistry::docker_registry(&settings), &["1.3.0", "1.4.0"])
}

/// A world whose entry for `host` has this key of credentials, or none.
fn world(mut world: World, host: &str, ca: &Ca, credentials: &str) -> World {
    world.secret(USER_AND_PASSWORD);
    let ca = ca_file(&world, ca);
    world.registry(&format!(
        "host: \"{host}\", caFile: \"{}\", {OFTEN}, {credentials}",
        ca.display()
    ))
}

#[test]
fn the_password_of_the_configuration_opens_it() {
    let ca = Ca::new().unwrap();
    let registry = registry(&ca);
    let mut start = World::new();
    let credentials = credentials(&mut start, PASSWORD);
    let world = world(start, &registry.host(), &ca, &credentials);
    let stage = Stage::new(world, &format!("{}/team/app", registry.host()), "1.4.0");
    stage.lands_once("1.9.2", || {
        registry.push_tag("team/app", "1.9.2").unwrap();
    });
}

#[test]
fn the_password_of_a_docker_config_opens_it() {
    let ca = Ca::new().unwrap();
    let registry = registry(&ca);
    let host = registry.host();
    let mut start = World::new();
    start.secret(PASSWORD);
    let auths = format!(r#"{{"auths": {{"https://{host}/v2/": {{"auth": "{USER_AND_PASSWORD}"}}}}}}"#);
    let file = start.file("docker.json", auths);
    let world = world(start, &host, &ca, "").registries(&format!("dockerConfig: \"{}\"", file.display()));
    let stage = Stage::new(world, &format!("{host}/team/app"), "1.4.0");
    stage.lands_once("1.9.2", || {
        registry.push_tag("team/app", "1.9.2").unwrap();
    });
}

/// The pass fails, and says why.
#[track_caller]
fn assert_refused(ran: &Ran, host: &str) {
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let expected = format!(
        "failed to list the tags of `{host}/team/app`: the configuration of `{host}` did not open it; \
         the answer was 401 Unauthorized"
    );
    assert!(
        ran.stderr.lines().any(|line| line.starts_with(&expected)),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_wrong_password_is_said_and_nothing_else_is_tried() {
    let ca = Ca::new().unwrap();
    let registry = registry(&ca);
    registry.push_tag("team/app", "1.9.2").unwrap();
    let host = registry.host();
    let mut start = World::new();
    let credentials = credentials(&mut start, "a-wrong-password");
    let stage = Stage::new(
        world(start, &host, &ca, &credentials),
        &format!("{host}/team/app"),
        "1.4.0",
    );
    assert_refused(&stage.world.once(), &host);
    let asked = registry.requests().unwrap();
    let statuses: Vec<u16> = asked.iter().map(|request| request.status).collect();
    assert_eq!(statuses, [401, 401], "the challenge, and the password: {asked:#?}");
    assert!(!stage.git.saw_push().unwrap());
}

#[test]
fn after_a_wrong_password_nobody_asks_anonymously() {
    let ca = Ca::new().unwrap();
    let registry = MemoryRegistry::start_tls(&ca).unwrap();
    registry.registry.push_tags("team/app", ["1.4.0", "1.9.2"]);
    let users = Users::new().with(USER, PASSWORD, Rights::all());
    registry.registry.set_authentication(Authentication::basic(users));
    let host = registry.host();
    let mut start = World::new();
    let credentials = credentials(&mut start, "a-wrong-password");
    let stage = Stage::new(
        world(start, &host, &ca, &credentials),
        &format!("{host}/team/app"),
        "1.4.0",
    );
    assert_refused(&stage.world.once(), &host);
    let shown: Vec<Credential> = registry
        .registry
        .requests()
        .iter()
        .map(|asked| asked.credential)
        .collect();
    assert_eq!(shown, [Credential::None, Credential::Basic]);
}

#[test]
fn without_its_password_file_a_registry_is_not_asked_until_the_file_is_there() {
    let ca = Ca::new().unwrap();
    let registry = registry(&ca);
    registry.push_tag("team/app", "1.9.2").unwrap();
    let host = registry.host();
    let mut start = World::new();
    let credentials = credentials(&mut start, PASSWORD);
    let password = start.folder().join("password");
    std::fs::rename(&password, password.with_extension("later")).unwrap();
    let stage = Stage::new(
        world(start, &host, &ca, &credentials),
        &format!("{host}/team/app"),
        "1.4.0",
    );
    let ran = stage.world.once().expect(1);
    assert!(ran.stderr.contains(&password.display().to_string()), "{}", ran.stderr);
    let daemon = stage.world.start();
    let shown = daemon.until("/api/v1/registries", |answer| {
        answer["registries"][0]["state"] == "credentialUnavailable"
    });
    let error = shown["registries"][0]["lastError"].as_str().unwrap_or_default();
    assert!(error.contains(&password.display().to_string()), "{shown:#}");
    daemon.settled();
    assert_eq!(registry.requests().unwrap(), [], "it was asked without the password");
    std::fs::rename(password.with_extension("later"), &password).unwrap();
    daemon.until_commits(1);
    stage.assert_landed("1.9.2");
    stage.world.assert_kept_secrets(&daemon.log());
}
