//! One request and its answer: paced, bounded in time and size, redirected at most within the rules.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use tokio::time::{self, Instant};
use transport::{HttpClient, Origin, Redactor, Response, Secret, chain};
use url::Url;

use super::RegistryClient;
use crate::counters::Count;
use crate::error::Failure;
use crate::pace::Turn;
use crate::redirect::{Hop, RedirectRule, follow};
use crate::retry_after::retry_after;

/// How much of an error's body is looked at.
const ERROR_BYTES: usize = 8 * 1024;

/// How much of a server's words is shown.
const WORDS: usize = 300;

/// How long a connection needs to be ready for the next request.
const SETTLING: Duration = Duration::from_millis(2);

/// Pauses up to this are waited out.
const PATIENCE: Duration = Duration::from_secs(3);

/// How often an operation does so after a 429 of its own.
const PATIENT: u8 = 2;

/// How Docker Hub says that it is the quota of pulls that is used up, and not its patience.
const PULL_LIMIT: &str = "pull rate limit";

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    List,
    Head,
    Manifest,
    Blob,
    Token,
}

impl Kind {
    fn method(self) -> Method {
        if self == Self::Head { Method::HEAD } else { Method::GET }
    }

    fn rule(self) -> RedirectRule {
        match self {
            Self::Token => RedirectRule::Never,
            Self::List | Self::Head | Self::Manifest => RedirectRule::SameOriginOnce,
            Self::Blob => RedirectRule::Bare,
        }
    }

    fn count(self) -> Count {
        match self {
            Self::List => Count::List,
            Self::Head => Count::Head,
            Self::Manifest => Count::Manifest,
            Self::Blob => Count::Blob,
            Self::Token => Count::Token,
        }
    }
}

/// A request before anyone has said who asks.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) kind: Kind,
    pub(crate) url: Url,
    pub(crate) accept: &'static str,
    /// Largest body of a good answer.
    pub(crate) limit: usize,
}

/// A whole answer. The body of a failure is only its beginning.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Where it came from in the end.
    pub(crate) url: Url,
}

/// Time that an operation may spend on the wire. Waiting for a turn does not count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    whole: Duration,
    left: Duration,
    waits: u8,
}

impl Budget {
    pub(crate) fn new(whole: Duration) -> Self {
        Self {
            whole,
            left: whole,
            waits: 0,
        }
    }

    /// Whether a 429 may be waited out once more.
    fn patience(&mut self) -> bool {
        self.waits += 1;
        self.waits <= PATIENT
    }

    fn spend(&mut self, since: Instant) {
        self.left = self.left.saturating_sub(since.elapsed());
    }

    fn limit(&self, one: Duration) -> Result<Duration, Failure> {
        if self.left.is_zero() {
            Err(Failure::OutOfTime(self.whole))
        } else {
            Ok(one.min(self.left))
        }
    }
}

/// A request as it goes out.
pub(super) struct Outgoing<'a> {
    pub(super) kind: Kind,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
    pub(super) limit: usize,
    /// What must not come back in anything that is shown.
    pub(super) secrets: &'a [Secret],
}

impl<'a> Outgoing<'a> {
    pub(super) fn of(ask: &Ask, authorization: Option<HeaderValue>, secrets: &'a [Secret]) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(ask.accept));
        // A small answer must not become a large one.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(value) = authorization {
            headers.insert(AUTHORIZATION, value);
        }
        Self {
            kind: ask.kind,
            method: ask.kind.method(),
            url: ask.url.clone(),
            headers,
            body: String::new(),
            limit: ask.limit,
            secrets,
        }
    }

    /// A question to a token server, with a form if `body` is not empty.
    pub(super) fn for_token(url: Url, authorization: Option<HeaderValue>, body: String, secrets: &'a [Secret]) -> Self {
        let ask = Ask {
            kind: Kind::Token,
            url,
            accept: "application/json",
            limit: crate::token::MAX_TOKEN_BYTES,
        };
        let mut outgoing = Self::of(&ask, authorization, secrets);
        if !body.is_empty() {
            outgoing.method = Method::POST;
            outgoing.headers.insert(
                CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            );
            outgoing.body = body;
        }
        outgoing
    }
}

impl RegistryClient {
    /// Sends a request, follows what redirects its kind allows, and reads the answer.
    ///
    /// A 429 pauses the host; every other status is the caller's to judge.
    pub(super) async fn send(
        &self,
        http: &HttpClient,
        mut out: Outgoing<'_>,
        budget: &mut Budget,
    ) -> Result<Answer, Failure> {
        let mut seen = vec![out.url.clone()];
        let mut http = http.clone();
        if out.kind == Kind::Manifest {
            self.pulls
                .take(Instant::now())
                .map_err(|wait| Failure::PullsSpent { wait })?;
        }
        loop {
            let turn = self.turn().await?;
            let began = Instant::now();
            let sent = self.once(&http, &out, budget).await;
            budget.spend(began);
            // The connection is back in the pool only a moment after its last byte; a request that came before that would open
            // another one, and over HTTP/1.1 there would be more connections than requests at once.
            time::sleep(SETTLING).await;
            drop(turn);
            let answer = match sent {
                // A short wait is better than an operation that starts over.
                Err(Failure::RateLimited { wait, .. }) if wait <= PATIENCE && budget.patience() => continue,
                sent => sent?,
            };
            let Some(location) = location(&answer) else {
                return Ok(answer);
            };
            let from = seen.last().expect("the first address is in it");
            let hop = follow(out.kind.rule(), from, &location, &seen, |origin| {
                self.hosts.names(origin)
            })?;
            self.counters.add(Count::Redirect);
            let url = match hop {
                Hop::Same(url) => url,
                Hop::Configured(url) => {
                    out.headers.remove(AUTHORIZATION);
                    let ca_file = self.ca_file_of(&url);
                    http = self.connections.to_host(ca_file).await?;
                    url
                }
                Hop::Outside(url) => {
                    out.headers.remove(AUTHORIZATION);
                    http = self.connections.to_public()?;
                    url
                }
            };
            seen.push(url.clone());
            out.url = url;
        }
    }

