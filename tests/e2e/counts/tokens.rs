//! Registries that want tokens.
//!
//! A token is for one repository, so each image costs one, the digest of its tag included. That tokens are wanted, and where they
//! are, is learned once: from one refusal.

use std::time::Duration;

use memory_registry::{Authentication, Manners, Rights, TokenService, Users};
use testkit::{BareRepository, Ca, MemoryRegistry, RealRegistry, RegistrySettings, TokenServer};

use super::{Counts, IMAGES, Subject, check, memory, real};
use crate::world::World;
use crate::world::manifests::deployment;

const PASSWORD: &str = "correct-horse-battery";
const FLOOR: Counts = Counts {
    lists: 0,
    heads: 0,
    tokens: IMAGES,
    refused: 1,
    others: 0,
};

fn users() -> Users {
    Users::new().with("alice", PASSWORD, Rights::pull("*"))
}

#[test]
fn the_registrys_own_tokens() {
    let ca = Ca::new().unwrap();
    let registry = memory::filled(MemoryRegistry::start_tls(&ca));
    registry.registry.set_authentication(Authentication::bearer(users()));
    let subject = Subject {
        address: registry.host().parse().unwrap(),
        keys: "",
        ca: Some(&ca),
        password: Some(PASSWORD),
        asked: &|| memory::asked(&registry),
        connections: 1,
        tests: 1,
    };
    check(&subject, FLOOR);
}

#[test]
fn tokens_of_another_server() {
    let ca = Ca::new().unwrap();
    let tokens = TokenServer::start_tls(users(), Duration::from_secs(300), &ca).unwrap();
    let settings = RegistrySettings::new().tls(&ca).token(&tokens);
    let registry = real::filled(RealRegistry::docker_registry(&settings));
    let keys = format!(", tokenHosts: [\"{}\"]", tokens.host());
    let subject = Subject {
        address: registry.address(),
        keys: &keys,
        ca: Some(&ca),
        password: Some(PASSWORD),
        asked: &|| Counts {
            tokens: tokens.seen().len(),
            ..real::asked(&registry)
        },
        connections: 1,
        tests: 0,
    };
    check(&subject, FLOOR);
}

/// A hundred tags on ten pages, and tokens that are good for six requests: on page seven, the token is renewed and the page asked again.
#[test]
fn a_token_that_ends_on_page_seven_costs_that_page_and_another_token() {
    let registry = MemoryRegistry::start().unwrap();
    let tags = (0..100).map(|minor| format!("1.{minor}.0"));
    registry.registry.push_tags("team/app", tags);
    registry.registry.set_manners(Manners {
        largest_page: Some(10),
        ..Manners::default()
    });
    let uses = Some(6);
    registry
        .registry
        .set_authentication(Authentication::Bearer(TokenService {
            uses,
            ..TokenService::new(users())
        }));
    let repository = BareRepository::new().unwrap();
    let image = format!("{}/team/app:1.99.0", registry.host());
    repository
        .seed([("apps/app.yaml", deployment("app", &image, "semver:^1"))])
        .unwrap();
    let mut world = World::new();
    let password = world.secret_file("password", PASSWORD);
    let world = world
        .registry(&format!(
            "host: \"{}\", plainHttp: true, plainHttpCredentials: true, requestsPerSecond: 1000, \
             credentials: {{username: alice, passwordFile: \"{}\"}}",
            registry.host(),
            password.display()
        ))
        .repository(&format!("url: \"{}\"", repository.file_url()));
    world.once().expect(0);
    let counts = Counts {
        lists: 10,
        heads: 0,
        tokens: 2,
        refused: 2,
        others: 0,
    };
    assert_eq!(memory::asked(&registry), counts);
}
