//! The private registries of AWS, opened by a token that ECR gives.
//!
//! ECR, STS and the metadata of machines are those of ministack and moto. Neither checks the tokens that it gives, so a docker-registry
//! that does stands behind the names.

mod identities;
mod pods;
mod troubles;

use testkit::{Answer, Aws, BareRepository, Ca, GitHttp, GitHttpSettings, RealRegistry, Recorder, RegistrySettings};

use super::namespace::within;
use super::{HTTPS, METADATA, ca_file, tags};
use crate::world::World;
use crate::world::manifests::deployment;

const EUROPE: &str = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const AMERICA: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
const OTHER: &str = "210987654321.dkr.ecr.eu-west-1.amazonaws.com";
/// Whose registry keeps the components of EKS.
const EKS: &str = "602401143452.dkr.ecr.eu-west-1.amazonaws.com";
/// Where the keys of a role are had from, away from EKS and ECS.
const AGENT: &str = "agent.internal";
const HOSTS: [&str; 5] = [EUROPE, AMERICA, OTHER, EKS, AGENT];
const NAMES: [&str; 5] = [
    "127.0.0.1 123456789012.dkr.ecr.eu-west-1.amazonaws.com",
    "127.0.0.1 123456789012.dkr.ecr.us-east-1.amazonaws.com",
    "127.0.0.1 210987654321.dkr.ecr.eu-west-1.amazonaws.com",
    "127.0.0.1 602401143452.dkr.ecr.eu-west-1.amazonaws.com",
    "10.20.30.40 agent.internal",
];

const SECRET_KEY: &str = "c4n4ry/of/the+secret+access+key0000000000";
const SESSION: &str = "FwoGZXIvYXdzEC4n4ry-of-the-session";
const CONFIGURED: &str = "c4n4ry-of-the-configuration";

const IMAGES: [&str; 3] = ["acme/api", "acme/web", "acme/worker"];

fn authority() -> Ca {
    HOSTS.iter().fold(Ca::new().unwrap(), |ca, host| ca.naming(host))
}

/// A registry behind all names that knows the bearer of `password`, with 1.4.0 and 1.9.2 of each image.
fn registry(ca: &Ca, password: &str) -> RealRegistry {
    let settings = RegistrySettings::new().tls(ca).port(HTTPS);
    let settings = settings.user("AWS", password).user("ci", CONFIGURED);
    let registry = RealRegistry::docker_registry(&settings).unwrap();
    for image in IMAGES {
        registry.push_tags(image, &["1.4.0", "1.9.2"]).unwrap();
    }
    registry
}

/// AWS, and the registry behind all names that its tokens open.
fn aws_and_registry() -> (Ca, Aws, RealRegistry) {
    let (ca, aws) = (authority(), Aws::ministack().unwrap());
    let registry = registry(&ca, Aws::PASSWORD);
    (ca, aws, registry)
}

/// A Tidemark that asks `aws`, trusts `ca`, and has `ecr` in its configuration; AWS knows it by nothing yet.
fn stranger(ca: &Ca, aws: &Aws, ecr: &str) -> World {
    let mut world = World::new();
    for secret in [Aws::PASSWORD, SECRET_KEY, SESSION, CONFIGURED] {
        world.secret(secret);
    }
    let file = ca_file(&world, ca);
    for host in [EUROPE, AMERICA, OTHER] {
        world = world.registry(&format!("host: \"{host}\", caFile: \"{}\"", file.display()));
    }
    world
        .registries(&format!("ecr: {{{ecr}}}"))
        .env("AWS_ENDPOINT_URL", &aws.url())
}

/// The same with an access key in its environment.
fn world(ca: &Ca, aws: &Aws, ecr: &str) -> World {
    stranger(ca, aws, ecr)
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
        .env("AWS_SESSION_TOKEN", SESSION)
        .env("AWS_EC2_METADATA_DISABLED", "true")
}

/// The same with a password for the registry of EKS in its configuration.
fn with_password(mut world: World, ca: &Ca, password: &str) -> World {
    let password = world.secret_file("password", password);
    let file = ca_file(&world, ca);
    world.registry(&format!(
        "host: \"{EKS}\", caFile: \"{}\", credentials: {{username: ci, passwordFile: \"{}\"}}",
        file.display(),
        password.display()
    ))
}

/// A repository of deployments of these images, all at 1.4.0 and under `semver:^1`, which `world` looks after from now on.
fn following(world: World, images: &[String]) -> (World, GitHttp, BareRepository) {
    let git = GitHttp::start(&GitHttpSettings::new()).unwrap();
    let repository = git.repository("team/fleet.git").unwrap();
    let files = images.iter().enumerate().map(|(number, image)| {
        let name = format!("service-{number}");
        let file = deployment(&name, &format!("{image}:1.4.0"), "semver:^1");
        (format!("apps/{name}.yaml"), file)
    });
    repository.seed(files).unwrap();
    let world = world.repository(&format!("url: \"{}\"", git.url("team/fleet.git")));
    (world, git, repository)
}

