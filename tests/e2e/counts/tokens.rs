//! Registries that want tokens.
//!
//! A token is for one repository, so each image costs one, the digest of its tag included. That tokens are wanted, and where they
//! are, is learned once: from one refusal.

use std::time::Duration;

use memory_registry::{Authentication, Rights, Users};
use testkit::{Ca, MemoryRegistry, RealRegistry, RegistrySettings, TokenServer};

use super::{Counts, IMAGES, Subject, check, memory, real};

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
    };
    check(&subject, FLOOR);
}
