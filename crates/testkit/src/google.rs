//! What Google has that cannot be had here: its metadata server, and its token server. Made after its documentation.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Value, json};

use crate::logged_server::LoggedServer;
use crate::token_server::pairs;
use crate::{Answer, Ca, Seen};

/// Where the metadata server gives tokens.
const TOKEN: &str = "/computeMetadata/v1/instance/service-accounts/default/token";

/// The service account of the key files.
const ACCOUNT: &str = "reader@acme.iam.gserviceaccount.com";

/// The token that is given from now on, and how long it lives; no account without one.
type Account = Arc<Mutex<Option<(String, Duration)>>>;

/// A metadata server as machines of Google's cloud have it at 169.254.169.254, under the name `metadata.google.internal`.
///
/// Without the header `Metadata-Flavor: Google` every answer is 403, and each carries that header itself.
#[derive(Debug)]
pub struct GoogleMetadata {
    server: LoggedServer,
    account: Account,
}

impl GoogleMetadata {
    /// Serves a machine without a service account, on a port of an address; 0 is a free one.
    ///
    /// # Errors
    ///
    /// The port cannot be had.
    pub fn start(at: (&str, u16)) -> anyhow::Result<Self> {
        let account = Account::default();
        let given = Arc::clone(&account);
        let server = LoggedServer::start(at, None, move |seen| {
            metadata(seen, &given).header("metadata-flavor", "Google")
        })?;
        Ok(Self { server, account })
    }

    /// The machine has a service account, and this is its token for so long.
    pub fn gives(&self, token: &str, life: Duration) {
        *self.account.lock().unwrap_or_else(PoisonError::into_inner) = Some((token.to_owned(), life));
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
        self.seen().iter().filter(|seen| seen.path == TOKEN).count()
    }
}

fn metadata(seen: &Seen, account: &Account) -> Answer {
    if seen.header("metadata-flavor") != Some("Google") {
        return Answer::status(403);
    }
    match seen.path.as_str() {
        "/" => Answer::status(200).body("computeMetadata/\n"),
        "/computeMetadata/v1/project/project-id" => Answer::status(200).body("acme"),
        TOKEN => given(account).unwrap_or_else(|| Answer::status(404)),
        _ => Answer::status(404),
    }
}

fn given(account: &Account) -> Option<Answer> {
    let account = account.lock().unwrap_or_else(PoisonError::into_inner);
    let (token, life) = account.as_ref()?;
    let body = json!({"access_token": token, "expires_in": life.as_secs(), "token_type": "Bearer"});
    Some(Answer::json(body.to_string()))
}

/// A token server as `oauth2.googleapis.com` is one, with the key of one service account.
///
/// It believes assertions that this key has signed, that are for it, for reading, and for an hour at most.
#[derive(Debug)]
pub struct GoogleTokens {
    server: LoggedServer,
    account: Account,
    key_pem: String,
    token_uri: String,
}

impl GoogleTokens {
    /// Serves over TLS on a free port of 127.0.0.1; gives no token until it is told which.
    ///
    /// # Errors
    ///
    /// There is no port or no randomness.
    pub fn start(ca: &Ca) -> anyhow::Result<Self> {
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).context("making an RSA key")?;
        let believed = DecodingKey::from_rsa_pem(key.public_key_pem().as_bytes())?;
        let account = Account::default();
        let given_now = Arc::clone(&account);
        let server = LoggedServer::start(("127.0.0.1", 0), Some(ca), move |seen| {
            if seen.path != "/token" || !is_believed(seen, &believed) {
                let refusal = json!({"error": "invalid_grant", "error_description": "Invalid JWT Signature."});
                return Answer::status(400).body(refusal.to_string());
            }
            given(&given_now).unwrap_or_else(|| Answer::status(401))
        })?;
        Ok(Self {
            token_uri: format!("{}/token", server.url()),
            server,
            account,
            key_pem: key.serialize_pem(),
        })
    }

    /// The token for the account from now on.
    pub fn gives(&self, token: &str, life: Duration) {
        *self.account.lock().unwrap_or_else(PoisonError::into_inner) = Some((token.to_owned(), life));
    }

    /// Answers everything so, until told to be well again by `None`.
    pub fn instead(&self, answer: Option<Answer>) {
        self.server.instead(answer);
    }

    /// The text of a key file of the account.
    pub fn key_file(&self) -> String {
        let file = json!({
            "type": "service_account", "project_id": "acme", "private_key_id": "0123456789abcdef", "private_key": self.key_pem,
            "client_email": ACCOUNT, "client_id": "1234567890", "token_uri": self.token_uri,
        });
        file.to_string()
    }

    /// The private key that stands in the file.
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// The requests that arrived.
    pub fn seen(&self) -> Vec<Seen> {
        self.server.seen()
    }
}

fn is_believed(seen: &Seen, key: &DecodingKey) -> bool {
    let form = pairs(&String::from_utf8_lossy(&seen.body));
    let field = |name: &str| {
        form.iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[format!("https://{}/token", seen.host)]);
    validation.set_issuer(&[ACCOUNT]);
    let assertion = field("assertion").unwrap_or_default();
    let Ok(token) = jsonwebtoken::decode::<Value>(assertion, key, &validation) else {
        return false;
    };
    let (issued, ends) = (token.claims["iat"].as_u64(), token.claims["exp"].as_u64());
    let an_hour = issued.zip(ends).is_some_and(|(issued, ends)| ends <= issued + 3600);
    let scopes = token.claims["scope"].as_str().unwrap_or_default();
    let reads = scopes
        .split(' ')
        .all(|scope| scope.ends_with(".read-only") || scope.ends_with(".read_only"));
    field("grant_type") == Some("urn:ietf:params:oauth:grant-type:jwt-bearer") && an_hour && reads
}

#[cfg(test)]
mod tests;
