//! `tags`, `digest` and `inspect`, with the configuration of the daemon, against the same servers.

use std::time::Duration;

use memory_registry::{Image, Rights, Users};
use serde_json::{Value, json};
use testkit::{Ca, RealRegistry, RegistrySettings, TokenServer};

use super::{PASSWORD, USER, ca_file, credentials};
use crate::world::World;

const CREATED: &str = "2024-01-02T03:04:05Z";

/// Asks all that the commands can ask of `registry`, which `world` knows.
#[track_caller]
fn check(world: &World, registry: &RealRegistry) {
    let image = Image::new().created(CREATED);
    let digest = registry.push("team/app", "1.4.0", &image).unwrap();
    let platforms = ["linux/amd64", "linux/arm64/v8"];
    let index = registry
        .push("team/app", "1.9.2", &Image::new().platforms(platforms))
        .unwrap();
    let name = format!("{}/team/app", registry.host());
    let config = world.write_config().display().to_string();
    let text = |command: &str, subject: &str| world.run(&[command, subject, "--config", &config]).expect(0).stdout;
    let json = |command: &str, subject: &str| -> Value {
        let ran = world
            .run(&[command, subject, "--config", &config, "-o", "json"])
            .expect(0);
        serde_json::from_str(&ran.stdout).unwrap()
    };
    let (one, both) = (format!("{name}:1.4.0"), format!("{name}:1.9.2"));

    assert_eq!(text("tags", &name), "1.4.0\n1.9.2\n");
    assert_eq!(
        json("tags", &name),
        json!({"image": name, "tags": ["1.4.0", "1.9.2"], "invalid": 0})
    );
    assert_eq!(text("digest", &one), format!("{digest}\n"));
    assert_eq!(json("digest", &both)["digest"], *index);
    let inspected = json("inspect", &one);
    assert_eq!(
        (&inspected["digest"], &inspected["created"], &inspected["platform"]),
        (&json!(digest), &json!(CREATED), &json!("linux/amd64"))
    );
    let inspected = json("inspect", &format!("{name}@{index}"));
    assert_eq!(inspected["digest"], *index);
    let parts = inspected["manifests"].as_array().unwrap();
    assert_eq!(
        parts.iter().map(|part| &part["platform"]).collect::<Vec<_>>(),
        platforms
    );
    assert!(text("inspect", &both).contains("linux/arm64/v8"));

    let ran = world
        .run(&["digest", &format!("{name}:2.0"), "--config", &config])
        .expect(1);
    assert!(ran.stderr.contains(&format!("`{name}:2.0`")), "{}", ran.stderr);
    assert!(ran.stderr.contains("404"), "{}", ran.stderr);
}

#[test]
fn they_ask_over_plain_http() {
    let registry = RealRegistry::docker_registry(&RegistrySettings::new()).unwrap();
    let entry = format!("host: \"{}\", plainHttp: true", registry.host());
    check(&World::new().registry(&entry), &registry);
}

#[test]
fn they_show_passwords_and_tokens_under_a_private_ca() {
    let ca = Ca::new().unwrap();
    let users = Users::new().with(USER, PASSWORD, Rights::pull("team/*"));
    let tokens = TokenServer::start_tls(users, Duration::from_secs(60), &ca).unwrap();
    let settings = RegistrySettings::new().tls(&ca);
    for (settings, keys) in [
        (settings.clone().user(USER, PASSWORD), String::new()),
        (
            settings.token(&tokens),
            format!("tokenHosts: [\"{}\"], ", tokens.host()),
        ),
    ] {
        let registry = RealRegistry::docker_registry(&settings).unwrap();
        let mut world = World::new();
        let credentials = credentials(&mut world, PASSWORD);
        let ca = ca_file(&world, &ca);
        let (host, ca) = (registry.host(), ca.display());
        let entry = format!("host: \"{host}\", caFile: \"{ca}\", {keys}{credentials}");
        check(&world.registry(&entry), &registry);
    }
}

#[test]
fn they_ask_distribution_3_over_tls() {
    let ca = Ca::new().unwrap();
    let registry = RealRegistry::distribution(&RegistrySettings::new().tls(&ca)).unwrap();
    let world = World::new();
    let file = ca_file(&world, &ca);
    let entry = format!("host: \"{}\", caFile: \"{}\"", registry.host(), file.display());
    check(&world.registry(&entry), &registry);
}

#[test]
fn without_the_configuration_a_private_ca_is_not_believed() {
    let ca = Ca::new().unwrap();
    let registry = RealRegistry::docker_registry(&RegistrySettings::new().tls(&ca)).unwrap();
    registry.push_tag("team/app", "1.4.0").unwrap();
    let world = World::new();
    let ran = world.run(&["tags", &format!("{}/team/app", registry.host())]).expect(1);
    assert!(ran.stderr.to_lowercase().contains("certificate"), "{}", ran.stderr);
    assert_eq!(registry.requests().unwrap(), []);
}
