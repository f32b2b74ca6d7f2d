//! Azure Container Registry, opened by a managed identity and by a workload identity.

use testkit::{AzureMetadata, AzureRegistry, Ca, EntraId, RealRegistry, RegistrySettings};

use super::namespace::within;
use super::{Fleet, HTTPS, IMAGES, METADATA, assert_challenged, ca_file, secret_text, tags};
use crate::world::World;

const REGISTRY: &str = "acme.azurecr.io";
const NAMES: [&str; 1] = ["127.0.0.1 acme.azurecr.io"];

const ENTRA: &str = "eyJhbGciOiJub25lIn0.c4n4ry-of-entra.c2ln";
const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const CLIENT: &str = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";
/// What Kubernetes says of the pod.
const POD: &str = "eyJhbGciOiJub25lIn0.c4n4ry-of-the-pod.c2ln";
/// How every token of the registry begins.
const TOKENS: &str = "eyJ0eXAiOiJKV1Qi";

/// A registry behind its door, with a tag or two of each image of the fleet.
fn registry(ca: &Ca) -> (AzureRegistry, RealRegistry) {
    registry_named(REGISTRY, ca)
}

fn registry_named(name: &str, ca: &Ca) -> (AzureRegistry, RealRegistry) {
    let door = AzureRegistry::start(name, HTTPS, ca, ENTRA).unwrap();
    let registry = RealRegistry::docker_registry(&RegistrySettings::new().azure(&door)).unwrap();
    door.stands_before(registry.address());
    for image in IMAGES {
        registry.push_tag(image, "1.4.0").unwrap();
    }
    (door, registry)
}

fn authority() -> Ca {
    Ca::new().unwrap().naming(REGISTRY)
}

/// A Tidemark that knows the registry's authority, and of Azure what `azure` says.
fn world(ca: &Ca, azure: &str) -> World {
    world_of(REGISTRY, ca, azure)
}

fn world_of(registry: &str, ca: &Ca, azure: &str) -> World {
    let mut world = World::new();
    world.secret(ENTRA);
    world.secret(TOKENS);
    let file = ca_file(&world, ca);
    world
        .registry(&format!("host: \"{registry}\", caFile: \"{}\"", file.display()))
        .registries(&format!("azure: {{{azure}}}"))
}

/// With what the webhook of AKS puts into a pod, but for the login server.
fn with_workload_identity(mut world: World, ca: &Ca) -> World {
    let token = secret_text(&mut world, "token", POD);
    let ca_file = ca_file(&world, ca);
    world
        .env("SSL_CERT_FILE", &ca_file.display().to_string())
        .env("AZURE_FEDERATED_TOKEN_FILE", &token.display().to_string())
        .env("AZURE_TENANT_ID", TENANT)
        .env("AZURE_CLIENT_ID", CLIENT)
}

/// Each token went where it belongs: that of Entra ID to the exchange, refresh tokens to the token server.
fn assert_in_place(door: &AzureRegistry) {
    let refresh = door.refresh_tokens();
    for asked in door.seen() {
        let text = asked.text();
        assert_eq!(
            text.contains(ENTRA),
            asked.path == "/oauth2/exchange",
            "{} {}",
            asked.method,
            asked.path
        );
        let shown = refresh.iter().any(|token| text.contains(token.as_str()));
        assert_eq!(shown, asked.path == "/oauth2/token", "{} {}", asked.method, asked.path);
    }
}

#[test]
fn a_managed_identity_opens_many_repositories_by_one_exchange() {
    within(
        a_managed_identity_opens_many_repositories_by_one_exchange,
        &NAMES,
        || {
            let ca = authority();
            let metadata = AzureMetadata::start(METADATA).unwrap();
            metadata.gives(ENTRA);
            let (door, registry) = registry(&ca);
            for image in IMAGES {
                registry.push_tag(image, "1.9.2").unwrap();
            }
            let fleet = Fleet::new(world(&ca, "enabled: auto"), REGISTRY);
            fleet.world.once().expect(0);
            fleet.assert_landed("1.9.2");
            assert_eq!(
                (metadata.seen().len(), metadata.tokens()),
                (2, 1),
                "whether it is there, and one token"
            );
            assert_eq!(door.asked("/oauth2/exchange"), 1);
            assert_eq!(door.asked("/oauth2/token"), IMAGES.len(), "one for each repository");
            assert_in_place(&door);
        },
    );
}

