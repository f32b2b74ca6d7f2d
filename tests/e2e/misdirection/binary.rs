//! The same with the real binary: what it says, and what it takes from its environment.

use memory_registry::{Authentication, Registry, Rights, Users};
use testkit::{Answer, BareRepository, Recorder, ScriptedRegistry};

use crate::world::World;
use crate::world::manifests::deployment;

const PASSWORD: &str = "p4ssword+of=the&registry";
/// What the registry is shown by `ci` with that password.
const BASIC: &str = "Basic Y2k6cDRzc3dvcmQrb2Y9dGhlJnJlZ2lzdHJ5";

/// A registry with two versions of `acme/api` and of some neighbours, and a service at the older one.
struct Stage {
    world: World,
    server: ScriptedRegistry,
    registry: Registry,
    git: BareRepository,
}

impl Stage {
    /// `entry` is added to the registry's entry, with `HOST` for its name; the service runs `image`.
    fn new(image: &str, entry: &str) -> Self {
        let registry = Registry::new();
        registry.push_tags(image, ["1.4.0", "1.5.0"]);
        let server = ScriptedRegistry::listen("127.0.0.1", None, Some(&registry)).unwrap();
        let git = BareRepository::new().unwrap();
        let reference = format!("{}/{image}:1.4.0", server.host());
        git.seed([("api.yaml", deployment("api", &reference, "semver:^1"))])
            .unwrap();
        let host = server.host();
        let mut world = World::new()
            .registry(&format!(
                "host: \"{host}\", plainHttp: true, interval: 1s, minInterval: 1s{entry}"
            ))
            .repository(&format!("url: \"{}\"", git.file_url()));
        world.secret_file("password", PASSWORD);
        Self {
            world,
            server,
            registry,
            git,
        }
    }

    /// With a user and a password in the configuration, which may travel without TLS.
    fn with_password(image: &str, more: &str) -> Self {
        let credentials = "credentials: {username: ci, passwordFile: password}";
        let stage = Self::new(image, &format!(", plainHttpCredentials: true, {credentials}{more}"));
        stage.registry.set_authentication(Authentication::basic(users()));
        stage
    }

    /// Writes a Docker config with a user and a password for each key; `HOST` stands for the registry.
    fn docker_config(&mut self, entries: &[(&str, &str, &str)]) {
        let auths: serde_json::Map<String, serde_json::Value> = entries
            .iter()
            .map(|(key, username, password)| {
                let entry = serde_json::json!({"username": username, "password": password});
                (key.replace("HOST", &self.server.host()), entry)
            })
            .collect();
        for (_, _, password) in entries {
            self.world.secret(password);
        }
        let text = serde_json::json!({ "auths": auths }).to_string();
        self.world.file("docker.json", text);
        self.world = std::mem::replace(&mut self.world, World::new()).registries("dockerConfig: docker.json");
    }

    /// What was shown to the registry, each once.
    fn shown(&self) -> Vec<String> {
        let seen = self.server.seen();
        let mut shown: Vec<String> = seen
            .iter()
            .filter_map(|seen| seen.header("authorization"))
            .map(ToOwned::to_owned)
            .collect();
        shown.sort();
        shown.dedup();
        shown
    }

    fn commits(&self) -> usize {
        self.git.commits().unwrap() - 1
    }
}

fn users() -> Users {
    Users::new().with("ci", PASSWORD, Rights::all())
}

