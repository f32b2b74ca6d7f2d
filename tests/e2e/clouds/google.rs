//! Artifact Registry, opened by the metadata server and by a key file.

use std::time::{Duration, Instant};

use testkit::{Answer, Ca, GoogleMetadata, GoogleTokens, RealRegistry, Recorder, RegistrySettings};

use super::namespace::within;
use super::{Fleet, HTTPS, IMAGES, METADATA, assert_challenged, ca_file, secret_text, tags};
use crate::world::World;

const REGISTRY: &str = "europe-docker.pkg.dev";
/// A host that ends like one of Google's and is none.
const LOOKALIKE: &str = "europe-docker.evilpkg.dev";
const NAMES: [&str; 3] = [
    "169.254.169.254 metadata.google.internal",
    "127.0.0.1 europe-docker.pkg.dev",
    "127.0.0.2 europe-docker.evilpkg.dev",
];

const TOKEN: &str = "ya29.c4n4ry-of-the-machine";
const HOUR: Duration = Duration::from_secs(3599);

/// A registry that knows the bearer of `token`, with a tag or two of each image of the fleet.
fn registry(ca: &Ca, token: &str) -> RealRegistry {
    let settings = RegistrySettings::new()
        .tls(ca)
        .port(HTTPS)
        .user("oauth2accesstoken", token);
    let registry = RealRegistry::docker_registry(&settings).unwrap();
    for image in IMAGES {
        registry.push_tag(image, "1.4.0").unwrap();
    }
    registry
}

fn authority() -> Ca {
    Ca::new().unwrap().naming(REGISTRY).naming(LOOKALIKE)
}

/// A Tidemark that knows the registry's authority, and of Google what `google` says.
fn world(ca: &Ca, google: &str) -> World {
    let mut world = World::new();
    world.secret(TOKEN);
    let file = ca_file(&world, ca);
    world
        .registry(&format!("host: \"{REGISTRY}\", caFile: \"{}\"", file.display()))
        .registries(&format!("google: {{{google}}}"))
}

#[test]
fn the_token_of_the_machine_opens_many_repositories_and_is_asked_for_once() {
    within(
        the_token_of_the_machine_opens_many_repositories_and_is_asked_for_once,
        &NAMES,
        || {
            let ca = authority();
            let metadata = GoogleMetadata::start(METADATA).unwrap();
            metadata.gives(TOKEN, HOUR);
            let registry = registry(&ca, TOKEN);
            let fleet = Fleet::new(world(&ca, "enabled: auto"), REGISTRY);
            for image in IMAGES {
                registry.push_tag(image, "1.9.2").unwrap();
            }
            fleet.world.once().expect(0);
            fleet.assert_landed("1.9.2");
            let asked = metadata.seen();
            let paths: Vec<&str> = asked.iter().map(|asked| asked.path.as_str()).collect();
            assert_eq!(
                paths,
                ["/", "/computeMetadata/v1/instance/service-accounts/default/token"],
                "whether it is there, and one token for {} repositories",
                IMAGES.len()
            );
            let refused = registry
                .requests()
                .unwrap()
                .iter()
                .filter(|asked| asked.status == 401)
                .count();
            assert_eq!(refused, 1, "the challenge");
        },
    );
}

#[test]
fn the_daemon_says_whose_identity_it_uses() {
    within(the_daemon_says_whose_identity_it_uses, &NAMES, || {
        let ca = authority();
        let metadata = GoogleMetadata::start(METADATA).unwrap();
        metadata.gives(TOKEN, HOUR);
        let _registry = registry(&ca, TOKEN);
        let fleet = Fleet::new(world(&ca, "enabled: true"), REGISTRY);
        let daemon = fleet.world.start();
        let shown = daemon.until("/api/v1/images", |answer| {
            let images = answer["images"].as_array().map_or(&[][..], Vec::as_slice);
            images.len() == IMAGES.len() && images.iter().all(|image| image["credential"]["source"] == "google")
        });
        let text = shown.to_string();
        assert_eq!(metadata.tokens(), 1);
        fleet.world.assert_kept_secrets(&daemon.log());
        fleet.world.assert_kept_secrets(&text);
    });
}

#[test]
fn the_token_is_shown_to_no_other_host() {
    within(the_token_is_shown_to_no_other_host, &NAMES, || {
        let ca = authority();
        let metadata = GoogleMetadata::start(METADATA).unwrap();
        metadata.gives(TOKEN, HOUR);
        let stranger = Recorder::start_tls_at(("127.0.0.2", HTTPS), &ca).unwrap();
        stranger.answer(Answer::challenge(&format!("Bearer realm=\"https://{REGISTRY}/token\"")));
        let world = world(&ca, "enabled: true");
        let file = ca_file(&world, &ca);
        let world = world.registry(&format!("host: \"{LOOKALIKE}\", caFile: \"{}\"", file.display()));
        tags(&world, &format!("{LOOKALIKE}/acme/docker/api")).unwrap_err();
        assert!(!stranger.seen().is_empty());
        stranger.assert_saw_no_credential(&[TOKEN]);
        assert_eq!(metadata.seen().len(), 0, "nobody needed a token");
    });
}

