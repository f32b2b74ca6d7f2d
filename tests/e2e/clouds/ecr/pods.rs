//! Pods and tasks of AWS, and what they have in their environment.

use std::time::Duration;

use testkit::{Answer, Aws, AwsKeys, Ca, RealRegistry};

use super::stranger;
use crate::world::World;

/// What Kubernetes says of a pod, before and after the file was written anew.
pub(super) const POD: [&str; 2] = [
    "eyJhbGciOiJub25lIn0.c4n4ry-of-the-pod.c2ln",
    "eyJhbGciOiJub25lIn0.c4n4ry-of-the-pod-renewed.c2ln",
];
pub(super) const ROLE: &str = "arn:aws:iam::123456789012:role/tidemark";
pub(super) const ROLES_KEY: &str = "c4n4ryOfTheKeyOfTheRole/000000000000000";
pub(super) const ROLES_SESSION: &str = "IQoJb3JpZ2luX2VjEC4n4ryOfTheRole";
pub(super) const WEB_IDENTITY: &str = "sts AssumeRoleWithWebIdentity";
pub(super) const EUROPES_TOKEN: &str = "ecr GetAuthorizationToken eu-west-1 123456789012";

/// What ECR gives at first, and its password.
pub(super) const FIRST_TOKEN: &str = "QVdTOmM0bjRyeS1vZi1lY3ItYXQtZmlyc3Q=";
pub(super) const FIRST: &str = "c4n4ry-of-ecr-at-first";

/// Where the agent of EKS stands, and what it is asked for.
pub(super) const EKS: (&str, u16) = ("169.254.170.23", 80);
pub(super) const CREDENTIALS: &str = "/v1/credentials";

/// A stranger whose pod has a token, and the file that it is in.
pub(super) fn pod(ca: &Ca, aws: &Aws) -> (World, String) {
    let mut world = stranger(ca, aws, "").env("AWS_EC2_METADATA_DISABLED", "true");
    for secret in POD.into_iter().chain([ROLES_KEY, ROLES_SESSION, FIRST]) {
        world.secret(secret);
    }
    // As the kubelet writes it: without an end of the line.
    let file = world.file("token", POD[0]).display().to_string();
    (world, file)
}

/// With what the webhook of EKS puts into a pod whose service account has a role.
pub(super) fn with_web_identity(world: World, file: &str) -> World {
    world
        .env("AWS_ROLE_ARN", ROLE)
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", file)
        .env("AWS_ROLE_SESSION_NAME", "tidemark-0")
        .env("AWS_STS_REGIONAL_ENDPOINTS", "regional")
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_DEFAULT_REGION", "eu-west-1")
}

/// Keys of the role that are as good as ended when they come, so that each question fetches new ones.
pub(super) fn short_lived() -> AwsKeys {
    AwsKeys {
        id: "ASIAIOSFODNN7EXAMPLE".to_owned(),
        secret: ROLES_KEY.to_owned(),
        session: ROLES_SESSION.to_owned(),
        life: Duration::from_secs(5),
    }
}

/// What STS answers: these keys, and when they end.
pub(super) fn sts(keys: &AwsKeys, ends: &str) -> Answer {
    Answer::status(200).header("content-type", "text/xml").body(format!(
        "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleWithWebIdentityResult>\
         <AssumedRoleUser><Arn>{ROLE}</Arn><AssumedRoleId>AROA:tidemark-0</AssumedRoleId></AssumedRoleUser>\
         <Credentials><AccessKeyId>{}</AccessKeyId><SecretAccessKey>{}</SecretAccessKey><SessionToken>{}</SessionToken>\
         <Expiration>{ends}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>",
        keys.id, keys.secret, keys.session
    ))
}

/// Sends the token of ECR that opens the registry until it is renewed.
pub(super) fn gives_first_token(aws: &Aws) {
    let answer =
        format!("{{\"authorizationData\":[{{\"authorizationToken\":\"{FIRST_TOKEN}\",\"expiresAt\":4102444800}}]}}");
    aws.answers("ecr GetAuthorizationToken", Some(Answer::json(answer)));
}

/// From now on the registry opens for the token that ECR itself gives, and for no older one.
pub(super) fn renews_token(aws: &Aws, registry: &RealRegistry) {
    aws.answers("ecr GetAuthorizationToken", None);
    registry.knows("AWS", Aws::PASSWORD).unwrap();
}

/// How many requests showed each of the pod's tokens.
pub(super) fn shown(aws: &Aws) -> [usize; 2] {
    let seen = aws.seen();
    POD.map(|token| seen.iter().filter(|seen| seen.text().contains(token)).count())
}
