//! Tokens from token servers, and what goes into the header.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderValue;
use transport::{HttpClient, Origin, Secret};
use zeroize::{Zeroize, Zeroizing};

use super::RegistryClient;
use super::answer::words;
use super::ask::Outgoing;
use super::authorize::NoProof;
use super::budget::Budget;
use crate::credential::Credential;
use crate::error::Failure;
use crate::token::{self, Token, TokenKey};

impl RegistryClient {
    /// Asks the token server for a token, in the name of `credential` or of nobody.
    pub(super) async fn fetch_token(
        &self,
        key: &TokenKey,
        credential: Option<&Credential>,
        secrets: &[Secret],
        budget: &mut Budget,
    ) -> Result<Token, NoProof> {
        let http = self.to_token_server(key).await?;
        let outgoing = match credential {
            Some(Credential::IdentityToken { token, .. }) => {
                let form = token::refresh_form(key, token);
                Outgoing::for_token(key.realm.clone(), None, Some(&form), secrets)
            }
            Some(Credential::Basic { username, password }) => {
                let header = basic_header(username, password)?;
                Outgoing::for_token(token::query(key, Some(username)), Some(header), None, secrets)
            }
            Some(Credential::RegistryToken { .. }) | None => {
                Outgoing::for_token(token::query(key, None), None, None, secrets)
            }
        };
        let answer = self.send(&http, outgoing, budget).await?;
        match answer.status.as_u16() {
            200..300 => {
                token::read(&answer.body).map_err(|reason| Failure::bad("the token server's answer", reason).into())
            }
            // A server that knows no identity tokens may still know a password.
            404 | 405 if matches!(credential, Some(Credential::IdentityToken { .. })) => Err(NoProof::Refused {
                status: answer.status,
                words: "the token server takes no identity tokens".to_owned(),
            }),
            400 | 401 | 403 => Err(NoProof::Refused {
                status: answer.status,
                words: format!(
                    "the token server says no {}",
                    words(&answer.body, &self.told.redactor(secrets))
                )
                .trim_end()
                .to_owned(),
            }),
            _ => Err(NoProof::Failed(Failure::Status {
                who: "the token server".to_owned(),
                status: answer.status,
                words: words(&answer.body, &self.told.redactor(secrets)),
            })),
        }
    }

    /// A token server has the TLS of its own entry, else the registry's.
    async fn to_token_server(&self, key: &TokenKey) -> Result<HttpClient, Failure> {
        let own = self.config.ca_file.as_deref();
        let ca_file = Origin::of(&key.realm).and_then(|origin| {
            if origin == self.origin {
                own
            } else {
                self.hosts.ca_file(&origin, own)
            }
        });
        self.connections.to_host(ca_file).await
    }
}

pub(super) fn basic_header(username: &str, password: &Secret) -> Result<HeaderValue, Failure> {
    let (user, password) = (username.as_bytes(), password.expose().as_bytes());
    let pair = Zeroizing::new([user, b":", password].concat());
    let length = base64::encoded_len(pair.len(), true).unwrap_or_default();
    let mut encoded = Zeroizing::new(vec![0; length]);
    // The length was computed for it.
    let written = STANDARD.encode_slice(&*pair, &mut encoded).unwrap_or_default();
    sensitive(b"Basic ", &encoded[..written])
}

pub(super) fn bearer_header(token: &Secret) -> Result<HeaderValue, Failure> {
    sensitive(b"Bearer ", token.expose().as_bytes())
}

/// The bytes of a header or a form, overwritten when the last clone of them is gone.
pub(super) fn wiped(bytes: Vec<u8>) -> Bytes {
    Bytes::from_owner(Wiped(bytes))
}

struct Wiped(Vec<u8>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

fn sensitive(scheme: &[u8], rest: &[u8]) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_maybe_shared(wiped([scheme, rest].concat()))
        .map_err(|_| Failure::bad("the credential", "it holds characters that no header may have"))?;
    // Kept out of debug output and of HTTP/2's compression table.
    value.set_sensitive(true);
    Ok(value)
}
