//! What the loops post to the Board.

use std::collections::BTreeMap;

use domain::reference::{Registry, Repository, Timestamp};
use registry_scanner::{Coded, CredentialReport, OtherHost, Passed, Profile, Requests};
use status_api::report::{
    ImageCredentials, ImageReport, Lists, Loop, PassOutcome, PassReport, PassedCredential, PausedHost, Quota,
    RegistryReport,
};

use super::Parts;
use crate::clock;
use crate::config::Config;

impl Parts {
    /// How a pass of a loop stands.
    pub(crate) fn post_pass(&self, of: Loop, subject: &str, started: Timestamp, outcome: PassOutcome) {
        let ended = (outcome != PassOutcome::Running).then(clock::now);
        self.board.post_pass(PassReport {
            of,
            subject: subject.to_owned(),
            started,
            ended,
            outcome,
        });
    }

    /// What is known of one image.
    pub(crate) fn post_image(&self, repository: &Repository, next_scan: Timestamp) {
        let Some(known) = self.scanning.known.get(repository) else {
            return;
        };
        self.board.post_image(ImageReport {
            repository: repository.clone(),
            scan: known.scan.clone(),
            last_attempt: known.last_attempt,
            next_scan: Some(next_scan),
            standing: known.scan.as_ref().map(|_| known.standing.list),
            last_error: known.failure.as_ref().map(|failure| failure.words.clone()),
            last_error_code: known.failure.as_ref().map(|failure| failure.code.code()),
            credentials: self.scanner().credentials(repository).map(credentials),
        });
    }

    /// How it stands with one registry host.
    pub(crate) fn post_registry(&self, registry: &Registry, config: &Config, next_scan: Option<Timestamp>) {
        let report = self.scanner().host(registry, clock::now());
        let limits = config.scanner.limits_of(registry);
        let withheld = report.credentials_withheld.then(|| {
            "its credentials are not sent, because it is spoken to without TLS; set `plainHttpCredentials` to send them".to_owned()
        });
        self.board.post_registry(RegistryReport {
            host: registry.to_string(),
            state: report.state,
            last_error: report.reason.or(withheld),
            paused_elsewhere: report.paused_elsewhere.into_iter().map(paused_host).collect(),
            credential: report.credential,
            requests: by_kind(&report.requests),
            concurrency: u32::try_from(limits.concurrency.get()).unwrap_or(u32::MAX),
            requests_per_second: report.requests_per_second,
            quota: report.quota.map(|quota| Quota {
                limit: quota.limit,
                remaining: quota.remaining,
            }),
            lists: lists(self.scanner().profile(registry)),
            next_scan,
        });
    }
}

fn paused_host(host: OtherHost) -> PausedHost {
    PausedHost {
        origin: host.origin.to_string(),
        until: host.paused_until,
        reason: host.reason,
    }
}

fn lists(profile: Profile) -> Lists {
    Lists {
        order: profile.order.code(),
        seek: profile.seek.code(),
        largest_page: profile.largest_page,
        bulk: profile.bulk,
        tested: profile.tested,
    }
}

fn credentials(report: CredentialReport) -> ImageCredentials {
    ImageCredentials {
        used: report.used,
        refused: report.refused.into_iter().map(passed).collect(),
        skipped: report.skipped.into_iter().map(passed).collect(),
    }
}

fn passed(passed: Passed) -> PassedCredential {
    PassedCredential {
        source: passed.code,
        text: passed.name,
        reason: passed.reason,
    }
}

/// Requests alone: what followed a redirect is counted under its kind already, and a refused credential is no request.
fn by_kind(requests: &Requests) -> BTreeMap<&'static str, u64> {
    BTreeMap::from([
        ("lists", requests.lists),
        ("heads", requests.heads),
        ("manifests", requests.manifests),
        ("blobs", requests.blobs),
        ("tokens", requests.tokens),
        ("pings", requests.pings),
    ])
}
