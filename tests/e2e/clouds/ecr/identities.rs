//! The names that AWS knows pods, tasks, machines and people by.

use testkit::{Answer, Aws, AwsAgent, Recorder};

use super::pods::{
    CREDENTIALS, EKS, EUROPES_TOKEN, FIRST, FIRST_TOKEN, POD, ROLE, ROLES_KEY, ROLES_SESSION, WEB_IDENTITY,
    gives_first_token, pod, renews_token, short_lived, shown, sts, with_web_identity,
};
use super::{
    AGENT, AMERICA, EUROPE, HTTPS, IMAGES, METADATA, NAMES, SECRET_KEY, authority, aws_and_registry, ca_file,
    following, images_of, moved, registry, stranger, tags, within,
};

/// Where the agent of ECS stands.
const ECS: (&str, u16) = ("169.254.170.2", 80);

#[test]
fn the_web_identity_of_a_pod_is_exchanged_for_a_role() {
    within(the_web_identity_of_a_pod_is_exchanged_for_a_role, &NAMES, || {
        let (ca, aws, _registry) = aws_and_registry();
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

#[test]
fn the_agent_of_ecs_gives_a_task_the_keys_of_its_role() {
    within(the_agent_of_ecs_gives_a_task_the_keys_of_its_role, &NAMES, || {
        const PATH: &str = "/v2/credentials/0b1f6471-1bf0-4dda-aec3-cb9272f09590";
        let (ca, aws, _registry) = aws_and_registry();
        let agent = AwsAgent::start(ECS, PATH, None).unwrap();
        agent.gives(&short_lived(), None);
        let world = pod(&ca, &aws).0.env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", PATH);
        assert_eq!(tags(&world, &format!("{EUROPE}/acme/api")).unwrap(), "1.4.0\n1.9.2\n");
        let asked = agent.seen();
        assert_eq!((asked.len(), asked[0].host.as_str()), (1, "169.254.170.2"));
        assert_eq!(asked[0].credentials(), [""; 0]);
        assert_eq!(aws.asked(), [EUROPES_TOKEN]);
    });
}

#[test]
fn an_agent_elsewhere_is_asked_over_tls() {
    within(an_agent_elsewhere_is_asked_over_tls, &NAMES, || {
        let (ca, aws, _registry) = aws_and_registry();
        let agent = AwsAgent::start(("10.20.30.40", HTTPS), CREDENTIALS, Some(&ca)).unwrap();
        agent.gives(&short_lived(), Some(POD[0]));
        let (world, _) = pod(&ca, &aws);
        let file = ca_file(&world, &ca).display().to_string();
        let world = world
            .env("SSL_CERT_FILE", &file)
            .env(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                &format!("https://{AGENT}{CREDENTIALS}"),
            )
            .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", POD[0]);
        assert_eq!(tags(&world, &format!("{EUROPE}/acme/api")).unwrap(), "1.4.0\n1.9.2\n");
        assert_eq!(agent.seen().len(), 1);
    });
}

#[test]
fn the_metadata_of_a_machine_is_asked_at_its_own_addresses() {
    within(the_metadata_of_a_machine_is_asked_at_its_own_addresses, &NAMES, || {
        let ca = authority();
        let _registry = registry(&ca, Aws::PASSWORD);
        for (mode, address) in [("IPv4", METADATA), ("IPv6", ("fd00:ec2::254", 80))] {
            let aws = Aws::ministack().unwrap().stands_beside(address).unwrap();
            let world = stranger(&ca, &aws, "").env("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", mode);
            assert_eq!(tags(&world, &format!("{EUROPE}/acme/api")).unwrap(), "1.4.0\n1.9.2\n");
            let asked = aws.asked();
            assert_eq!(
                asked.first().map(String::as_str),
                Some("PUT /latest/api/token"),
                "{asked:?}"
            );
            assert_eq!(asked.last().map(String::as_str), Some(EUROPES_TOKEN), "{asked:?}");
            for seen in aws.seen().iter().skip(1).rev().skip(1) {
                assert!(seen.header("x-aws-ec2-metadata-token").is_some(), "{}", seen.text());
                assert_eq!(seen.host.trim_matches(['[', ']']), address.0);
            }
        }
    });
}

#[test]
fn keys_are_read_from_the_files_of_the_command_line() {
    within(keys_are_read_from_the_files_of_the_command_line, &NAMES, || {
        let (ca, aws, _registry) = aws_and_registry();
        let world = || {
            let (world, _) = pod(&ca, &aws);
            let keys =
                format!("[ci]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {SECRET_KEY}\n");
            let profile = format!("[profile pull]\nrole_arn = {ROLE}\nsource_profile = ci\nregion = eu-west-1\n");
            let (keys, profile) = (world.file("credentials", keys), world.file("config", profile));
            world
                .env("AWS_SHARED_CREDENTIALS_FILE", &keys.display().to_string())
                .env("AWS_CONFIG_FILE", &profile.display().to_string())
        };
        for (profile, expected) in [
            ("ci", &[EUROPES_TOKEN][..]),
            ("pull", &["sts AssumeRole eu-west-1", EUROPES_TOKEN]),
        ] {
            let before = aws.asked().len();
            let world = world().env("AWS_PROFILE", profile);
            assert_eq!(tags(&world, &format!("{EUROPE}/acme/api")).unwrap(), "1.4.0\n1.9.2\n");
            assert_eq!(aws.asked()[before..], *expected);
        }
        let first = aws.seen()[0].text();
        assert!(first.contains("Credential=AKIAIOSFODNN7EXAMPLE/"), "{first}");
    });
}

#[test]
fn a_registry_sees_the_token_of_ecr_and_nothing_else() {
    within(a_registry_sees_the_token_of_ecr_and_nothing_else, &NAMES, || {
        let (ca, aws) = (authority(), Aws::ministack().unwrap());
        let registry = Recorder::start_tls_at(("127.0.0.1", HTTPS), &ca).unwrap();
        registry.answer(Answer::challenge("Basic realm=\"ecr\""));
        aws.answers(WEB_IDENTITY, Some(sts(&short_lived(), "2026-01-01T00:00:00Z")));
        gives_first_token(&aws);
        let (world, file) = pod(&ca, &aws);
        tags(&with_web_identity(world, &file), &format!("{EUROPE}/acme/api")).unwrap_err();
        let shown: Vec<_> = registry
            .seen()
            .iter()
            .map(|seen| seen.header("authorization").map(str::to_owned))
            .collect();
        let token = Some(format!("Basic {FIRST_TOKEN}"));
        assert!(
            shown[0].is_none() && shown[1..].iter().all(|shown| *shown == token),
            "{shown:?}"
        );
        for secret in [POD[0], ROLES_KEY, ROLES_SESSION] {
            let leaks = registry.leaks(&[secret]);
            assert!(!leaks.iter().any(|leak| leak.ends_with("a secret")), "{leaks:?}");
        }
    });
}
