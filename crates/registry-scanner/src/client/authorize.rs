//! Who asks: challenges answered, one candidate tried after the other.

mod ping;

use std::collections::BTreeSet;
use std::time::Duration;

use domain::codes::CredentialSource;
use domain::reference::Repository;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};
use transport::{HttpClient, Origin, Redactor, Scheme, Secret, chain};

use super::RegistryClient;
use super::answer::{Answer, words};
use super::ask::{Ask, Outgoing};
use super::budget::Budget;
use super::line::Line;
use super::proof::{basic_header, bearer_header};
use crate::challenge::{Challenge, challenges, readable};
use crate::clouds::CloudError;
use crate::counters::Count;
use crate::credential::Credential;
use crate::credentials::{Candidate, CredentialUnavailable, Identity, Passed, candidates};
use crate::error::Failure;
use crate::helper::HelperError;
use crate::realm::{Realm, RealmRefused};
use crate::token::{IdentityKey, TokenKey};

/// Scopes of a challenge that are asked for; nobody wants more than a few. They are kept with each token.
const MOST_SCOPES: usize = 16;

/// How a registry wants to be shown a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Method {
    Basic,
    Bearer { realm: Realm, service: Option<String> },
}

/// Several requests about one repository, within one time limit, each in the name of the first candidate that is not refused.
pub(crate) struct Operation<'a> {
    client: &'a RegistryClient,
    repository: &'a Repository,
    http: HttpClient,
    line: Line,
    /// Credentials are known, but may not travel without TLS.
    withheld: bool,
    /// The last answer to a candidate that was refused.
    refusal: Option<(StatusCode, String)>,
    /// A realm that was named to a candidate that would have to ask there.
    misled: Option<RealmRefused>,
    /// Scopes that a challenge wanted beside our own.
    more_scopes: BTreeSet<String>,
    budget: Budget,
    /// The token that was shown last; a server may send it back.
    token: Option<Secret>,
}

/// What goes into a request.
#[derive(Clone, Default)]
struct Shown {
    header: Option<HeaderValue>,
    token: Option<Secret>,
}

/// Why a candidate does not do.
pub(super) enum NoProof {
    /// The registry or its token server does not accept it.
    Refused { status: StatusCode, words: String },
    /// It would have to go to a token server that may not be asked.
    Misled(RealmRefused),
    /// It cannot be had, though it should.
    Unavailable(Passed, CredentialUnavailable),
    /// There is none after all.
    Absent(Option<Passed>),
    /// No other candidate would do better.
    Failed(Failure),
}

impl From<Failure> for NoProof {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl RegistryClient {
    /// Reads the candidates for `repository` and begins to ask in their name.
    pub(crate) async fn operation<'a>(&'a self, repository: &'a Repository) -> Result<Operation<'a>, Failure> {
        let http = self.http().await?;
        let (configured, docker_config) = (self.config.credentials.as_ref(), self.hosts.docker_config());
        let found = candidates(repository, configured, docker_config, &self.helpers).await;
        self.told.note(&found.neighbours);
        let bare = self.origin.scheme() == Scheme::Http && !self.config.plain_http_credentials;
        let withheld = bare && found.has_credentials();
        let found = if bare { found.withheld() } else { found };
        let line = Line::new(found, repository.path(), &self.openers);
        let mut operation = Operation {
            client: self,
            repository,
            http,
            line,
            withheld,
            refusal: None,
            misled: None,
            more_scopes: BTreeSet::new(),
            budget: Budget::new(whole_time(self.config.limits.timeout)),
            token: None,
        };
        operation.begin().await?;
        Ok(operation)
    }
}

/// A whole scan of a repository may take a minute, or two requests where one may take longer.
pub(super) fn whole_time(one: Duration) -> Duration {
    Duration::from_secs(60).max(one.saturating_mul(2))
}

impl Operation<'_> {
    /// Where a file that somebody named cannot be read, nothing is asked before there is another credential.
    async fn begin(&mut self) -> Result<(), Failure> {
        if self.line.is_only_of_cloud() {
            match self.identify().await {
                Ok(_) => {}
                Err(NoProof::Unavailable(passed, why)) => {
                    self.line.unavailable(passed, why);
                }
                Err(_) => self.line.absent(None),
            }
        }
        if self.line.has_turn() {
            Ok(())
        } else {
            Err(self.closed())
        }
    }

    /// Asks in the name of the first candidate that is not refused. Every status but 401, 403 and 429 is an answer.
    pub(crate) async fn ask(&mut self, ask: &Ask) -> Result<Answer, Failure> {
        loop {
            match self.attempt(ask).await {
                Ok((answer, shown)) => {
                    self.opened(shown);
                    return Ok(answer);
                }
                Err(no_proof) => {
                    if !self.turn_to_next(no_proof).await? {
                        return Err(self.closed());
                    }
                }
            }
        }
    }

