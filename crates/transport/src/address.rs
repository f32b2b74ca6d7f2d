//! Which addresses may be connected to, checked after the name was resolved.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Where a client may connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddressRule {
    /// Anywhere: for hosts that the operator named.
    #[default]
    Any,
    /// Only to addresses of the public internet: for hosts that a server named, such as the target of a redirect.
    PublicOnly,
    /// Only to this machine itself and to these addresses: for what a cloud puts beside a machine or a pod, and speaks plain HTTP.
    Near(&'static [IpAddr]),
}

impl AddressRule {
    /// Whether `address` may be connected to.
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::PublicOnly => is_public(address),
            Self::Near(others) => address.is_loopback() || others.contains(&address),
        }
    }

    /// What an address is not that it forbids.
    pub(crate) fn wanted(self) -> &'static str {
        match self {
            Self::Any | Self::PublicOnly => "public address",
            Self::Near(_) => "address of this machine or of what its cloud puts beside it",
        }
    }
}

/// Whether an address belongs to the public internet (IANA special-purpose registries, RFC 6890).
///
/// Everything that could reach the machine itself, its neighbours or a cloud's metadata service is not.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = a == 192 && b == 0 && c == 0;
    let benchmark = a == 198 && (b == 18 || b == 19);
    !(a == 0
        || a >= 240
        || shared
        || protocol
        || benchmark
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(embedded) = embedded_v4(address) {
        return is_public_v4(embedded);
    }
    let [first, second, ..] = address.segments();
    // Global unicast is 2000::/3; documentation (2001:db8::/32) and Teredo (2001::/32) lie inside it.
    first & 0xe000 == 0x2000 && !(first == 0x2001 && (second == 0x0db8 || second == 0))
}

/// The IPv4 address that an IPv6 address stands for: mapped, NAT64 (RFC 6052) or 6to4 (RFC 3056).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match segments {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(join(high, low)),
        [0x2002, high, low, ..] => Some(join(high, low)),
        _ => None,
    }
}

/// Resolves names by the system and drops the addresses that the rule forbids, so that the address which was checked is the
/// one that is connected to.
#[derive(Debug, Clone)]
pub(crate) struct CheckedResolver {
    pub(crate) rule: AddressRule,
    /// The name of the forward proxy. The operator named it, so it may be anywhere.
    pub(crate) proxy: Option<String>,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let is_proxy = self
            .proxy
            .as_ref()
            .is_some_and(|proxy| proxy.eq_ignore_ascii_case(name.as_str()));
        let rule = if is_proxy { AddressRule::Any } else { self.rule };
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| rule.allows(address.ip())).collect();
            if allowed.is_empty() {
                let refused = format!(
                    "`{}` has no {}, and only those may be connected to here",
                    name.as_str(),
                    rule.wanted()
                );
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, refused).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests;
