//! What goes wrong between a pod and AWS, and what is said of it.

use expect_test::expect;
use testkit::{Answer, AwsAgent, Recorder};

use super::pods::{CREDENTIALS, EKS, POD, ROLES_KEY, WEB_IDENTITY, pod, short_lived, with_web_identity};
use super::{EUROPE, NAMES, aws_and_registry, stranger, tags, within};
use crate::world::World;

/// What AWS's STS says in place of keys.
fn refusal(code: &str, message: &str) -> Answer {
    let status = if code == "AccessDenied" { 403 } else { 400 };
    Answer::status(status).header("content-type", "text/xml").body(format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
    ))
}

/// Why AWS has nothing for `world`, and what it should do about that.
fn trouble(world: &World) -> String {
    let error = tags(world, &format!("{EUROPE}/acme/api")).unwrap_err();
    let (_, reason) = error
        .split_once("AWS has no credential for it: ")
        .expect("it is AWS's fault");
    format!("{reason}\n")
}

#[test]
fn what_is_wrong_with_a_web_identity_is_told() {
    within(what_is_wrong_with_a_web_identity_is_told, &NAMES, || {
        let (ca, aws, _registry) = aws_and_registry();
        let (world, _) = pod(&ca, &aws);
        let missing = world.folder().join("nowhere").display().to_string();
        let mut told = trouble(&with_web_identity(world, &missing));
        let denied = format!("Not authorized to perform sts:AssumeRoleWithWebIdentity, {}", POD[0]);
        for (code, message) in [
            ("AccessDenied", denied.as_str()),
            (
                "InvalidIdentityToken",
                "No OpenIDConnect provider found in your account for https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE",
            ),
            (
                "ExpiredTokenException",
                "Token expired: current date/time 1790000001 must be before the expiration date/time 1790000000",
            ),
        ] {
            let (world, file) = pod(&ca, &aws);
            let world = with_web_identity(world, &file);
            aws.answers(WEB_IDENTITY, Some(refusal(code, message)));
            told += &trouble(&world);
        }
        expect![[r#"
            a file that says who we are cannot be read: No such file or directory (os error 2); let the process read what AWS_WEB_IDENTITY_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names, one token and no more
            STS does not take the web identity of this pod: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity, [secret]; let the role that AWS_ROLE_ARN names trust the cluster's provider of identities for this namespace and service account
            STS does not take the web identity of this pod: InvalidIdentityToken: No OpenIDConnect provider found in your account for https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE; make the cluster's issuer a provider of identities of the role's account, for the audience `sts.amazonaws.com`
            STS does not take the web identity of this pod: ExpiredTokenException: Token expired: current date/time 1790000001 must be before the expiration date/time 1790000000; look whether the file that AWS_WEB_IDENTITY_TOKEN_FILE names is still renewed, and whether the clocks are right
        "#]].assert_eq(&told);
        assert_eq!(aws.count("ecr"), 0);
    });
}

#[test]
fn what_is_wrong_with_an_agent_is_told() {
    within(what_is_wrong_with_an_agent_is_told, &NAMES, || {
        let (ca, aws, _registry) = aws_and_registry();
        let at = |uri: &str| {
            let (world, file) = pod(&ca, &aws);
            world
                .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri)
                .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &file)
        };
        let eks = "http://169.254.170.23/v1/credentials";
        let mut told = trouble(&at(eks));
        let agent = AwsAgent::start(EKS, CREDENTIALS, None).unwrap();
        agent.gives(&short_lived(), Some("another"));
        told += &trouble(&at(eks));
        for answer in [
            Answer::json(format!("{{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"{ROLES_KEY}\"")),
            Answer::json("{}"),
            Answer::status(500),
        ] {
            agent.instead(Some(answer));
            told += &trouble(&at(eks));
        }
        let world = at(eks);
        world.file("token", format!("{}\n", POD[0]));
        told += &trouble(&world);
        told += &trouble(&at(eks).env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/nowhere/token"));
        expect![[r#"
            failed to reach http://169.254.170.23/v1/credentials: error sending request: client error (Connect): tcp connect error: Connection refused (os error 111); look whether the AWS_… variables name the right place, and whether somebody is there (on EKS, its Pod Identity Agent on this node)
            http://169.254.170.23/v1/credentials answered 400 Bad Request: Service account token cannot be parsed; look at what it logs (on EKS, the Pod Identity Agent of this node), and whether the pod's service account has a role
            unexpected credentials error: expected object key, found: None; look at the AWS_… variables, at the profile that AWS_PROFILE names, and at what gives the keys; no program and no SSO is run for them
            unexpected credentials error: Expected field `AccessKeyId` in response but it was missing; look at the AWS_… variables, at the profile that AWS_PROFILE names, and at what gives the keys; no program and no SSO is run for them
            http://169.254.170.23/v1/credentials answered 500 Internal Server Error; look at what it logs (on EKS, the Pod Identity Agent of this node), and whether the pod's service account has a role
            the credentials provider was not properly configured: the auth token could not be used as an HTTP header value. failed to parse header value: failed to parse header value; look at the AWS_… variables, at the profile that AWS_PROFILE names, and at what gives the keys; no program and no SSO is run for them
            a file that says who we are cannot be read: No such file or directory (os error 2); let the process read what AWS_WEB_IDENTITY_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names, one token and no more
        "#]].assert_eq(&told);
        assert_eq!(aws.asked(), [""; 0]);
    });
}

#[test]
fn nothing_is_said_in_clear_text_to_who_is_not_near() {
    within(nothing_is_said_in_clear_text_to_who_is_not_near, &NAMES, || {
        let (ca, aws, _registry) = aws_and_registry();
        let elsewhere = Recorder::start("10.20.30.40").unwrap();
        let url = elsewhere.url();
        let credentials = format!("{url}/v1/credentials");
        let new = || pod(&ca, &aws);
        let mut told = String::new();
        let (world, file) = new();
        let world = world.env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &file);
        told += &trouble(&world.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &credentials));
        let (world, file) = new();
        told += &trouble(&with_web_identity(world, &file).env("AWS_ENDPOINT_URL", &url));
        let (world, file) = new();
        told += &trouble(&with_web_identity(world, &file).env("AWS_ENDPOINT_URL_STS", &url));
        let world = stranger(&ca, &aws, "").env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url);
        told += &trouble(&world);
        expect![[r#"
            the credentials provider was not properly configured: invalid full URI for ECS provider (URI did not refer to an allowed IP address): http://ELSEWHERE/v1/credentials; look at the AWS_… variables, at the profile that AWS_PROFILE names, and at what gives the keys; no program and no SSO is run for them
            failed to reach http://ELSEWHERE/: 10.20.30.40 is no address of this machine or of what its cloud puts beside it, and only those may be connected to here; look whether the AWS_… variables name the right place, and whether somebody is there (on EKS, its Pod Identity Agent on this node)
            failed to reach http://ELSEWHERE/: 10.20.30.40 is no address of this machine or of what its cloud puts beside it, and only those may be connected to here; look whether the AWS_… variables name the right place, and whether somebody is there (on EKS, its Pod Identity Agent on this node)
            no credentials of AWS are to be found here; give the pod a role (EKS Pod Identity, or a service account with a role), the machine an instance profile, or the process AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
        "#]].assert_eq(&told.replace(&url, "http://ELSEWHERE"));
        assert_eq!(elsewhere.connections(), 0);
        assert_eq!(aws.asked(), [""; 0]);
    });
}

#[test]
fn keys_that_cannot_be_had_from_files_are_told() {
    within(keys_that_cannot_be_had_from_files_are_told, &NAMES, || {
        let (ca, aws, _registry) = aws_and_registry();
        let mut told = String::new();
        for text in [
            "[default]\ncredential_process = /bin/false\n",
            "[default]\nsso_account_id = 1\nsso_region = eu-west-1\nsso_role_name = r\nsso_start_url = https://x.example\n",
            "[default]\nrole_arn = arn:aws:iam::123456789012:role/pull\nsource_profile = nowhere\n",
            "hunter2",
        ] {
            let (world, _) = pod(&ca, &aws);
            let file = world.file("aws.ini", text).display().to_string();
            told += &trouble(&world.env("AWS_CONFIG_FILE", &file));
        }
        told += &trouble(&pod(&ca, &aws).0.env("AWS_PROFILE", "nowhere"));
        expect![[r#"
            the credentials provider was not properly configured: ProfileFile provider could not be built: This behavior requires following cargo feature(s) enabled: credentials-process. In order to spawn a subprocess, the `credentials-process` feature must be enabled.; look at the AWS_… variables, at the profile that AWS_PROFILE names, and at what gives the keys; no program and no SSO is run for them
            the credentials provider was not properly configured: ProfileFile provider could not be built: This behavior requires following cargo feature(s) enabled: sso.; look at the AWS_… variables, at the profile that AWS_PROFILE names, and at what gives the keys; no program and no SSO is run for them
            no credentials of AWS are to be found here; give the pod a role (EKS Pod Identity, or a service account with a role), the machine an instance profile, or the process AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
            the credentials provider was not properly configured: ProfileFile provider could not be built: invalid profile: could not parse profile file; look at the AWS_… variables, at the profile that AWS_PROFILE names, and at what gives the keys; no program and no SSO is run for them
            no credentials of AWS are to be found here; give the pod a role (EKS Pod Identity, or a service account with a role), the machine an instance profile, or the process AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
        "#]].assert_eq(&told);
    });
}
