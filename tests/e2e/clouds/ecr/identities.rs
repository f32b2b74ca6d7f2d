//! The names that AWS knows pods, tasks, machines and people by.

use std::time::Duration;

use testkit::{Answer, Aws, AwsAgent, AwsKeys, Ca, RealRegistry};

use super::{AMERICA, EUROPE, IMAGES, NAMES, authority, following, images_of, moved, registry, stranger, within};
use crate::world::World;

/// What Kubernetes says of a pod, before and after the file was written anew.
const POD: [&str; 2] = [
    "eyJhbGciOiJub25lIn0.c4n4ry-of-the-pod.c2ln",
    "eyJhbGciOiJub25lIn0.c4n4ry-of-the-pod-renewed.c2ln",
];
const ROLE: &str = "arn:aws:iam::123456789012:role/tidemark";
const ROLES_KEY: &str = "c4n4ryOfTheKeyOfTheRole/000000000000000";
const ROLES_SESSION: &str = "IQoJb3JpZ2luX2VjEC4n4ryOfTheRole";
const WEB_IDENTITY: &str = "sts AssumeRoleWithWebIdentity";
const EUROPES_TOKEN: &str = "ecr GetAuthorizationToken eu-west-1 123456789012";

/// What ECR gives at first, and its password.
const FIRST_TOKEN: &str = "QVdTOmM0bjRyeS1vZi1lY3ItYXQtZmlyc3Q=";
const FIRST: &str = "c4n4ry-of-ecr-at-first";

/// Where the agent of EKS stands, and what it is asked for.
const EKS: (&str, u16) = ("169.254.170.23", 80);
const CREDENTIALS: &str = "/v1/credentials";

/// A stranger whose pod has a token, and the file that it is in.
fn pod(ca: &Ca, aws: &Aws) -> (World, String) {
    let mut world = stranger(ca, aws, "").env("AWS_EC2_METADATA_DISABLED", "true");
    for secret in POD.into_iter().chain([ROLES_KEY, ROLES_SESSION, FIRST]) {
        world.secret(secret);
    }
    // As the kubelet writes it: without an end of the line.
    let file = world.file("token", POD[0]).display().to_string();
    (world, file)
}

/// With what the webhook of EKS puts into a pod whose service account has a role.
fn with_web_identity(world: World, file: &str) -> World {
    world
        .env("AWS_ROLE_ARN", ROLE)
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", file)
        .env("AWS_ROLE_SESSION_NAME", "tidemark-0")
        .env("AWS_STS_REGIONAL_ENDPOINTS", "regional")
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_DEFAULT_REGION", "eu-west-1")
}

/// Keys of the role that are as good as ended when they come, so that each question fetches new ones.
fn short_lived() -> AwsKeys {
    AwsKeys {
        id: "ASIAIOSFODNN7EXAMPLE".to_owned(),
        secret: ROLES_KEY.to_owned(),
        session: ROLES_SESSION.to_owned(),
        life: Duration::from_secs(5),
    }
}

/// What STS answers: these keys, and when they end.
fn sts(keys: &AwsKeys, ends: &str) -> Answer {
    Answer::status(200).header("content-type", "text/xml").body(format!(
        "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleWithWebIdentityResult>\
         <AssumedRoleUser><Arn>{ROLE}</Arn><AssumedRoleId>AROA:tidemark-0</AssumedRoleId></AssumedRoleUser>\
         <Credentials><AccessKeyId>{}</AccessKeyId><SecretAccessKey>{}</SecretAccessKey><SessionToken>{}</SessionToken>\
         <Expiration>{ends}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>",
        keys.id, keys.secret, keys.session
    ))
}

/// Sends the token of ECR that opens the registry until it is renewed.
fn gives_first_token(aws: &Aws) {
    let answer =
        format!("{{\"authorizationData\":[{{\"authorizationToken\":\"{FIRST_TOKEN}\",\"expiresAt\":4102444800}}]}}");
    aws.answers("ecr GetAuthorizationToken", Some(Answer::json(answer)));
}

/// From now on the registry opens for the token that ECR itself gives, and for no older one.
fn renews_token(aws: &Aws, registry: &RealRegistry) {
    aws.answers("ecr GetAuthorizationToken", None);
    registry.knows("AWS", Aws::PASSWORD).unwrap();
}

