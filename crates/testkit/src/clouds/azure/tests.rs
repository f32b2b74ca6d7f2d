use super::*;
use crate::{Ca, RealRegistry, RegistrySettings, ask};

#[test]
fn metadata_is_for_those_who_send_the_header() {
    let server = AzureMetadata::start(("127.0.0.1", 0)).unwrap();
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    let path =
        "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fcontainerregistry.azure.net";
    let get = |headers: &[&str]| ask::get(address, None, path, headers).unwrap();
    assert!(get(&[]).contains("Required metadata header not specified"));
    assert!(get(&["Metadata: true"]).contains("Identity not found"));
    server.gives("eyJ.aad");
    assert!(get(&["Metadata: true"]).contains(r#""access_token":"eyJ.aad","expires_in":"86399""#));
    assert_eq!(server.tokens(), 2);
}

#[test]
fn the_registry_behind_the_door_wants_tokens_of_the_door() {
    let ca = Ca::new().unwrap();
    let door = AzureRegistry::start("acme.azurecr.io", 0, &ca, "eyJ.aad").unwrap();
    let registry = RealRegistry::docker_registry(&RegistrySettings::new().azure(&door)).unwrap();
    door.stands_before(registry.address());
    let answer = ask::get(door.host().parse().unwrap(), Some(&ca), "/v2/", &[]).unwrap();
    assert_eq!(ask::status(&answer), 401);
    assert!(
        answer.contains(r#"Bearer realm="https://acme.azurecr.io/oauth2/token",service="registry.test""#),
        "{answer}"
    );
    assert_eq!(door.asked("/v2/"), 1);
}
