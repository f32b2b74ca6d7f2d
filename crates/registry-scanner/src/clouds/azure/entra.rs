//! Entra ID: tokens for the workload identity of a pod.

use std::path::Path;
use std::time::Duration;

use transport::{Origin, Scheme, Secret, chain};
use url::Url;

use super::{AUDIENCE, AzureConfig};
use crate::clouds::ask::Question;
use crate::clouds::keep::Trouble;
use crate::clouds::secret_file;
use crate::clouds::wires::Wires;

/// How long a token may take, further attempts included.
const PATIENCE: Duration = Duration::from_secs(15);

const WHO: &str = "Azure's login server";

/// A token of a pod's workload identity: what Kubernetes says of the pod is shown to Entra ID (RFC 7523).
pub(super) async fn token(
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
    let said_of_us = read(file).await.map_err(trouble)?;
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
    let question = Question::post(WHO, url, form, vec![said_of_us], PATIENCE);
    let said = question.patiently(&http).await.map_err(trouble)?;
    let (token, _) = said.token(WHO, "access_token").map_err(trouble)?;
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

async fn read(path: &Path) -> Result<Secret, String> {
    let file = path.to_owned();
    let reading = tokio::task::spawn_blocking(move || secret_file::read(&file));
    let text = reading.await.expect("reading a file does not panic");
    let said_of_us = text.and_then(|text| match text.expose().trim() {
        "" => Err("it is empty".to_owned()),
        token => Ok(Secret::new(token)),
    });
    said_of_us.map_err(|reason| format!("the file of the pod's token, {}: {reason}", path.display()))
}
