//! A registry's own part: its refresh token for a token of Entra ID.

use std::time::Duration;

use transport::{Secret, chain};

use crate::client::RegistryClient;
use crate::clouds::ask::token;
use crate::clouds::keep::Trouble;
use crate::jwt;

/// Where every Azure registry takes them (`POST`, a form).
const PATH: &str = "/oauth2/exchange";

/// How long a refresh token lives that does not tell, and at most. Azure's live for three hours.
const LIFE: (Duration, Duration) = (Duration::from_secs(60 * 60), Duration::from_secs(3 * 60 * 60));

/// Shows `entra_token` to the registry, over TLS and to nobody else.
pub(super) async fn exchange(
    client: &RegistryClient,
    entra_token: &Secret,
    tenant: Option<&str>,
) -> Result<(Secret, Duration), Trouble> {
    let trouble = |reason: String| Trouble {
        reason,
        next_step: "give the identity the role `AcrPull` of the registry".to_owned(),
    };
    let form = form(client.config.host.as_str(), entra_token, tenant);
    let answer = client.exchange(PATH, &form, entra_token).await;
    let answer = answer.map_err(|failure| trouble(chain(&failure).to_string()))?;
    if !answer.status.is_success() {
        let said = client.said(&answer, entra_token);
        return Err(trouble(format!(
            "the registry gave no token for that of Entra ID: it answered {}{said}",
            answer.status
        )));
    }
    let unusable = |reason| {
        trouble(format!(
            "the registry's answer to a token of Entra ID is not usable: {reason}"
        ))
    };
    let (token, _) = token(&answer.body, "refresh_token").map_err(unusable)?;
    let life = jwt::life(token.expose()).unwrap_or(LIFE.0).min(LIFE.1);
    Ok((token, life))
}

fn form(service: &str, entra_token: &Secret, tenant: Option<&str>) -> Secret {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "access_token");
    form.append_pair("service", service);
    if let Some(tenant) = tenant {
        form.append_pair("tenant", tenant);
    }
    form.append_pair("access_token", entra_token.expose());
    Secret::new(form.finish())
}
