//! One client per registry host: it alone decides what is sent there, how often, and with which credential.

mod answer;
mod ask;
mod authorize;
mod budget;
mod exchange;
mod gate;
mod line;
mod proof;
mod refusal;
mod send;
mod told;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use domain::reference::{Registry, Repository};
use transport::{AuthorityError, Origin, Scheme};
use url::Url;

use crate::clouds::Clouds;
use crate::config::HostConfig;
use crate::connections::Connections;
use crate::counters::Counters;
use crate::credentials::{CredentialReport, Openers};
use crate::elsewhere::Elsewhere;
use crate::error::Failure;
use crate::health::Health;
use crate::helper::Helpers;
use crate::hosts::Hosts;
use crate::pace::Pace;
use crate::profile::Profile;
use crate::quota::Pulls;
use crate::realm::TokenServers;
use crate::resolve::Seen;
use crate::token::Tokens;

pub(crate) use answer::Answer;
pub(crate) use ask::{Ask, Kind};
use authorize::Method;
pub(crate) use authorize::Operation;
pub(crate) use refusal::unix_now;
use told::Told;

/// A registry host, with all that is known of it.
pub(crate) struct RegistryClient {
    pub(crate) config: HostConfig,
    pub(crate) pace: Arc<Pace>,
    pub(crate) pulls: Pulls,
    pub(crate) counters: Counters,
    pub(crate) health: Health,
    /// How it lists tags.
    profile: Mutex<Profile>,
    /// Held while it is asked what a page says that names no next one.
    pub(crate) asks_linkless: tokio::sync::Mutex<()>,
    pub(crate) seen: Seen,
    origin: Origin,
    base: Url,
    servers: TokenServers,
    pub(crate) connections: Arc<Connections>,
    pub(crate) hosts: Arc<Hosts>,
    pub(crate) clouds: Arc<Clouds>,
    helpers: Arc<Helpers>,
    /// Which candidate opened each repository.
    openers: Openers,
    tokens: Tokens,
    told: Told,
    /// Other hosts that it led to.
    pub(crate) elsewhere: Elsewhere,
    /// What the registry's last challenge asked for; `None` while it has asked for nothing.
    method: Mutex<Option<Method>>,
    /// It was asked whether it wants to know who asks, and does not.
    knows_nobody: AtomicBool,
}

impl RegistryClient {
    /// # Errors
    ///
    /// The registry's name is no host that could be asked.
    pub(crate) fn new(
        config: HostConfig,
        hosts: Arc<Hosts>,
        connections: Arc<Connections>,
        clouds: Arc<Clouds>,
        helpers: Arc<Helpers>,
    ) -> Result<Self, AuthorityError> {
        let (origin, base) = address(&config.host, config.plain_http)?;
        let servers = hosts.token_servers(&config, &origin);
        Ok(Self {
            pace: connections.paces.registry(&origin, &config.limits),
            pulls: Pulls::default(),
            counters: Counters::default(),
            health: Health::default(),
            profile: Mutex::default(),
            asks_linkless: tokio::sync::Mutex::default(),
            seen: Seen::default(),
            origin,
            base,
            servers,
            connections,
            hosts,
            clouds,
            helpers,
            openers: Openers::default(),
            tokens: Tokens::default(),
            told: Told::default(),
            elsewhere: Elsewhere::default(),
            method: Mutex::default(),
            knows_nobody: AtomicBool::default(),
            config,
        })
    }

    /// The address of something under `/v2/REPOSITORY/`. What comes in has been checked: it holds no character that would need
    /// an escape.
    pub(crate) fn url(&self, repository: &Repository, rest: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("/v2/{}/{rest}", repository.path()));
        url
    }

    /// Takes over what a client of the same host had learned under an earlier configuration.
    ///
    /// How fast a host may be asked changes, that it asked to be left alone does not. What it was asked is counted on.
    pub(crate) fn inherit(&self, earlier: &Self) {
        self.pace.take_over(&earlier.pace);
        self.elsewhere.inherit(&earlier.elsewhere);
        self.pulls.inherit(&earlier.pulls);
        self.counters.inherit(&earlier.counters);
        self.health.inherit(&earlier.health);
        self.openers.inherit(&earlier.openers);
        self.told.inherit(&earlier.told);
        self.profile(|profile| *profile = earlier.profile(|known| *known));
    }

    /// What is known of how it lists tags, to be read or changed.
    pub(crate) fn profile<T>(&self, look: impl FnOnce(&mut Profile) -> T) -> T {
        look(&mut self.profile.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What there is to say of the credentials of a repository that was asked for.
    pub(crate) fn credentials(&self, repository: &Repository) -> Option<CredentialReport> {
        self.openers.report(repository.path())
    }

    fn method(&self) -> Option<Method> {
        self.method.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn learn(&self, method: Method) {
        *self.method.lock().unwrap_or_else(PoisonError::into_inner) = Some(method);
    }

    async fn http(&self) -> Result<transport::HttpClient, Failure> {
        self.connections.to_host(self.config.ca_file.as_deref()).await
    }
}

/// Docker Hub's images are served by another host than their names say.
///
/// # Errors
///
/// The grammar of image names allows hosts that URLs read otherwise: `0x7f.1` would be 127.0.0.1, and `1.2.3.256` is nothing.
fn address(registry: &Registry, plain_http: bool) -> Result<(Origin, Url), AuthorityError> {
    let host = if registry.is_docker_hub() {
        "registry-1.docker.io"
    } else {
        registry.as_str()
    };
    let scheme = if plain_http { Scheme::Http } else { Scheme::Https };
    let text = format!("{}://{host}/", scheme.as_str());
    let origin = Origin::of_text(&text)?;
    let url = Url::parse(&text).expect("its origin was read");
    Ok((origin, url))
}

#[cfg(test)]
mod tests;
