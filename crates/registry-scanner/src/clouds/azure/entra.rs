//! Entra ID: tokens for the identity of a machine, or of a pod.

use std::fs::File;
use std::io::Read;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::time::Duration;

use http::StatusCode;
use transport::{Origin, Scheme, Secret, chain};
use url::Url;

use super::AzureConfig;
use crate::clouds::ask::{Question, Said};
use crate::clouds::keep::Trouble;
use crate::clouds::presence::{Presence, QUICKLY};
use crate::clouds::wires::Wires;

/// The metadata server of every machine of Azure. Plain HTTP: the address does not leave the machine that hosts ours.
const METADATA: &str = "http://169.254.169.254/";
/// The same, as what may be connected to.
pub(super) const BESIDE: &[IpAddr] = &[IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254))];
const TOKEN: &str = "/metadata/identity/oauth2/token";
const VERSION: &str = "2018-02-01";
/// Without this header every answer is 400: a browser that was led there cannot send it.
const FLAVOR: (&str, &str) = ("metadata", "true");

/// Whom tokens are for: all container registries, of all of Azure's clouds.
const AUDIENCE: &str = "https://containerregistry.azure.net";

/// How long a token may take, further attempts included.
const NEAR: Duration = Duration::from_secs(5);
const FAR: Duration = Duration::from_secs(15);

/// Tokens of Kubernetes have a thousand bytes.
const MAX_BYTES: u64 = 64 * 1024;

const MACHINE: &str = "Azure's metadata server";
const LOGIN: &str = "Azure's login server";

/// The metadata server, and whether it is there.
#[derive(Debug)]
pub(super) struct Entra {
    address: Url,
    presence: Presence,
}

impl Entra {
    pub(super) fn new() -> Self {
        Self::at(Url::parse(METADATA).expect("the constant is a URL"))
    }

    pub(super) fn at(address: Url) -> Self {
        Self {
            address,
            presence: Presence::default(),
        }
    }

    /// Whether the metadata server is there; remembered.
    ///
    /// It is known by its refusal of questions without its header. Other clouds have theirs at the same address.
    pub(super) async fn is_there(&self, wires: &Wires) -> bool {
        let look = async {
            let Ok(http) = wires.near() else {
                return false;
            };
            let question = Question::get(MACHINE, self.token_url(None), QUICKLY);
            let said = question.once(&http).await;
            let there = said.is_ok_and(|said| said.status == StatusCode::BAD_REQUEST);
            if !there {
                tracing::debug!(
                    "{MACHINE} is not here; Azure's registries are asked without an identity of this machine"
                );
            }
            there
        };
        self.presence.or_look(look).await
    }

    /// Whether the server said that this machine has no identity.
    pub(super) fn has_no_identity(&self) -> bool {
        self.presence.is_absent()
    }

    /// A token of the machine's managed identity; of the one with this client id, if it has several.
    pub(super) async fn of_machine(&self, client_id: Option<&str>, wires: &Wires) -> Result<Secret, Trouble> {
        let trouble = |reason| Trouble {
            reason,
            next_step:
                "assign a managed identity to the machine, set `registries.azure.clientId` if it has several, or write \
                        `enabled: false` into `registries.azure`"
                    .to_owned(),
        };
        let http = wires.near().map_err(|error| trouble(chain(&error).to_string()))?;
        let question = Question::get(MACHINE, self.token_url(client_id), NEAR).header(FLAVOR.0, FLAVOR.1);
        let said = question.patiently(&http).await.map_err(trouble)?;
        if client_id.is_none() && has_none(&said) {
            self.presence.has_nothing();
        }
        let (token, _) = said.token(MACHINE, "access_token").map_err(trouble)?;
        Ok(token)
    }

    fn token_url(&self, client_id: Option<&str>) -> Url {
        let mut url = self.address.clone();
        url.set_path(TOKEN);
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

/// A token of a pod's workload identity: what Kubernetes says of the pod is shown to Entra ID (RFC 7523).
pub(super) async fn of_workload(
    config: &AzureConfig,
    file: &Path,
    login_server: &str,
    wires: &Wires,
) -> Result<Secret, Trouble> {
    let trouble = |reason| {
        Trouble {
        reason,
        next_step: "compare the federated credential of the identity with the pod's service account, or write `enabled: false` into \
                    `registries.azure`"
            .to_owned(),
    }
    };
    let missing = |name| trouble(format!("AZURE_FEDERATED_TOKEN_FILE is set, and {name} is not"));
    let client_id = config.client_id.as_deref().ok_or_else(|| missing("AZURE_CLIENT_ID"))?;
    let tenant = config.tenant_id.as_deref().ok_or_else(|| missing("AZURE_TENANT_ID"))?;
    let url = token_url(config.authority_host.as_deref().unwrap_or(login_server), tenant).map_err(trouble)?;
    let path = file.to_owned();
    let reading = tokio::task::spawn_blocking(move || read(&path));
    let said_of_us = reading.await.expect("reading a file does not panic").map_err(trouble)?;
    let http = wires.far().map_err(|error| trouble(chain(&error).to_string()))?;
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", client_id)
        .append_pair("scope", &format!("{AUDIENCE}/.default"))
        .append_pair(
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        )
        .append_pair("client_assertion", said_of_us.expose())
        .finish();
    let question = Question::post(LOGIN, url, form, vec![said_of_us], FAR);
    let said = question.patiently(&http).await.map_err(trouble)?;
    let (token, _) = said.token(LOGIN, "access_token").map_err(trouble)?;
    Ok(token)
}

/// Where the tenant's tokens are given. The pod's word goes over TLS only, and to the authority's own origin.
fn token_url(authority: &str, tenant: &str) -> Result<Url, String> {
    let origin = Origin::of_text(authority).map_err(|error| format!("AZURE_AUTHORITY_HOST: {error}"))?;
    if origin.scheme() != Scheme::Https {
        return Err("AZURE_AUTHORITY_HOST does not begin with `https://`".to_owned());
    }
    if tenant.is_empty()
        || !tenant
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
    {
        return Err("AZURE_TENANT_ID is no id of a tenant".to_owned());
    }
    let mut url = Url::parse(authority).map_err(|_| "AZURE_AUTHORITY_HOST does not parse".to_owned())?;
    let base = url.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("{base}/{tenant}/oauth2/v2.0/token"));
    url.set_query(None);
    Ok(url)
}

fn read(path: &Path) -> Result<Secret, String> {
    let unreadable = |error: std::io::Error| format!("the file of the pod's token, {}: {error}", path.display());
    let mut text = String::new();
    let file = File::open(path).map_err(unreadable)?;
    let read = file.take(MAX_BYTES + 1).read_to_string(&mut text);
    let text = Secret::new(text);
    read.map_err(unreadable)?;
    let token = text.expose().trim();
    if token.is_empty() || token.len() as u64 > MAX_BYTES {
        return Err(format!(
            "the file of the pod's token, {}, is empty or larger than 64 KiB",
            path.display()
        ));
    }
    Ok(Secret::new(token))
}
