//! How many requests of which kind went out.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts of one host since the start.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    lists: AtomicU64,
    heads: AtomicU64,
    manifests: AtomicU64,
    blobs: AtomicU64,
    tokens: AtomicU64,
    pings: AtomicU64,
    redirects: AtomicU64,
    refused_credentials: AtomicU64,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    List,
    Head,
    Manifest,
    Blob,
    Token,
    Ping,
    Redirect,
    RefusedCredential,
}

/// The requests that one host was sent, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Requests {
    /// Pages of tag lists.
    pub lists: u64,
    /// `HEAD` of manifests.
    pub heads: u64,
    /// `GET` of manifests.
    pub manifests: u64,
    /// Blobs: configurations of images.
    pub blobs: u64,
    /// Tokens, from whatever server.
    pub tokens: u64,
    /// Questions to `/v2/`, whether the registry wants to know who asks.
    pub pings: u64,
    /// Requests that followed a redirect, counted beside their kind.
    pub redirects: u64,
    /// Credentials that were refused; no request.
    pub refused_credentials: u64,
}

impl Counters {
    pub(crate) fn add(&self, what: Count) {
        let counter = match what {
            Count::List => &self.lists,
            Count::Head => &self.heads,
            Count::Manifest => &self.manifests,
            Count::Blob => &self.blobs,
            Count::Token => &self.tokens,
            Count::Ping => &self.pings,
            Count::Redirect => &self.redirects,
            Count::RefusedCredential => &self.refused_credentials,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts on from where an earlier configuration stopped.
    pub(crate) fn inherit(&self, earlier: &Self) {
        for (mine, theirs) in self.all().into_iter().zip(earlier.all()) {
            mine.fetch_add(theirs.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    fn all(&self) -> [&AtomicU64; 8] {
        [
            &self.lists,
            &self.heads,
            &self.manifests,
            &self.blobs,
            &self.tokens,
            &self.pings,
            &self.redirects,
            &self.refused_credentials,
        ]
    }

    pub(crate) fn read(&self) -> Requests {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Requests {
            lists: of(&self.lists),
            heads: of(&self.heads),
            manifests: of(&self.manifests),
            blobs: of(&self.blobs),
            tokens: of(&self.tokens),
            pings: of(&self.pings),
            redirects: of(&self.redirects),
            refused_credentials: of(&self.refused_credentials),
        }
    }
}
