//! What is known of one place in git that an image is written to.

use super::{HoldReason, Need, Policy, Repository, Tag, Timestamp, Value};

use std::{fmt, sync::Arc};

use domain::decide::StayReason;

/// What is known of one target.
#[derive(Debug, Clone)]
pub struct TargetReport {
    /// An opaque hash of repository, path, document and place; the key of this report.
    pub id: String,
    /// The git repository's name in the configuration.
    pub repository: String,
    /// The file in it.
    pub path: String,
    /// The line of the value, from 1.
    pub line: u32,
    /// The column of the value, from 1.
    pub column: u32,
    /// The object that the image belongs to.
    pub workload: Workload,
    /// The field that it is written in, `spec.values.image`.
    pub field: String,
    /// What opted it in.
    pub opted_in_by: OptedInBy,
    /// The image's name.
    pub image: Repository,
    /// The policy in force; `None` where it could not be read.
    pub policy: Option<Arc<Policy>>,
    /// Its name in the configuration; `None` where it is written in place.
    pub policy_name: Option<String>,
    /// The value at the head of the branch.
    pub current: Value,
    /// What was decided, and why.
    pub outcome: Outcome,
    /// The highest value that Tidemark wrote here and saw at the head.
    pub high_water: Option<Tag>,
    /// When Tidemark last changed the value.
    pub last_change: Option<Timestamp>,
}

/// What says that an image is to be kept up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptedInBy {
    /// This annotation of its object.
    Annotation(String),
    /// A marker of Flux that names this policy, `NAMESPACE:NAME`.
    Marker(String),
    /// The rule of the configuration with this number, from 0.
    Rule(usize),
}

impl OptedInBy {
    /// A stable word for what kind of thing says it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Annotation(_) => "annotation",
            Self::Marker(_) => "marker",
            Self::Rule(_) => "rule",
        }
    }

    /// The annotation's key, the marker's policy, or `rules[NUMBER]`.
    pub fn name(&self) -> String {
        match self {
            Self::Annotation(name) | Self::Marker(name) => name.clone(),
            Self::Rule(number) => format!("rules[{number}]"),
        }
    }
}

impl fmt::Display for OptedInBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Annotation(key) => write!(f, "the annotation `{key}`"),
            Self::Marker(policy) => write!(f, "a marker of `{policy}`"),
            Self::Rule(number) => write!(f, "rules[{number}]"),
        }
    }
}

/// The object that an image belongs to, as people call it.
///
/// What belongs to none (Helm values) has no kind, and the path of its file as its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Workload {
    /// Its namespace, where the file names one.
    pub namespace: Option<String>,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The container; of other places the name that annotations call the image by (`chart-image`).
    pub container: Option<String>,
}

impl fmt::Display for Workload {
    /// `NAMESPACE/KIND/NAME[/CONTAINER]`; no namespace is `-`. What belongs to no object is `PATH[: NAME]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind.is_empty() {
            f.write_str(&self.name)?;
            return self.container.as_ref().map_or(Ok(()), |name| write!(f, ": {name}"));
        }
        let namespace = self.namespace.as_deref().unwrap_or("-");
        write!(f, "{namespace}/{}/{}", self.kind, self.name)?;
        match &self.container {
            Some(container) => write!(f, "/{container}"),
            None => Ok(()),
        }
    }
}

/// What was decided about a target in the last pass over it.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Nothing yet: its image has not been scanned completely.
    Unscanned,
    /// The value stays.
    Stay(StayReason),
    /// Facts are missing, and are being fetched.
    Undecided(Vec<Need>),
    /// There is a better value, and something holds it back.
    Held {
        /// The better value.
        to: Value,
        /// What holds it back.
        reason: HoldReason,
    },
    /// The better value passed every check, and has not landed yet.
    Approved {
        /// The better value.
        to: Value,
    },
    /// The better value landed in git.
    Landed {
        /// The value that stands there now.
        to: Value,
    },
    /// It cannot be decided as it is written: the policy or the annotations are wrong.
    Invalid {
        /// What is wrong and what to do.
        message: String,
    },
}

impl Outcome {
    /// A stable word for it, in lower camel case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unscanned => "unscanned",
            Self::Stay(reason) => reason.code(),
            Self::Undecided(_) => "undecided",
            Self::Held { reason, .. } => reason.code(),
            Self::Approved { .. } => "approved",
            Self::Landed { .. } => "landed",
            Self::Invalid { .. } => "invalid",
        }
    }

    /// The kind of outcome, one of few words, for counting.
    pub fn state(&self) -> &'static str {
        match self {
            Self::Unscanned => "unscanned",
            Self::Stay(_) => "stay",
            Self::Undecided(_) => "undecided",
            Self::Held { .. } => "held",
            Self::Approved { .. } => "approved",
            Self::Landed { .. } => "landed",
            Self::Invalid { .. } => "invalid",
        }
    }

    /// The value that is or would be written.
    pub fn proposed(&self) -> Option<&Value> {
        match self {
            Self::Held { to, .. } | Self::Approved { to } | Self::Landed { to } => Some(to),
            Self::Unscanned | Self::Stay(_) | Self::Undecided(_) | Self::Invalid { .. } => None,
        }
    }
}

impl fmt::Display for Outcome {
    /// A sentence a person would write.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unscanned => f.write_str("its image has not been scanned completely yet"),
            Self::Stay(reason) => reason.fmt(f),
            Self::Undecided(needs) => f.write_str(&facts(needs.len())),
            Self::Held { to, reason } => write!(f, "an update to {to} waits: {reason}"),
            Self::Approved { to } => {
                write!(f, "an update to {to} is approved and about to be written")
            }
            Self::Landed { to } => write!(f, "the update to {to} has landed"),
            Self::Invalid { message } => f.write_str(message),
        }
    }
}

fn facts(count: usize) -> String {
    match count {
        1 => "a fact that the decision needs is being fetched".to_owned(),
        _ => format!("{count} facts that the decision needs are being fetched"),
    }
}
