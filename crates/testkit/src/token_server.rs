//! The token service that the real registries believe.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use memory_registry::{Action, Users};
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Value, json};

use crate::http_server::{Answered, HttpServer};
use crate::{Answer, Ca, Seen};

/// The `iss` of all tokens.
pub(crate) const ISSUER: &str = "test-issuer";
/// The `service` of all challenges, and the `aud` of all tokens.
pub(crate) const SERVICE: &str = "registry.test";

/// A token service: RS256, with its certificate in each token's `x5c`.
///
/// A registry believes it that was started with [`crate::RegistrySettings::token`].
#[derive(Debug)]
pub struct TokenServer {
    server: HttpServer,
    certificate_pem: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// What makes tokens.
pub(crate) struct Signer {
    key: EncodingKey,
    certificate: String,
    users: Users,
    lifetime: Duration,
}

impl TokenServer {
    /// Gives `users` tokens that live for `lifetime`, over plain HTTP.
    ///
    /// # Errors
    ///
    /// There is no port or no randomness.
    pub fn start(users: Users, lifetime: Duration) -> anyhow::Result<Self> {
        Self::listen(users, lifetime, None)
    }

    /// The same over TLS.
    ///
    /// # Errors
    ///
    /// There is no port or no randomness.
    pub fn start_tls(users: Users, lifetime: Duration, ca: &Ca) -> anyhow::Result<Self> {
        Self::listen(users, lifetime, Some(ca))
    }

    fn listen(users: Users, lifetime: Duration, ca: Option<&Ca>) -> anyhow::Result<Self> {
        let (signer, certificate_pem) = Signer::new(users, lifetime)?;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, signer) = (Arc::clone(&seen), Arc::new(signer));
        let server = HttpServer::start("127.0.0.1", ca, move |request: Seen| {
            log.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
            answer(Arc::clone(&signer), request)
        })?;
        Ok(Self {
            server,
            certificate_pem,
            seen,
        })
    }

    /// The realm: where tokens are asked for.
    pub fn realm(&self) -> String {
        format!("{}/token", self.server.url())
    }

    /// Its `HOST:PORT`, as `tokenHosts` has it.
    pub fn host(&self) -> String {
        self.server.address().to_string()
    }

    /// The certificate that its tokens are signed by.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The requests that arrived.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn answer(signer: Arc<Signer>, seen: Seen) -> Answered {
    let answer = if seen.path == "/token" {
        signer.token(&seen)
    } else {
        Some(Answer::status(404))
    };
    answer
        .unwrap_or_else(|| Answer::challenge(r#"Basic realm="token server""#))
        .give(false)
        .await
}

impl Signer {
    /// A new one, and its certificate as PEM.
    pub(crate) fn new(users: Users, lifetime: Duration) -> anyhow::Result<(Self, String)> {
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).context("making an RSA key")?;
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name.push(DnType::CommonName, "token signer");
        let certificate = parameters.self_signed(&key)?;
        let signer = Self {
            key: EncodingKey::from_rsa_pem(key.serialize_pem().as_bytes())?,
            certificate: STANDARD.encode(certificate.der()),
            users,
            lifetime,
        };
        Ok((signer, certificate.pem()))
    }

    /// A token for what the caller may do of what it asks for; `None` if it is not who it claims to be.
    fn token(&self, seen: &Seen) -> Option<Answer> {
        let credential = match seen.header("authorization") {
            Some(header) => Some(basic(header)?),
            None => None,
        };
        let named = credential
            .as_ref()
            .map(|(user, password)| (user.as_str(), password.as_str()));
        let rights = self.users.rights(named)?;
        let allowed = |name: &str, word: &str| {
            Action::ALL
                .into_iter()
                .any(|action| action.name() == word && rights.allow(name, action))
        };
        let token = self.sign(
            named.map_or("", |(user, _)| user),
            &access(&pairs(&seen.query), allowed),
        )?;
        let body = json!({"token": token, "access_token": token, "expires_in": self.lifetime.as_secs()});
        Some(Answer::json(body.to_string()))
    }

    /// A token for `user`.
    pub(crate) fn sign(&self, user: &str, access: &[Value]) -> Option<String> {
        self.sign_for(self.lifetime, user, access)
    }

    /// A token for `user` that lives for so long.
    pub(crate) fn sign_for(&self, lifetime: Duration, user: &str, access: &[Value]) -> Option<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        let claims = json!({
            "iss": ISSUER, "aud": SERVICE, "sub": user, "jti": format!("{}", now.as_nanos()),
            "iat": now.as_secs(), "nbf": now.as_secs() - 5, "exp": (now + lifetime).as_secs(),
            "access": access,
        });
        let header = Header {
            x5c: Some(vec![self.certificate.clone()]),
            ..Header::new(Algorithm::RS256)
        };
        jsonwebtoken::encode(&header, &claims, &self.key).ok()
    }
}

/// What the scopes of a question come to.
pub(crate) fn access(pairs: &[(String, String)], allowed: impl Fn(&str, &str) -> bool) -> Vec<Value> {
    let scopes = pairs
        .iter()
        .filter(|(key, _)| key == "scope")
        .flat_map(|(_, scopes)| scopes.split_whitespace());
    scopes
        .filter_map(|scope| {
            let (kind, rest) = scope.split_once(':')?;
            let (name, actions) = rest.rsplit_once(':')?;
            let actions: Vec<&str> = actions.split(',').filter(|word| allowed(name, word)).collect();
            Some(json!({"type": kind, "name": name, "actions": actions}))
        })
        .collect()
}

/// User and password of an `Authorization` header.
fn basic(header: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(header.strip_prefix("Basic ")?).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// The pairs of a query, decoded.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    let uri = http::Uri::builder().path_and_query(format!("/?{query}")).build();
    let pairs = uri.ok().and_then(|uri| axum::extract::Query::try_from_uri(&uri).ok());
    pairs.map(|axum::extract::Query(pairs)| pairs).unwrap_or_default()
}

#[cfg(test)]
mod tests;