#[test]
fn the_web_identity_of_a_pod_is_exchanged_for_a_role() {
    within(the_web_identity_of_a_pod_is_exchanged_for_a_role, &NAMES, || {
        let (ca, aws) = (authority(), Aws::ministack().unwrap());
        let _registry = registry(&ca, Aws::PASSWORD);
        let (world, file) = pod(&ca, &aws);
        let images = [images_of(EUROPE), images_of(AMERICA)].concat();
        let (world, _git, repository) = following(with_web_identity(world, &file), &images);
        world.once().expect(0);
        assert_eq!(moved(&repository), images.len());
        let mut asked = aws.asked();
        asked.sort();
        let america = "ecr GetAuthorizationToken us-east-1 123456789012";
        assert_eq!(
            asked,
            [EUROPES_TOKEN, america, WEB_IDENTITY],
            "one role for both regions"
        );
    });
}

/// How many requests showed each of the pod's tokens.
fn shown(aws: &Aws) -> [usize; 2] {
    let seen = aws.seen();
    POD.map(|token| seen.iter().filter(|seen| seen.text().contains(token)).count())
}

#[test]
fn a_web_identity_that_was_written_anew_is_read_anew() {
    within(a_web_identity_that_was_written_anew_is_read_anew, &NAMES, || {
        let (ca, aws) = (authority(), Aws::ministack().unwrap());
        let registry = registry(&ca, FIRST);
        gives_first_token(&aws);
        aws.answers(WEB_IDENTITY, Some(sts(&short_lived(), "2026-01-01T00:00:00Z")));
        let (world, file) = pod(&ca, &aws);
        let world = with_web_identity(world, &file).registries("defaults: {interval: 1s, minInterval: 1s}");
        let (world, _git, repository) = following(world, &images_of(EUROPE));
        let daemon = world.start();
        daemon.until_commits(1);
        assert_eq!(moved(&repository), IMAGES.len());
        assert_eq!(shown(&aws), [1, 0]);
        world.file("token", POD[1]);
        renews_token(&aws, &registry);
        for image in IMAGES {
            registry.push_tag(image, "1.9.3").unwrap();
        }
        daemon.until_commits(2);
        assert_eq!(shown(&aws), [1, 1], "{:?}", aws.asked());
        world.assert_kept_secrets(&daemon.log());
    });
}

#[test]
fn the_agent_of_eks_is_shown_the_token_of_the_pod_as_it_is_now() {
    within(
        the_agent_of_eks_is_shown_the_token_of_the_pod_as_it_is_now,
        &NAMES,
        || {
            let (ca, aws) = (authority(), Aws::ministack().unwrap());
            let registry = registry(&ca, FIRST);
            gives_first_token(&aws);
            let agent = AwsAgent::start(EKS, CREDENTIALS, None).unwrap();
            agent.gives(&short_lived(), Some(POD[0]));
            let (world, file) = pod(&ca, &aws);
            let world = world
                .env(
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                    "http://169.254.170.23/v1/credentials",
                )
                .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &file)
                .registries("defaults: {interval: 1s, minInterval: 1s}");
            let (world, _git, repository) = following(world, &images_of(EUROPE));
            let daemon = world.start();
            daemon.until_commits(1);
            assert_eq!(moved(&repository), IMAGES.len());
            assert_eq!(aws.asked(), [EUROPES_TOKEN]);
            world.file("token", POD[1]);
            agent.gives(&short_lived(), Some(POD[1]));
            renews_token(&aws, &registry);
            for image in IMAGES {
                registry.push_tag(image, "1.9.3").unwrap();
            }
            daemon.until_commits(2);
            let shown: Vec<_> = agent
                .seen()
                .iter()
                .map(|seen| seen.header("authorization").map(str::to_owned))
                .collect();
            assert_eq!(shown, POD.map(|token| Some(token.to_owned())));
            assert_eq!(aws.asked(), [EUROPES_TOKEN; 2]);
            for seen in aws.seen() {
                let text = seen.text();
                assert!(
                    text.contains(ROLES_SESSION)
                        && !text.contains(ROLES_KEY)
                        && !POD.iter().any(|token| text.contains(token)),
                    "{text}"
                );
            }
            world.assert_kept_secrets(&daemon.log());
        },
    );
}
