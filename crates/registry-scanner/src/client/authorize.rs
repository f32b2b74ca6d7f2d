//! Who asks: challenges answered, tokens fetched, one identity tried after the other.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::codes::CredentialSource;
use domain::reference::Repository;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};
use transport::{HttpClient, Origin, Scheme, Secret};

use super::RegistryClient;
use super::send::{Answer, Ask, Budget, Outgoing, words};
use crate::challenge::{Challenge, challenges};
use crate::clouds::CloudError;
use crate::counters::Count;
use crate::credential::Credential;
use crate::credentials::{Identity, identities};
use crate::error::Failure;
use crate::realm::Realm;
use crate::token::{self, IdentityKey, Token, TokenKey};

/// How a registry wants to be shown a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Method {
    Basic,
    Bearer { realm: Realm, service: Option<String> },
}

/// Several requests about one repository, all in the same name and within one time limit.
pub(crate) struct Operation<'a> {
    client: &'a RegistryClient,
    repository: &'a Repository,
    http: HttpClient,
    identities: Vec<Identity>,
    /// The identity that is tried now.
    current: usize,
    /// Credentials are known, but may not travel without TLS.
    withheld: bool,
    cloud: Cloud,
    /// Scopes that a challenge wanted beside our own.
    more_scopes: BTreeSet<String>,
    budget: Budget,
    /// The token that was shown last; a server may send it back.
    token: Option<Secret>,
}

/// What the registry's cloud has been asked so far.
enum Cloud {
    /// Nothing yet: other credentials go first.
    Unasked,
    /// For its credential.
    Asked,
    /// For a fresh one as well.
    AskedAgain,
    /// In vain.
    Failed(CloudError),
}

/// An answer that may be used, or a refusal of the identity.
enum Outcome {
    Answer(Answer),
    Refused { status: StatusCode, words: String },
}

/// What goes into a request.
#[derive(Clone, Default)]
struct Shown {
    header: Option<HeaderValue>,
    token: Option<Secret>,
}

/// Why an identity has nothing to show.
enum NoProof {
    Refused { status: StatusCode, words: String },
    Failed(Failure),
}

impl From<Failure> for NoProof {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl RegistryClient {
    /// Reads the credentials for `repository` and begins to ask in their name.
    pub(crate) async fn operation<'a>(&'a self, repository: &'a Repository) -> Result<Operation<'a>, Failure> {
        let http = self.http().await?;
        let (configured, docker_config) = (self.config.credentials.as_ref(), self.hosts.docker_config());
        let mut identities = identities(repository, configured, docker_config, &self.clouds).await?;
        let withheld = self.origin.scheme() == Scheme::Http
            && !self.config.plain_http_credentials
            && identities.iter().any(|identity| identity.credential.is_some());
        if withheld {
            identities = vec![Identity::nobody()];
        }
        let first = &identities[0];
        let cloud = if first.is_of_cloud() || first.credential.is_none() {
            Cloud::Asked
        } else {
            Cloud::Unasked
        };
        Ok(Operation {
            client: self,
            repository,
            http,
            identities,
            current: 0,
            withheld,
            cloud,
            more_scopes: BTreeSet::new(),
            budget: Budget::new(whole_time(self.config.limits.timeout)),
            token: None,
        })
    }
}

/// A whole scan of a repository may take a minute, or two requests where one may take longer.
fn whole_time(one: Duration) -> Duration {
    Duration::from_secs(60).max(one.saturating_mul(2))
}

impl Operation<'_> {
    /// Asks in the name of the first identity that is not refused. Every status but 401, 403 and 429 is an answer.
    pub(crate) async fn ask(&mut self, ask: &Ask) -> Result<Answer, Failure> {
        loop {
            let (status, words) = match self.attempt(ask).await? {
                Outcome::Answer(answer) => {
                    self.client.health.used(&self.identity().source, self.withheld);
                    return Ok(answer);
                }
                Outcome::Refused { status, words } => (status, words),
            };
            if self.identity().credential.is_some() {
                self.client.counters.add(Count::RefusedCredential);
            }
            if !self.turn_to_next().await {
                return Err(Failure::Unauthorized {
                    status,
                    tried: self.tried(),
                    words,
                });
            }
        }
    }