#[test]
fn the_error_names_the_line_that_would_allow_it() {
    let elsewhere = Recorder::start("127.0.0.2").unwrap();
    elsewhere.answer(Answer::token("t0ken"));
    let stage = Stage::with_password("acme/api", "");
    let challenge = format!(r#"Bearer realm="{}/token",service="x""#, elsewhere.url());
    stage
        .server
        .always("GET /v2/acme/api/tags/list", Answer::challenge(&challenge));
    let ran = stage.world.once().expect(1);
    let line = format!("tokenHosts: [\"{}\"]", elsewhere.host());
    assert!(ran.stderr.contains(&line), "{}", ran.stderr);
    let daemon = stage.world.start();
    let registries = daemon.until("/api/v1/registries", |answer| {
        answer["registries"][0]["state"] == "realmNotAllowed"
    });
    let registry = &registries["registries"][0];
    assert!(registry["lastError"].as_str().unwrap().contains(&line), "{registry:#}");
    assert!(
        registry["text"].as_str().unwrap().contains(&elsewhere.host()),
        "{registry:#}"
    );
    let images = daemon.get("/api/v1/images");
    assert!(
        images["images"][0]["lastError"].as_str().unwrap().contains(&line),
        "{images:#}"
    );
    assert_eq!(elsewhere.connections(), 0);
    assert_eq!(stage.commits(), 0);
}

#[test]
fn with_the_line_the_token_server_gets_the_credential() {
    let elsewhere = Recorder::start("127.0.0.2").unwrap();
    elsewhere.answer(Answer::token("t0ken"));
    let stage = Stage::with_password("acme/api", &format!(", tokenHosts: [\"{}\"]", elsewhere.host()));
    stage.registry.set_authentication(Authentication::Open);
    let challenge = format!(r#"Bearer realm="{}/token",service="x""#, elsewhere.url());
    stage
        .server
        .then("GET /v2/acme/api/tags/list", Answer::challenge(&challenge));
    stage.world.once().expect(0);
    assert_eq!(stage.commits(), 1);
    let leaks = elsewhere.leaks(&[&format!("ci:{PASSWORD}")]);
    assert!(leaks.iter().any(|leak| leak.ends_with("`authorization`")), "{leaks:?}");
    assert!(leaks.iter().any(|leak| leak.ends_with("a secret")), "{leaks:?}");
    assert_eq!(stage.shown(), ["Bearer t0ken"]);
}

#[test]
fn the_proxies_of_the_environment_are_not_used() {
    let proxy = Recorder::start("127.0.0.2").unwrap();
    let mut stage = Stage::with_password("acme/api", "");
    for name in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ] {
        stage.world = stage.world.env(name, &proxy.url());
    }
    stage.world.once().expect(0);
    assert_eq!(stage.commits(), 1);
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn the_proxy_of_the_configuration_is_used() {
    let proxy = Recorder::start("127.0.0.2").unwrap();
    let mut stage = Stage::new("acme/api", "");
    stage.world = stage.world.with(&format!("proxy: {{url: \"{}\"}}", proxy.url()));
    stage.world.once().expect(1);
    assert!(proxy.connections() > 0);
    assert!(stage.server.seen().is_empty());
}

#[test]
fn credentials_for_another_path_or_host_are_not_used() {
    let mut stage = Stage::new("team-evil/app", ", plainHttpCredentials: true");
    stage.registry.set_authentication(Authentication::basic(users()));
    stage.docker_config(&[
        ("HOST/team", "team", "p4ssword-of-team"),
        ("HOST/team/app", "team-app", "p4ssword-of-team-app"),
        ("HOST/team-evil/app/more", "more", "p4ssword-of-more"),
        ("HOST/team-evil/ap", "part", "p4ssword-of-part"),
        ("HOST/app", "app", "p4ssword-of-app"),
        ("127.0.0.1", "no-port", "p4ssword-without-port"),
        ("127.0.0.1:1", "port", "p4ssword-of-another-port"),
        ("HOST1", "longer", "p4ssword-of-a-longer-port"),
        ("127.0.0.2", "host", "p4ssword-of-another-host"),
        ("*.0.1", "glob", "p4ssword-of-a-glob"),
    ]);
    let ran = stage.world.once().expect(1);
    assert_eq!(stage.shown(), [""; 0]);
    assert!(
        ran.stderr.contains("no credential for it can be used"),
        "{}",
        ran.stderr
    );
    assert_eq!(stage.commits(), 0);
}

#[test]
fn each_path_gets_its_own_credential_and_no_other() {
    let mut stage = Stage::new("team/app", ", plainHttpCredentials: true");
    stage.registry.set_authentication(Authentication::basic(users()));
    stage.docker_config(&[
        ("HOST", "host", "p4ssword-of-the-host"),
        ("HOST/team", "ci", PASSWORD),
        ("HOST/team-evil", "evil", "p4ssword-of-evil"),
        ("HOST/team/other", "other", "p4ssword-of-other"),
    ]);
    stage.world.once().expect(0);
    assert_eq!(stage.shown(), [BASIC]);
    assert_eq!(stage.commits(), 1);
}

#[test]
fn credentials_do_not_travel_without_tls_unless_told_to() {
    let mut stage = Stage::new("acme/api", "");
    stage.registry.set_authentication(Authentication::basic(users()));
    stage.docker_config(&[("HOST", "ci", PASSWORD)]);
    let ran = stage.world.once().expect(1);
    assert!(ran.stderr.contains("plainHttpCredentials: true"), "{}", ran.stderr);
    let daemon = stage.world.start();
    let registries = daemon.until("/api/v1/registries", |answer| {
        answer["registries"][0]["state"] == "unauthorized"
    });
    let error = registries["registries"][0]["lastError"].as_str().unwrap();
    assert!(error.contains("plainHttpCredentials: true"), "{registries:#}");
    assert_eq!(stage.shown(), [""; 0]);
}

#[test]
fn an_open_registry_without_tls_says_that_credentials_are_kept_back() {
    let mut stage = Stage::new("acme/api", "");
    stage.docker_config(&[("HOST", "ci", PASSWORD)]);
    let daemon = stage.world.start();
    daemon.until_commits(1);
    let registries = daemon.until("/api/v1/registries", |answer| {
        answer["registries"][0]["state"] == "healthy"
    });
    let registry = &registries["registries"][0];
    assert_eq!(registry["state"], "healthy", "{registry:#}");
    assert_eq!(registry["credential"]["source"], "anonymous", "{registry:#}");
    let said = registry["lastError"].as_str().unwrap_or_default();
    assert!(said.contains("plainHttpCredentials"), "{registry:#}");
    assert_eq!(stage.shown(), [""; 0]);
}

#[test]
fn a_password_of_the_configuration_needs_the_word_at_once() {
    let stage = Stage::new("acme/api", ", credentials: {username: ci, passwordFile: password}");
    let ran = stage.world.once().expect(1);
    assert!(ran.stderr.contains("plainHttpCredentials"), "{}", ran.stderr);
    assert!(stage.server.seen().is_empty());
}
