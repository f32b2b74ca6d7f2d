//! What can go wrong between us and a registry.

use std::fmt;
use std::time::Duration;

use domain::codes::HostState;
use http::StatusCode;
use transport::{AuthorityError, BodyError, ClientError, SendError, chain, one_line};

use crate::backoff::{Refusal, Why};
use crate::credentials::CredentialUnavailable;
use crate::realm::RealmRefused;
use crate::redirect::RedirectRefused;
use crate::tags::Incomplete;

/// Characters of what is wrong with an image that are kept: a stranger may write as much as a manifest holds.
const FLAW: usize = 300;

/// A registry was asked in vain.
#[derive(Debug, thiserror::Error)]
#[error("failed to {action} `{subject}`")]
pub struct ScanError {
    /// A verb with its object, such as `list the tags of`.
    action: &'static str,
    /// The repository or reference.
    subject: String,
    #[source]
    kind: Failure,
}

/// What a failed request means for what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorCode {
    /// The host asked to be left alone.
    RateLimited,
    /// No credential that is known opens the repository.
    Unauthorized,
    /// The registry names a token server that it may not name.
    RealmNotAllowed,
    /// A credential is configured but cannot be read.
    CredentialUnavailable,
    /// There is no such repository, tag or manifest.
    NotFound,
    /// The list is not whole.
    Incomplete,
    /// The server could not be reached or did not answer in time.
    Unreachable,
    /// The server answered that it has a problem of its own.
    ServerError,
    /// The answer makes no sense, is too large, or is not what was asked for.
    BadAnswer,
    /// The certificates or the proxy of the configuration cannot be used.
    Setup,
}

impl ErrorCode {
    /// As it stands in the status API.
    pub fn code(self) -> &'static str {
        match self {
            Self::RateLimited => "rateLimited",
            Self::Unauthorized => "unauthorized",
            Self::RealmNotAllowed => "realmNotAllowed",
            Self::CredentialUnavailable => "credentialUnavailable",
            Self::NotFound => "notFound",
            Self::Incomplete => "incomplete",
            Self::Unreachable => "unreachable",
            Self::ServerError => "serverError",
            Self::BadAnswer => "badAnswer",
            Self::Setup => "setup",
        }
    }
}

impl ScanError {
    /// What the failure means.
    pub fn code(&self) -> ErrorCode {
        self.kind.code()
    }

    /// How long the server wants to be left alone, if it said so; otherwise the caller's own schedule holds.
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.kind {
            Failure::Paused { wait, .. } | Failure::Refused { wait, .. } => Some(*wait),
            _ => None,
        }
    }

    /// Whether the registry said that what was asked for is not there.
    pub fn is_gone(&self) -> bool {
        matches!(self.kind, Failure::NotFound { .. })
    }
}

