//! The main job, on the smallest stage: a registry in memory and a repository in a folder.

use testkit::{BareRepository, MemoryRegistry};

use crate::world::World;
use crate::world::manifests::deployment;

/// A world with one service at `api:1.4.0` under `semver:^1`.
fn stage() -> (World, MemoryRegistry, BareRepository) {
    let registry = MemoryRegistry::start().unwrap();
    registry.registry.push_tags("acme/api", ["1.3.0", "1.4.0"]);
    let repository = BareRepository::new().unwrap();
    let image = format!("{}/acme/api:1.4.0", registry.host());
    repository
        .seed([("apps/api.yaml", deployment("api", &image, "semver:^1"))])
        .unwrap();
    let world = World::new()
        .registry(&format!(
            "host: \"{}\", plainHttp: true, interval: 1s, minInterval: 1s",
            registry.host()
        ))
        .repository(&format!("url: \"{}\"", repository.file_url()));
    (world, registry, repository)
}

#[test]
fn a_new_tag_becomes_one_commit_whose_diff_is_the_image_line() {
    let (world, registry, repository) = stage();
    world.once().expect(0);
    assert_eq!(repository.commits().unwrap(), 1, "nothing is new yet");
    registry.registry.push_tag("acme/api", "1.9.2");
    world.once().expect(0);
    assert_eq!(repository.commits().unwrap(), 2);
    let host = registry.host();
    let diff = repository.diff().unwrap();
    let changed: Vec<&str> = diff
        .lines()
        .filter(|line| line.starts_with(['-', '+']) && !line.starts_with("---") && !line.starts_with("+++"))
        .collect();
    assert_eq!(
        changed,
        [
            format!("-          image: {host}/acme/api:1.4.0   # keep me"),
            format!("+          image: {host}/acme/api:1.9.2   # keep me"),
        ]
    );
    let message = repository.message().unwrap();
    assert!(
        message.starts_with(&format!("Update {host}/acme/api to 1.9.2\n")),
        "{message}"
    );
    world.once().expect(0);
    assert_eq!(repository.commits().unwrap(), 2, "a second pass has nothing to do");
    repository.fsck().unwrap();
}

#[test]
fn the_daemon_commits_again_and_again() {
    let (world, registry, repository) = stage();
    let daemon = world.start();
    daemon.until_reason("upToDate");
    for (commits, version) in [(1, "1.5.0"), (2, "1.5.1"), (3, "1.6.0")] {
        registry.registry.push_tag("acme/api", version);
        daemon.until_commits(commits);
        assert!(
            repository
                .read("apps/api.yaml")
                .unwrap()
                .contains(&format!("acme/api:{version} "))
        );
    }
    let (code, _) = daemon.terminate();
    assert_eq!(code, Some(0));
    assert_eq!(repository.commits().unwrap(), 4);
}

#[test]
fn a_dry_run_shows_the_diff_and_writes_nothing() {
    let (world, registry, repository) = stage();
    registry.registry.push_tag("acme/api", "1.9.2");
    let ran = world.dry_run().expect(0);
    assert!(
        ran.stdout.contains("+          image:") && ran.stdout.contains("acme/api:1.9.2   # keep me"),
        "{}",
        ran.stdout
    );
    assert_eq!(repository.commits().unwrap(), 1);
    assert!(!world.state().exists() && !world.folder().join("mirrors").exists());
}

#[test]
fn what_a_human_took_back_is_held_until_something_newer_appears() {
    let (world, registry, repository) = stage();
    registry.registry.push_tag("acme/api", "1.5.0");
    let daemon = world.start();
    daemon.until_commits(1);
    let text = repository
        .read("apps/api.yaml")
        .unwrap()
        .replace("api:1.5.0", "api:1.4.0");
    repository
        .commit(&testkit::OtherCommit::new("Take it back").write("apps/api.yaml", text))
        .unwrap();
    daemon.until_reason("humanOverride");
    registry.registry.push_tag("acme/api", "1.5.1");
    daemon.until_commits(2);
    assert!(repository.read("apps/api.yaml").unwrap().contains("api:1.5.1 "));
}

#[test]
fn a_broken_configuration_leaves_the_last_good_one_in_force() {
    let (world, registry, _repository) = stage();
    let daemon = world.start();
    daemon.until_reason("upToDate");
    std::fs::write(world.folder().join("config.yaml"), "repositories: {\n").unwrap();
    daemon.until("/api/v1/status", |status| {
        status["config"]["problems"]
            .as_array()
            .is_some_and(|problems| !problems.is_empty())
    });
    registry.registry.push_tag("acme/api", "1.5.0");
    daemon.until_commits(1);
}
