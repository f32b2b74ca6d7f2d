//! The environment of the process; nothing else reads it.

/// The address of the daemon to talk to: `TIDEMARK_SERVER`.
pub(crate) fn server() -> Option<String> {
    read("TIDEMARK_SERVER")
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one module that reads the environment"
)]
fn read(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
