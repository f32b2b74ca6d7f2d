//! The door of a registry of Azure.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use memory_registry::Users;
use serde_json::{Value, json};

use crate::clouds::forward::forward;
use crate::clouds::log::{Log, lock};
use crate::http_server::{Answered, DropConnection, HttpServer};
use crate::token_server::{Signer, access, pairs};
use crate::{Answer, Ca, Seen};

/// How long refresh tokens live.
const REFRESH: Duration = Duration::from_secs(3 * 60 * 60);

/// The door of a registry of Azure: its own exchange of tokens, its own token server, and behind them another registry.
///
/// That one is started with [`crate::RegistrySettings::azure`], and believes the tokens that are given here. Refresh tokens live for
/// three hours, and no answer says how long an access token lives: it stands in the token, as with Azure.
#[derive(Debug)]
pub struct AzureRegistry {
    server: HttpServer,
    door: Arc<Door>,
    certificate_pem: String,
}

struct Door {
    name: String,
    signer: Signer,
    /// The token of Entra ID that is believed.
    believed: Mutex<String>,
    /// The refresh tokens that were given.
    refresh: Mutex<Vec<String>>,
    behind: Mutex<Option<SocketAddr>>,
    log: Log,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").field("name", &self.name).finish_non_exhaustive()
    }
}

impl AzureRegistry {
    /// Serves over TLS as the registry `name` on a port of 127.0.0.1, 0 for a free one, and believes this token of Entra ID.
    ///
    /// # Errors
    ///
    /// There is no port or no randomness.
    pub fn start(name: &str, port: u16, ca: &Ca, entra_token: &str) -> anyhow::Result<Self> {
        let (signer, certificate_pem) = Signer::new(Users::new(), Duration::from_secs(75 * 60))?;
        let door = Arc::new(Door {
            name: name.to_owned(),
            signer,
            believed: Mutex::new(entra_token.to_owned()),
            refresh: Mutex::default(),
            behind: Mutex::default(),
            log: Log::default(),
        });
        let answering = Arc::clone(&door);
        let server = HttpServer::at(("127.0.0.1", port), Some(ca), move |seen| {
            Arc::clone(&answering).answer(seen)
        })?;
        Ok(Self {
            server,
            door,
            certificate_pem,
        })
    }

    /// Everything else is this registry's to answer.
    pub fn stands_before(&self, behind: SocketAddr) {
        *lock(&self.door.behind) = Some(behind);
    }

    /// Believes this token of Entra ID from now on, and no refresh token that was given before.
    pub fn believes(&self, entra_token: &str) {
        *lock(&self.door.believed) = entra_token.to_owned();
        lock(&self.door.refresh).clear();
    }

    /// Where the registry behind says that tokens are given.
    pub(crate) fn realm(&self) -> String {
        format!("https://{}/oauth2/token", self.door.name)
    }

    /// The certificate that its tokens are signed by.
    pub(crate) fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// Its `HOST:PORT`.
    pub fn host(&self) -> String {
        self.server.address().to_string()
    }

    /// The requests that arrived, those for the registry behind included.
    pub fn seen(&self) -> Vec<Seen> {
        self.door.log.seen()
    }

    /// The refresh tokens that were given and are believed.
    pub fn refresh_tokens(&self) -> Vec<String> {
        lock(&self.door.refresh).clone()
    }

    /// How many requests arrived for this path.
    pub fn asked(&self, path: &str) -> usize {
        self.seen().iter().filter(|seen| seen.path == path).count()
    }
}

impl Door {
    async fn answer(self: Arc<Self>, seen: Seen) -> Answered {
        if let Some(instead) = self.log.note(&seen) {
            return instead.give(false).await;
        }
        let form = pairs(&String::from_utf8_lossy(&seen.body));
        let posted = seen.method == http::Method::POST;
        match seen.path.as_str() {
            "/oauth2/exchange" if posted => self.exchange(&form).give(false).await,
            "/oauth2/token" if posted => self.token(&form).give(false).await,
            // Who has no refresh token may try without.
            "/oauth2/token" => unauthorized().give(false).await,
            _ => self.forward(seen).await,
        }
    }

    fn exchange(&self, form: &[(String, String)]) -> Answer {
        let believed = lock(&self.believed).clone();
        let expected = [
            ("grant_type", "access_token"),
            ("service", &self.name),
            ("access_token", &believed),
        ];
        let token = self
            .signer
            .sign_for(REFRESH, "pod", &[])
            .filter(|_| has(form, &expected));
        let Some(token) = token else {
            return unauthorized();
        };
        lock(&self.refresh).push(token.clone());
        Answer::json(json!({"refresh_token": token}).to_string())
    }

    fn token(&self, form: &[(String, String)]) -> Answer {
        let refresh = lock(&self.refresh).clone();
        let believed = refresh.iter().any(|token| has(form, &[("refresh_token", token)]));
        let rights: Vec<Value> = access(form, |_, action| action == "pull");
        let token = self.signer.sign("pod", &rights);
        match token.filter(|_| believed && has(form, &[("grant_type", "refresh_token")])) {
            Some(token) => Answer::json(json!({"access_token": token}).to_string()),
            None => unauthorized(),
        }
    }

    async fn forward(&self, seen: Seen) -> Answered {
        let behind = *lock(&self.behind);
        forward(seen, behind.ok_or(DropConnection::Close)?, Some(&self.name)).await
    }
}

fn unauthorized() -> Answer {
    let body = json!({"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]});
    Answer::status(401).body(body.to_string())
}

fn has(form: &[(String, String)], expected: &[(&str, &str)]) -> bool {
    let holds = |(key, value): &(&str, &str)| form.iter().any(|(k, v)| k == key && v == value);
    expected.iter().all(holds)
}
