//! Why AWS gave nothing, and what a person can do about it.

use std::error::Error;
use std::fmt::Debug;
use std::time::Duration;

use aws_sdk_ecr::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ecr::operation::get_authorization_token::GetAuthorizationTokenError;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityError;
use transport::{Redactor, chain};

use crate::clouds::ecr::config::EcrRole;
use crate::clouds::keep::Trouble;

/// How much of AWS's words is shown.
const WORDS: usize = 400;

const NOBODY: &str = "give the pod a role (EKS Pod Identity, or a service account with a role), the machine an instance profile, \
                      or the process AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";

const UNREACHED: &str = "let AWS be reached from here, through `proxy` or an endpoint of the private network";

/// What the SDK's chain of providers says when none of them has anything.
const NO_PROVIDERS: &str = "no credentials found in chain";

/// A token was asked for in vain.
pub(super) fn of_token(
    error: &SdkError<GetAuthorizationTokenError>,
    role: Option<&EcrRole>,
    redactor: &Redactor,
) -> Trouble {
    let next_step = match (error.code(), role) {
        (Some("AccessDeniedException" | "AccessDenied"), _) => {
            "allow `ecr:GetAuthorizationToken` to the identity that Tidemark has there".to_owned()
        }
        (_, Some(role)) if !reached(error) => {
            format!(
                "allow `sts:AssumeRole` on `{}`, and let the role trust the identity that Tidemark has",
                role.arn
            )
        }
        _ => next_step(error),
    };
    Trouble {
        reason: reason(error, redactor),
        next_step,
    }
}

/// The question who we are was asked in vain.
pub(super) fn of_caller(error: &SdkError<GetCallerIdentityError>, redactor: &Redactor) -> Trouble {
    Trouble {
        reason: reason(error, redactor),
        next_step: next_step(error),
    }
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

/// Whether the service answered; else it went wrong on the way there, where also credentials are fetched.
fn reached<E>(error: &SdkError<E>) -> bool {
    matches!(error, SdkError::ServiceError(_) | SdkError::ResponseError(_))
}

fn reason<E: Error + 'static>(error: &SdkError<E>, redactor: &Redactor) -> String
where
    SdkError<E>: ProvideErrorMetadata,
{
    if let Some(code) = error.code() {
        let text = format!("{code}: {}", error.message().unwrap_or_default());
        return redactor.safe_text(text.trim_end_matches([' ', ':']).as_bytes(), WORDS);
    }
    let text = chain(error).to_string();
    if text.contains(NO_PROVIDERS) {
        return "no credentials of AWS are to be found here".to_owned();
    }
    redactor.safe_text(text.as_bytes(), WORDS)
}

fn next_step<E: Error + Debug + 'static>(error: &SdkError<E>) -> String
where
    SdkError<E>: ProvideErrorMetadata,
{
    let next_step = match error.code() {
        Some("ThrottlingException" | "Throttling" | "TooManyRequestsException") => "nothing but wait",
        Some(
            "ExpiredTokenException"
            | "ExpiredToken"
            | "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "UnrecognizedClientException"
            | "InvalidClientTokenId",
        ) => "renew the credentials of AWS, and look whether the clock of this machine is right",
        Some("AccessDeniedException" | "AccessDenied") => "allow it to the identity that Tidemark has there",
        Some(_) => "look the code up in the documentation of AWS",
        None if chain(error).to_string().contains(NO_PROVIDERS) => NOBODY,
        None => UNREACHED,
    };
    next_step.to_owned()
}

#[cfg(test)]
mod tests;
