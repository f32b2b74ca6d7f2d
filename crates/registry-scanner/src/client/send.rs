//! One request and its answer: paced, bounded in time and size, redirected at most within the rules.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, IF_NONE_MATCH, LOCATION};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use tokio::time::{self, Instant};
use transport::{HttpClient, Origin, Redactor, Response, Secret, chain};
use url::Url;

use super::RegistryClient;
use super::proof::wiped;
use crate::backoff::{LONGEST_PAUSE, Refusal, Why};
use crate::counters::Count;
use crate::error::{Failure, Who};
use crate::pace::{Pace, Turn};
use crate::quota::{Pull, quota};
use crate::ratelimit::left;
use crate::redirect::{Hop, RedirectRule, follow};
use crate::retry_after::{retry_after, retry_after_in};

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
    /// The mark of what is known already, which need not be sent again: the answer is then 304.
    pub(crate) if_none_match: Option<HeaderValue>,
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
    pub(super) body: Bytes,
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
        if let Some(mark) = &ask.if_none_match {
            headers.insert(IF_NONE_MATCH, mark.clone());
        }
        if let Some(value) = authorization {
            headers.insert(AUTHORIZATION, value);
        }
        Self {
            kind: ask.kind,
            method: ask.kind.method(),
            url: ask.url.clone(),
            headers,
            body: Bytes::new(),
            limit: ask.limit,
            secrets,
        }
    }

    /// A question to a token server, with a form if there is one.
    pub(super) fn for_token(
        url: Url,
        authorization: Option<HeaderValue>,
        form: Option<&Secret>,
        secrets: &'a [Secret],
    ) -> Self {
        let ask = Ask {
            kind: Kind::Token,
            url,
            accept: "application/json",
            if_none_match: None,
            limit: crate::token::MAX_TOKEN_BYTES,
        };
        let mut outgoing = Self::of(&ask, authorization, secrets);
        if let Some(form) = form {
            outgoing.method = Method::POST;
            outgoing.headers.insert(
                CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            );
            outgoing.body = wiped(form.expose().as_bytes().to_vec());
        }
        outgoing
    }
}