    /// Who the last answer was for, in this operation or in an earlier one.
    pub(crate) fn who(&self) -> Option<&CredentialSource> {
        self.line.known().used.as_ref()
    }

    /// A server's words about an answer, without our secrets.
    pub(crate) fn words(&self, answer: &Answer) -> String {
        words(&answer.body, &self.redactor())
    }

    /// Goes on to the next candidate, or to a fresh credential of the same; `false` if there is none.
    async fn turn_to_next(&mut self, no_proof: NoProof) -> Result<bool, Failure> {
        Ok(match no_proof {
            NoProof::Refused { status, words } => {
                let is_somebody = self
                    .line
                    .identity()
                    .is_some_and(|identity| identity.credential.is_some());
                if is_somebody {
                    self.client.counters.add(Count::RefusedCredential);
                }
                let reason = refusal(status, &words);
                self.refusal = Some((status, words));
                self.renew().await || self.line.refused(&reason)
            }
            NoProof::Misled(refused) => {
                let left = self.line.refused(&refused.to_string());
                self.misled.get_or_insert(refused);
                left
            }
            NoProof::Unavailable(passed, why) => self.line.unavailable(passed, why),
            NoProof::Absent(passed) => {
                self.line.absent(passed);
                self.line.has_turn()
            }
            NoProof::Failed(failure) => return Err(failure),
        })
    }

    /// Fetches a fresh credential in place of one that was refused, where a helper or a cloud gave it; `false` if there is none.
    async fn renew(&mut self) -> bool {
        let Some(refused) = self.line.renewable() else {
            return false;
        };
        self.client.clouds.refused(self.repository.registry(), &refused);
        let fresh = match self.fetch(Some(&refused)).await {
            Ok(identity) if identity.credential.as_ref() != Some(&refused) => identity,
            _ => return false,
        };
        self.line.identify(fresh);
        true
    }

    fn opened(&mut self, shown: bool) {
        if !self.line.opened(shown) {
            return;
        }
        self.client.openers.note(self.repository.path(), self.line.known());
        let used = self.line.known().used.clone().unwrap_or(CredentialSource::Anonymous);
        self.client.health.used(&used, self.withheld);
    }

    /// Why nobody opens the repository.
    fn closed(&mut self) -> Failure {
        self.line.closed();
        self.client.openers.note(self.repository.path(), self.line.known());
        if let Some(refused) = self.misled.take() {
            return refused.into();
        }
        if let Some(why) = self.line.why_unavailable() {
            return why.into();
        }
        let (status, words) = self.refusal.take().unwrap_or((StatusCode::UNAUTHORIZED, String::new()));
        Failure::Unauthorized {
            status,
            tried: self.tried(),
            words,
        }
    }

    fn tried(&self) -> String {
        if self.withheld {
            return "the credentials for this host were not sent, for it is spoken to without TLS; \
                    `plainHttpCredentials: true` in its entry of `registries.hosts` would allow it"
                .to_owned();
        }
        self.line.story()
    }

    /// Takes out of a text what may have been shown to a server.
    pub(crate) fn redactor(&self) -> Redactor {
        self.client.told.redactor(&self.secrets())
    }

    fn secrets(&self) -> Vec<Secret> {
        self.line.secrets().chain(self.token.clone()).collect()
    }

    /// Asks in the name of the current candidate: once, and once more where the registry turns out to want more. Also returns
    /// whether a credential was shown.
    async fn attempt(&mut self, ask: &Ask) -> Result<(Answer, bool), NoProof> {
        let client = self.client;
        let _lead = client.pace.lead().await.map_err(Failure::JustFailed)?;
        if self.line.lacks_somebody() && !self.wants_to_know().await? {
            // What is configured and cannot be had is never replaced by a request as nobody.
            return Err(self.closed().into());
        }
        let before = self.proof(None).await?;
        let answer = self.send(ask, &before).await?;
        let shown = if refuses(&answer) {
            // A 403 that was answered to a proof is about this identity; one without a proof may be a way to say 401.
            if answer.status == StatusCode::FORBIDDEN && before.header.is_some() {
                return Err(self.refused(&answer));
            }
            self.learn(&answer).await?;
            self.proof(before.token.as_ref()).await?
        } else if before.header.is_none() && self.line.is_somebody() && self.wants_to_know().await? {
            self.proof(None).await?
        } else {
            return Ok((answer, before.header.is_some()));
        };
        if shown.header.is_none() || shown.header == before.header {
            return Err(self.refused(&answer));
        }
        let answer = self.send(ask, &shown).await?;
        if refuses(&answer) {
            Err(self.refused(&answer))
        } else {
            Ok((answer, true))
        }
    }