#[test]
fn a_user_assigned_identity_is_named() {
    within(a_user_assigned_identity_is_named, &NAMES, || {
        let ca = authority();
        let metadata = AzureMetadata::start(METADATA).unwrap();
        metadata.gives(ENTRA);
        let (door, _registry) = registry(&ca);
        let world = world(&ca, &format!("enabled: true, clientId: {CLIENT}"));
        assert_eq!(tags(&world, &format!("{REGISTRY}/{}", IMAGES[0])).unwrap(), "1.4.0\n");
        assert!(metadata.seen()[0].query.ends_with(&format!("&client_id={CLIENT}")));
        assert_in_place(&door);
    });
}

#[test]
fn the_workload_identity_of_a_pod_opens_it() {
    within(the_workload_identity_of_a_pod_opens_it, &NAMES, || {
        let ca = authority();
        let metadata = AzureMetadata::start(METADATA).unwrap();
        let entra = EntraId::start(&ca, TENANT, CLIENT, POD).unwrap();
        entra.gives(ENTRA);
        let (door, _registry) = registry(&ca);
        let world = with_workload_identity(world(&ca, "enabled: auto"), &ca);
        let world = world.env("AZURE_AUTHORITY_HOST", &entra.url());
        let fleet = Fleet::new(world, REGISTRY);
        fleet.world.once().expect(0);
        assert_eq!((entra.seen().len(), door.asked("/oauth2/exchange")), (1, 1));
        assert_eq!(metadata.seen().len(), 0);
        let exchanged = door
            .seen()
            .into_iter()
            .find(|asked| asked.path == "/oauth2/exchange")
            .unwrap();
        assert!(
            exchanged.text().contains(&format!("tenant={TENANT}")),
            "{}",
            exchanged.text()
        );
        assert_in_place(&door);
    });
}

#[test]
fn a_registry_of_another_cloud_is_opened_by_the_login_server_of_that_cloud() {
    const NAMES: [&str; 5] = [
        "127.0.0.1 acme.azurecr.cn",
        "127.0.0.1 acme.azurecr.us",
        "127.0.0.3 login.chinacloudapi.cn",
        "127.0.0.3 login.microsoftonline.us",
        "127.0.0.3 login.microsoftonline.com",
    ];
    within(
        a_registry_of_another_cloud_is_opened_by_the_login_server_of_that_cloud,
        &NAMES,
        || {
            let ca = NAMES.iter().fold(Ca::new().unwrap(), |ca, line| {
                let (_, name) = line.split_once(' ').unwrap();
                ca.naming(name)
            });
            for (registry, login_server) in [
                ("acme.azurecr.cn", "login.chinacloudapi.cn"),
                ("acme.azurecr.us", "login.microsoftonline.us"),
            ] {
                let entra = EntraId::at(("127.0.0.3", HTTPS), &ca, TENANT, CLIENT, POD).unwrap();
                entra.gives(ENTRA);
                let (door, _registry) = registry_named(registry, &ca);
                let world = with_workload_identity(world_of(registry, &ca, "enabled: auto"), &ca);
                assert_eq!(tags(&world, &format!("{registry}/{}", IMAGES[0])).unwrap(), "1.4.0\n");
                let asked: Vec<String> = entra.seen().into_iter().map(|seen| seen.host).collect();
                assert_eq!(asked, [login_server]);
                assert_eq!(door.asked("/oauth2/exchange"), 1);
                assert_in_place(&door);
            }
        },
    );
}

#[test]
fn who_may_not_read_the_registry_is_told_what_to_do() {
    within(who_may_not_read_the_registry_is_told_what_to_do, &NAMES, || {
        let ca = authority();
        let metadata = AzureMetadata::start(METADATA).unwrap();
        metadata.gives(ENTRA);
        let (door, registry) = registry(&ca);
        door.believes("another");
        let error = tags(&world(&ca, "enabled: true"), &format!("{REGISTRY}/{}", IMAGES[0])).unwrap_err();
        let expected = "Azure has no credential for it: the registry gave no token for that of Entra ID: it answered 401 Unauthorized: \
                        authentication required; give the identity the role `AcrPull` of the registry";
        assert!(error.contains(expected), "{error}");
        assert_challenged(&registry, 1);
    });
}

#[test]
fn where_it_is_off_the_metadata_server_is_not_asked() {
    within(where_it_is_off_the_metadata_server_is_not_asked, &NAMES, || {
        let ca = authority();
        let metadata = AzureMetadata::start(METADATA).unwrap();
        metadata.gives(ENTRA);
        let (door, _registry) = registry(&ca);
        let error = tags(&world(&ca, "enabled: false"), &format!("{REGISTRY}/{}", IMAGES[0])).unwrap_err();
        assert!(error.contains("401"), "{error}");
        assert_eq!((metadata.seen().len(), door.asked("/oauth2/exchange")), (0, 0));
    });
}
