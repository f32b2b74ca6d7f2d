//! The token server of Google.

use std::ops::Deref;
use std::time::Duration;

use anyhow::Context;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Value, json};

use super::Token;
use crate::clouds::StandIn;
use crate::token_server::pairs;
use crate::{Answer, Ca, Seen};

/// The service account of the key files.
const ACCOUNT: &str = "reader@acme.iam.gserviceaccount.com";

/// A token server as `oauth2.googleapis.com` is one, with the key of one service account.
///
/// It believes assertions that this key has signed, that are for it, for reading, and for an hour at most.
#[derive(Debug)]
pub struct GoogleTokens {
    server: StandIn<Token>,
    key_pem: String,
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
        let server = StandIn::start(("127.0.0.1", 0), Some(ca), move |seen, token: Option<Token>| {
            if seen.path != "/token" || !is_believed(seen, &believed) {
                let refusal = json!({"error": "invalid_grant", "error_description": "Invalid JWT Signature."});
                return Answer::status(400).body(refusal.to_string());
            }
            token.map_or(Answer::status(401), |token| token.answer())
        })?;
        let key_pem = key.serialize_pem();
        Ok(Self { server, key_pem })
    }

    /// The token for the account from now on.
    pub fn gives(&self, token: &str, life: Duration) {
        self.give(Token::new(token, life));
    }

    /// The text of a key file of the account.
    pub fn key_file(&self) -> String {
        let token_uri = format!("{}/token", self.url());
        let file = json!({
            "type": "service_account", "project_id": "acme", "private_key_id": "0123456789abcdef", "private_key": self.key_pem,
            "client_email": ACCOUNT, "client_id": "1234567890", "token_uri": token_uri,
        });
        file.to_string()
    }

    /// The private key that stands in the file.
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }
}

impl Deref for GoogleTokens {
    type Target = StandIn<Token>;

    fn deref(&self) -> &Self::Target {
        &self.server
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
