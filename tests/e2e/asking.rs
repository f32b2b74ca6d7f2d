//! What a person asks for: `tidemark scan`, the API behind it, and the token that opens it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::{Answer, BareRepository, RealRegistry, RegistrySettings, ScriptedRegistry, ask};

use crate::world::manifests::deployment;
use crate::world::{Daemon, Ran, World};

/// A token, and a canary: it must not be seen in anything that is printed.
const TOKEN: &str = "canary-of-the-api-6b1f9a3c";

/// What lets in those who have it.
const TOKEN_MODE: &str = "auth: {mode: token, tokenFile: token}";

/// A daemon that looks at its registry once an hour, and takes questions from those who have the token.
struct Stage {
    world: World,
    registry: RealRegistry,
    repository: BareRepository,
    token: PathBuf,
}

impl Stage {
    fn new() -> Self {
        Self::guarded("token")
    }

    /// The same with this mode of `http.auth`.
    fn guarded(mode: &str) -> Self {
        let auth = match mode {
            "token" => TOKEN_MODE,
            _ => "auth: {mode: none}",
        };
        let registry = RealRegistry::docker_registry(&RegistrySettings::new()).unwrap();
        registry.push_tag("acme/api", "1.4.0").unwrap();
        registry.push_tag("acme/secret", "1.0.0").unwrap();
        let host = registry.host();
        let repository = BareRepository::new().unwrap();
        let manifest = |name: &str, tag| deployment(name, &format!("{host}/acme/{name}:{tag}"), "semver:^1");
        repository
            .seed([
                ("apps/api.yaml", manifest("api", "1.4.0")),
                ("apps/secret.yaml", manifest("secret", "1.0.0")),
            ])
            .unwrap();
        let mut world = World::new()
            .registry(&format!(
                "host: \"{host}\", plainHttp: true, interval: 1h, minInterval: 1h"
            ))
            .registries(&format!("exclude: [\"{host}/acme/secret\"]"))
            .repository(&format!("url: \"{}\"", repository.file_url()))
            .http(auth);
        let token = world.secret_file("token", TOKEN);
        Self {
            world,
            registry,
            repository,
            token,
        }
    }

    /// The daemon, once it has scanned what there is.
    fn start(&self) -> Daemon {
        let daemon = self.world.start().with_token(TOKEN);
        daemon.until("/api/v1/images", |answer| answer["images"][0]["tags"].is_u64());
        daemon.until("/api/v1/status", |status| status["summary"]["targets"]["stay"] == 1);
        daemon
    }

    fn image(&self, name: &str) -> String {
        format!("{}/{name}", self.registry.host())
    }

    /// `tidemark` with these arguments, told where the daemon and the token are.
    fn tidemark(&self, daemon: &Daemon, arguments: &[&str]) -> Ran {
        let server = format!("http://{}", daemon.address());
        let token = self.token.display().to_string();
        self.world
            .run(&[arguments, &["--server", &server, "--token-file", &token]].concat())
    }

    /// How often the tags of `acme/api` were listed.
    fn lists(&self) -> usize {
        let requests = self.registry.requests().unwrap();
        let of_api = |target: &str| target.starts_with("/v2/acme/api/tags/list");
        requests.iter().filter(|request| of_api(&request.target)).count()
    }
}

/// `POST /api/v1/scan` as `curl` would send it: the status, and the answer.
fn post(daemon: &Daemon, token: Option<&str>, body: &str) -> (u16, Value) {
    let shown = token.map(|token| format!("authorization: Bearer {token}"));
    let mut headers = vec!["content-type: application/json"];
    headers.extend(shown.as_deref());
    let answer = ask::post(daemon.address(), "/api/v1/scan", &headers, body).unwrap();
    let (_, json) = answer.split_once("\r\n\r\n").unwrap();
    (ask::status(&answer), serde_json::from_str(json).unwrap())
}

fn get(daemon: &Daemon, token: Option<&str>, path: &str) -> u16 {
    let shown = token.map(|token| format!("authorization: Bearer {token}"));
    let headers: Vec<&str> = shown.iter().map(String::as_str).collect();
    ask::status(&ask::get(daemon.address(), None, path, &headers).unwrap())
}

fn names(images: &[&str]) -> String {
    serde_json::json!({ "images": images }).to_string()
}

