//! docker-registry with a token server on another port.

use std::time::Duration;

use memory_registry::{Rights, Users};
use testkit::{Ca, RealRegistry, RegistrySettings, TokenServer, ask};

use super::{OFTEN, PASSWORD, Stage, USER, USER_AND_PASSWORD, ca_file, credentials, with_tags};
use crate::world::World;

/// A minute exercises what real ones do; the longest that a token server may name is more.
const LIFETIME: Duration = Duration::from_secs(60);

/// How every token begins.
const TOKEN: &str = "eyJ0eXAiOiJKV1Qi";

fn users() -> Users {
    Users::new().with(USER, PASSWORD, Rights::pull("team/*"))
}

/// A registry over TLS that wants tokens, and the server that gives them.
fn servers(ca: &Ca) -> (RealRegistry, TokenServer) {
    let tokens = TokenServer::start_tls(users(), LIFETIME, ca).unwrap();
    let settings = RegistrySettings::new().tls(ca).token(&tokens);
    let registry = with_tags(RealRegistry::docker_registry(&settings), &["1.3.0", "1.4.0"]);
    let given = ask::get(tokens.host().parse().unwrap(), Some(ca), "/token", &[]).unwrap();
    assert!(given.contains(&format!("\"token\":\"{TOKEN}")), "{given}");
    (registry, tokens)
}

/// A stage with `keys` in the registry's entry beside its credentials.
fn stage(registry: &RealRegistry, ca: &Ca, keys: &str) -> Stage {
    let host = registry.host();
    let mut world = World::new();
    world.secret(TOKEN);
    let credentials = credentials(&mut world, PASSWORD);
    let ca = ca_file(&world, ca);
    let world = world.registry(&format!(
        "host: \"{host}\", caFile: \"{}\", {OFTEN}, {credentials}{keys}",
        ca.display()
    ));
    Stage::new(world, &format!("{host}/team/app"), "1.4.0")
}

#[test]
fn a_token_server_that_the_configuration_names_gives_the_token() {
    let ca = Ca::new().unwrap();
    let (registry, tokens) = servers(&ca);
    let stage = stage(&registry, &ca, &format!(", tokenHosts: [\"{}\"]", tokens.host()));
    stage.lands_once("1.9.2", || {
        registry.push_tag("team/app", "1.9.2").unwrap();
    });
    let asked = &tokens.seen()[1..];
    for asked in asked {
        assert_eq!(asked.path, "/token");
        assert!(
            asked.query.contains("scope=repository%3Ateam%2Fapp%3Apull"),
            "{}",
            asked.query
        );
        let expected = format!("Basic {USER_AND_PASSWORD}");
        assert_eq!(asked.header("authorization"), Some(expected.as_str()));
    }
    assert_eq!(asked.len(), 3, "one token for each of the three passes");
}

#[test]
fn one_without_tls_gives_it_where_passwords_may_travel_so() {
    let tokens = TokenServer::start(users(), LIFETIME).unwrap();
    let settings = RegistrySettings::new().token(&tokens);
    let registry = with_tags(RealRegistry::docker_registry(&settings), &["1.3.0", "1.4.0"]);
    let host = registry.host();
    let mut world = World::new();
    let credentials = credentials(&mut world, PASSWORD);
    let world = world.registry(&format!(
        "host: \"{host}\", plainHttp: true, plainHttpCredentials: true, tokenHosts: [\"{}\"], {credentials}",
        tokens.host()
    ));
    let stage = Stage::new(world, &format!("{host}/team/app"), "1.4.0");
    stage.lands_once("1.9.2", || {
        registry.push_tag("team/app", "1.9.2").unwrap();
    });
}

#[test]
fn one_that_is_not_named_is_not_asked_until_the_advice_is_taken() {
    let ca = Ca::new().unwrap();
    let (registry, tokens) = servers(&ca);
    registry.push_tag("team/app", "1.9.2").unwrap();
    let stage = stage(&registry, &ca, "");
    let advice = format!("tokenHosts: [\"{}\"]", tokens.host());
    let ran = stage.world.once().expect(1);
    assert!(ran.stderr.contains(&advice), "{}", ran.stderr);

    let daemon = stage.world.start();
    let shown = daemon.until("/api/v1/registries", |answer| {
        answer["registries"][0]["state"] == "realmNotAllowed"
    });
    let error = shown["registries"][0]["lastError"].as_str().unwrap_or_default();
    assert!(error.contains(&advice), "{shown:#}");
    daemon.settled();
    assert_eq!(
        tokens.seen().len(),
        1,
        "nobody asked but this test: {:#?}",
        tokens.seen()
    );
    assert_eq!(stage.repository.commits().unwrap(), 1);
    assert!(!stage.git.saw_push().unwrap());

    let config = stage.world.folder().join("config.yaml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("caFile:", &format!("{advice}, caFile:"))).unwrap();
    daemon.until_commits(1);
    stage.assert_landed("1.9.2");
    stage.world.assert_kept_secrets(&daemon.log());
    for path in ["status", "images", "targets", "registries"] {
        let answer = daemon.get(&format!("/api/v1/{path}"));
        stage.world.assert_kept_secrets(&answer.to_string());
    }
}
