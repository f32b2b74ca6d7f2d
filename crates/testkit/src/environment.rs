//! What is taken from the environment: nothing but where caches are kept.

use std::env;
use std::path::PathBuf;

/// Where programs are looked for; servers and git get the same.
pub(crate) const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The folder of servers that are built rather than installed; `None` without a home.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where testkit reads the environment"
)]
pub(crate) fn built_servers() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let caches = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")));
    Some(caches?.join("tidemark-servers"))
}