#[test]
fn what_is_asked_for_is_scanned_at_once_and_lands() {
    let stage = Stage::new();
    let daemon = stage.start();
    let (image, before) = (stage.image("acme/api"), stage.lists());
    stage.registry.push_tag("acme/api", "1.5.0").unwrap();
    let begun = Instant::now();
    let ran = stage.tidemark(&daemon, &["scan", &image]).expect(0);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    let row: Vec<&str> = ran.stdout.lines().nth(1).unwrap().split_whitespace().take(2).collect();
    assert_eq!(row, [&*image, "2"], "{}", ran.stdout);
    daemon.until_commits(1);
    let text = stage.repository.read("apps/api.yaml").unwrap();
    assert!(text.contains("acme/api:1.5.0 "), "{text}");
    assert_eq!(stage.lists(), before + 1);
    let json = stage
        .tidemark(&daemon, &["scan", &image, "-o", "json"])
        .expect(0)
        .stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["images"][0]["tags"], &json["images"][0]["asked"]),
        (&2.into(), &Value::Null)
    );
    let taken = stage
        .tidemark(&daemon, &["scan", &image, "--no-wait", "-o", "json"])
        .expect(0)
        .stdout;
    let taken: Value = serde_json::from_str(&taken).unwrap();
    assert_eq!(taken["images"][0]["name"], image);
    stage.world.assert_kept_secrets(&daemon.log());
    let (code, _) = daemon.terminate();
    assert_eq!(code, Some(0));
}

#[test]
fn without_the_token_nothing_is_told_and_nothing_done() {
    let stage = Stage::new();
    let daemon = stage.start();
    let (body, before) = (names(&[&stage.image("acme/api")]), stage.lists());
    for wrong in [None, Some("canary-of-the-api-6b1f9a3"), Some("wrong"), Some("")] {
        assert_eq!(post(&daemon, wrong, &body).0, 401, "{wrong:?}");
        for path in ["/api/v1/status", "/api/v1/images", "/metrics", "/openapi.json"] {
            assert_eq!(get(&daemon, wrong, path), 401, "{path}");
        }
        for path in ["/", "/healthz", "/readyz"] {
            assert_eq!(get(&daemon, wrong, path), 200, "{path}");
        }
    }
    for path in ["/api/v1/status", "/metrics", "/openapi.json"] {
        assert_eq!(get(&daemon, Some(TOKEN), path), 200, "{path}");
    }
    let server = format!("http://{}", daemon.address());
    let ran = stage.world.run(&["status", "--server", &server]).expect(1);
    assert!(
        ran.stderr.contains("`--token-file` or TIDEMARK_TOKEN_FILE"),
        "{}",
        ran.stderr
    );
    let file = stage.token.display().to_string();
    for command in [&["status"][..], &["explain"]] {
        stage.tidemark(&daemon, command).expect(0);
    }
    let world = World::new()
        .env("TIDEMARK_TOKEN_FILE", &file)
        .env("TIDEMARK_SERVER", &server);
    world.run(&["status"]).expect(0);
    assert_eq!(stage.lists(), before, "nobody who had no token had anything done");
    stage.world.assert_kept_secrets(&daemon.log());
}

#[test]
fn a_token_is_changed_by_changing_its_file() {
    let mut stage = Stage::new();
    let daemon = stage.start();
    let other = "canary-of-the-api-the-second";
    stage.world.secret_file("token", other);
    assert_eq!(get(&daemon, Some(TOKEN), "/api/v1/status"), 401);
    assert_eq!(get(&daemon, Some(other), "/api/v1/status"), 200);
    for nothing in ["", "\n", "too short"] {
        stage.world.file("token", nothing);
        for shown in [None, Some(""), Some(TOKEN), Some("too short")] {
            assert_eq!(get(&daemon, shown, "/api/v1/status"), 503, "{nothing:?} {shown:?}");
            assert_eq!(post(&daemon, shown, &names(&["a"])).0, 503, "{nothing:?} {shown:?}");
        }
    }
    std::fs::remove_file(&stage.token).unwrap();
    assert_eq!(get(&daemon, None, "/api/v1/status"), 503);
    assert_eq!(get(&daemon, None, "/healthz"), 200);
    assert!(daemon.log().contains("Nobody is let in to the API"), "{}", daemon.log());
    stage.world.file("token", TOKEN);
    assert_eq!(get(&daemon, Some(TOKEN), "/api/v1/status"), 200);
    stage.world.assert_kept_secrets(&daemon.log());
}

#[test]
fn a_daemon_without_a_token_only_answers_reads_until_it_is_given_one() {
    let stage = Stage::guarded("none");
    let daemon = stage.start();
    let body = names(&[&stage.image("acme/api")]);
    assert_eq!(post(&daemon, None, &body).0, 403);
    assert_eq!(post(&daemon, Some(TOKEN), &body).0, 403);
    let ran = stage.tidemark(&daemon, &["scan", &stage.image("acme/api")]).expect(1);
    assert!(ran.stderr.contains("only answers reads"), "{}", ran.stderr);
    let config = stage.world.write_config();
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("auth: {mode: none}", TOKEN_MODE)).unwrap();
    daemon.until("/api/v1/status", |status| status["config"]["generation"] == 2);
    assert_eq!(post(&daemon, None, &body).0, 401);
    assert_eq!(post(&daemon, Some(TOKEN), &body).0, 202);
}