    /// Goes on to the next identity, or to a fresh credential of the same cloud; `false` if there is none.
    async fn turn_to_next(&mut self) -> bool {
        if let Some(fresh) = self.fresh_of_cloud().await {
            self.identities[self.current] = fresh;
            return true;
        }
        if self.current + 1 == self.identities.len() {
            let Some(last) = self.last_of_cloud().await else {
                return false;
            };
            self.identities.push(last);
        }
        self.current += 1;
        true
    }

    /// Another credential in place of the cloud's that was just refused; asked for once.
    async fn fresh_of_cloud(&mut self) -> Option<Identity> {
        let identity = self.identity().clone();
        let refused = identity.credential.as_ref().filter(|_| identity.is_of_cloud())?;
        if !matches!(self.cloud, Cloud::Asked) {
            return None;
        }
        self.client.clouds.refused(self.repository.registry(), refused);
        let fresh = self.ask_cloud(Cloud::AskedAgain).await?;
        (fresh.credential.as_ref() != Some(refused)).then_some(fresh)
    }

    /// The cloud's credential, after those that were found elsewhere.
    async fn last_of_cloud(&mut self) -> Option<Identity> {
        match self.cloud {
            Cloud::Unasked => self.ask_cloud(Cloud::Asked).await,
            _ => None,
        }
    }

    async fn ask_cloud(&mut self, then: Cloud) -> Option<Identity> {
        self.cloud = then;
        match self.client.clouds.identity(self.repository.registry()).await? {
            Ok(identity) => Some(identity),
            Err(error) => {
                self.cloud = Cloud::Failed(error);
                None
            }
        }
    }

    /// A server's words about an answer, without our secrets.
    pub(crate) fn words(&self, answer: &Answer) -> String {
        words(&answer.body, &self.secrets())
    }

    fn identity(&self) -> &Identity {
        &self.identities[self.current]
    }

    fn tried(&self) -> String {
        if self.withheld {
            return "the credentials for this host were not sent, for it is spoken to without TLS; \
                    `plainHttpCredentials: true` in its entry of `registries.hosts` would allow it"
                .to_owned();
        }
        let sources = self.identities.iter().map(|identity| &identity.source);
        let names: Vec<String> = sources
            .filter(|source| **source != CredentialSource::Anonymous)
            .map(ToString::to_string)
            .collect();
        if names.is_empty() {
            return "no credential is known for it".to_owned();
        }
        let mut tried = format!("{} did not open it", names.join(", then "));
        if let Cloud::Failed(error) = &self.cloud {
            tried.push_str(&format!(", and {error}"));
        }
        tried
    }

    fn secrets(&self) -> Vec<Secret> {
        let credentials = self
            .identities
            .iter()
            .filter_map(|identity| identity.credential.as_ref());
        let of_credentials = credentials.map(|credential| credential.secret().clone());
        of_credentials.chain(self.token.clone()).collect()
    }

    /// Asks in the name of the current identity: once, and once more after a 401 that something can be done about.
    async fn attempt(&mut self, ask: &Ask) -> Result<Outcome, Failure> {
        let client = self.client;
        let _lead = client.pace.lead().await.map_err(Failure::JustFailed)?;
        let mut shown = match self.proof(None).await {
            Ok(shown) => shown,
            Err(no_proof) => return no_proof.outcome(),
        };
        let answer = self.send(ask, &shown).await?;
        if !refuses(&answer) {
            return Ok(Outcome::Answer(answer));
        }
        // A 403 that was answered to a proof is about this identity; one without a proof may be a way to say 401.
        if answer.status == StatusCode::FORBIDDEN && shown.header.is_some() {
            return Ok(self.refused(&answer));
        }
        self.learn(&answer)?;
        let before = shown;
        shown = match self.proof(before.token.as_ref()).await {
            Ok(shown) => shown,
            Err(no_proof) => return no_proof.outcome(),
        };
        if shown.header.is_none() || shown.header == before.header {
            return Ok(self.refused(&answer));
        }
        let answer = self.send(ask, &shown).await?;
        if refuses(&answer) {
            Ok(self.refused(&answer))
        } else {
            Ok(Outcome::Answer(answer))
        }
    }

