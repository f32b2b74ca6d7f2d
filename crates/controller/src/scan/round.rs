//! What `--once` does instead of a loop: everything that is wanted of a host and was never tried, and then the end.

use domain::reference::Registry;
use futures::{StreamExt, stream};

use crate::clock;
use crate::config::Config;
use crate::parts::Parts;

/// Asks one registry all that was never asked before.
pub(crate) async fn ask_untried(parts: &Parts, registry: &Registry, config: &Config) {
    let asks = parts.wanted.of(registry);
    let mut attempts = Vec::new();
    for (repository, asks) in &asks {
        if let Some(work) = parts.untried(repository, asks) {
            attempts.push(parts.attempt(repository, asks, work, config));
        }
    }
    // The places of the daemon's loop are for starting; here nobody waits for a second turn.
    let at_once = config.scanner.limits_of(registry).concurrency.get();
    stream::iter(attempts)
        .buffer_unordered(at_once)
        .collect::<Vec<_>>()
        .await;
    parts.note_host(registry, config, None);
    parts.save_state(clock::now());
}