#[test]
fn where_it_is_off_the_metadata_server_is_not_asked() {
    within(where_it_is_off_the_metadata_server_is_not_asked, &NAMES, || {
        let ca = authority();
        let metadata = GoogleMetadata::start(METADATA).unwrap();
        metadata.gives(TOKEN, HOUR);
        let _registry = registry(&ca, TOKEN);
        let error = tags(&world(&ca, "enabled: false"), &format!("{REGISTRY}/{}", IMAGES[0])).unwrap_err();
        assert!(
            error.contains("no credential is known for it; the answer was 401"),
            "{error}"
        );
        assert_eq!(metadata.seen().len(), 0);
    });
}

#[test]
fn without_a_metadata_server_auto_is_nobody_and_costs_no_time() {
    within(
        without_a_metadata_server_auto_is_nobody_and_costs_no_time,
        &NAMES,
        || {
            let ca = authority();
            let _registry = registry(&ca, TOKEN);
            let world = world(&ca, "enabled: auto");
            let began = Instant::now();
            let error = tags(&world, &format!("{REGISTRY}/{}", IMAGES[0])).unwrap_err();
            assert!(
                error.contains("no credential is known for it; the answer was 401"),
                "{error}"
            );
            assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        },
    );
}

#[test]
fn a_broken_metadata_server_costs_a_bounded_time_and_is_told() {
    within(
        a_broken_metadata_server_costs_a_bounded_time_and_is_told,
        &NAMES,
        || {
            let ca = authority();
            let metadata = GoogleMetadata::start(METADATA).unwrap();
            let registry = registry(&ca, TOKEN);
            let world = world(&ca, "enabled: true");
            let huge = format!("{{\"access_token\": \"{}\"}}", "a".repeat(16 << 20));
            for (answer, reason) in [
                (Answer::hang(), "Google's metadata server did not answer within 5 s"),
                (
                    Answer::drop_connection(),
                    "failed to reach http://metadata.google.internal",
                ),
                (
                    Answer::status(500),
                    "Google's metadata server answered 500 Internal Server Error",
                ),
                (Answer::status(404), "Google's metadata server answered 404 Not Found"),
                (
                    Answer::html("<html>hello</html>"),
                    "the answer of Google's metadata server is not usable: it is no JSON",
                ),
                (Answer::json(huge), "it is larger than 65536 bytes"),
            ] {
                metadata.instead(Some(answer));
                let began = Instant::now();
                let error = tags(&world, &format!("{REGISTRY}/{}", IMAGES[0])).unwrap_err();
                assert!(
                    error.contains(&format!("Google has no credential for it: {reason}")) || error.contains(reason),
                    "{error}"
                );
                assert!(error.contains("`enabled: false`"), "{error}");
                assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
            }
            assert_challenged(&registry, 6);
            metadata.instead(None);
            metadata.gives(TOKEN, HOUR);
            assert_eq!(tags(&world, &format!("{REGISTRY}/{}", IMAGES[0])).unwrap(), "1.4.0\n");
        },
    );
}

#[test]
fn a_key_file_goes_before_the_metadata_server() {
    within(a_key_file_goes_before_the_metadata_server, &NAMES, || {
        const KEYS: &str = "ya29.c4n4ry-of-the-key-file";
        let ca = authority();
        let metadata = GoogleMetadata::start(METADATA).unwrap();
        metadata.gives(TOKEN, HOUR);
        let google = GoogleTokens::start(&ca).unwrap();
        google.gives(KEYS, HOUR);
        let _registry = registry(&ca, KEYS);
        let mut world = world(&ca, "enabled: auto");
        world.secret(KEYS);
        for line in google.key_pem().lines().filter(|line| !line.starts_with('-')) {
            world.secret(line);
        }
        let file = secret_text(&mut world, "key.json", &google.key_file());
        let ca_file = ca_file(&world, &ca);
        let world = world
            .env("SSL_CERT_FILE", &ca_file.display().to_string())
            .env("GOOGLE_APPLICATION_CREDENTIALS", &file.display().to_string());
        let fleet = Fleet::new(world, REGISTRY);
        fleet.world.once().expect(0);
        assert_eq!(google.seen().len(), 1, "one token for {} repositories", IMAGES.len());
        assert_eq!(metadata.seen().len(), 0);
    });
}
