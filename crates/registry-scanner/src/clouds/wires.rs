//! The HTTP clients that clouds are asked with.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use transport::{ClientError, HttpClient, HttpConfig, Proxy};

/// Metadata servers are on this machine, or beside it.
const NEAR: Duration = Duration::from_secs(2);

/// Made when they are first wanted.
#[derive(Debug, Default)]
pub(super) struct Wires {
    proxy: Option<Proxy>,
    near: Mutex<Option<HttpClient>>,
    far: Mutex<Option<HttpClient>>,
}

impl Wires {
    pub(super) fn new(proxy: Option<Proxy>) -> Self {
        Self {
            proxy,
            ..Self::default()
        }
    }

    /// To metadata servers: never through a proxy, which would ask its own.
    pub(super) fn near(&self) -> Result<HttpClient, ClientError> {
        made(&self.near, || HttpConfig {
            connect_timeout: NEAR,
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
            ..Self::default()
        }
    }
}