#[test]
fn only_what_is_kept_up_to_date_is_asked_for_of_a_registry() {
    let stage = Stage::new();
    let daemon = stage.start();
    let bystander = ScriptedRegistry::start().unwrap();
    let unknown = format!("{}/acme/api", bystander.host());
    let (known, secret) = (stage.image("acme/api"), stage.image("acme/secret"));
    let before = stage.lists();
    let (status, problem) = post(&daemon, Some(TOKEN), &names(&[&known, &unknown]));
    assert_eq!(
        (status, &problem["errors"][0]["pointer"]),
        (404, &"#/images/1".into()),
        "{problem}"
    );
    let (status, problem) = post(&daemon, Some(TOKEN), &names(&[&secret]));
    let reason = problem["errors"][0]["detail"].as_str().unwrap();
    assert_eq!(status, 409, "{problem}");
    assert!(reason.starts_with("excluded by registries.exclude"), "{reason}");
    let ran = stage.tidemark(&daemon, &["scan", &known, &unknown]).expect(1);
    assert!(
        ran.stderr.contains(&format!("{unknown}: no target uses this image")),
        "{}",
        ran.stderr
    );
    stage.tidemark(&daemon, &["scan", &format!("{known}:1.4.0")]).expect(2);
    assert_eq!(bystander.connections(), 0);
    assert_eq!(stage.lists(), before, "all or none");
}

#[test]
fn who_asks_a_thousand_times_asks_for_hardly_more_than_one_scan() {
    let stage = Stage::new();
    let daemon = stage.start();
    let (body, before) = (names(&[&stage.image("acme/api")]), stage.lists());
    let begun = Instant::now();
    for _ in 0..1000 {
        assert_eq!(post(&daemon, Some(TOKEN), &body).0, 202);
    }
    daemon.until("/api/v1/images", |answer| answer["images"][0]["asked"].is_null());
    let most = usize::try_from(begun.elapsed().as_secs()).unwrap() + 2;
    let made = stage.lists() - before;
    assert!((1..=most).contains(&made), "{made} scans in {:?}", begun.elapsed());
}

#[test]
fn a_registry_that_is_left_alone_is_not_asked_sooner() {
    let registry = ScriptedRegistry::start().unwrap();
    let list = "GET /v2/acme/api/tags/list";
    registry.always(list, Answer::json(r#"{"name": "acme/api", "tags": ["1.4.0"]}"#));
    let image = format!("{}/acme/api", registry.host());
    let repository = BareRepository::new().unwrap();
    repository
        .seed([(
            "apps/api.yaml",
            deployment("api", &format!("{image}:1.4.0"), "semver:^1"),
        )])
        .unwrap();
    let mut world = World::new()
        .registry(&format!("host: \"{}\", plainHttp: true, interval: 1h", registry.host()))
        .repository(&format!("url: \"{}\"", repository.file_url()))
        .http(TOKEN_MODE);
    let token = world.secret_file("token", TOKEN).display().to_string();
    let daemon = world.start().with_token(TOKEN);
    daemon.until_reason("upToDate");
    registry.always(list, Answer::status(429).header("retry-after", "600"));
    let server = format!("http://{}", daemon.address());
    let world = world.env("TIDEMARK_SERVER", &server).env("TIDEMARK_TOKEN_FILE", &token);
    let ran = world.run(&["scan", &image]).expect(1);
    assert!(ran.stdout.contains("failed: "), "{}", ran.stdout);
    registry.forget();
    let begun = Instant::now();
    let ran = world.run(&["scan", &image]).expect(1);
    assert!(ran.stdout.contains("waits until "), "{}", ran.stdout);
    assert!(ran.stdout.contains("429"), "{}", ran.stdout);
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "it would be waited for in vain"
    );
    let shown = daemon.get("/api/v1/images")["images"][0]["asked"].clone();
    assert!(shown.is_string(), "it is still to be made: {shown}");
    assert_eq!(registry.seen().len(), 0);
    let (code, _) = daemon.terminate();
    assert_eq!(code, Some(0));
}

#[test]
fn the_token_goes_to_the_daemon_and_to_nobody_else() {
    let mut world = World::new();
    let token = world.secret_file("token", TOKEN).display().to_string();
    let (server, other) = (ScriptedRegistry::start().unwrap(), ScriptedRegistry::start().unwrap());
    let elsewhere = format!("{}/api/v1/status", other.url());
    server.always("GET /api/v1/status", Answer::status(307).header("location", &elsewhere));
    world
        .run(&["status", "--server", &server.url(), "--token-file", &token])
        .expect(1);
    assert_eq!(server.seen().len(), 1);
    assert_eq!(other.connections(), 0);
    for far in [
        "http://192.0.2.1:3030",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com:3030",
    ] {
        let ran = world
            .run(&["status", "--server", far, "--token-file", &token])
            .expect(2);
        assert!(ran.stderr.contains("https://"), "{}", ran.stderr);
    }
    let absent = world.run(&["status", "--server", &server.url(), "--token-file", "/nowhere/token"]);
    assert!(absent.expect(1).stderr.contains("/nowhere/token"));
    assert_eq!(server.seen().len(), 1, "without its token nothing is asked");
}
