//! `POST /api/v1/scan`

use std::collections::BTreeMap;

use domain::codes::HostState;
use domain::reference::{Repository, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::registry::host;
use super::time::rfc3339;
use crate::board::Snapshot;

/// Scans that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScansView {
    /// The time of this answer.
    #[schema(format = DateTime)]
    pub now: String,
    /// By name.
    pub images: Vec<AskedScanView>,
}

/// A scan that is made before those that nobody asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AskedScanView {
    /// The image's canonical name.
    #[schema(example = "ghcr.io/acme/api")]
    pub name: String,
    /// The registry host that it is scanned at.
    pub host: String,
    /// When it is made at the earliest; `now` where nothing keeps it waiting.
    #[schema(format = DateTime)]
    pub not_before: String,
    /// What keeps it waiting until then, in words.
    pub waits_for: Option<String>,
}

/// What was asked for, each image with the time from when on it may be scanned.
pub(crate) fn scans(board: &Snapshot, asked: &BTreeMap<Repository, Timestamp>, now: Timestamp) -> ScansView {
    let view = |(image, not_before): (&Repository, &Timestamp)| AskedScanView {
        name: image.to_string(),
        host: host(image).to_owned(),
        not_before: rfc3339((*not_before).max(now)),
        waits_for: (*not_before > now).then(|| reason(board, image)),
    };
    ScansView {
        now: rfc3339(now),
        images: asked.iter().map(view).collect(),
    }
}

/// Why an image cannot be scanned just now.
fn reason(board: &Snapshot, image: &Repository) -> String {
    let registry = board.registries.get(host(image));
    let paused = registry.filter(|registry| matches!(registry.state, HostState::Paused { .. }));
    if let Some(registry) = paused {
        return match &registry.last_error {
            Some(words) => format!("{} {}: {words}", registry.host, registry.state),
            None => format!("{} {}", registry.host, registry.state),
        };
    }
    let failed = board.images.get(image).and_then(|image| image.last_error.as_ref());
    match failed {
        Some(words) => format!("its last scan failed: {words}"),
        None => "it was scanned just now".to_owned(),
    }
}
