//! What an error of the SDK comes down to, where the service that was asked did not answer.

use std::error::Error;
use std::{io, iter};

use aws_sdk_ecr::error::{ConnectorError, ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use transport::{SendError, chain};

/// What the SDK's chain of providers says when none of them has anything.
const NO_PROVIDERS: &str = "no credentials found in chain";

/// How the error of what is asked over plain HTTP begins, which is what is near and nothing else.
const NEAR: &str = "failed to reach http://";

/// Where it went wrong.
#[derive(Debug)]
pub(super) enum Cause<'a> {
    /// Nobody says who we are.
    Nobody,
    /// STS refuses what Kubernetes says of the pod.
    WebIdentity(&'a SdkError<AssumeRoleWithWebIdentityError>),
    /// STS refuses us a role.
    Role(&'a SdkError<AssumeRoleError>),
    /// A token of the pod cannot be read.
    File(&'a io::Error),
    /// What AWS puts beside a machine or a pod is not reached.
    Near(String),
    /// AWS is not reached, or says nothing.
    Far(String),
    /// The rest, in the words of the SDK.
    Other(String),
}

impl<'a> Cause<'a> {
    /// The first of all that `error` is from which says what happened.
    pub(super) fn of<E: Error + 'static>(error: &'a SdkError<E>) -> Self {
        if let SdkError::TimeoutError(_) = error {
            return Self::Far(chain(error).to_string());
        }
        let outermost: &(dyn Error + 'static) = error;
        let errors = || {
            iter::successors(Some(outermost), |error: &&'a (dyn Error + 'static)| {
                Error::source(*error)
            })
        };
        if let Some(cause) = errors().find_map(Self::told_by) {
            return cause;
        }
        let wrapping = |error: &&(dyn Error + 'static)| error.is::<SdkError<E>>() || error.is::<ConnectorError>();
        let text = chain(errors().find(|error| !wrapping(error)).unwrap_or(outermost)).to_string();
        if text.contains(NO_PROVIDERS) {
            return Self::Nobody;
        }
        Self::Other(text)
    }

    fn told_by(error: &'a (dyn Error + 'static)) -> Option<Self> {
        if let Some(error) = error.downcast_ref::<SdkError<AssumeRoleWithWebIdentityError>>() {
            return error.code().is_some().then_some(Self::WebIdentity(error));
        }
        if let Some(error) = error.downcast_ref::<SdkError<AssumeRoleError>>() {
            return error.code().is_some().then_some(Self::Role(error));
        }
        if let Some(error) = error.downcast_ref::<SendError>() {
            let text = chain(error).to_string();
            return Some(if text.starts_with(NEAR) {
                Self::Near(text)
            } else {
                Self::Far(text)
            });
        }
        // Those of the network are within one of ours.
        error.downcast_ref::<io::Error>().map(Self::File)
    }
}