    /// Waits for a turn, through a pause too if it is short.
    async fn turn(&self) -> Result<Turn<'_>, Failure> {
        loop {
            let pause = match self.pace.turn().await {
                Ok(turn) => return Ok(turn),
                Err(pause) => pause,
            };
            let wait = pause.until.saturating_duration_since(Instant::now());
            if wait > PATIENCE {
                return Err(Failure::Paused {
                    wait,
                    reason: pause.reason,
                });
            }
            time::sleep(wait).await;
        }
    }

    fn ca_file_of(&self, url: &Url) -> Option<&std::path::Path> {
        let own = self.config.ca_file.as_deref();
        match Origin::of(url) {
            Some(origin) if origin == self.origin => own,
            Some(origin) => self.hosts.ca_file(&origin, None),
            None => None,
        }
    }

    async fn once(&self, http: &HttpClient, out: &Outgoing<'_>, budget: &Budget) -> Result<Answer, Failure> {
        let timeout = budget.limit(self.config.limits.timeout)?;
        self.counters.add(out.kind.count());
        tracing::debug!(registry.host = %self.config.host, "{} {}{}", out.method, self.shown_origin(&out.url), out.url.path());
        let response = http
            .send(
                out.method.clone(),
                out.url.clone(),
                out.headers.clone(),
                out.body.clone(),
                timeout,
            )
            .await
            .inspect_err(|error| self.pace.failed(chain(error).to_string()))?;
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            return Err(self.throttled(response, out).await);
        }
        self.pace.answered();
        if matches!(out.kind, Kind::Manifest | Kind::Head) {
            self.pulls.saw(response.headers(), Instant::now());
        }
        read(response, out).await
    }

    async fn throttled(&self, response: Response, out: &Outgoing<'_>) -> Failure {
        let advice = retry_after(response.headers(), unix_now());
        let headers = response.headers().clone();
        let body = response.first_bytes(ERROR_BYTES).await;
        let words = words(&body, out.secrets);
        if out.kind == Kind::Manifest && words.contains(PULL_LIMIT) {
            // The host itself is well: lists and HEADs are no pulls.
            self.pace.answered();
            let wait = self.pulls.refused(&headers, Instant::now());
            return Failure::PullsSpent { wait };
        }
        let reason = if words.is_empty() {
            "it answered 429 Too Many Requests".to_owned()
        } else {
            format!("it answered 429 Too Many Requests: {words}")
        };
        let wait = self.pace.throttled(advice, reason);
        Failure::RateLimited { wait, words }
    }

    fn shown_origin(&self, url: &Url) -> String {
        Origin::of(url).map_or_else(String::new, |origin| origin.to_string())
    }
}

async fn read(response: Response, out: &Outgoing<'_>) -> Result<Answer, Failure> {
    let status = response.status();
    let headers = response.headers().clone();
    let body = if out.method == Method::HEAD {
        Bytes::new()
    } else if status.is_success() {
        response.bytes(out.limit).await?
    } else {
        response.first_bytes(ERROR_BYTES).await
    };
    Ok(Answer {
        status,
        headers,
        body,
        url: out.url.clone(),
    })
}

/// Where a redirect leads. A 30x that names no place is an answer like any other, and a wrong one.
fn location(answer: &Answer) -> Option<String> {
    let redirects = matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308);
    let value = answer.headers.get(LOCATION).filter(|_| redirects)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// A server's own words: the `message`s of the distribution error format, else the beginning of the body.
pub(super) fn words(body: &[u8], secrets: &[Secret]) -> String {
    let redactor = Redactor::new(secrets);
    match messages(body) {
        Some(messages) => redactor.safe_text(messages.as_bytes(), WORDS),
        None if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<') => "(an HTML page)".to_owned(),
        None => redactor.safe_text(body, WORDS),
    }
}

fn messages(body: &[u8]) -> Option<String> {
    use crate::json::Json;
    let json = Json::parse(body).ok()?;
    let Some(Json::List(errors)) = json.get("errors") else {
        return None;
    };
    let of = |error: &Json| {
        let text = |key| error.get(key).and_then(Json::text).filter(|text| !text.is_empty());
        Some(text("message").or_else(|| text("code"))?.to_owned())
    };
    let messages: Vec<String> = errors.iter().filter_map(of).collect();
    (!messages.is_empty()).then(|| messages.join("; "))
}

/// For dates in `Retry-After` of servers that send no `Date`; nothing else here reads the wall clock.
fn unix_now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
