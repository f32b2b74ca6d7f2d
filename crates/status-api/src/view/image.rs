//! `GET /api/v1/images`

use std::collections::BTreeMap;

use domain::{
    accept::ListStanding,
    reference::{Repository, Timestamp},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    credentials::{PassedCredentialView, passed, source},
    page::Page,
    registry::{CredentialView, host},
    time::{rfc3339, seconds_between},
};
use crate::{board::Snapshot, report::ImageReport};

/// A part of all images.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImagesView {
    /// All images there are.
    pub total: usize,
    /// Where the next part begins; absent in the last one.
    pub next_offset: Option<usize>,
    /// By name.
    pub images: Vec<ImageView>,
}

/// One image: a repository of a registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImageView {
    /// Its canonical name.
    #[schema(example = "ghcr.io/acme/api")]
    pub name: String,
    /// The registry host that it is scanned at.
    pub host: String,
    /// Tags in the last complete list; absent before the first.
    pub tags: Option<usize>,
    /// When the last complete scan ended.
    #[schema(format = DateTime)]
    pub last_complete_scan: Option<String>,
    /// Seconds since then.
    pub stale_for: Option<u64>,
    /// When a scan was last tried, complete or not.
    #[schema(format = DateTime)]
    pub last_attempt: Option<String>,
    /// When it is due again.
    #[schema(format = DateTime)]
    pub next_scan: Option<String>,
    /// Since when somebody waits for a scan of it that has not ended yet; absent where nobody does.
    #[serde(default)]
    #[schema(format = DateTime)]
    pub asked: Option<String>,
    /// Whether the last list may be decided from; absent before the first.
    pub list: Option<ListView>,
    /// Why the last attempt failed; absent when it did not.
    pub last_error: Option<String>,
    /// What kind of failure that was; a stable word.
    pub last_error_code: Option<String>,
    /// The credential that the registry last answered to; absent before the first answer, and where nothing opens it.
    pub credential: Option<CredentialView>,
    /// Credentials that the registry does not accept for it.
    #[serde(default)]
    pub refused_credentials: Vec<PassedCredentialView>,
    /// Credentials that would be tried for it and cannot be.
    #[serde(default)]
    pub skipped_credentials: Vec<PassedCredentialView>,
    /// Targets that use it.
    pub targets: usize,
}

/// Whether a list of tags may be decided from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListView {
    /// `plausible`, `suspectList`, or `upwardsOnly`.
    #[schema(example = "plausible")]
    pub standing: String,
    /// The same in words.
    pub text: String,
}

/// A part of the Board's images.
pub(crate) fn images(board: &Snapshot, page: Page, now: Timestamp) -> ImagesView {
    let mut users: BTreeMap<&Repository, usize> = BTreeMap::new();
    for target in board.all_targets() {
        *users.entry(&target.image).or_default() += 1;
    }
    let part = page.of(board.images.iter());
    let view = |(name, report): (&Repository, &std::sync::Arc<ImageReport>)| {
        image(board, report, users.get(name).copied().unwrap_or(0), now)
    };
    ImagesView {
        total: part.total,
        next_offset: part.next_offset,
        images: part.items.into_iter().map(view).collect(),
    }
}

/// One of the Board's images; also one that has never been scanned, if somebody waits for that.
pub(crate) fn one(board: &Snapshot, name: &Repository, now: Timestamp) -> Option<ImageView> {
    let users = board.all_targets().filter(|target| target.image == *name).count();
    let view = |report: &ImageReport| image(board, report, users, now);
    match board.images.get(name) {
        Some(report) => Some(view(report)),
        None if board.asked.contains_key(name) => Some(view(&ImageReport::unscanned(name.clone()))),
        None => None,
    }
}

/// An image with the number of its users.
fn image(board: &Snapshot, report: &ImageReport, targets: usize, now: Timestamp) -> ImageView {
    let completed = report.scan.as_ref().map(|scan| scan.completed);
    let credentials = report.credentials.as_ref();
    ImageView {
        name: report.repository.to_string(),
        host: host(&report.repository).to_owned(),
        tags: report.scan.as_ref().map(|scan| scan.tags.len()),
        last_complete_scan: completed.map(rfc3339),
        stale_for: completed.map(|completed| seconds_between(completed, now)),
        last_attempt: report.last_attempt.map(rfc3339),
        next_scan: report.next_scan.map(rfc3339),
        asked: board.asked.get(&report.repository).copied().map(rfc3339),
        list: report.standing.as_ref().map(list),
        last_error: report.last_error.clone(),
        last_error_code: report.last_error_code.map(str::to_owned),
        credential: credentials.and_then(|credentials| credentials.used.as_ref().map(source)),
        refused_credentials: credentials.map_or_else(Vec::new, |credentials| passed(&credentials.refused)),
        skipped_credentials: credentials.map_or_else(Vec::new, |credentials| passed(&credentials.skipped)),
        targets,
    }
}

/// A list's standing as a code and in words.
pub(crate) fn list(standing: &ListStanding) -> ListView {
    let text = match standing {
        ListStanding::Plausible => "the list is complete and plausible".to_owned(),
        ListStanding::UpwardsOnly(reason) => {
            format!("{reason}; it has stayed so for long enough to move upwards")
        }
        ListStanding::Suspect(reason) => reason.to_string(),
    };
    ListView {
        standing: code(standing).to_owned(),
        text,
    }
}

/// A list's standing as a code.
pub(crate) fn code(standing: &ListStanding) -> &'static str {
    match standing {
        ListStanding::Plausible => "plausible",
        ListStanding::UpwardsOnly(_) => "upwardsOnly",
        ListStanding::Suspect(_) => "suspectList",
    }
}
