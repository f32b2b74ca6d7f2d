//! The handle: fill it, set it, serve it, ask what arrived.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::Request as HttpRequest;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::access::Tokens;
use crate::answer::{self, Scheme};
use crate::delivery::Delivery;
use crate::store::Store;
use crate::{Authentication, Image, Manifest, Manners, Order, Requests};

/// An OCI registry in memory; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// Changes with every answer.
    answered: watch::Sender<()>,
}

/// All that changes.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) manners: Manners,
    pub(crate) delivery: Delivery,
    pub(crate) authentication: Authentication,
    pub(crate) tokens: Tokens,
    pub(crate) requests: Requests,
}

impl Registry {
    /// An empty registry: open to everybody, with good manners.
    pub fn new() -> Self {
        Self::default()
    }

    /// Pushes a tiny image whose only particular is the label
    /// `org.opencontainers.image.version`, which says `tag`; says its digest.
    pub fn push_tag(&self, repository: &str, tag: &str) -> String {
        self.push(
            repository,
            tag,
            &Image::new().label("org.opencontainers.image.version", tag),
        )
    }

    /// Pushes one tiny image under many tags, in their order; says its digest.
    pub fn push_tags<T: AsRef<str>>(&self, repository: &str, tags: impl IntoIterator<Item = T>) -> String {
        let mut state = self.lock();
        let built = Image::new().build();
        let root = state.store.fill(repository, built);
        for tag in tags {
            state.store.tag(repository, tag.as_ref(), &root);
        }
        root
    }

    /// Pushes `image` under `tag`; says the digest of its root manifest.
    pub fn push(&self, repository: &str, tag: &str, image: &Image) -> String {
        let mut state = self.lock();
        let root = state.store.fill(repository, image.build());
        state.store.tag(repository, tag, &root);
        root
    }

    /// The tags of a repository in lexical order; none if there is no such repository.
    pub fn tags(&self, repository: &str) -> Vec<String> {
        self.tags_in(Order::Lexical, repository)
    }

    /// The tags of a repository in an order of choice.
    pub fn tags_in(&self, order: Order, repository: &str) -> Vec<String> {
        let state = self.lock();
        let tags = state.store.repositories.get(repository).map(|held| held.tags(order));
        tags.into_iter().flatten().map(str::to_owned).collect()
    }

    /// The names of all repositories in lexical order.
    pub fn repositories(&self) -> Vec<String> {
        self.lock()
            .store
            .names(Order::Lexical)
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    /// The manifest that a tag or a digest names.
    pub fn manifest(&self, repository: &str, reference: &str) -> Option<Manifest> {
        self.lock()
            .store
            .repositories
            .get(repository)?
            .manifest(reference)
            .cloned()
    }

    /// Takes a tag away, its manifest stays; says whether it was there.
    pub fn delete_tag(&self, repository: &str, tag: &str) -> bool {
        self.lock()
            .store
            .repositories
            .get_mut(repository)
            .is_some_and(|held| held.untag(tag))
    }

    /// Takes a repository away with all it holds; says whether it was there.
    pub fn delete_repository(&self, repository: &str) -> bool {
        self.lock().store.repositories.remove(repository).is_some()
    }

    /// Behaves so from the next request on.
    pub fn set_manners(&self, manners: Manners) {
        self.lock().manners = manners;
    }

    /// How it behaves now.
    pub fn manners(&self) -> Manners {
        self.lock().manners
    }

    /// Gets answers to clients so from the next request on.
    pub fn set_delivery(&self, delivery: Delivery) {
        self.lock().delivery = delivery;
    }

    /// Asks callers for this from the next request on; tokens given before are worthless.
    pub fn set_authentication(&self, authentication: Authentication) {
        let mut state = self.lock();
        state.authentication = authentication;
        state.tokens.revoke();
    }

    /// Makes all tokens worthless that were given so far, as when their signing
    /// key was changed: they are refused before they expire.
    pub fn revoke_tokens(&self) {
        self.lock().tokens.revoke();
    }

    /// What was answered so far.
    pub fn requests(&self) -> Requests {
        self.lock().requests.clone()
    }

    /// Forgets what was answered so far.
    pub fn clear_requests(&self) {
        self.lock().requests = Requests::default();
    }

    /// Waits until `condition` holds of what was answered.
    pub async fn until(&self, condition: impl Fn(&Requests) -> bool) {
        let mut answered = self.shared.answered.subscribe();
        while !condition(&self.lock().requests) {
            if answered.changed().await.is_err() {
                return;
            }
        }
    }

    /// The service, to be reached over plain HTTP.
    pub fn router(&self) -> Router {
        self.router_for(Scheme::Http)
    }

    /// The service, to be reached over TLS that somebody else terminates: its
    /// challenges name an `https` realm.
    pub fn router_behind_tls(&self) -> Router {
        self.router_for(Scheme::Https)
    }

    /// Serves plain HTTP (1.1 and 2) on `listener` until `shutdown`.
    ///
    /// # Errors
    ///
    /// Those of accepting connections.
    pub async fn serve(self, listener: TcpListener, shutdown: CancellationToken) -> io::Result<()> {
        axum::serve(listener, self.router())
            .with_graceful_shutdown(shutdown.cancelled_owned())
            .await
    }

    fn router_for(&self, scheme: Scheme) -> Router {
        let registry = self.clone();
        Router::new().fallback(move |request: HttpRequest| {
            let registry = registry.clone();
            async move { answer::answer(&registry, scheme, request).await }
        })
    }

    /// The state; a panic elsewhere leaves it as good as it was.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes those who wait for an answer.
    pub(crate) fn announce(&self) {
        self.shared.answered.send_replace(());
    }
}

#[cfg(test)]
mod tests;
