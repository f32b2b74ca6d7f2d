//! The names of ECR's private registries, in all partitions of AWS.

use domain::reference::Registry;

use super::account::AccountId;

/// A private registry of ECR, as its name says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct EcrHost {
    pub(super) account: AccountId,
    /// In lower case.
    pub(super) region: String,
    /// Its TLS is validated under FIPS 140; so is then that of the API which gives its tokens.
    pub(super) fips: bool,
    /// It has IPv6 addresses as well; so has then the API.
    pub(super) dual_stack: bool,
}

/// What stands between account and region.
const SERVICES: [(&str, Fips); 4] = [
    ("dkr.ecr.", Fips::No),
    ("dkr-ecr.", Fips::No),
    ("dkr.ecr-fips.", Fips::Yes),
    ("dkr-ecr-fips.", Fips::Yes),
];

#[derive(Clone, Copy, PartialEq)]
enum Fips {
    Yes,
    No,
}

/// What stands after the region, and how the regions of that partition begin; those of the commercial one begin like none of the others.
const ZONES: [(&str, Option<&str>); 9] = [
    ("amazonaws.com", None),
    ("on.aws", None),
    ("amazonaws.com.cn", Some("cn-")),
    ("on.amazonwebservices.com.cn", Some("cn-")),
    ("amazonaws.eu", Some("eusc-")),
    ("c2s.ic.gov", Some("us-iso-")),
    ("sc2s.sgov.gov", Some("us-isob-")),
    ("cloud.adc-e.uk", Some("eu-isoe-")),
    ("csp.hci.ic.gov", Some("us-isof-")),
];

const DUAL_STACK: [&str; 2] = ["on.aws", "on.amazonwebservices.com.cn"];

impl EcrHost {
    /// `None` for every other host: `public.ecr.aws` needs no credential, and a name that only looks like ECR's gets none.
    ///
    /// The region must be one of the partition that the name ends with. Else a token of one partition would be sent to another.
    pub(super) fn of(registry: &Registry) -> Option<Self> {
        let name = registry.as_str().to_ascii_lowercase();
        let (account, rest) = name.split_once('.')?;
        let account = AccountId::parse(account).ok()?;
        let (rest, fips) = SERVICES
            .iter()
            .find_map(|(service, fips)| Some((rest.strip_prefix(service)?, *fips)))?;
        let (region, zone) = rest.split_once('.')?;
        (is_region(region) && is_in(region, zone)).then(|| Self {
            account,
            region: region.to_owned(),
            fips: fips == Fips::Yes,
            dual_stack: DUAL_STACK.contains(&zone),
        })
    }
}

fn is_region(text: &str) -> bool {
    let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    begins
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_in(region: &str, zone: &str) -> bool {
    let own = ZONES.iter().find(|(name, _)| *name == zone);
    match own {
        None => false,
        Some((_, Some(prefix))) => region.starts_with(prefix),
        Some((_, None)) => !ZONES
            .iter()
            .filter_map(|(_, prefix)| *prefix)
            .any(|prefix| region.starts_with(prefix)),
    }
}

#[cfg(test)]
mod tests;
