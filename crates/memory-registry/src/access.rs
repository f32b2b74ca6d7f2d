//! Who may do what: users, their rights, and the tokens given to them.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};
use tokio::time::Instant;

use crate::Credential;

/// How callers prove who they are.
#[derive(Debug, Clone, Default)]
pub enum Authentication {
    /// Everybody may do everything.
    #[default]
    Open,
    /// User and password with each request.
    Basic(Users),
    /// Tokens of the registry's own token service.
    Bearer(TokenService),
}

impl Authentication {
    /// User and password with each request.
    pub fn basic(users: Users) -> Self {
        Self::Basic(users)
    }

    /// Tokens that live for five minutes, for the service `registry.test`.
    pub fn bearer(users: Users) -> Self {
        Self::Bearer(TokenService::new(users))
    }
}

/// The settings of the token service at `/token`.
#[derive(Debug, Clone)]
pub struct TokenService {
    /// Who gets tokens, and for what.
    pub users: Users,
    /// The `service` that challenges name.
    pub service: String,
    /// How long a token is good, as `expires_in` says.
    pub lifetime: Duration,
    /// How many requests a token is good for; any number, if `None`. So a token ends on a certain page of a list.
    pub uses: Option<u32>,
    /// The `realm` that challenges name; `/token` at the host that the request
    /// named, if `None`.
    pub realm: Option<String>,
}

impl TokenService {
    /// Tokens that live for five minutes, for the service `registry.test`.
    pub fn new(users: Users) -> Self {
        Self {
            users,
            service: "registry.test".to_owned(),
            lifetime: Duration::from_mins(5),
            uses: None,
            realm: None,
        }
    }
}

/// The users of a registry; nobody at first.
#[derive(Debug, Clone, Default)]
pub struct Users {
    anonymous: Rights,
    named: HashMap<String, User>,
}

#[derive(Debug, Clone)]
struct User {
    password: String,
    rights: Rights,
}

impl Users {
    /// Nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// These users and one more.
    #[must_use]
    pub fn with(mut self, name: &str, password: &str, rights: Rights) -> Self {
        self.named.insert(
            name.to_owned(),
            User {
                password: password.to_owned(),
                rights,
            },
        );
        self
    }

    /// These users, and rights for callers without a credential.
    #[must_use]
    pub fn with_anonymous(mut self, rights: Rights) -> Self {
        self.anonymous = rights;
        self
    }

    /// The rights of a user and password, or of callers without; `None` if these are wrong.
    pub fn rights(&self, credential: Option<(&str, &str)>) -> Option<Rights> {
        let caller = match credential {
            Some((name, password)) => self.identify(name, password)?,
            None => self.anonymous(),
        };
        Some(caller.rights)
    }

    /// The caller that the password belongs to.
    pub(crate) fn identify(&self, name: &str, password: &str) -> Option<Caller> {
        let user = self.named.get(name).filter(|user| user.password == password)?;
        Some(Caller {
            user: Some(name.to_owned()),
            rights: user.rights.clone(),
        })
    }

    /// The caller without a credential.
    pub(crate) fn anonymous(&self) -> Caller {
        Caller {
            user: None,
            rights: self.anonymous.clone(),
        }
    }
}

/// Something that can be done with a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Read tags, manifests and blobs.
    Pull,
    /// Write them.
    Push,
    /// Delete them.
    Delete,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pull, Self::Push, Self::Delete];

    /// As it is spelled in scopes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Delete => "delete",
        }
    }
}

/// What a user may do; nothing at first.
#[derive(Debug, Clone, Default)]
pub struct Rights(Vec<Right>);

#[derive(Debug, Clone)]
struct Right {
    repositories: String,
    actions: Vec<Action>,
}

impl Rights {
    /// Nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Everything everywhere.
    pub fn all() -> Self {
        Self::none().and("*", &Action::ALL)
    }

    /// Reading; see [`Rights::and`] for `repositories`.
    pub fn pull(repositories: &str) -> Self {
        Self::none().and(repositories, &[Action::Pull])
    }