fn images_of(host: &str) -> Vec<String> {
    IMAGES.iter().map(|image| format!("{host}/{image}")).collect()
}

/// How many of the deployments stand at 1.9.2.
fn moved(repository: &BareRepository) -> usize {
    repository.diff().unwrap().matches(":1.9.2   # keep me").count()
}

fn refused(registry: &RealRegistry) -> usize {
    let requests = registry.requests().unwrap();
    requests
        .iter()
        .filter(|asked| matches!(asked.status, 401 | 403))
        .count()
}

#[test]
fn one_token_opens_all_repositories_of_an_account_in_a_region() {
    within(
        one_token_opens_all_repositories_of_an_account_in_a_region,
        &NAMES,
        || {
            let (ca, aws, registry) = aws_and_registry();
            let images = [images_of(EUROPE), images_of(AMERICA)].concat();
            let (world, _git, repository) = following(world(&ca, &aws, ""), &images);
            world.once().expect(0);
            assert_eq!(moved(&repository), images.len());
            let mut asked = aws.asked();
            asked.sort();
            let expected = [
                "ecr GetAuthorizationToken eu-west-1 123456789012",
                "ecr GetAuthorizationToken us-east-1 123456789012",
            ];
            assert_eq!(asked, expected, "one for {} repositories of each region", IMAGES.len());
            assert_eq!(refused(&registry), 2, "the challenge of each host");
        },
    );
}

#[test]
fn excluded_accounts_are_scanned_with_what_else_is_known() {
    within(excluded_accounts_are_scanned_with_what_else_is_known, &NAMES, || {
        let (ca, aws, _registry) = aws_and_registry();
        let world = with_password(world(&ca, &aws, "regions: [us-east-1]"), &ca, CONFIGURED);
        assert_eq!(tags(&world, &format!("{EKS}/acme/api")).unwrap(), "1.4.0\n1.9.2\n");
        let error = tags(&world, &format!("{EUROPE}/acme/api")).unwrap_err();
        assert!(
            error.contains("no credential is known for it; the answer was 401"),
            "{error}"
        );
        assert_eq!(
            aws.asked(),
            [""; 0],
            "neither the account nor the region is AWS's to open"
        );
    });
}

#[test]
fn the_configured_credential_goes_first_and_the_token_opens_what_it_does_not() {
    within(
        the_configured_credential_goes_first_and_the_token_opens_what_it_does_not,
        &NAMES,
        || {
            let (ca, aws, _registry) = aws_and_registry();
            let world = with_password(
                world(&ca, &aws, "excludeAccounts: []"),
                &ca,
                "c4n4ry-that-opens-nothing",
            );
            assert_eq!(tags(&world, &format!("{EKS}/acme/api")).unwrap(), "1.4.0\n1.9.2\n");
            assert_eq!(aws.asked(), ["ecr GetAuthorizationToken eu-west-1 602401143452"]);
        },
    );
}

#[test]
fn a_token_that_had_expired_when_it_came_is_used_and_not_asked_for_again_and_again() {
    within(
        a_token_that_had_expired_when_it_came_is_used_and_not_asked_for_again_and_again,
        &NAMES,
        || {
            let (ca, aws) = (authority(), Aws::moto().unwrap());
            let password = Aws::moto_password(Aws::ACCOUNT);
            let registry = registry(&ca, &password);
            let mut world = world(&ca, &aws, "");
            world.secret(&password);
            let world = world.registries("defaults: {interval: 1s, minInterval: 1s}");
            let (world, _git, repository) = following(world, &images_of(EUROPE));
            let daemon = world.start();
            daemon.until_commits(1);
            assert_eq!(moved(&repository), IMAGES.len());
            let shown = daemon.until("/api/v1/registries", |answer| {
                answer["registries"][0]["requests"]["lists"].as_u64().unwrap_or(0) >= 12
            });
            assert_eq!(aws.count("ecr"), 1, "one a minute at most: {:?}", aws.asked());
            let row = &shown["registries"][0];
            assert_eq!(
                (row["state"].as_str(), row["credential"]["source"].as_str()),
                (Some("healthy"), Some("ecr"))
            );
            let error = row["lastError"].as_str().unwrap_or_default();
            assert!(error.contains("has expired when it comes"), "{row:#}");
            assert_eq!(refused(&registry), 1, "the challenge");
            world.assert_kept_secrets(&daemon.log());
            world.assert_kept_secrets(&shown.to_string());
        },
    );
}

