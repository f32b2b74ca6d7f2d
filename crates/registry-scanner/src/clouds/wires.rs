//! The HTTP clients that clouds are asked with.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use transport::{AddressRule, ClientError, HttpClient, HttpConfig, Proxy};

/// Metadata servers are on this machine, or beside it.
const NEAR: Duration = Duration::from_secs(2);

/// Made when they are first wanted.
#[derive(Debug)]
pub(super) struct Wires {
    proxy: Option<Proxy>,
    beside: &'static [IpAddr],
    near: Mutex<Option<HttpClient>>,
    far: Mutex<Option<HttpClient>>,
}

impl Wires {
    /// For a cloud that puts servers at the addresses `beside` a machine or a pod.
    pub(super) fn new(proxy: Option<Proxy>, beside: &'static [IpAddr]) -> Self {
        Self {
            proxy,
            beside,
            near: Mutex::default(),
            far: Mutex::default(),
        }
    }

    /// To metadata servers: never through a proxy, which would ask its own, and to no address but theirs and those of this machine.
    pub(super) fn near(&self) -> Result<HttpClient, ClientError> {
        made(&self.near, || HttpConfig {
            connect_timeout: NEAR,
            addresses: AddressRule::Near(self.beside),
            ..HttpConfig::default()
        })
    }

    /// To the token servers of clouds, whose names are built in or the operator's.
    pub(super) fn far(&self) -> Result<HttpClient, ClientError> {
        made(&self.far, || HttpConfig {
            proxy: self.proxy.clone(),
            ..HttpConfig::default()
        })
    }
}

fn made(slot: &Mutex<Option<HttpClient>>, config: impl FnOnce() -> HttpConfig) -> Result<HttpClient, ClientError> {
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(client) = &*slot {
        return Ok(client.clone());
    }
    let client = HttpClient::new(&config())?;
    *slot = Some(client.clone());
    Ok(client)
}

#[cfg(test)]
impl Wires {
    /// To servers whose certificates are of this authority.
    pub(super) fn trusting(ca_pem: &str) -> Self {
        let far = HttpClient::new(&HttpConfig {
            trust: transport::Trust::Only(ca_pem.as_bytes().to_vec()),
            ..HttpConfig::default()
        });
        Self {
            far: Mutex::new(Some(far.expect("a client"))),
            ..Self::new(None, &[])
        }
    }
}

#[cfg(test)]
mod tests;
