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

#[test]
fn a_repository_that_is_added_to_the_configuration_is_taken_care_of_at_once() {
    let (world, registry, _repository) = stage();
    let second = BareRepository::new().unwrap();
    let image = format!("{}/acme/api:1.3.0", registry.host());
    second
        .seed([("apps/api.yaml", deployment("api", &image, "semver:~1.3"))])
        .unwrap();
    let daemon = world.start();
    daemon.until_reason("upToDate");
    registry.registry.push_tag("acme/api", "1.3.1");
    let path = world.folder().join("config.yaml");
    let mut text = std::fs::read_to_string(&path).unwrap();
    let entry = format!("name: second, url: \"{}\", interval: 1s", second.file_url());
    text.push_str(&format!("    - {{{entry}}}\n"));
    std::fs::write(&path, text.replace("127.0.0.1:0", "127.0.0.1:1")).unwrap();
    daemon.until_commits(1);
    assert!(second.read("apps/api.yaml").unwrap().contains("api:1.3.1 "));
    let status = daemon.get("/api/v1/status");
    assert_eq!(status["config"]["restartNeeded"], serde_json::json!(["http.listen"]));
    assert_eq!(status["config"]["generation"], 2);
}

#[test]
fn a_hung_registry_delays_only_its_own_images() {
    let (world, registry, repository) = stage();
    let hung = testkit::ScriptedRegistry::start().unwrap();
    hung.always("GET /v2/acme/slow/tags/list", testkit::Answer::hang());
    let image = format!("{}/acme/slow:1.0.0", hung.host());
    let slow = deployment("slow", &image, "semver:^1");
    repository
        .commit(&testkit::OtherCommit::new("Add a slow one").write("apps/slow.yaml", slow))
        .unwrap();
    let world = world.registry(&format!("host: \"{}\", plainHttp: true, interval: 1s", hung.host()));
    let daemon = world.start();
    registry.registry.push_tag("acme/api", "1.5.0");
    daemon.until_commits(1);
    registry.registry.push_tag("acme/api", "1.6.0");
    daemon.until_commits(2);
    assert!(repository.read("apps/slow.yaml").unwrap().contains("slow:1.0.0 "));
    let (code, took) = daemon.terminate();
    assert_eq!(code, Some(0));
    assert!(
        took.as_secs() < 10,
        "a stop does not wait for slow registries, but took {took:?}"
    );
}

#[test]
fn wrong_usage_is_told_apart_from_failure() {
    let world = World::new();
    for (arguments, code) in [
        (&["run"][..], 2),
        (&["run", "--config", "absent.yaml"], 1),
        (&["config", "check", "absent.yaml"], 1),
        (&["no-such-command"], 2),
        (&["ref", "team/UPPER"], 2),
        (&["edit", "--image", "nginx", "--to", "not a tag", "absent.yaml"], 2),
        (&["edit", "--image", "nginx", "--to", "1", "absent.yaml"], 1),
        (&["status", "--server", "http://127.0.0.1:1"], 1),
        (&["--version"], 0),
    ] {
        let ran = world.run(arguments).expect(code);
        assert!(code == 0 || !ran.stderr.is_empty(), "{arguments:?} says why");
    }
}

#[test]
fn a_moving_tag_is_followed_by_its_digest() {
    let (_world, registry, repository) = stage();
    let image = format!("{}/acme/web:stable", registry.host());
    let text = deployment("api", &image, "digest:stable");
    repository
        .commit(&testkit::OtherCommit::new("Follow").write("apps/api.yaml", text))
        .unwrap();
    let world = World::new()
        .registry(&format!(
            "host: \"{}\", plainHttp: true, interval: 1s, minInterval: 1s",
            registry.host()
        ))
        .repository(&format!("url: \"{}\"", repository.file_url()));
    let first = registry.registry.push_tag("acme/web", "stable");
    let daemon = world.start();
    daemon.until_commits(1);
    let pushed_again = memory_registry::Image::new().label("build", "2");
    let second = registry.registry.push("acme/web", "stable", &pushed_again);
    assert_ne!(first, second);
    daemon.until_commits(2);
    let text = repository.read("apps/api.yaml").unwrap();
    assert!(text.contains(&format!("{image}@{second}   # keep me")), "{text}");
    daemon.settled();
    assert_eq!(repository.commits().unwrap(), 4, "the same digest is written once");
}