    /// These rights and `actions` in `repositories`: one name, all names under
    /// a prefix (`acme/*`), or all (`*`).
    #[must_use]
    pub fn and(mut self, repositories: &str, actions: &[Action]) -> Self {
        self.0.push(Right {
            repositories: repositories.to_owned(),
            actions: actions.to_vec(),
        });
        self
    }

    /// Whether these allow `action` in `repository`.
    pub fn allow(&self, repository: &str, action: Action) -> bool {
        self.0
            .iter()
            .any(|right| right.covers(repository) && right.actions.contains(&action))
    }

    /// Whether these allow to see the names of all repositories.
    pub(crate) fn allow_catalog(&self) -> bool {
        self.0
            .iter()
            .any(|right| right.repositories == "*" && right.actions.contains(&Action::Pull))
    }

    /// What these allow of what the scopes ask for.
    pub(crate) fn within(&self, scopes: &[&str]) -> Self {
        let mut granted = Self::none();
        for scope in scopes {
            if *scope == "*" || (*scope == "registry:catalog:*" && self.allow_catalog()) {
                return self.clone();
            }
            let Some((name, wanted)) = scope
                .strip_prefix("repository:")
                .and_then(|scope| scope.rsplit_once(':'))
            else {
                continue;
            };
            let asked = |action: &Action| wanted.split(',').any(|word| word == action.name() || word == "*");
            let actions: Vec<_> = Action::ALL
                .into_iter()
                .filter(asked)
                .filter(|action| self.allow(name, *action))
                .collect();
            granted = granted.and(name, &actions);
        }
        granted
    }
}

impl Right {
    fn covers(&self, repository: &str) -> bool {
        match self.repositories.strip_suffix('*') {
            Some(prefix) => repository.starts_with(prefix),
            None => repository == self.repositories,
        }
    }
}

/// Who a request comes from, and what that lets it do.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) user: Option<String>,
    pub(crate) rights: Rights,
}

/// A token that was given out.
#[derive(Debug)]
struct Given {
    caller: Caller,
    expires: Instant,
    /// How many more requests it is good for; any number, if `None`.
    uses: Option<u32>,
}

/// The tokens that were given out.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    given: HashMap<String, Given>,
    seed: RandomState,
    count: u64,
}

impl Tokens {
    /// A fresh token for `caller`.
    pub(crate) fn give(&mut self, caller: Caller, service: &TokenService) -> String {
        let now = Instant::now();
        self.given.retain(|_, given| given.expires > now);
        self.count += 1;
        let token = format!("token-{}-{:016x}", self.count, self.seed.hash_one(self.count));
        let given = Given {
            caller,
            expires: now + service.lifetime,
            uses: service.uses,
        };
        self.given.insert(token.clone(), given);
        token
    }

    /// Who a token was given to, if it is still good; that is one use of it.
    pub(crate) fn caller(&mut self, token: &str) -> Option<Caller> {
        let given = self.given.get_mut(token)?;
        if given.expires <= Instant::now() {
            return None;
        }
        if let Some(uses) = &mut given.uses {
            *uses = uses.checked_sub(1)?;
        }
        Some(given.caller.clone())
    }

    /// Makes all tokens worthless.
    pub(crate) fn revoke(&mut self) {
        self.given.clear();
    }
}

/// The credential of a request, as sent.
pub(crate) enum Presented {
    None,
    Basic { name: String, password: String },
    Bearer(String),
    Other,
}

impl Presented {
    /// Reads the `Authorization` header.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Self::None;
        };
        let Some((scheme, rest)) = value.to_str().ok().and_then(|value| value.split_once(' ')) else {
            return Self::Other;
        };
        if scheme.eq_ignore_ascii_case("bearer") {
            return Self::Bearer(rest.trim().to_owned());
        }
        let basic = scheme
            .eq_ignore_ascii_case("basic")
            .then(|| user_and_password(rest.trim()))
            .flatten();
        basic.map_or(Self::Other, |(name, password)| Self::Basic { name, password })
    }

    /// Its kind, for the log.
    pub(crate) fn kind(&self) -> Credential {
        match self {
            Self::None => Credential::None,
            Self::Basic { .. } => Credential::Basic,
            Self::Bearer(_) => Credential::Bearer,
            Self::Other => Credential::Other,
        }
    }
}

fn user_and_password(encoded: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}
