//! What arrived: a log of requests, and their counts.

use std::collections::{BTreeMap, VecDeque};

use http::{Method, Version};

/// The log keeps this many requests; counts are exact beyond it.
const KEPT: usize = 100_000;

/// One request that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What it asked for.
    pub kind: RequestKind,
    /// Its method.
    pub method: Method,
    /// Its path, without the query.
    pub path: String,
    /// Its query, without the question mark; empty if there was none.
    pub query: String,
    /// The protocol it came by.
    pub version: Version,
    /// What its `Authorization` header carried.
    pub credential: Credential,
    /// The user that a valid credential named.
    pub user: Option<String>,
    /// The status of the answer.
    pub status: u16,
}

/// What a request asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestKind {
    /// `GET /v2/`.
    Ping,
    /// The token service.
    Token,
    /// A page of `tags/list`.
    TagList,
    /// A page of `_catalog`.
    Catalog,
    /// `HEAD` of a manifest.
    ManifestHead,
    /// `GET` of a manifest.
    Manifest,
    /// `PUT` of a manifest.
    ManifestPush,
    /// `DELETE` of a manifest or tag.
    ManifestDelete,
    /// `HEAD` or `GET` of a blob.
    Blob,
    /// A step of the upload of a blob.
    BlobPush,
    /// `DELETE` of a blob.
    BlobDelete,
    /// Anything else.
    Other,
}

/// The kind of credential a request carried, valid or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// No `Authorization` header.
    None,
    /// User and password.
    Basic,
    /// A token.
    Bearer,
    /// An `Authorization` header of another scheme, or a malformed one.
    Other,
}

/// The requests so far, in the order of their answers.
#[derive(Debug, Clone, Default)]
pub struct Requests {
    log: VecDeque<Request>,
    counts: BTreeMap<RequestKind, usize>,
}

impl Requests {
    /// How many requests of this kind were answered, whatever the answer.
    pub fn count(&self, kind: RequestKind) -> usize {
        self.counts.get(&kind).copied().unwrap_or_default()
    }

    /// The counts of all kinds that occurred.
    pub fn counts(&self) -> &BTreeMap<RequestKind, usize> {
        &self.counts
    }

    /// How many requests were answered in all.
    pub fn total(&self) -> usize {
        self.counts.values().sum()
    }

    /// The requests themselves, the oldest first; the last 100,000 of them.
    pub fn iter(&self) -> impl Iterator<Item = &Request> {
        self.log.iter()
    }

    /// The requests of one kind.
    pub fn of(&self, kind: RequestKind) -> impl Iterator<Item = &Request> {
        self.log.iter().filter(move |request| request.kind == kind)
    }

    pub(crate) fn record(&mut self, request: Request) {
        *self.counts.entry(request.kind).or_default() += 1;
        if self.log.len() == KEPT {
            self.log.pop_front();
        }
        self.log.push_back(request);
    }
}
