//! `GET /api/v1/registries`

use std::collections::BTreeMap;

use domain::reference::Repository;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{credentials::source, time::rfc3339};
use crate::board::Snapshot;
use crate::report::{PausedHost, RegistryReport};

/// All registry hosts in use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegistriesView {
    /// By host.
    pub registries: Vec<RegistryView>,
}

/// One registry host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegistryView {
    /// `HOST[:PORT]`.
    #[schema(example = "registry.example.com:5000")]
    pub host: String,
    /// How it stands with the host, as a code.
    #[schema(example = "healthy")]
    pub state: String,
    /// The same in words.
    pub text: String,
    /// The last failure in words.
    pub last_error: Option<String>,
    /// Until when nothing is asked.
    #[schema(format = DateTime)]
    pub paused_until: Option<String>,
    /// Hosts that it leads to, for tokens or blobs, and of which nothing is asked.
    #[serde(default)]
    pub paused_elsewhere: Vec<PausedHostView>,
    /// The credential in use; absent before the first request.
    pub credential: Option<CredentialView>,
    /// Requests made since the start, by kind.
    pub requests: BTreeMap<String, u64>,
    /// Requests under way at once, at most.
    pub concurrency: u32,
    /// Requests per second, at most.
    pub requests_per_second: f64,
    /// What the host says is left of its quota.
    pub quota: Option<QuotaView>,
    /// How it was found to list tags.
    #[serde(default)]
    pub lists: ListsView,
    /// When the next of its images is due.
    #[schema(format = DateTime)]
    pub next_scan: Option<String>,
    /// Images that are scanned there.
    pub images: usize,
}

/// A host that a registry leads to, while nothing is asked of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PausedHostView {
    /// Scheme, host, and port if it is an unusual one.
    #[schema(example = "https://auth.example.com")]
    pub origin: String,
    /// Until when nothing is asked.
    #[schema(format = DateTime)]
    pub paused_until: String,
    /// Why, in words.
    pub reason: String,
}

/// Where a credential comes from; never the credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CredentialView {
    /// As a code.
    #[schema(example = "anonymous")]
    pub source: String,
    /// In words.
    pub text: String,
}

/// A registry's own count of what may still be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotaView {
    /// Requests in the registry's window.
    pub limit: u64,
    /// Requests left in it.
    pub remaining: u64,
}

/// How a registry was found to list tags.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListsView {
    /// The order of its lists: `unknown`, `lexical` (by bytes) or `append` (what is new comes last).
    #[schema(example = "lexical")]
    pub order: String,
    /// Behind what a list can be begun: `unknown`, `anyLast` (any text), `existingLast` (a tag) or `none`.
    #[schema(example = "anyLast")]
    pub seek: String,
    /// The most tags that it lets be asked for at once, if it refused to give more.
    pub largest_page: Option<u32>,
    /// Whether its lists say the digest of each tag.
    pub bulk: bool,
    /// When `seek` was tested; it is tested again after a week.
    #[schema(format = DateTime)]
    pub tested: Option<String>,
}

/// All hosts of the Board.
pub(crate) fn registries(board: &Snapshot) -> RegistriesView {
    let mut images: BTreeMap<&str, usize> = BTreeMap::new();
    for image in board.images.keys() {
        *images.entry(host(image)).or_default() += 1;
    }
    let view = |report: &RegistryReport| registry(report, images.get(report.host.as_str()).copied().unwrap_or(0));
    RegistriesView {
        registries: board.registries.values().map(|report| view(report)).collect(),
    }
}

/// The `HOST[:PORT]` that an image is scanned at.
pub(crate) fn host(image: &Repository) -> &str {
    image.registry().as_str()
}

fn registry(report: &RegistryReport, images: usize) -> RegistryView {
    RegistryView {
        host: report.host.clone(),
        state: report.state.code().to_owned(),
        text: report.state.to_string(),
        last_error: report.last_error.clone(),
        paused_until: report.paused_until().map(rfc3339),
        paused_elsewhere: report.paused_elsewhere.iter().map(paused_host).collect(),
        credential: report.credential.as_ref().map(source),
        requests: report
            .requests
            .iter()
            .map(|(kind, count)| ((*kind).to_owned(), *count))
            .collect(),
        concurrency: report.concurrency,
        requests_per_second: report.requests_per_second,
        quota: report.quota.map(|quota| QuotaView {
            limit: quota.limit,
            remaining: quota.remaining,
        }),
        lists: ListsView {
            order: report.lists.order.to_owned(),
            seek: report.lists.seek.to_owned(),
            largest_page: report.lists.largest_page,
            bulk: report.lists.bulk,
            tested: report.lists.tested.map(rfc3339),
        },
        next_scan: report.next_scan.map(rfc3339),
        images,
    }
}

fn paused_host(host: &PausedHost) -> PausedHostView {
    PausedHostView {
        origin: host.origin.clone(),
        paused_until: rfc3339(host.until),
        reason: host.reason.clone(),
    }
}
