use aws_sdk_ecr::config::http::{HttpRequest, HttpResponse};
use aws_sdk_ecr::error::{ConnectorError, ErrorMetadata};
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use expect_test::{Expect, expect};
use testkit::{Answer, Recorder};

use super::*;
use crate::clouds::ecr::AccountId;

type Failed = SdkError<GetAuthorizationTokenError>;

fn metadata(code: &str, message: &str) -> ErrorMetadata {
    ErrorMetadata::builder().code(code).message(message).build()
}

fn answer() -> HttpResponse {
    HttpResponse::new(400.try_into().expect("a status"), "".into())
}

fn said_by_ecr(code: &str, message: &str) -> Failed {
    SdkError::service_error(GetAuthorizationTokenError::generic(metadata(code, message)), answer())
}

/// What the SDK makes of it if credentials cannot be had.
fn on_the_way(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Failed {
    SdkError::dispatch_failure(ConnectorError::other(cause.into(), None))
}

fn web_identity(code: &str, message: &str) -> Failed {
    let error = AssumeRoleWithWebIdentityError::generic(metadata(code, message));
    on_the_way(SdkError::<_, HttpResponse>::service_error(error, answer()))
}

/// A wire that has shown a secret to the server at `url`, and what came of that.
async fn wire(url: &str) -> (Wire, Option<ConnectorError>) {
    let mut request = HttpRequest::new("".into());
    request.set_uri(url).expect("an address");
    request.headers_mut().insert("x-amz-security-token", "session-canary");
    let wire = Wire::new(None);
    let asked = wire.ask(request, Duration::from_secs(5)).await;
    (wire, asked.err())
}

const NOBODY_THERE: &str = "http://127.0.0.1:1/credentials";

fn role() -> EcrRole {
    EcrRole {
        accounts: vec![AccountId::parse("123456789012").expect("twelve digits")],
        arn: "arn:aws:iam::123456789012:role/pull".to_owned(),
        external_id: None,
    }
}

fn shown(trouble: &Trouble) -> String {
    format!("{}\n-> {}\n", trouble.reason, trouble.next_step)
}

async fn check(error: &Failed, role: Option<&EcrRole>, expected: &Expect) {
    let (wire, _) = wire(NOBODY_THERE).await;
    expected.assert_eq(&shown(&of_token(error, role, &wire)));
}

#[tokio::test]
async fn a_refusal_says_what_to_allow() {
    let words = "User: arn:aws:sts::1:assumed-role/x is not authorized";
    check(
        &said_by_ecr("AccessDeniedException", words),
        None,
        &expect![[r#"
        AccessDeniedException: User: arn:aws:sts::1:assumed-role/x is not authorized
        -> allow `ecr:GetAuthorizationToken` to the identity that Tidemark has there
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_stale_identity_says_to_renew_it_and_shows_no_secret() {
    let error = said_by_ecr("UnrecognizedClientException", "The token session-canary\r\nis invalid");
    check(
        &error,
        None,
        &expect![[r#"
        UnrecognizedClientException: The token [secret] is invalid
        -> renew the credentials of AWS, and look whether the clock of this machine is right
    "#]],
    )
    .await;
}

#[tokio::test]
async fn where_nobody_says_who_we_are_the_ways_to_do_so_are_named() {
    let words = "the credential provider was not enabled: no credentials found in chain. Attempted: Environment";
    check(&on_the_way(words), Some(&role()), &expect![[r#"
        no credentials of AWS are to be found here
        -> give the pod a role (EKS Pod Identity, or a service account with a role), the machine an instance profile, or the process AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
    "#]]).await;
}

#[tokio::test]
async fn a_web_identity_that_is_refused_says_whom_the_role_must_trust() {
    let error = web_identity(
        "AccessDenied",
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    );
    check(&error, None, &expect![[r#"
        STS does not take the web identity of this pod: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity
        -> let the role that AWS_ROLE_ARN names trust the cluster's provider of identities for this namespace and service account
    "#]]).await;
    let error = web_identity(
        "InvalidIdentityToken",
        "No OpenIDConnect provider found in your account",
    );
    check(&error, None, &expect![[r#"
        STS does not take the web identity of this pod: InvalidIdentityToken: No OpenIDConnect provider found in your account
        -> make the cluster's issuer a provider of identities of the role's account, for the audience `sts.amazonaws.com`
    "#]]).await;
    let error = web_identity("ExpiredTokenException", "Token session-canary expired");
    check(&error, None, &expect![[r#"
        STS does not take the web identity of this pod: ExpiredTokenException: Token [secret] expired
        -> look whether the file that AWS_WEB_IDENTITY_TOKEN_FILE names is still renewed, and whether the clocks are right
    "#]]).await;
}

#[tokio::test]
async fn a_role_that_cannot_be_taken_on_is_named() {
    let refused = AssumeRoleError::generic(metadata("AccessDenied", "User is not authorized"));
    let error = on_the_way(SdkError::<_, HttpResponse>::service_error(refused, answer()));
    check(&error, Some(&role()), &expect![[r#"
        STS does not give the role: AccessDenied: User is not authorized
        -> allow `sts:AssumeRole` on `arn:aws:iam::123456789012:role/pull`, and let the role trust the identity that Tidemark has
    "#]]).await;
    check(
        &error,
        None,
        &expect![[r#"
        STS does not give the role: AccessDenied: User is not authorized
        -> allow `sts:AssumeRole` on it, and let the role trust the identity that Tidemark has
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_file_that_is_not_there_is_told() {
    let error = on_the_way(std::io::Error::from(std::io::ErrorKind::NotFound));
    check(&error, None, &expect![[r#"
        a file that says who we are cannot be read: entity not found
        -> let the process read what AWS_WEB_IDENTITY_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names, one token and no more
    "#]]).await;
}

#[tokio::test]
async fn who_is_not_reached_is_told_by_where_it_is() {
    let error = wire(NOBODY_THERE).await.1.expect("nobody is there");
    check(&SdkError::dispatch_failure(error), None, &expect![[r#"
        failed to reach http://127.0.0.1:1/credentials: error sending request: client error (Connect): tcp connect error: Connection refused (os error 111)
        -> look whether the AWS_… variables name the right place, and whether somebody is there (on EKS, its Pod Identity Agent on this node)
    "#]]).await;
    let error = wire("https://127.0.0.1:1/").await.1.expect("nobody is there");
    check(&SdkError::dispatch_failure(error), Some(&role()), &expect![[r#"
        failed to reach https://127.0.0.1:1/: error sending request: client error (Connect): tcp connect error: Connection refused (os error 111)
        -> let AWS be reached from here, through `proxy` or an endpoint of the private network
    "#]]).await;
}

#[tokio::test]
async fn who_says_nothing_is_as_good_as_not_reached() {
    let error = SdkError::timeout_error("operation timeout occurred after 15s");
    check(
        &error,
        None,
        &expect![[r#"
        request has timed out: operation timeout occurred after 15s
        -> let AWS be reached from here, through `proxy` or an endpoint of the private network
    "#]],
    )
    .await;
}

#[tokio::test]
async fn an_agent_that_refuses_is_told_in_its_own_words() {
    let agent = Recorder::start("127.0.0.1").expect("a port");
    agent.answer(Answer::status(400).body("session-canary cannot be parsed"));
    let (wire, _) = wire(&format!("{}/v1/credentials", agent.url())).await;
    let trouble = of_token(&on_the_way("Non-success status"), None, &wire);
    expect![[r#"
        http://AGENT/v1/credentials answered 400 Bad Request: [secret] cannot be parsed
        -> look at what it logs (on EKS, the Pod Identity Agent of this node), and whether the pod's service account has a role
    "#]].assert_eq(&shown(&trouble).replace(&agent.url(), "http://AGENT"));
}

#[tokio::test]
async fn an_older_refusal_is_no_reason() {
    let agent = Recorder::start("127.0.0.1").expect("a port");
    agent.answer(Answer::status(404));
    let (wire, _) = wire(&agent.url()).await;
    assert!(wire.refusal().is_some());
    wire.forget_refusal();
    let trouble = of_token(&on_the_way("could not parse profile file"), None, &wire);
    assert_eq!(trouble.reason, "could not parse profile file");
}

#[tokio::test]
async fn what_else_is_wrong_is_told_in_the_words_of_the_sdk() {
    check(
        &on_the_way("invalid full URI for ECS provider"),
        None,
        &expect![[r#"
            invalid full URI for ECS provider
            -> look at the AWS_… variables, at the profile that AWS_PROFILE names, and at what gives the keys; no program and no SSO is run for them
        "#]],
    )
    .await;
}
