//! Many questions to one registry, side by side.

use std::fmt;

use domain::reference::Repository;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use registry_scanner::{ErrorCode, ScanError};
use tokio::time::Instant;
use tracing::{debug, info, warn};
use transport::chain;

use super::progress::Progress;

/// Questions about one repository that are open at the same time; the host's own limits stand above this.
const AT_ONCE: usize = 8;
/// After so many failures in a row that are the host's, the other questions are not asked. A host that went silent while
/// thousands of tags were being resolved would otherwise keep the scan waiting for hours.
const HOPELESS: usize = 10;
/// Failures that get a line each; the others are counted.
const TOLD: usize = 10;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The registry says that what was asked about is not there.
    Gone,
    /// The host answers nobody now, or was not asked for that reason; in words that may be shown.
    Host(String),
    /// Anything else, in words that may be shown.
    Failed(String),
}

/// What the questions are about, for the log: `Resolved 1500 of 5000 tags of …`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Topic<'a> {
    pub(super) repository: &'a Repository,
    /// What was done to each of the things.
    pub(super) done: &'static str,
    /// The things, in the plural.
    pub(super) things: &'static str,
}

/// Asks about all `keys`, and gives each its answer, in any order.
pub(super) async fn gather<K, T, F>(
    topic: Topic<'_>,
    keys: Vec<K>,
    ask: impl Fn(K) -> F,
) -> Vec<(K, Result<T, Trouble>)>
where
    K: Clone + fmt::Display,
    F: Future<Output = Result<T, ScanError>>,
{
    let mut progress = Progress::of(keys.len(), Instant::now());
    let mut answers = Vec::with_capacity(keys.len());
    let mut failures = Failures::new(topic);
    let mut open = FuturesUnordered::new();
    let mut left = keys.into_iter();
    loop {
        if open.len() < AT_ONCE
            && !failures.are_hopeless()
            && let Some(key) = left.next()
        {
            let question = ask(key.clone());
            open.push(async move { (key, question.await) });
            continue;
        }
        let Some((key, answer)) = open.next().await else {
            break;
        };
        let answer = failures.judge(&key, answer);
        answers.push((key, answer));
        if let Some((done, whole)) = progress.step(Instant::now()) {
            let Topic { repository, things, .. } = topic;
            info!(image.repository = %repository, "{} {done} of {whole} {things} of {repository}", topic.done);
        }
    }
    let words = failures.end(left.len());
    answers.extend(left.map(|key| (key, Err(Trouble::Host(words.clone())))));
    answers
}

/// The failures among the answers so far.
struct Failures<'a> {
    topic: Topic<'a>,
    count: usize,
    /// Failures of the host, not of one question, since the last answer that was none.
    in_a_row: usize,
    last: String,
}

impl<'a> Failures<'a> {
    fn new(topic: Topic<'a>) -> Self {
        Self {
            topic,
            count: 0,
            in_a_row: 0,
            last: String::new(),
        }
    }

    fn are_hopeless(&self) -> bool {
        self.in_a_row >= HOPELESS
    }

    /// Tells of a failure.
    fn judge<T>(&mut self, key: &impl fmt::Display, answer: Result<T, ScanError>) -> Result<T, Trouble> {
        let error = match answer {
            Ok(answer) => {
                self.in_a_row = 0;
                return Ok(answer);
            }
            Err(error) if error.is_gone() => {
                self.in_a_row = 0;
                return Err(Trouble::Gone);
            }
            Err(error) => error,
        };
        let is_of_the_host = is_of_the_host(error.code());
        self.in_a_row = if is_of_the_host { self.in_a_row + 1 } else { 0 };
        self.count += 1;
        let words = chain(&error).to_string();
        let repository = self.topic.repository;
        if self.count <= TOLD {
            warn!(image.repository = %repository, error = %words, "Failed to find out about `{key}` of {repository}");
        } else {
            debug!(image.repository = %repository, error = %words, "Failed to find out about `{key}` of {repository}");
        }
        self.last.clone_from(&words);
        Err(if is_of_the_host {
            Trouble::Host(words)
        } else {
            Trouble::Failed(words)
        })
    }

    /// Tells of the failures that got no line; says why `left` questions were not asked.
    fn end(&self, left: usize) -> String {
        let Topic { repository, things, .. } = self.topic;
        let more = self.count.saturating_sub(TOLD);
        if more > 0 {
            warn!(image.repository = %repository, "Failed to find out about {more} more {things} of {repository}");
        }
        let words = format!("not asked, for the host fails again and again: {}", self.last);
        if left > 0 {
            warn!(image.repository = %repository, error = %words, "Nothing was found out about {left} {things} of {repository}");
        }
        words
    }
}

/// Whether the next question is likely to fail as well.
fn is_of_the_host(code: ErrorCode) -> bool {
    match code {
        ErrorCode::RateLimited
        | ErrorCode::Unreachable
        | ErrorCode::ServerError
        | ErrorCode::RealmNotAllowed
        | ErrorCode::CredentialUnavailable
        | ErrorCode::Setup => true,
        // Some registries refuse single images, for instance those in which a scanner found something.
        ErrorCode::Unauthorized | ErrorCode::NotFound | ErrorCode::Incomplete | ErrorCode::BadAnswer => false,
    }
}
