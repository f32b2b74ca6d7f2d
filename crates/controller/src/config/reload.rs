//! What of a new configuration takes effect at once.

use super::Config;

/// The keys whose new values are taken only after a restart.
pub fn restart_needed(old: &Config, new: &Config) -> Vec<&'static str> {
    let keys = [
        ("http.listen", old.http.listen != new.http.listen),
        ("state.file", old.state_file != new.state_file),
        ("mirrors", old.mirrors != new.mirrors),
        ("cache", old.cache_max_bytes != new.cache_max_bytes),
    ];
    keys.into_iter()
        .filter_map(|(key, changed)| changed.then_some(key))
        .collect()
}
