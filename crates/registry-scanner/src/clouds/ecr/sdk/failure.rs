//! Why AWS gave nothing, and what a person can do about it.

mod cause;

use std::error::Error;
use std::fmt::Debug;
use std::time::Duration;

use aws_sdk_ecr::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ecr::operation::get_authorization_token::GetAuthorizationTokenError;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityError;

use crate::clouds::ecr::config::EcrRole;
use crate::clouds::ecr::wire::Wire;
use crate::clouds::keep::Trouble;
use cause::Cause;

/// How much of AWS's words is shown.
const WORDS: usize = 400;

const NOBODY: &str = "give the pod a role (EKS Pod Identity, or a service account with a role), the machine an instance profile, \
                      or the process AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";

const UNREACHED: &str = "let AWS be reached from here, through `proxy` or an endpoint of the private network";

const RENEW: &str = "renew the credentials of AWS, and look whether the clock of this machine is right";

const LOOK_UP: &str = "look the code up in the documentation of AWS";

const NEAR: &str = "look whether the AWS_… variables name the right place, and whether somebody is there (on EKS, its Pod Identity Agent \
                    on this node)";

const REFUSED: &str = "look at what it logs (on EKS, the Pod Identity Agent of this node), and whether the pod's service account has a role";

const FILES: &str = "let the process read what AWS_WEB_IDENTITY_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names, one token and no more";

const ELSE: &str = "look at the AWS_… variables, at the profile that AWS_PROFILE names, and at what gives the keys; no program and no \
                    SSO is run for them";

/// A token was asked for in vain.
pub(super) fn of_token(error: &SdkError<GetAuthorizationTokenError>, role: Option<&EcrRole>, wire: &Wire) -> Trouble {
    match error.code() {
        Some("AccessDeniedException" | "AccessDenied") => {
            let allow = "allow `ecr:GetAuthorizationToken` to the identity that Tidemark has there";
            trouble(wire, &said(error), allow)
        }
        _ => of(error, role, wire),
    }
}

/// The question who we are was asked in vain.
pub(super) fn of_caller(error: &SdkError<GetCallerIdentityError>, wire: &Wire) -> Trouble {
    of(error, None, wire)
}

/// It all took too long.
pub(super) fn out_of_time(limit: Duration) -> Trouble {
    Trouble {
        reason: format!("AWS did not answer within {} s", limit.as_secs()),
        next_step: UNREACHED.to_owned(),
    }
}

/// An answer that makes no sense. What stands in it is not shown.
pub(super) fn bad_answer(reason: &'static str) -> Trouble {
    Trouble {
        reason: format!("the answer of ECR is not usable: {reason}"),
        next_step: "look at what answers in the place of ECR".to_owned(),
    }
}

fn of<E: Error + Debug + 'static>(error: &SdkError<E>, role: Option<&EcrRole>, wire: &Wire) -> Trouble
where
    SdkError<E>: ProvideErrorMetadata,
{
    if error.code().is_some() {
        return trouble(wire, &said(error), step(error.code()));
    }
    match Cause::of(error) {
        Cause::Nobody => trouble(wire, "no credentials of AWS are to be found here", NOBODY),
        Cause::WebIdentity(error) => {
            let reason = format!("STS does not take the web identity of this pod: {}", said(error));
            trouble(wire, &reason, web_identity_step(error.code()))
        }
        Cause::Role(error) => trouble(
            wire,
            &format!("STS does not give the role: {}", said(error)),
            &role_step(role),
        ),
        Cause::File(error) => trouble(
            wire,
            &format!("a file that says who we are cannot be read: {error}"),
            FILES,
        ),
        Cause::Near(reason) => trouble(wire, &reason, NEAR),
        Cause::Far(reason) => trouble(wire, &reason, UNREACHED),
        Cause::Other(reason) => match wire.refusal() {
            Some(refusal) => trouble(wire, &refusal, REFUSED),
            None => trouble(wire, &reason, ELSE),
        },
    }
}

fn trouble(wire: &Wire, reason: &str, next_step: &str) -> Trouble {
    Trouble {
        reason: wire.redactor().safe_text(reason.as_bytes(), WORDS),
        next_step: next_step.to_owned(),
    }
}

/// The code of AWS, and its words.
fn said(error: &impl ProvideErrorMetadata) -> String {
    let text = format!(
        "{}: {}",
        error.code().unwrap_or_default(),
        error.message().unwrap_or_default()
    );
    text.trim_end_matches([' ', ':']).to_owned()
}

fn step(code: Option<&str>) -> &'static str {
    match code {
        Some("ThrottlingException" | "Throttling" | "TooManyRequestsException") => "nothing but wait",
        Some(
            "ExpiredTokenException"
            | "ExpiredToken"
            | "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "UnrecognizedClientException"
            | "InvalidClientTokenId",
        ) => RENEW,
        Some("AccessDeniedException" | "AccessDenied") => "allow it to the identity that Tidemark has there",
        _ => LOOK_UP,
    }
}

fn web_identity_step(code: Option<&str>) -> &'static str {
    match code {
        Some("AccessDenied" | "AccessDeniedException") => {
            "let the role that AWS_ROLE_ARN names trust the cluster's provider of identities for this namespace and service account"
        }
        Some("InvalidIdentityToken" | "InvalidIdentityTokenException") => {
            "make the cluster's issuer a provider of identities of the role's account, for the audience `sts.amazonaws.com`"
        }
        Some("ExpiredTokenException" | "ExpiredToken") => {
            "look whether the file that AWS_WEB_IDENTITY_TOKEN_FILE names is still renewed, and whether the clocks are right"
        }
        code => step(code),
    }
}

fn role_step(role: Option<&EcrRole>) -> String {
    let role = role.map_or("it".to_owned(), |role| format!("`{}`", role.arn));
    format!("allow `sts:AssumeRole` on {role}, and let the role trust the identity that Tidemark has")
}

#[cfg(test)]
mod tests;
