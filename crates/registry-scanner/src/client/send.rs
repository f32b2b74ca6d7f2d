//! One request and its answer: paced, bounded in time and size, redirected at most within the rules.

use http::header::AUTHORIZATION;
use tokio::task;
use tokio::time::Instant;
use transport::{HttpClient, Origin, chain};
use url::Url;

use super::RegistryClient;
use super::answer::{Answer, location, read};
use super::ask::{Kind, Outgoing};
use super::budget::Budget;
use super::gate::{AskedHost, PATIENCE};
use super::refusal::left_of;
use crate::counters::Count;
use crate::error::{Failure, Who};
use crate::pace::Turn;
use crate::quota::Pull;
use crate::redirect::{Hop, follow};

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
        if out.kind != Kind::Token && Origin::of(&out.url).as_ref() != Some(&self.origin) {
            // Whoever made up this address, the registry's credentials are for it alone.
            out.headers.remove(AUTHORIZATION);
        }
        self.told.note(out.secrets);
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
            let hop = hop.map_err(|refused| refused.redacted(&self.told.redactor(out.secrets)))?;
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
        let sent = sent.map_err(|failure| budget.explain(failure));
        // The connection is back in the pool only when its own task has run after the last byte; a request that came before that would
        // open another one, and over HTTP/1.1 there would be more connections than requests at once. On a runtime of one thread, as that of
        // the commands is, it has run when this returns; elsewhere it most likely has.
        task::yield_now().await;
        sent
    }

    /// What a request takes of the registry's count of pulls.
    fn pull(&self, kind: Kind) -> Result<Pull<'_>, Failure> {
        let now = Instant::now();
        let pull = match kind {
            Kind::Manifest => self.pulls.take(now),
            Kind::Head => self.pulls.look(now),
            Kind::List | Kind::Blob | Kind::Token | Kind::Ping => Ok(self.pulls.none()),
        };
        pull.map_err(|wait| Failure::PullsSpent { wait })
    }

    /// The CA file for `url`: a host that only a server named has none of its own.
    fn ca_file_of(&self, url: &Url) -> Option<&std::path::Path> {
        let own = self.config.ca_file.as_deref();
        match Origin::of(url) {
            Some(origin) if origin == self.origin => own,
            Some(origin) => self.hosts.ca_file(&origin, None),
            None => None,
        }
    }

    /// Sends a request whose turn it is, reads its answer, and tells the gate how it went.
    async fn once(
        &self,
        http: &HttpClient,
        out: &Outgoing<'_>,
        budget: &Budget,
        (turn, who, pull): (&mut Turn<'_>, &Who, &Pull<'_>),
    ) -> Result<Answer, Failure> {
        let timeout = budget.limit(self.config.limits.timeout)?;
        self.counters.add(out.kind.count());
        tracing::debug!(registry.host = %self.config.host, "{} {}{}", out.method, shown_origin(&out.url), out.url.path());
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
        if let Some(left) = left_of(&answer.headers) {
            turn.told(left.requests, left.reset);
        }
        Ok(answer)
    }
}

fn shown_origin(url: &Url) -> String {
    Origin::of(url).map_or_else(String::new, |origin| origin.to_string())
}