    fn refused(&self, answer: &Answer) -> Outcome {
        Outcome::Refused {
            status: answer.status,
            words: self.words(answer),
        }
    }

    async fn send(&mut self, ask: &Ask, shown: &Shown) -> Result<Answer, Failure> {
        self.token.clone_from(&shown.token);
        let secrets = self.secrets();
        let outgoing = Outgoing::of(ask, shown.header.clone(), &secrets);
        let answer = self.client.send(&self.http, outgoing, &mut self.budget).await?;
        if refuses(&answer) && Origin::of(&answer.url).as_ref() != Some(&self.client.origin) {
            // Nothing was shown there, and what is asked for there is not the registry's to have.
            return Err(Failure::Status {
                who: "the server that the registry sends for it".to_owned(),
                status: answer.status,
                words: self.words(&answer),
            });
        }
        Ok(answer)
    }

    /// Remembers how the registry wants to be asked, so that the next requests need no refusal first.
    fn learn(&mut self, answer: &Answer) -> Result<(), Failure> {
        let asked = challenges(&answer.headers);
        let bearer = asked.iter().find_map(|challenge| match challenge {
            Challenge::Bearer { realm, service, scopes } => Some((realm, service, scopes)),
            Challenge::Basic => None,
        });
        let basic = asked.contains(&Challenge::Basic);
        if let Some((realm, service, scopes)) = bearer {
            match self.client.servers.decide(realm) {
                Ok(realm) => {
                    self.more_scopes = scopes.iter().filter_map(|scope| readable(scope)).collect();
                    self.client.learn(Method::Bearer {
                        realm,
                        service: service.clone(),
                    });
                    return Ok(());
                }
                // A registry token needs no token server.
                Err(_) if matches!(self.identity().credential, Some(Credential::RegistryToken { .. })) => {
                    self.client.learn(Method::Basic);
                    return Ok(());
                }
                Err(_) if basic => {}
                Err(refused) => return Err(refused.into()),
            }
        }
        // A server that refuses without asking for anything understands Basic, if anything.
        let silent = !answer.headers.contains_key(WWW_AUTHENTICATE) && self.client.method().is_none();
        if basic || silent {
            self.client.learn(Method::Basic);
        }
        Ok(())
    }

    /// What the current identity shows: nothing as long as the registry never asked.
    async fn proof(&mut self, rejected: Option<&Secret>) -> Result<Shown, NoProof> {
        let Some(method) = self.client.method() else {
            return Ok(Shown::default());
        };
        let credential = self.identity().credential.clone();
        match (method, credential) {
            (_, Some(Credential::RegistryToken { token })) => Ok(Shown {
                header: Some(bearer_header(&token)?),
                token: None,
            }),
            (Method::Basic, Some(Credential::Basic { username, password })) => Ok(Shown {
                header: Some(basic_header(&username, &password)?),
                token: None,
            }),
            (Method::Basic, Some(Credential::IdentityToken { .. })) => Err(NoProof::Refused {
                status: StatusCode::UNAUTHORIZED,
                words: "the registry wants a password, and there is only an identity token".to_owned(),
            }),
            (Method::Basic, None) => Ok(Shown::default()),
            (Method::Bearer { realm, service }, credential) => {
                let token = self.token(realm, service, credential, rejected).await?;
                Ok(Shown {
                    header: Some(bearer_header(&token)?),
                    token: Some(token),
                })
            }
        }
    }

