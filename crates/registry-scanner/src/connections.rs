//! What all hosts share: the HTTP clients, one for each set of trust anchors and one that reaches public addresses only, and the
//! paces at which hosts are asked.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use transport::{AddressRule, ClientError, HttpClient, HttpConfig, Proxy, Trust};

use crate::error::Failure;
use crate::paces::Paces;

/// Makes clients when they are first wanted, and anew when a CA file changed.
pub(crate) struct Connections {
    pub(crate) paces: Paces,
    proxy: Option<Proxy>,
    made: Mutex<Made>,
}

#[derive(Default)]
struct Made {
    system: Option<HttpClient>,
    public: Option<HttpClient>,
    by_file: HashMap<PathBuf, (Vec<u8>, HttpClient)>,
}

impl Connections {
    pub(crate) fn new(proxy: Option<Proxy>) -> Self {
        Self {
            paces: Paces::default(),
            proxy,
            made: Mutex::default(),
        }
    }

    /// For a host of the configuration, or one that an image names: any address.
    pub(crate) async fn to_host(&self, ca_file: Option<&Path>) -> Result<HttpClient, Failure> {
        let Some(path) = ca_file else {
            let mut made = self.lock();
            if made.system.is_none() {
                made.system = Some(self.make(Trust::System, AddressRule::Any)?);
            }
            return Ok(made.system.clone().expect("it was just made"));
        };
        let pem = tokio::fs::read(path).await.map_err(|source| Failure::CaFile {
            path: path.display().to_string(),
            source,
        })?;
        let mut made = self.lock();
        match made.by_file.get(path) {
            Some((known, client)) if *known == pem => Ok(client.clone()),
            _ => {
                let client = self.make(Trust::Only(pem.clone()), AddressRule::Any)?;
                made.by_file.insert(path.to_owned(), (pem, client.clone()));
                Ok(client)
            }
        }
    }

    /// For a host that only a server named.
    pub(crate) fn to_public(&self) -> Result<HttpClient, Failure> {
        let mut made = self.lock();
        if made.public.is_none() {
            made.public = Some(self.make(Trust::System, AddressRule::PublicOnly)?);
        }
        Ok(made.public.clone().expect("it was just made"))
    }

    fn make(&self, trust: Trust, addresses: AddressRule) -> Result<HttpClient, ClientError> {
        HttpClient::new(&HttpConfig {
            trust,
            proxy: self.proxy.clone(),
            addresses,
            ..HttpConfig::default()
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
