//! What Azure has that cannot be had here: the metadata server of its machines, its login server, and the door of its registries.
//! Made after its documentation.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use http::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use memory_registry::Users;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::http_server::{Answered, DropConnection, HttpServer};
use crate::logged_server::LoggedServer;
use crate::token_server::{Signer, access, pairs};
use crate::{Answer, Ca, Seen};

/// Whom tokens of Entra ID must be for, to open a registry.
const AUDIENCE: &str = "https://containerregistry.azure.net";

/// How long refresh tokens live.
const REFRESH: Duration = Duration::from_secs(3 * 60 * 60);

/// A token of Entra ID that is given from now on; no identity without one.
type Identity = Arc<Mutex<Option<String>>>;

fn given(identity: &Identity) -> Option<Answer> {
    let token = identity.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
    // The metadata server writes numbers as texts.
    let body = json!({"access_token": token, "expires_in": "86399", "resource": AUDIENCE, "token_type": "Bearer"});
    Some(Answer::json(body.to_string()))
}

fn refusal(status: u16, error: &str, description: &str) -> Answer {
    let body = json!({"error": error, "error_description": description});
    Answer::status(status)
        .header("content-type", "application/json")
        .body(body.to_string())
}

/// The metadata server as machines of Azure have it at 169.254.169.254, as far as it gives tokens.
///
/// Without the header `Metadata: true` every answer is 400.
#[derive(Debug)]
pub struct AzureMetadata {
    server: LoggedServer,
    identity: Identity,
}

impl AzureMetadata {
    /// Serves a machine without an identity, on a port of an address; 0 is a free one.
    ///
    /// # Errors
    ///
    /// The port cannot be had.
    pub fn start(at: (&str, u16)) -> anyhow::Result<Self> {
        let identity = Identity::default();
        let assigned = Arc::clone(&identity);
        let server = LoggedServer::start(at, None, move |seen| metadata(seen, &assigned))?;
        Ok(Self { server, identity })
    }

    /// The machine has an identity, and this is its token.
    pub fn gives(&self, token: &str) {
        *self.identity.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.to_owned());
    }

    /// Answers everything so, until told to be well again by `None`.
    pub fn instead(&self, answer: Option<Answer>) {
        self.server.instead(answer);
    }

    /// Its origin.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The requests that arrived.
    pub fn seen(&self) -> Vec<Seen> {
        self.server.seen()
    }

    /// How many tokens were asked for.
    pub fn tokens(&self) -> usize {
        self.seen()
            .iter()
            .filter(|seen| seen.header("metadata").is_some())
            .count()
    }
}

fn metadata(seen: &Seen, identity: &Identity) -> Answer {
    if seen.path != "/metadata/identity/oauth2/token" {
        return Answer::status(404);
    }
    if seen.header("metadata") != Some("true") {
        return refusal(400, "invalid_request", "Required metadata header not specified");
    }
    let query = pairs(&seen.query);
    let field = |name: &str| {
        query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    if field("api-version") != Some("2018-02-01") || field("resource") != Some(AUDIENCE) {
        return refusal(400, "invalid_request", "Required audience or version not specified");
    }
    given(identity).unwrap_or_else(|| refusal(400, "invalid_request", "Identity not found"))
}

/// The login server, `login.microsoftonline.com`, for one pod of one tenant.
#[derive(Debug)]
pub struct EntraId {
    server: LoggedServer,
    identity: Identity,
}

impl EntraId {
    /// Serves over TLS on a free port of 127.0.0.1, and believes `assertion` of this client of this tenant.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub fn start(ca: &Ca, tenant: &str, client: &str, assertion: &str) -> anyhow::Result<Self> {
        let identity = Identity::default();
        let assigned = Arc::clone(&identity);
        let path = format!("/{tenant}/oauth2/v2.0/token");
        let scope = format!("{AUDIENCE}/.default");
        let expected: Vec<(String, String)> = [
            ("grant_type", "client_credentials"),
            ("client_id", client),
            ("scope", &scope),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
        let server = LoggedServer::start(("127.0.0.1", 0), Some(ca), move |seen| {
            if seen.path != path || pairs(&String::from_utf8_lossy(&seen.body)) != expected {
                return refusal(
                    401,
                    "invalid_client",
                    "AADSTS70021: No matching federated identity record found",
                );
            }
            given(&assigned).unwrap_or_else(|| refusal(401, "invalid_client", "AADSTS700016: Application not found"))
        })?;
        Ok(Self { server, identity })
    }

    /// The token of the pod from now on.
    pub fn gives(&self, token: &str) {
        *self.identity.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.to_owned());
    }

    /// Its origin, as `AZURE_AUTHORITY_HOST` has it.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The requests that arrived.
    pub fn seen(&self) -> Vec<Seen> {
        self.server.seen()
    }
}

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
    seen: Mutex<Vec<Seen>>,
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
            seen: Mutex::default(),
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
        *self.door.behind.lock().unwrap_or_else(PoisonError::into_inner) = Some(behind);
    }

    /// Believes this token of Entra ID from now on, and no refresh token that was given before.
    pub fn believes(&self, entra_token: &str) {
        *self.door.believed.lock().unwrap_or_else(PoisonError::into_inner) = entra_token.to_owned();
        self.door.refresh.lock().unwrap_or_else(PoisonError::into_inner).clear();
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
        self.door.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The refresh tokens that were given and are believed.
    pub fn refresh_tokens(&self) -> Vec<String> {
        self.door.refresh.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many requests arrived for this path.
    pub fn asked(&self, path: &str) -> usize {
        self.seen().iter().filter(|seen| seen.path == path).count()
    }
}

impl Door {
    async fn answer(self: Arc<Self>, seen: Seen) -> Answered {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(seen.clone());
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
        let believed = self.believed.lock().unwrap_or_else(PoisonError::into_inner).clone();
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
        self.refresh
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(token.clone());
        Answer::json(json!({"refresh_token": token}).to_string())
    }

    fn token(&self, form: &[(String, String)]) -> Answer {
        let refresh = self.refresh.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let believed = refresh.iter().any(|token| has(form, &[("refresh_token", token)]));
        let rights: Vec<Value> = access(form, |_, action| action == "pull");
        let token = self.signer.sign("pod", &rights);
        match token.filter(|_| believed && has(form, &[("grant_type", "refresh_token")])) {
            Some(token) => Answer::json(json!({"access_token": token}).to_string()),
            None => unauthorized(),
        }
    }

    async fn forward(&self, seen: Seen) -> Answered {
        let behind = *self.behind.lock().unwrap_or_else(PoisonError::into_inner);
        let behind = behind.ok_or(DropConnection::Close)?;
        let stream = TcpStream::connect(behind).await.map_err(|_| DropConnection::Close)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|_| DropConnection::Close)?;
        tokio::spawn(connection);
        let mut request = Request::builder().method(seen.method.clone()).uri(seen.target());
        if let Some(headers) = request.headers_mut() {
            headers.clone_from(&seen.headers);
            // HTTP/2 has it elsewhere, and two of them are refused.
            headers.insert(
                http::header::HOST,
                self.name.parse().map_err(|_| DropConnection::Close)?,
            );
        }
        let request = request.body(Body::from(seen.body)).map_err(|_| DropConnection::Close)?;
        let response = sender.send_request(request).await.map_err(|_| DropConnection::Close)?;
        Ok(response.map(Body::new))
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

#[cfg(test)]
mod tests;
