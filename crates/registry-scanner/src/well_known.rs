//! How much patience registries have that everybody knows.
//!
//! From what their operators write, and from when they were seen to answer 429. Who pays for more says so in an entry of the
//! configuration.

use std::num::NonZeroU32;

use domain::reference::Registry;

use crate::config::Limits;

/// A registry, the requests that it takes in a second, and how many at once after a rest.
const PATIENCE: [(&str, u32, u32); 2] = [
    // A few requests a second for each address and endpoint, with bursts.
    ("quay.io", 3, 20),
    // One pull a second without credentials.
    ("public.ecr.aws", 1, 10),
];

/// The limits for a registry that has none of its own in the configuration: never more than it is known to take.
pub(crate) fn within(limits: Limits, registry: &Registry) -> Limits {
    let known = PATIENCE
        .iter()
        .find(|(host, ..)| registry.host().eq_ignore_ascii_case(host) && registry.port().is_none());
    let Some((_, requests, burst)) = known else {
        return limits;
    };
    let number = |number: &u32| NonZeroU32::new(*number).expect("no limit in the table is zero");
    Limits {
        requests_per_second: limits.requests_per_second.min(number(requests)),
        burst: limits.burst.min(number(burst)),
        ..limits
    }
}

#[cfg(test)]
mod tests;
