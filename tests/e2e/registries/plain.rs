//! docker-registry over plain HTTP, open to everybody.

use oci_client::client::{ClientConfig, ClientProtocol, Config, ImageLayer};
use oci_client::manifest::{IMAGE_LAYER_GZIP_MEDIA_TYPE, OciImageManifest};
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference};
use testkit::{RealRegistry, RegistrySettings};

use super::{OFTEN, Stage, with_tags};
use crate::world::World;

fn stage() -> (Stage, RealRegistry) {
    let registry = with_tags(
        RealRegistry::docker_registry(&RegistrySettings::new()),
        &["1.3.0", "1.4.0"],
    );
    let host = registry.host();
    let world = World::new().registry(&format!("host: \"{host}\", plainHttp: true, {OFTEN}"));
    (Stage::new(world, &format!("{host}/team/app"), "1.4.0"), registry)
}

/// Pushes a small image by somebody else's client.
fn push_as_a_stranger(image: &str, tag: &str) {
    let client = Client::new(ClientConfig {
        protocol: ClientProtocol::Http,
        ..ClientConfig::default()
    });
    let reference: Reference = format!("{image}:{tag}").parse().unwrap();
    let layers = [ImageLayer::new(
        b"a layer".to_vec(),
        IMAGE_LAYER_GZIP_MEDIA_TYPE.to_owned(),
        None,
    )];
    let config = Config::oci_v1(br#"{"architecture":"amd64","os":"linux"}"#.to_vec(), None);
    let manifest = OciImageManifest::build(&layers, &config, None);
    let push = client.push(&reference, &layers, config, &RegistryAuth::Anonymous, Some(manifest));
    tokio::runtime::Runtime::new().unwrap().block_on(push).unwrap();
}

#[test]
fn what_a_stranger_pushed_becomes_one_commit() {
    let (stage, _registry) = stage();
    stage.lands_once("1.9.2", || push_as_a_stranger(&stage.image, "1.9.2"));
}

#[test]
fn the_daemon_pushes_once_and_only_when_a_tag_is_new() {
    let (stage, registry) = stage();
    let daemon = stage.world.start();
    daemon.until_reason("upToDate");
    daemon.settled();
    daemon.settled();
    assert!(!stage.git.saw_push().unwrap(), "nothing was new");
    registry.push_tag("team/app", "1.9.2").unwrap();
    daemon.until_commits(1);
    daemon.settled();
    stage.assert_landed("1.9.2");
}