impl RegistryClient {
    /// Sends a request, follows what redirects its kind allows, and reads the answer.
    ///
    /// A refusal (429, a 403 that speaks of a rate limit, a 503 that says how long) pauses the host that made it; every other status is
    /// the caller's to judge.
    pub(super) async fn send(
        &self,
        http: &HttpClient,
        mut out: Outgoing<'_>,
        budget: &mut Budget,
    ) -> Result<Answer, Failure> {
        let mut seen = vec![out.url.clone()];
        let mut http = http.clone();
        let subject = self.subject(&out);
        loop {
            let host = self.asked_host(&out.url);
            let sent = self.paced(&http, &out, budget, (&host, &subject)).await;
            let answer = match sent {
                // A short wait is better than an operation that starts over.
                Err(Failure::Refused { wait, .. }) if wait <= PATIENCE && budget.patience() => continue,
                sent => sent?,
            };
            let Some(location) = location(&answer) else {
                return Ok(answer);
            };
            let from = seen.last().expect("the first address is in it");
            let hop = follow(out.kind.rule(), from, &location, &seen, |origin| {
                self.hosts.names(origin)
            });
            let hop = hop.map_err(|refused| refused.redacted(&Redactor::new(out.secrets)))?;
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

    /// Sends a request when it is its turn.
    async fn paced(
        &self,
        http: &HttpClient,
        out: &Outgoing<'_>,
        budget: &mut Budget,
        (host, subject): (&AskedHost, &str),
    ) -> Result<Answer, Failure> {
        let pull = self.pull(out.kind)?;
        let mut turn = host.turn(subject).await?;
        let began = Instant::now();
        let sent = self.once(http, out, budget, (&mut turn, &host.who, &pull)).await;
        budget.spend(began);
        // The connection is back in the pool only a moment after its last byte; a request that came before that would open
        // another one, and over HTTP/1.1 there would be more connections than requests at once.
        time::sleep(SETTLING).await;
        sent
    }

    /// What a request takes of the registry's count of pulls.
    fn pull(&self, kind: Kind) -> Result<Pull<'_>, Failure> {
        let now = Instant::now();
        let pull = match kind {
            Kind::Manifest => self.pulls.take(now),
            Kind::Head => self.pulls.look(now),
            Kind::List | Kind::Blob | Kind::Token => Ok(self.pulls.none()),
        };
        pull.map_err(|wait| Failure::PullsSpent { wait })
    }

    /// Who answers at `url`, and how fast they may be asked.
    fn asked_host(&self, url: &Url) -> AskedHost {
        match Origin::of(url) {
            Some(origin) if origin != self.origin => AskedHost {
                pace: self.pace_elsewhere(&origin),
                who: Who::Elsewhere(origin.host().to_owned()),
            },
            _ => AskedHost {
                pace: self.pace.clone(),
                who: Who::Registry,
            },
        }
    }

    /// What a request is about, for the order of the turns: the repository, as far as its address tells.
    fn subject(&self, out: &Outgoing<'_>) -> String {
        let path = out.url.path();
        let repository = ["/manifests/", "/blobs/", "/tags/"]
            .iter()
            .find_map(|part| Some(path.rsplit_once(part)?.0));
        let scope = || {
            out.url
                .query_pairs()
                .find(|(key, _)| key == "scope")
                .map(|(_, scope)| scope.into_owned())
        };
        let about = match out.kind {
            Kind::Token => scope().unwrap_or_default(),
            _ => repository.unwrap_or(path).to_owned(),
        };
        format!("{}{about}", self.config.host)
    }

    fn ca_file_of(&self, url: &Url) -> Option<&std::path::Path> {
        let own = self.config.ca_file.as_deref();
        match Origin::of(url) {
            Some(origin) if origin == self.origin => own,
            Some(origin) => self.hosts.ca_file(&origin, None),
            None => None,
        }
    }

    async fn once(
        &self,
        http: &HttpClient,
        out: &Outgoing<'_>,
        budget: &Budget,
        (turn, who, pull): (&mut Turn<'_>, &Who, &Pull<'_>),
    ) -> Result<Answer, Failure> {
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
            .inspect_err(|error| turn.failed(chain(error).to_string()))?;
        let answer = read(response, out).await.inspect_err(|failure| match failure {
            Failure::Body(error) if !error.is_too_large() => turn.broke_off(chain(error).to_string()),
            _ => turn.answered(),
        })?;
        if let Some(refused) = self.refused(&answer, out, turn, who) {
            return Err(refused);
        }
        turn.answered();
        if matches!(out.kind, Kind::Manifest | Kind::Head) {
            pull.saw(&answer.headers, Instant::now());
        }
        if let Some(left) = left(&answer.headers, unix_now()) {
            turn.told(left.requests, left.reset);
        }
        Ok(answer)
    }

    /// What an answer means that says "not now"; `None` for all others.
    fn refused(&self, answer: &Answer, out: &Outgoing<'_>, turn: &mut Turn<'_>, who: &Who) -> Option<Failure> {
        // The body of a good answer is as large as what was asked for, and is nobody's words.
        if !matches!(answer.status.as_u16(), 403 | 429 | 503) {
            return None;
        }
        let words = words(&answer.body, out.secrets);
        let how = refusal(answer, &words)?;
        if *who == Who::Registry && self.is_out_of_pulls(answer, out.kind, &words) {
            // The host itself is well: lists are no pulls.
            turn.answered();
            let wait = self
                .pulls
                .refused(&answer.headers, out.kind == Kind::Head, Instant::now());
            return Some(Failure::PullsSpent { wait });
        }
        let said = if words.is_empty() {
            String::new()
        } else {
            format!(": {words}")
        };
        let why = Why {
            code: how.code(),
            words: format!("it answered {}{said}", answer.status),
        };
        let wait = turn.refused(how, advice(&answer.headers, &words), why);
        let who = who.clone();
        Some(Failure::Refused { who, how, wait, words })
    }

    /// Whether a refusal is about pulls: Docker Hub says so in words, and to a `HEAD`, which has none, in its headers.
    fn is_out_of_pulls(&self, answer: &Answer, kind: Kind, words: &str) -> bool {
        let none_left = || quota(&answer.headers).is_some_and(|quota| quota.remaining == 0);
        match kind {
            Kind::Manifest => words.to_ascii_lowercase().contains(PULL_LIMIT) || none_left(),
            Kind::Head => none_left(),
            Kind::List | Kind::Blob | Kind::Token => false,
        }
    }

    fn shown_origin(&self, url: &Url) -> String {
        Origin::of(url).map_or_else(String::new, |origin| origin.to_string())
    }
}

/// A host that is asked.
struct AskedHost {
    pace: Arc<Pace>,
    who: Who,
}

impl AskedHost {
    /// Waits for a turn, through a pause too if it is short.
    async fn turn(&self, subject: &str) -> Result<Turn<'_>, Failure> {
        loop {
            let pause = match self.pace.turn(subject).await {
                Ok(turn) => return Ok(turn),
                Err(pause) => pause,
            };
            let wait = pause.until.saturating_duration_since(Instant::now());
            if wait > PATIENCE {
                let (who, why) = (self.who.clone(), pause.why);
                return Err(Failure::Paused { who, wait, why });
            }
            time::sleep(wait).await;
        }
    }
}

/// Whether an answer says "not now". GitHub says it with 403 too, and so without looking the next credential would be tried.
fn refusal(answer: &Answer, words: &str) -> Option<Refusal> {
    let none_left = || left(&answer.headers, unix_now()).is_some_and(|left| left.requests == 0);
    let limited = || none_left() || words.to_ascii_lowercase().contains("rate limit");
    match answer.status.as_u16() {
        429 => Some(Refusal::TooMany),
        403 if limited() => Some(Refusal::TooMany),
        503 if retry_after(&answer.headers, unix_now()).is_some() => Some(Refusal::Unavailable),
        _ => None,
    }
}

/// How long a refusal asks for: in its headers, else in its words, else until its count begins anew.
fn advice(headers: &HeaderMap, words: &str) -> Option<Duration> {
    let now = unix_now();
    let reset = || {
        left(headers, now)
            .filter(|left| left.requests == 0)
            .map(|left| left.reset.min(LONGEST_PAUSE))
    };
    retry_after(headers, now)
        .or_else(|| retry_after_in(words))
        .or_else(reset)
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
