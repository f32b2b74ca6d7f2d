//! `GET /api/v1/targets` and `GET /api/v1/targets/{id}`

use domain::{reference::Tag, scan::Need};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    image::ImageView,
    page::Page,
    problem::{FileProblemView, NAMED},
    tags::VerdictsView,
    time::rfc3339,
};
use crate::{
    board::Snapshot,
    report::{FileProblem, GitReport, OptedInBy, Outcome, TargetReport},
};

/// A part of all targets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TargetsView {
    /// All targets there are.
    pub total: usize,
    /// Where the next part begins; absent in the last one.
    pub next_offset: Option<usize>,
    /// By git repository, in the order of its files.
    pub targets: Vec<TargetView>,
}

/// A place in git that an image is written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TargetView {
    /// Opaque, and the same as long as the place is.
    pub id: String,
    /// The git repository's name in the configuration.
    pub repository: String,
    /// The file in it.
    pub path: String,
    /// The line of the value, from 1.
    pub line: u32,
    /// The column of the value, from 1.
    pub column: u32,
    /// The field that the image is written in.
    #[schema(example = "spec.template.spec.containers[0].image")]
    pub field: String,
    /// Whose image it is, as people call it: `NAMESPACE/KIND/NAME[/CONTAINER]`, or `PATH: NAME` where the file holds no object.
    #[schema(example = "shop/Deployment/api/api")]
    pub workload: String,
    /// The object's namespace, `default` where the file names none; absent where the file holds no object (Helm values).
    pub namespace: Option<String>,
    /// The object's kind; absent where the file holds no object.
    pub kind: Option<String>,
    /// The object's name; the path of a file that holds no object.
    pub name: String,
    /// The container; of other places the name that annotations call the image by (`chart-image`).
    pub container: Option<String>,
    /// What says that the image is to be kept up to date.
    pub opted_in_by: OptedInByView,
    /// The image's canonical name.
    pub image: String,
    /// The policy in force; absent where it cannot be read.
    pub policy: Option<String>,
    /// Its name in the configuration; absent where it is written in place.
    pub policy_name: Option<String>,
    /// The value at the head of the branch: `TAG`, `TAG@DIGEST` or `@DIGEST`.
    pub current: String,
    /// What was decided, and why.
    pub decision: DecisionView,
    /// The highest value that Tidemark wrote here and saw at the head.
    pub high_water: Option<String>,
    /// When Tidemark last changed the value.
    #[schema(format = DateTime)]
    pub last_change: Option<String>,
}

/// What says that an image is to be kept up to date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OptedInByView {
    /// `annotation`, `marker` or `rule`.
    #[schema(example = "annotation")]
    pub kind: String,
    /// The annotation's key, the policy that the marker names (`NAMESPACE:NAME`), or `rules[NUMBER]`.
    #[schema(example = "tidemark.dev/policy")]
    pub name: String,
    /// The same in words.
    pub text: String,
}

/// What was decided about a target, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionView {
    /// `unscanned`, `stay`, `undecided`, `held`, `approved`, `landed` or `invalid`.
    #[schema(example = "stay")]
    pub state: String,
    /// Why, as a code.
    #[schema(example = "upToDate")]
    pub reason: String,
    /// Why, as a sentence.
    pub text: String,
    /// The value that is or would be written.
    pub proposed: Option<String>,
    /// Facts that the decision waits for.
    pub needs: Vec<NeedView>,
}

/// A fact that a decision waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NeedView {
    /// `digest`, `platforms` or `buildTime`.
    pub fact: String,
    /// The tag that it is wanted of.
    pub tag: String,
}

/// A target with the verdicts behind its decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TargetDetailView {
    /// The target.
    #[serde(flatten)]
    pub target: TargetView,
    /// How it stands with its image; absent where that is not scanned.
    pub scan: Option<ImageView>,
    /// What the policy says of its image's tags, the foremost first; absent before the first scan.
    pub verdicts: Option<VerdictsView>,
    /// The first hundred problems of its file, but for its own.
    pub problems: Vec<FileProblemView>,
}

/// Facts that are named in one answer at most.
const NEEDS: usize = 20;

/// A part of the Board's targets.
pub(crate) fn targets(board: &Snapshot, page: Page) -> TargetsView {
    let all: Vec<&TargetReport> = board.all_targets().collect();
    let part = page.of(all.into_iter());
    TargetsView {
        total: part.total,
        next_offset: part.next_offset,
        targets: part.items.into_iter().map(target).collect(),
    }
}

/// One target.
pub(crate) fn target(report: &TargetReport) -> TargetView {
    TargetView {
        id: report.id.clone(),
        repository: report.repository.clone(),
        path: report.path.clone(),
        line: report.line,
        column: report.column,
        field: report.field.clone(),
        workload: report.workload.to_string(),
        namespace: report.workload.namespace.clone(),
        kind: Some(report.workload.kind.clone()).filter(|kind| !kind.is_empty()),
        name: report.workload.name.clone(),
        container: report.workload.container.clone(),
        opted_in_by: opted_in_by(&report.opted_in_by),
        image: report.image.to_string(),
        policy: report.policy.as_ref().map(ToString::to_string),
        policy_name: report.policy_name.clone(),
        current: report.current.to_string(),
        decision: decision(&report.outcome),
        high_water: report.high_water.as_ref().map(ToString::to_string),
        last_change: report.last_change.map(rfc3339),
    }
}

/// One target with its verdicts.
pub(crate) fn detail(
    report: &TargetReport,
    scan: Option<ImageView>,
    verdicts: Option<VerdictsView>,
    git: Option<&GitReport>,
) -> TargetDetailView {
    let problems = git.map_or(&[][..], |git| &git.problems);
    let of_file = problems
        .iter()
        .filter(|problem| problem.path == report.path && !is_own(problem, report));
    TargetDetailView {
        target: target(report),
        scan,
        verdicts,
        problems: of_file.take(NAMED).map(FileProblemView::from).collect(),
    }
}

/// Whether the problem is that the target is invalid, which its decision says.
fn is_own(problem: &FileProblem, report: &TargetReport) -> bool {
    match &report.outcome {
        Outcome::Invalid { message } => {
            problem.line == Some(report.line) && problem.message.ends_with(message.as_str())
        }
        _ => false,
    }
}

fn opted_in_by(by: &OptedInBy) -> OptedInByView {
    OptedInByView {
        kind: by.code().to_owned(),
        name: by.name(),
        text: by.to_string(),
    }
}

fn decision(outcome: &Outcome) -> DecisionView {
    let needs = match outcome {
        Outcome::Undecided(needs) => needs.iter().take(NEEDS).map(need).collect(),
        _ => Vec::new(),
    };
    DecisionView {
        state: outcome.state().to_owned(),
        reason: outcome.code().to_owned(),
        text: outcome.to_string(),
        proposed: outcome.proposed().map(ToString::to_string),
        needs,
    }
}

fn need(need: &Need) -> NeedView {
    let (fact, tag): (&str, &Tag) = match need {
        Need::Digest(tag) => ("digest", tag),
        Need::Platforms(tag) => ("platforms", tag),
        Need::BuildTime(tag) => ("buildTime", tag),
    };
    NeedView {
        fact: fact.to_owned(),
        tag: tag.to_string(),
    }
}
