//! The configuration: one YAML file, read strictly, with every problem at once.
//!
//! Two shapes: `ConfigFile` is what people write, and everything in it that may be left out is optional; [`Config`] is
//! checked, and nothing in it is missing. A file becomes a configuration in three steps: `yaml-spans` makes a tree of it,
//! `decode` walks the tree along the schema of the file and collects what does not fit, and `check` puts the rest together.

mod check;
mod clouds;
mod decode;
mod ecr;
mod file;
pub mod globs;
mod images;
mod later;
mod load;
pub mod message;
pub mod names;
pub mod paths;
mod policies;
mod policy_file;
mod print;
mod problem;
mod registries;
mod reload;
mod repositories;
mod rules;
mod scalars;
mod schema;
mod suggest;
mod text;
mod units;
mod yaml;

use std::net::SocketAddr;
use std::path::PathBuf;

use registry_scanner::ScannerConfig;
use transport::Proxy;

pub use file::{LogFormat, LogLevel};
pub(crate) use globs::PathGlob;
pub use images::{ImageGlobs, LeftOut};
pub use load::{Environment, LoadError, MAX_BYTES, load, parse, scanner_for_cli};
pub use policies::{NamedPolicy, Policies, PolicyNameError};
pub use problem::{Problem, Problems};
pub use registries::{Schedule, Schedules};
pub use reload::restart_needed;
pub use repositories::{RepositoryAuth, RepositoryConfig};
pub use rules::{Rule, RuleMatch, RuleSubject, Rules};
pub use schema::schema_text;
pub use units::parse_duration;

/// The checked configuration of the daemon.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The status page and its API.
    pub http: HttpConfig,
    /// The log.
    pub log: LogConfig,
    /// The most bytes that the cache of scans takes.
    pub cache_max_bytes: u64,
    /// The file of what the daemon has to remember.
    pub state_file: PathBuf,
    /// The folder of the bare mirrors.
    pub mirrors: PathBuf,
    /// The forward proxy for registries and git.
    pub proxy: Option<Proxy>,
    /// How much registries are asked at a time, and with which credentials.
    pub scanner: ScannerConfig,
    /// How often they are asked.
    pub schedules: Schedules,
    /// Which images are scanned at all.
    pub images: ImageGlobs,
    /// Policies by name.
    pub policies: Policies,
    /// Policies for what carries no annotation.
    pub rules: Rules,
    /// The repositories that are kept up to date; no two have the same name, or the same address and branch.
    pub repositories: Vec<RepositoryConfig>,
}

/// The status page and its API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpConfig {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Who may ask.
    pub auth: HttpAuth,
}

/// Who may ask the status API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpAuth {
    /// Everybody may read, nobody may have anything done.
    None,
    /// Whoever has the token may read and have things done, nobody else may anything.
    Token {
        /// The file that holds the token; read with each request.
        file: PathBuf,
    },
}

/// The log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogConfig {
    /// The least important lines that are written.
    pub level: LogLevel,
    /// The shape of a line.
    pub format: LogFormat,
}

/// A configuration for the tests of other modules.
#[cfg(test)]
pub(crate) fn parse_for_tests(text: &str) -> Config {
    let environment = Environment {
        home: Some("/nowhere".into()),
        ..Environment::default()
    };
    parse(
        "daemon.yaml",
        text.as_bytes(),
        std::path::Path::new("/etc/tidemark"),
        &environment,
    )
    .expect("a configuration")
}

#[cfg(test)]
mod tests;
