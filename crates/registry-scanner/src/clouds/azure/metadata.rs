//! The metadata server that every machine of Azure has beside it: tokens of Entra ID for its managed identities.

use std::net::{IpAddr, Ipv4Addr};

use http::StatusCode;
use transport::Secret;
use url::Url;

use super::AUDIENCE;
use crate::clouds::ask::{Question, Said};
use crate::clouds::keep::Trouble;
use crate::clouds::metadata::{MetadataServer, PATIENCE, QUICKLY};
use crate::clouds::wires::Wires;

/// Plain HTTP: the address does not leave the machine that hosts ours.
pub(super) const ADDRESS: &str = "http://169.254.169.254/";

/// The same, as what may be connected to.
pub(super) const BESIDE: &[IpAddr] = &[IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254))];

const TOKEN: &str = "/metadata/identity/oauth2/token";

const VERSION: &str = "2018-02-01";

/// Without this header every answer is 400: a browser that was led there cannot send it.
const FLAVOR: (&str, &str) = ("metadata", "true");

const WHO: &str = "Azure's metadata server";

#[derive(Debug)]
pub(super) struct Metadata(MetadataServer);

impl Metadata {
    pub(super) fn at(address: &str) -> Self {
        Self(MetadataServer::at(address))
    }

    /// Whether the server is there; remembered.
    ///
    /// It is known by its refusal of questions without its header.
    pub(super) async fn is_there(&self, wires: &Wires) -> bool {
        let question = Question::get(WHO, self.token_url(None), QUICKLY);
        let knows = |said: &Said| said.status == StatusCode::BAD_REQUEST;
        self.0.is_there(wires, question, knows).await
    }

    /// Whether the server said that this machine has no identity.
    pub(super) fn has_no_identity(&self) -> bool {
        self.0.is_absent()
    }

    /// A token of the machine's managed identity; of the one with this client id, if it has several.
    pub(super) async fn token(&self, client_id: Option<&str>, wires: &Wires) -> Result<Secret, Trouble> {
        let question = Question::get(WHO, self.token_url(client_id), PATIENCE).header(FLAVOR.0, FLAVOR.1);
        let has_no_identity = |said: &Said| client_id.is_none() && has_none(said);
        let token = self.0.token(wires, question, has_no_identity).await;
        let (token, _) = token.map_err(|reason| Trouble {
            reason,
            next_step:
                "assign a managed identity to the machine, set `registries.azure.clientId` if it has several, or write \
                        `enabled: false` into `registries.azure`"
                    .to_owned(),
        })?;
        Ok(token)
    }

    fn token_url(&self, client_id: Option<&str>) -> Url {
        let mut url = self.0.url(TOKEN);
        let mut query = url.query_pairs_mut();
        query.append_pair("api-version", VERSION);
        query.append_pair("resource", AUDIENCE);
        if let Some(client_id) = client_id {
            query.append_pair("client_id", client_id);
        }
        drop(query);
        url
    }
}

/// How the metadata server says that nobody assigned an identity to the machine: 400 `Identity not found`, or 404.
fn has_none(said: &Said) -> bool {
    let not_found = said.status == StatusCode::BAD_REQUEST && said.words().contains("Identity not found");
    not_found || said.status == StatusCode::NOT_FOUND
}