#[test]
fn a_role_is_taken_on_for_the_accounts_that_it_opens() {
    within(a_role_is_taken_on_for_the_accounts_that_it_opens, &NAMES, || {
        const ROLE: &str = "arn:aws:iam::210987654321:role/pull";
        let (ca, aws, _registry) = aws_and_registry();
        let role = format!("roles: [{{accounts: [\"210987654321\"], role: \"{ROLE}\", externalId: tidemark-fleet}}]");
        let images = [images_of(OTHER), images_of(EUROPE)].concat();
        let (world, _git, repository) = following(world(&ca, &aws, &role), &images);
        world.once().expect(0);
        assert_eq!(moved(&repository), images.len());
        let mut asked = aws.asked();
        asked.sort();
        let expected = [
            "ecr GetAuthorizationToken eu-west-1 123456789012",
            "ecr GetAuthorizationToken eu-west-1 210987654321",
            "sts AssumeRole eu-west-1",
        ];
        assert_eq!(asked, expected);
        let role = aws
            .seen()
            .into_iter()
            .find(|seen| seen.text().contains("AssumeRole"))
            .unwrap();
        for part in [
            "ExternalId=tidemark-fleet",
            "RoleSessionName=tidemark",
            "210987654321%3Arole%2Fpull",
        ] {
            assert!(role.text().contains(part), "{}", role.text());
        }
    });
}

/// What ECR says to whoever may not ask it.
fn denied() -> Answer {
    Answer::status(400)
        .header("content-type", "application/x-amz-json-1.1")
        .body(format!(
            "{{\"__type\":\"AccessDeniedException\",\"message\":\"{SESSION} is not authorized\"}}"
        ))
}

#[test]
fn who_may_not_ask_for_a_token_asks_nobody_anonymously_and_is_told_when_it_goes_on() {
    within(
        who_may_not_ask_for_a_token_asks_nobody_anonymously_and_is_told_when_it_goes_on,
        &NAMES,
        || {
            let (ca, aws, registry) = aws_and_registry();
            aws.instead(Some(denied()));
            let world = world(&ca, &aws, "").registries("defaults: {interval: 1s, minInterval: 1s}");
            let (world, _git, repository) = following(world, &images_of(EUROPE));
            let daemon = world.start();
            let shown = daemon.until("/api/v1/registries", |answer| {
                answer["registries"][0]["state"] == "credentialUnavailable"
            });
            let error = shown["registries"][0]["lastError"].as_str().unwrap_or_default();
            let expected = "AWS has no credential for it: AccessDeniedException: [secret] is not authorized; allow \
                        `ecr:GetAuthorizationToken` to the identity that Tidemark has there; AWS is asked again at 20";
            assert!(error.starts_with(expected), "{error}");
            let statuses: Vec<u16> = registry.requests().unwrap().iter().map(|asked| asked.status).collect();
            assert_eq!(statuses, [401], "the challenge, and nobody asks anonymously after it");
            assert_eq!(aws.count("ecr"), 1, "{:?}", aws.asked());
            aws.instead(None);
            daemon.until_commits(1);
            assert_eq!(moved(&repository), IMAGES.len(), "no image was dropped");
            assert_eq!(aws.count("ecr"), 2, "{:?}", aws.asked());
            world.assert_kept_secrets(&daemon.log());
            world.assert_kept_secrets(&shown.to_string());
        },
    );
}

#[test]
fn a_token_goes_to_the_registry_that_it_was_asked_for_whatever_ecr_says() {
    within(
        a_token_goes_to_the_registry_that_it_was_asked_for_whatever_ecr_says,
        &NAMES,
        || {
            let (ca, aws, registry) = aws_and_registry();
            let elsewhere = Recorder::start_tls_at(("127.0.0.2", HTTPS), &ca).unwrap();
            aws.instead(Some(Answer::json(format!(
                "{{\"authorizationData\":[{{\"authorizationToken\":\"QVdTOm1pbmlzdGFjay1hdXRoLXRva2Vu\",\
             \"expiresAt\":4102444800,\"proxyEndpoint\":\"{}\"}}]}}",
                elsewhere.url()
            ))));
            let world = world(&ca, &aws, "");
            assert_eq!(tags(&world, &format!("{EUROPE}/acme/api")).unwrap(), "1.4.0\n1.9.2\n");
            assert_eq!(elsewhere.connections(), 0);
            assert_eq!(refused(&registry), 1);
        },
    );
}

#[test]
fn where_aws_is_required_nothing_starts_without_an_identity() {
    within(where_aws_is_required_nothing_starts_without_an_identity, &NAMES, || {
        let (ca, aws) = (authority(), Aws::ministack().unwrap());
        let nobody =
            stranger(&ca, &aws, "require: true, regions: [eu-west-1]").env("AWS_EC2_METADATA_DISABLED", "true");
        let config = nobody.write_config().display().to_string();
        for arguments in [
            &["run", "--config", &config][..],
            &["run", "--config", &config, "--once"],
        ] {
            let ran = nobody.run(arguments).expect(1);
            let expected = "AWS gives Tidemark no identity, which `registries.ecr.require` asks for: no credentials of AWS are to be \
                            found here; give the pod a role";
            assert!(ran.stderr.contains(expected), "{}", ran.stderr);
        }
        assert_eq!(aws.asked(), [""; 0]);

        let somebody = world(&ca, &aws, "require: true, regions: [eu-west-1]");
        somebody.once().expect(0);
        assert_eq!(aws.asked(), ["sts GetCallerIdentity eu-west-1"]);
        let relaxed = world(&ca, &aws, "");
        relaxed.once().expect(0);
        assert_eq!(aws.asked().len(), 1, "nothing is asked at the start");
    });
}
