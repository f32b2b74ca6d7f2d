//! The environment of the process; nothing else reads it.

use std::path::PathBuf;

use controller::config::Environment;
use registry_scanner::HELPER_VARIABLES;
use transport::Secret;

/// The address of the daemon to talk to: `TIDEMARK_SERVER`.
pub(crate) fn server() -> Option<String> {
    read("TIDEMARK_SERVER")
}

/// The file of the token to show to the daemon: `TIDEMARK_TOKEN_FILE`.
pub(crate) fn token_file() -> Option<PathBuf> {
    read("TIDEMARK_TOKEN_FILE").map(PathBuf::from)
}

/// What the configuration takes from the environment.
pub(crate) fn environment() -> Environment {
    let path = |name| read(name).map(PathBuf::from);
    Environment {
        home: path("HOME"),
        xdg_state_home: path("XDG_STATE_HOME"),
        docker_config: path("DOCKER_CONFIG"),
        path: read("PATH").map(Into::into),
        helper_variables: HELPER_VARIABLES
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), Secret::new(read(name)?))))
            .collect(),
        google_application_credentials: path("GOOGLE_APPLICATION_CREDENTIALS"),
        azure_client_id: read("AZURE_CLIENT_ID"),
        azure_tenant_id: read("AZURE_TENANT_ID"),
        azure_federated_token_file: path("AZURE_FEDERATED_TOKEN_FILE"),
        azure_authority_host: read("AZURE_AUTHORITY_HOST"),
    }
}

/// Which lines the log has: `RUST_LOG`.
pub(crate) fn log_filter() -> Option<String> {
    read("RUST_LOG")
}

/// How wide the terminal is, where it does not tell: `COLUMNS`.
pub(crate) fn columns() -> Option<usize> {
    read("COLUMNS")?.parse().ok().filter(|&columns| columns > 0)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one module that reads the environment"
)]
fn read(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