    async fn token(
        &mut self,
        realm: Realm,
        service: Option<String>,
        credential: Option<Credential>,
        rejected: Option<&Secret>,
    ) -> Result<Secret, NoProof> {
        if credential.is_some() && !realm.credentials {
            return Err(NoProof::Refused {
                status: StatusCode::UNAUTHORIZED,
                words: "its token server is spoken to without TLS, and credentials are not sent there".to_owned(),
            });
        }
        let mut scopes = std::mem::take(&mut self.more_scopes);
        scopes.insert(format!("repository:{}:pull", self.repository.path()));
        let key = TokenKey {
            identity: credential.as_ref().map(|credential| IdentityKey(credential.id())),
            realm: realm.url,
            service,
            scopes: scopes.clone(),
        };
        self.more_scopes = scopes;
        let secrets = self.secrets();
        let (client, budget) = (self.client, &mut self.budget);
        let fetch = client.fetch_token(&key, credential.as_ref(), &secrets, budget);
        client.tokens.get(&key, rejected, fetch).await
    }
}

impl NoProof {
    fn outcome(self) -> Result<Outcome, Failure> {
        match self {
            Self::Refused { status, words } => Ok(Outcome::Refused { status, words }),
            Self::Failed(failure) => Err(failure),
        }
    }
}

impl RegistryClient {
    async fn fetch_token(
        &self,
        key: &TokenKey,
        credential: Option<&Credential>,
        secrets: &[Secret],
        budget: &mut Budget,
    ) -> Result<Token, NoProof> {
        let http = self.to_token_server(key).await?;
        let outgoing = match credential {
            Some(Credential::IdentityToken { token, .. }) => {
                Outgoing::for_token(key.realm.clone(), None, token::refresh_form(key, token), secrets)
            }
            Some(Credential::Basic { username, password }) => {
                let header = basic_header(username, password)?;
                Outgoing::for_token(token::query(key, Some(username)), Some(header), String::new(), secrets)
            }
            Some(Credential::RegistryToken { .. }) | None => {
                Outgoing::for_token(token::query(key, None), None, String::new(), secrets)
            }
        };
        let answer = self.send(&http, outgoing, budget).await?;
        match answer.status.as_u16() {
            200..300 => {
                token::read(&answer.body).map_err(|reason| Failure::bad("the token server's answer", reason).into())
            }
            400 | 401 | 403 => Err(NoProof::Refused {
                status: answer.status,
                words: format!("the token server says no {}", words(&answer.body, secrets))
                    .trim_end()
                    .to_owned(),
            }),
            _ => Err(NoProof::Failed(Failure::Status {
                who: "the token server".to_owned(),
                status: answer.status,
                words: words(&answer.body, secrets),
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

fn refuses(answer: &Answer) -> bool {
    matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

/// A scope of a challenge as far as it is about reading: whoever challenges us does not get to choose what we may write.
fn readable(scope: &str) -> Option<String> {
    let safe = scope.len() <= 512 && scope.bytes().all(|byte| byte.is_ascii_graphic());
    if safe && !scope.contains(':') {
        // Some registries know only one, such as `*` or `aws`.
        return Some(scope.to_owned());
    }
    let rest = scope.strip_prefix("repository:").filter(|_| safe)?;
    let (name, actions) = rest.rsplit_once(':')?;
    let actions: Vec<&str> = actions
        .split(',')
        .filter(|action| matches!(*action, "pull" | "metadata_read"))
        .collect();
    (!actions.is_empty()).then(|| format!("repository:{name}:{}", actions.join(",")))
}

fn basic_header(username: &str, password: &Secret) -> Result<HeaderValue, Failure> {
    let pair = Secret::new(format!("{username}:{}", password.expose()));
    sensitive(&format!("Basic {}", STANDARD.encode(pair.expose())))
}

fn bearer_header(token: &Secret) -> Result<HeaderValue, Failure> {
    sensitive(&format!("Bearer {}", token.expose()))
}

fn sensitive(text: &str) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| Failure::bad("the credential", "it holds characters that no header may have"))?;
    // Kept out of debug output and of HTTP/2's compression table.
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests;
