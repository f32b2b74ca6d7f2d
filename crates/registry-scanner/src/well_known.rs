//! What is known of registries that everybody knows: how much patience they have, and which have their lists elsewhere.
//!
//! Patience: from what their operators write, and from when they were seen to answer 429; only ever less than the defaults. Who pays for
//! more says so in an entry of the configuration.

use std::num::NonZeroU32;

use domain::reference::Registry;
use transport::{Origin, Scheme};
use url::Url;

use crate::config::Limits;

/// A host, or a domain with a dot before it; the requests that it takes in a second, and how many at once after a rest.
///
/// What is not here takes as much as the defaults ask, or more: `*.pkg.dev` 60,000 a minute for each project and region, `gcr.io`
/// 50,000 in ten minutes for each address (Google's pages of quotas), `registry.k8s.io` 2,490 in half a minute for each address
/// (the project's infrastructure code), private ECR hundreds a second for each account and region (Amazon's page of quotas), and
/// `mcr.microsoft.com` knows no quota (its operators, in its issue tracker).
const PATIENCE: [(&str, u32, u32); 9] = [
    // "In the order of thousands of requests per minute" for each address, which the nodes often share (Docker's page of usage
    // and limits). Pulls are counted by themselves.
    ("docker.io", 10, 10),
    // 44,000 a minute stand in its refusals, but of ten lists at the same moment nine were refused, and of two at a time hardly any
    // (getwud/wud, pull request 1153).
    ("ghcr.io", 5, 2),
    // "A few requests per second" for each address and endpoint, "with some bursting capabilities" (Red Hat's solution 6218921).
    ("quay.io", 3, 20),
    // One pull a second without credentials, ten with (Amazon's page of quotas).
    ("public.ecr.aws", 1, 10),
    // 1,000 reads a minute for a registry of the smallest size, which all who pull share (Microsoft's page of service tiers).
    (".azurecr.io", 10, 10),
    (".azurecr.cn", 10, 10),
    (".azurecr.us", 10, 10),
    // 500 a minute without credentials for each address (GitLab's announcement of January 2021); its tokens come from gitlab.com.
    ("registry.gitlab.com", 8, 10),
    ("gitlab.com", 8, 10),
];

/// The limits for a registry that has none of its own in the configuration: never more than it is known to take.
pub(crate) fn within(limits: Limits, registry: &Registry) -> Limits {
    match registry.port() {
        None => within_host(limits, registry.host()),
        Some(_) => limits,
    }
}

/// The same for a host that a registry leads to.
pub(crate) fn within_host(limits: Limits, host: &str) -> Limits {
    let host = host.to_ascii_lowercase();
    let is = |known: &str| host == known || (known.starts_with('.') && host.ends_with(known));
    let Some((_, requests, burst)) = PATIENCE.iter().find(|(known, ..)| is(known)) else {
        return limits;
    };
    let number = |number: &u32| NonZeroU32::new(*number).expect("no limit in the table is zero");
    Limits {
        requests_per_second: limits.requests_per_second.min(number(requests)),
        burst: limits.burst.min(number(burst)),
        ..limits
    }
}

/// The Kubernetes project's registry, which keeps nothing itself.
const KUBERNETES: &str = "registry.k8s.io";

/// Where its mirrors in Artifact Registry have what it names `/v2/NAME/…`.
const MIRRORED: &str = "/v2/k8s-artifacts-prod/images/";

/// Whether the registry's operators say that what is asked for at `asked` lies at `there`.
///
/// `registry.k8s.io` answers requests for lists and manifests by a redirect to the Artifact Registry of a region (its server is `archeio`
/// of kubernetes/registry.k8s.io; `cmd/archeio/docs/request-handling.md`, and `upstreamRedirectURL` in `handlers.go`). Only that: over
/// TLS, `[a-z0-9-]+-docker.pkg.dev` with the usual port, and the same name behind the same prefix.
pub(crate) fn is_mirrored(asked: &Url, there: &Url) -> bool {
    let (Some(here), Some(mirror)) = (Origin::of(asked), Origin::of(there)) else {
        return false;
    };
    let is_usual = |origin: &Origin| origin.scheme() == Scheme::Https && origin.port() == Scheme::Https.default_port();
    let region = mirror.host().strip_suffix("-docker.pkg.dev").unwrap_or_default();
    let is_of_name = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let name = asked.path().strip_prefix("/v2/").filter(|name| !name.is_empty());
    is_usual(&here)
        && is_usual(&mirror)
        && here.host() == KUBERNETES
        && !region.is_empty()
        && region.bytes().all(is_of_name)
        && name.is_some_and(|name| there.path().strip_prefix(MIRRORED) == Some(name))
}

/// Whether a registry's lists end without a word at ten thousand tags: Artifact Registry's do, and of who has its lists there.
pub(crate) fn cuts_silently(registry: &Registry) -> bool {
    let host = registry.host().to_ascii_lowercase();
    host == KUBERNETES || host == "gcr.io" || host.ends_with(".gcr.io") || host.ends_with(".pkg.dev")
}

#[cfg(test)]
mod tests;