/// The cause, without what was being done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{who} is left alone for {}: {}", in_words(*.wait), .why.words)]
    Paused { who: Who, wait: Duration, why: Why },
    #[error("{who} {} and is left alone for {}{}", .how.in_words(), in_words(*.wait), said(.words))]
    Refused {
        who: Who,
        how: Refusal,
        wait: Duration,
        words: String,
    },
    #[error("what the registry allows of pulls is used up but for a fifth that is left to others; the next one is made in {}", in_words(*.wait))]
    PullsSpent { wait: Duration },
    #[error("{tried}; the answer was {status}{}", said(.words))]
    Unauthorized {
        status: StatusCode,
        tried: String,
        words: String,
    },
    #[error(transparent)]
    Realm(#[from] RealmRefused),
    #[error(transparent)]
    Unavailable(#[from] CredentialUnavailable),
    #[error(transparent)]
    Redirect(#[from] RedirectRefused),
    #[error(transparent)]
    Send(SendError),
    /// The two sides do not agree about TLS; that is a matter of the configuration.
    #[error("{advice}")]
    Tls {
        advice: &'static str,
        #[source]
        source: SendError,
    },
    #[error("another request just did: {0}")]
    JustFailed(String),
    #[error(transparent)]
    Body(#[from] BodyError),
    #[error("the registry has it not ({status}){}", said(.words))]
    NotFound { status: StatusCode, words: String },
    #[error("{who} answered {status}{}", said(.words))]
    Status {
        who: String,
        status: StatusCode,
        words: String,
    },
    #[error("the list is incomplete, and nothing is decided from it")]
    Incomplete(#[from] Incomplete),
    #[error("{what} is not usable: {reason}")]
    BadAnswer { what: &'static str, reason: String },
    /// The same where the bytes have the digest that they were asked for by: they will never be any other.
    #[error("{what} is not usable: {reason}")]
    Flawed { what: &'static str, reason: String },
    #[error("it took longer than {} altogether, the waits for a turn not counted", in_words(*.0))]
    OutOfTime(Duration),
    #[error(transparent)]
    Setup(#[from] ClientError),
    #[error(transparent)]
    Host(#[from] AuthorityError),
    #[error("failed to read the CA file {path}")]
    CaFile {
        path: String,
        #[source]
        source: std::io::Error,
    },
}

/// Who was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    /// The registry itself.
    Registry,
    /// Another host that it leads to, by its name.
    Elsewhere(String),
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registry => f.write_str("the host"),
            Self::Elsewhere(host) => write!(f, "`{host}`, where the registry leads to,"),
        }
    }
}

impl Failure {
    pub(crate) fn of(self, action: &'static str, subject: impl std::fmt::Display) -> ScanError {
        ScanError {
            action,
            subject: subject.to_string(),
            kind: self,
        }
    }

    pub(crate) fn bad(what: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::BadAnswer {
            what,
            reason: reason.to_string(),
        }
    }

    /// Something that is as it is for as long as its digest is.
    pub(crate) fn flawed(what: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Flawed {
            what,
            reason: one_line(&reason.to_string(), FLAW),
        }
    }

    /// What is wrong for ever with what was asked for by its digest; another failure is given back.
    pub(crate) fn into_flaw(self) -> Result<String, Self> {
        match self {
            Self::Flawed { .. } => Ok(self.to_string()),
            Self::Body(error) if error.is_too_large() => Ok(chain(&error).to_string()),
            other => Err(other),
        }
    }

    /// How the host is doing that this happened with; `None` where it did all it could.
    pub(crate) fn host_state(&self) -> Option<HostState> {
        match self {
            Self::NotFound { .. } | Self::PullsSpent { .. } | Self::Flawed { .. } => None,
            Self::Unauthorized { .. } => Some(HostState::Unauthorized),
            Self::Unavailable(_) => Some(HostState::CredentialUnavailable),
            Self::Realm(refused) => Some(HostState::RealmNotAllowed {
                realm: refused.entry().to_owned(),
            }),
            _ => Some(HostState::Failing),
        }
    }

    pub(crate) fn code(&self) -> ErrorCode {
        match self {
            Self::Paused { why, .. } => why.code,
            Self::Refused { how, .. } => how.code(),
            Self::PullsSpent { .. } => ErrorCode::RateLimited,
            Self::Unauthorized { .. } => ErrorCode::Unauthorized,
            Self::Realm(_) => ErrorCode::RealmNotAllowed,
            Self::Unavailable(_) => ErrorCode::CredentialUnavailable,
            Self::NotFound { .. } => ErrorCode::NotFound,
            Self::Incomplete(_) => ErrorCode::Incomplete,
            Self::Send(_) | Self::Tls { .. } | Self::JustFailed(_) | Self::OutOfTime(_) => ErrorCode::Unreachable,
            Self::Body(error) if error.is_too_large() => ErrorCode::BadAnswer,
            Self::Body(_) => ErrorCode::Unreachable,
            Self::Status { status, .. } if status.is_server_error() || is_transient(*status) => ErrorCode::ServerError,
            Self::Status { .. } | Self::Redirect(_) | Self::BadAnswer { .. } | Self::Flawed { .. } => {
                ErrorCode::BadAnswer
            }
            Self::Setup(_) | Self::Host(_) | Self::CaFile { .. } => ErrorCode::Setup,
        }
    }
}

impl From<SendError> for Failure {
    fn from(source: SendError) -> Self {
        let words = chain(&source).to_string();
        match advice(&words) {
            Some(advice) => Self::Tls { advice, source },
            None => Self::Send(source),
        }
    }
}

/// What to do about trouble with TLS, by the words of the library: it has no better way to tell.
fn advice(words: &str) -> Option<&'static str> {
    if words.contains("InvalidContentType") {
        return Some(
            "the host does not speak TLS; if it is meant to be asked without, write `plainHttp: true` into its entry in `registries.hosts`",
        );
    }
    words.contains("UnknownIssuer").then_some(
        "the host's certificate is of no authority that is trusted; for a private one, set `caFile` in its entry in `registries.hosts`",
    )
}

/// Statuses that say "not now" outside of the 500s; 499 is nginx's.
fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 425 | 499)
}

/// Whole seconds are enough for a person.
fn in_words(duration: Duration) -> String {
    match duration.as_secs() {
        0 => format!("{} ms", duration.as_millis()),
        seconds @ 1..120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    }
}

/// A server's own words, which are already safe to show.
fn said(words: &str) -> String {
    if words.is_empty() {
        String::new()
    } else {
        format!(": {words}")
    }
}
