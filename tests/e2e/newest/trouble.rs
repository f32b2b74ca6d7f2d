//! What cannot be known.

use testkit::{Answer, ScriptedRegistry};

use super::*;

/// Nine builds, the newest of them `main-0008`.
fn scripted() -> (Registry, ScriptedRegistry) {
    let behind = Registry::new();
    fill(&behind, 9, 9, annotated);
    let registry = ScriptedRegistry::listen("127.0.0.1", None, Some(&behind)).unwrap();
    (behind, registry)
}

fn manifest(reference: &str) -> String {
    format!("/v2/{IMAGE}/manifests/{reference}")
}

#[test]
fn a_tag_whose_digest_cannot_be_had_blocks_and_is_named() {
    let (_behind, registry) = scripted();
    for method in ["HEAD", "GET"] {
        registry.always(&format!("{method} {}", manifest("main-0003")), Answer::status(403));
    }
    let (world, repository) = stage(&registry.host(), UNLIMITED, "newest:main-*");
    let daemon = world.start();
    let target = daemon.until_reason("blocked");
    assert!(target.to_string().contains("main-0003"), "{target:#}");
    daemon.settled();
    assert_eq!(repository.commits().unwrap(), 1);
    for method in ["HEAD", "GET"] {
        registry.never(&format!("{method} {}", manifest("main-0003")));
    }
    daemon.until_commits(1);
    assert_eq!(value(&repository), tag(8));
}

#[test]
fn a_configuration_that_cannot_be_had_blocks_once_for_all_its_tags() {
    let (behind, registry) = scripted();
    for more in ["main-0003", "main-0003-a", "main-0003-b"] {
        behind.push(IMAGE, more, &unannotated(3));
    }
    let manifest = behind.manifest(IMAGE, "main-0003").unwrap();
    let text: serde_json::Value = serde_json::from_slice(&manifest.bytes).unwrap();
    let config = text["config"]["digest"].as_str().unwrap();
    registry.always(&format!("GET /v2/{IMAGE}/blobs/{config}"), Answer::json("{}"));
    let (world, repository) = stage(&registry.host(), UNLIMITED, "newest:main-*");
    let ran = world.once().expect(1);
    let told = ran
        .stderr
        .lines()
        .filter(|line| line.contains(&manifest.digest))
        .count();
    assert_eq!(told, 2, "in the log, and at the end:\n{}", ran.stderr);
    let fetched = registry.seen().iter().filter(|seen| seen.path.contains(config)).count();
    assert_eq!(fetched, 1);
    assert_eq!(repository.commits().unwrap(), 1);
    let daemon = world.start();
    let target = daemon.until_reason("blocked");
    assert!(target.to_string().contains("main-0003"), "{target:#}");
}

#[test]
fn a_manifest_that_is_gone_twice_blocks_nothing() {
    let (behind, registry) = scripted();
    registry.always(&format!("GET {}", manifest("main-0003")), Answer::status(404));
    let digest = behind.push(
        IMAGE,
        "main-0004",
        &annotated(4).platforms(["linux/amd64"]).format(Format::Docker),
    );
    let index: serde_json::Value = serde_json::from_slice(&behind.manifest(IMAGE, &digest).unwrap().bytes).unwrap();
    let image = index["manifests"][0]["digest"].as_str().unwrap();
    registry.always(&format!("GET {}", manifest(image)), Answer::status(404));
    let (world, repository) = stage(&registry.host(), UNLIMITED, "newest:main-*");
    world.once().expect(1);
    assert_eq!(
        repository.commits().unwrap(),
        1,
        "once may be a registry that is behind its own list"
    );
    let daemon = world.start();
    daemon.until_commits(1);
    assert_eq!(value(&repository), tag(8));
}

#[test]
fn a_build_without_a_time_blocks_nothing() {
    let registry = MemoryRegistry::start().unwrap();
    fill(&registry.registry, 9, 9, annotated);
    registry.registry.push_tag(IMAGE, "main-silent");
    let (world, repository) = stage(&registry.host(), UNLIMITED, "newest:main-*");
    world.once().expect(0);
    assert_eq!(value(&repository), tag(8));
}

#[test]
fn a_stop_does_not_wait_for_thousands_of_tags() {
    let registry = MemoryRegistry::start().unwrap();
    fill(&registry.registry, 5_000, 5_000, annotated);
    // At twenty requests a second it would take four minutes to resolve them.
    let (world, repository) = stage(&registry.host(), "requestsPerSecond: 20, burst: 10", "newest:main-*");
    let daemon = world.start();
    until("twenty tags were looked at", || {
        scans(&registry).iter().any(|scan| scan.manifests >= 20)
    });
    let (code, took) = daemon.terminate();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(3), "{took:?}");
    assert_eq!(repository.commits().unwrap(), 1);
}
