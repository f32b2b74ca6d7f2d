use aws_sdk_ecr::config::http::HttpResponse;
use aws_sdk_ecr::error::{ConnectorError, ErrorMetadata};
use expect_test::{Expect, expect};
use transport::Secret;

use super::*;
use crate::clouds::ecr::AccountId;

fn said(code: &str, message: &str) -> SdkError<GetAuthorizationTokenError> {
    let metadata = ErrorMetadata::builder().code(code).message(message).build();
    let answer = HttpResponse::new(400.try_into().expect("a status"), "".into());
    SdkError::service_error(GetAuthorizationTokenError::generic(metadata), answer)
}

fn unreached(reason: &'static str) -> SdkError<GetAuthorizationTokenError> {
    SdkError::dispatch_failure(ConnectorError::other(reason.into(), None))
}

fn role() -> EcrRole {
    EcrRole {
        accounts: vec![AccountId::parse("123456789012").expect("twelve digits")],
        arn: "arn:aws:iam::123456789012:role/pull".to_owned(),
        external_id: None,
    }
}

fn check(error: &SdkError<GetAuthorizationTokenError>, role: Option<&EcrRole>, expected: &Expect) {
    let redactor = Redactor::new(&[Secret::new("session-canary")]);
    let trouble = of_token(error, role, &redactor);
    expected.assert_eq(&format!("{}\n-> {}\n", trouble.reason, trouble.next_step));
}

#[test]
fn a_refusal_says_what_to_allow() {
    check(
        &said(
            "AccessDeniedException",
            "User: arn:aws:sts::1:assumed-role/x is not authorized",
        ),
        None,
        &expect![[r#"
            AccessDeniedException: User: arn:aws:sts::1:assumed-role/x is not authorized
            -> allow `ecr:GetAuthorizationToken` to the identity that Tidemark has there
        "#]],
    );
}

#[test]
fn a_stale_identity_says_to_renew_it_and_shows_no_secret() {
    check(
        &said("UnrecognizedClientException", "The token session-canary\r\nis invalid"),
        None,
        &expect![[r#"
            UnrecognizedClientException: The token [secret] is invalid
            -> renew the credentials of AWS, and look whether the clock of this machine is right
        "#]],
    );
}

#[test]
fn where_nobody_says_who_we_are_the_ways_to_do_so_are_named() {
    check(
        &unreached("the credential provider was not enabled: no credentials found in chain. Attempted: Environment"),
        None,
        &expect![[r#"
            no credentials of AWS are to be found here
            -> give the pod a role (EKS Pod Identity, or a service account with a role), the machine an instance profile, or the process AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
        "#]],
    );
}

#[test]
fn an_unreachable_service_says_how_it_may_be_reached() {
    check(
        &unreached("connection refused"),
        None,
        &expect![[r#"
            dispatch failure: other: connection refused
            -> let AWS be reached from here, through `proxy` or an endpoint of the private network
        "#]],
    );
}

#[test]
fn a_role_that_cannot_be_taken_on_is_named() {
    check(
        &unreached("service error: AccessDenied"),
        Some(&role()),
        &expect![[r#"
            dispatch failure: other: service error: AccessDenied
            -> allow `sts:AssumeRole` on `arn:aws:iam::123456789012:role/pull`, and let the role trust the identity that Tidemark has
        "#]],
    );
}
