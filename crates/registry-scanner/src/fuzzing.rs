//! The functions that read what strangers write, opened to the fuzz targets and to nobody else.
//!
//! Errors are given as the text that would be shown.

use std::time::Duration;

use http::HeaderMap;
use transport::{Authority, Origin};
use url::Url;

use crate::docker_config::DockerConfig;
use crate::image::ImageConfig;
use crate::link::LinkError;
use crate::manifest::Manifest;
use crate::quota::Quota;
use crate::realm::{Manner, TokenServers};
use crate::redirect::{Hop, RedirectRule};
use crate::tags::Collector;

/// One challenge of a `WWW-Authenticate`; without a realm it is `Basic`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The token server of `Bearer`, as written.
    pub realm: Option<String>,
    /// What the token is for.
    pub service: Option<String>,
    /// What it is to allow.
    pub scopes: Vec<String>,
}

/// `challenge::challenges`.
pub fn challenges(headers: &HeaderMap) -> Vec<Challenge> {
    use crate::challenge::Challenge::{Basic, Bearer};
    let open = |challenge| match challenge {
        Basic => Challenge {
            realm: None,
            service: None,
            scopes: Vec::new(),
        },
        Bearer { realm, service, scopes } => Challenge {
            realm: Some(realm),
            service,
            scopes,
        },
    };
    crate::challenge::challenges(headers).into_iter().map(open).collect()
}

/// `challenge::readable`.
pub fn readable(scope: &str) -> Option<String> {
    crate::challenge::readable(scope)
}

/// A registry, and which token servers it may name.
pub struct Registry {
    /// Where it is.
    pub origin: Origin,
    /// It is spoken to without TLS.
    pub plain_http: bool,
    /// Credentials go out without TLS as well.
    pub plain_http_credentials: bool,
    /// The `tokenHosts` of its entry.
    pub token_hosts: Vec<Authority>,
}

impl Registry {
    /// `TokenServers::decide`: the address to ask, and whether with credentials.
    ///
    /// # Errors
    ///
    /// What is shown, and what the refusal names for `tokenHosts`.
    pub fn decide(&self, realm: &str) -> Result<(Url, bool), (String, String)> {
        let manner = Manner {
            plain_http: self.plain_http,
            plain_http_credentials: self.plain_http_credentials,
        };
        let named: Vec<_> = self.token_hosts.iter().map(|host| (host.clone(), None)).collect();
        let decided = TokenServers::new(&self.origin, manner, &named).decide(realm);
        decided
            .map(|realm| (realm.url, realm.credentials))
            .map_err(|refused| (refused.to_string(), refused.entry().to_owned()))
    }
}

/// `link::next_page`.
///
/// # Errors
///
/// The link cannot be followed.
pub fn next_page(headers: &HeaderMap, current: &Url, path: &str) -> Result<Option<Url>, String> {
    crate::link::next_page(headers, current, path).map_err(|error| error.to_string())
}

/// `location::resolve`.
///
/// # Errors
///
/// The address is none that is asked.
pub fn resolve(base: &Url, text: &str) -> Result<Url, String> {
    crate::location::resolve(base, text).map_err(str::to_owned)
}

/// How far a redirect is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Of a token server.
    Never,
    /// Of a list or a manifest.
    SameOriginOnce,
    /// Of a blob.
    Bare,
}

/// Where a redirect leads, and what goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redirect {
    /// The same request.
    Same(Url),
    /// No credentials.
    Configured(Url),
    /// No credentials, and only to a public address.
    Outside(Url),
}

/// `redirect::follow`, where no other origin is configured.
///
/// # Errors
///
/// It is not followed.
pub fn follow(rule: Rule, from: &Url, location: &str, seen: &[Url]) -> Result<Redirect, String> {
    let rule = match rule {
        Rule::Never => RedirectRule::Never,
        Rule::SameOriginOnce => RedirectRule::SameOriginOnce,
        Rule::Bare => RedirectRule::Bare,
    };
    match crate::redirect::follow(rule, from, location, seen, |_| false) {
        Ok(Hop::Same(url)) => Ok(Redirect::Same(url)),
        Ok(Hop::Configured(url)) => Ok(Redirect::Configured(url)),
        Ok(Hop::Outside(url)) => Ok(Redirect::Outside(url)),
        Err(refused) => Err(refused.to_string()),
    }
}

/// `tags::Collector`.
pub struct Pages(Collector);

impl Pages {
    /// Begins with the address of the first page.
    pub fn new(first: Url) -> Self {
        Self(Collector::new(first))
    }

    /// Takes in a page, and what its `Link` says (`Err` for one that cannot be read); what to ask next.
    ///
    /// # Errors
    ///
    /// The page is none, or the list cannot be had whole.
    pub fn page(&mut self, body: &[u8], next: Result<Option<Url>, ()>) -> Result<Option<Url>, String> {
        let next = next.map_err(|()| LinkError::Unreadable);
        let (next, _) = self.0.page(body, next).map_err(|error| error.to_string())?;
        Ok(next)
    }

    /// The tags, and how many other names there were.
    ///
    /// # Errors
    ///
    /// The list cannot be whole.
    pub fn finish(self) -> Result<(Vec<Box<str>>, usize), String> {
        let collected = self.0.finish(false).map_err(|error| error.to_string())?;
        Ok((collected.names.iter().map(Box::from).collect(), collected.invalid))
    }
}

/// `Manifest::parse`.
///
/// # Errors
///
/// It is no manifest.
pub fn manifest(bytes: &[u8], content_type: Option<&str>) -> Result<Manifest, String> {
    Manifest::parse(bytes, content_type)
}

/// `ImageConfig::parse`.
///
/// # Errors
///
/// It is no configuration.
pub fn image_config(bytes: &[u8]) -> Result<ImageConfig, String> {
    ImageConfig::parse(bytes)
}

/// `DockerConfig::from_bytes`.
///
/// # Errors
///
/// It is no Docker config.
pub fn docker_config(bytes: &[u8]) -> Result<DockerConfig, String> {
    DockerConfig::from_bytes(bytes).map_err(|error| error.to_string())
}

/// What a secret holds, to look for it elsewhere.
pub fn exposed(credential: &crate::Credential) -> &str {
    credential.secret().expose()
}

/// `retry_after::retry_after`.
pub fn retry_after(headers: &HeaderMap, now: i64) -> Option<Duration> {
    crate::retry_after::retry_after(headers, now)
}

/// `retry_after::retry_after_in`.
pub fn retry_after_in(words: &str) -> Option<Duration> {
    crate::retry_after::retry_after_in(words)
}

/// `quota::quota`.
pub fn quota(headers: &HeaderMap) -> Option<Quota> {
    crate::quota::quota(headers)
}

/// `ratelimit::left`: the requests, and when there will be more.
pub fn left(headers: &HeaderMap, now: i64) -> Option<(u64, Duration)> {
    crate::ratelimit::left(headers, now).map(|left| (left.requests, left.reset))
}