    fn refused(&self, answer: &Answer) -> NoProof {
        NoProof::Refused {
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
    async fn learn(&mut self, answer: &Answer) -> Result<(), NoProof> {
        let asked = challenges(&answer.headers);
        let bearer = asked.iter().find_map(|challenge| match challenge {
            Challenge::Bearer { realm, service, scopes } => Some((realm, service, scopes)),
            Challenge::Basic => None,
        });
        let basic = asked.contains(&Challenge::Basic);
        if let Some((realm, service, scopes)) = bearer {
            match self.client.servers.decide(realm) {
                Ok(realm) => {
                    let readable = scopes.iter().filter_map(|scope| readable(scope));
                    self.more_scopes = readable.take(MOST_SCOPES).collect();
                    self.client.learn(Method::Bearer {
                        realm,
                        service: service.clone(),
                    });
                    return Ok(());
                }
                Err(_) if basic => {}
                Err(refused) => {
                    // A registry token needs no token server.
                    let identity = self.identify().await?;
                    if !matches!(identity.credential, Some(Credential::RegistryToken { .. })) {
                        return Err(NoProof::Misled(refused.redacted(&self.redactor())));
                    }
                    self.client.learn(Method::Basic);
                    return Ok(());
                }
            }
        }
        // A server that refuses without asking for anything understands Basic, if anything.
        let silent = !answer.headers.contains_key(WWW_AUTHENTICATE) && self.client.method().is_none();
        if basic || silent {
            self.client.learn(Method::Basic);
        }
        Ok(())
    }

    /// Who the current candidate is; a helper or a cloud is asked now, for now it is known that the registry wants somebody.
    async fn identify(&mut self) -> Result<Identity, NoProof> {
        if let Some(identity) = self.line.identity() {
            return Ok(identity.clone());
        }
        let identity = self.fetch(None).await?;
        self.line.identify(identity.clone());
        Ok(identity)
    }

    async fn fetch(&self, refused: Option<&Credential>) -> Result<Identity, NoProof> {
        let registry = self.repository.registry();
        match self.line.candidate() {
            Candidate::Known(identity) => Ok(identity.clone()),
            Candidate::Helper(name) => match self.client.helpers.credential(name, registry, refused).await {
                Ok(Some(credential)) => Ok(Identity {
                    source: CredentialSource::Helper { name: name.clone() },
                    credential: Some(credential),
                }),
                Ok(None) => Err(without(name, registry)),
                Err(error) => Err(broken(name, error)),
            },
            Candidate::Cloud => match self.client.clouds.identity(self.client).await {
                None => Err(NoProof::Absent(None)),
                Some(Ok(identity)) => Ok(identity),
                Some(Err(error)) => Err(error.into()),
            },
        }
    }

    /// What the current candidate shows: nothing as long as the registry never asked.
    async fn proof(&mut self, rejected: Option<&Secret>) -> Result<Shown, NoProof> {
        let Some(method) = self.client.method() else {
            return Ok(Shown::default());
        };
        let credential = self.identify().await?.credential;
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

impl From<CloudError> for NoProof {
    fn from(error: CloudError) -> Self {
        let passed = Passed {
            code: "cloud",
            name: "the cloud's credential".to_owned(),
            reason: error.to_string(),
        };
        Self::Unavailable(passed, error.into())
    }
}

/// A helper that has nothing is like an entry that is not there, but worth a word.
fn without(name: &str, registry: &domain::reference::Registry) -> NoProof {
    let source = CredentialSource::Helper { name: name.to_owned() };
    let reason = format!("it has no credential for `{registry}`; `docker login {registry}` would give it one");
    NoProof::Absent(Some(Passed::new(&source, reason)))
}

fn broken(name: &str, error: HelperError) -> NoProof {
    let source = CredentialSource::Helper { name: name.to_owned() };
    let passed = Passed::new(&source, chain(&error).to_string());
    let why = CredentialUnavailable::Helper {
        name: name.to_owned(),
        source: error,
    };
    NoProof::Unavailable(passed, why)
}

fn refusal(status: StatusCode, words: &str) -> String {
    if words.is_empty() {
        format!("the answer was {status}")
    } else {
        format!("the answer was {status}: {words}")
    }
}

fn refuses(answer: &Answer) -> bool {
    matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

#[cfg(test)]
mod tests;
