//! What the hosts do wrong.

use std::time::Duration;

use memory_registry::{Format, Image};
use testkit::{Answer, Canary};

use super::cast::{Cast, Host};

/// A 429, and for how long it has to be heeded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Throttle {
    retry_after: Option<&'static str>,
    /// Seconds.
    pub(super) heeded: u64,
}

impl Throttle {
    pub(super) const fn new(retry_after: Option<&'static str>, heeded: u64) -> Self {
        Self { retry_after, heeded }
    }

    pub(super) fn answer(self) -> Answer {
        // The time that a date is counted from.
        let answer = Answer::status(429).header("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        match self.retry_after {
            Some(text) => answer.header("retry-after", text),
            None => answer,
        }
    }
}

/// How Docker Hub says that it has had enough of an address.
pub(super) fn abuse() -> Answer {
    Answer::status(429)
        .header("content-type", "application/json")
        .body(r#"{"errors":[{"code":"TOOMANYREQUESTS","message":"Too Many Requests (HAP429).","detail":null}]}"#)
}

/// How Docker Hub says that no pulls are left; here they are counted for three seconds instead of six hours.
fn no_pulls() -> Answer {
    Answer::status(429)
        .header("content-type", "application/json")
        .header("ratelimit-limit", "100;w=3")
        .header("ratelimit-remaining", "0;w=3")
        .body(r#"{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit. You may increase the limit by authenticating and upgrading."}]}"#)
}

/// A server that shows what it was told, as debugging pages do.
fn echo(status: u16, canary: &Canary, user: &str) -> Answer {
    let (secret, basic, form) = (canary.secret(), canary.basic(user), canary.percent_encoded());
    Answer::status(status)
        .header("content-type", "text/plain")
        .header("x-debug", &basic)
        .body(format!("{user} came with {secret} as {basic}; password={form}"))
}

/// Answers the first list so, and those after it; each to the credential, not to the question what to show.
pub(super) fn then(host: &Host, answers: Vec<Answer>) {
    let challenge = Answer::challenge(r#"Basic realm="registry.test""#);
    for answer in [challenge].into_iter().chain(answers) {
        host.server.then(&host.list(), answer);
    }
}

/// Faults that pass by themselves.
pub(super) fn passing(cast: &Cast, host: &Host) {
    let tags = || Answer::tags(&host.repository(), &["1.0.0", "9.9.9"]);
    match host.name {
        "hang" => then(host, vec![Answer::hang(), Answer::hang()]),
        "reset" => then(host, vec![Answer::reset(), Answer::drop_connection()]),
        // What has come of it would be a list of its own, if its end were not missed.
        "cut" => then(host, vec![tags().cut_after(20), tags().cut_after(45)]),
        "slow" => then(host, vec![tags().dripping(1, Duration::from_secs(1)); 2]),
        "errors" => then(
            host,
            vec![
                echo(500, &host.canary, host.name),
                echo(503, &host.canary, host.name).header("retry-after", "1"),
            ],
        ),
        "pulls" => {
            let manifest = format!("GET /v2/{}/manifests/1.1.0", host.repository());
            host.server.then(&manifest, no_pulls());
        }
        "seventh" => Cast::make_long(host),
        "blobs" => redirect_blobs(cast, host),
        name => unreachable!("{name} has no such fault"),
    }
}

/// What a tag is: the higher its second number, the later it was built. Only the configuration says when.
pub(super) fn build(tag: &str) -> Image {
    let minor = tag.split('.').nth(1).unwrap();
    Image::new()
        .format(Format::Docker)
        .created(&format!("2026-01-01T00:0{minor}:00Z"))
}

/// All blobs are elsewhere.
fn redirect_blobs(cast: &Cast, host: &Host) {
    for tag in ["1.0.0", "1.1.0"] {
        let manifest = host.registry.manifest(&host.repository(), tag).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest.bytes).unwrap();
        let digest = manifest["config"]["digest"].as_str().unwrap();
        let path = format!("/v2/{}/blobs/{digest}", host.repository());
        let there = format!("{}{path}?signature=abc", cast.blobs.url());
        host.server
            .always(&format!("GET {path}"), Answer::redirect(307, &there));
        let mut config = build(tag).build().blobs.into_iter();
        let config = config.find(|blob| memory_registry::digest(blob) == digest);
        cast.blobs.always(&format!("GET {path}"), Answer::json(config.unwrap()));
    }
}

/// Leads everybody away who has shown who it is.
pub(super) fn leading_away(cast: &Cast, host: &Host) {
    let elsewhere = cast.elsewhere.url();
    let answer = match host.name {
        "seduced" => {
            then(host, Vec::new());
            Answer::redirect(307, &format!("{elsewhere}/v2/team/seduced/tags/list"))
        }
        "realm" => Answer::challenge(&format!(
            r#"Bearer realm="{elsewhere}/token",service="registry.test",scope="repository:team/realm:pull""#
        )),
        name => unreachable!("{name} leads nobody away"),
    };
    host.server.always(&host.list(), answer);
}

/// How long a request may take; what takes longer has failed.
pub(super) fn timeout(name: &str) -> Duration {
    let short = ["hang", "slow", "silent"].contains(&name);
    Duration::from_secs(if short { 1 } else { 10 })
}
