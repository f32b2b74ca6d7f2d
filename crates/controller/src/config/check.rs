//! From the file to the configuration: defaults, paths, and what must agree with what.

mod policies;
mod registries;
mod repositories;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use transport::Proxy;
use yaml_spans::Node;

use super::file::{
    CacheFile, ConfigFile, HttpAuthFile, HttpAuthMode, HttpFile, LogFile, LogFormat, LogLevel, ProxyFile,
};
use super::load::Environment;
use super::problem::Report;
use super::scalars::FilePath;
use super::text::Text;
use super::{Config, HttpAuth, HttpConfig, LogConfig};
use crate::place;

/// The most bytes of the cache where nothing is said.
const DEFAULT_CACHE_BYTES: u64 = 64 << 20;

/// What a check needs beside the file.
pub(super) struct Checker<'a> {
    /// The file as it was written, for the places of problems.
    pub(super) root: Node<'a>,
    /// What relative paths are relative to.
    pub(super) folder: &'a Path,
    pub(super) environment: &'a Environment,
    pub(super) report: &'a mut Report,
}

/// The configuration; it is only worth something if no problem was reported.
pub(super) fn check(file: ConfigFile, checker: &mut Checker<'_>) -> Config {
    let policies = checker.policies(file.policies.unwrap_or_default());
    let rules = checker.rules(file.rules.unwrap_or_default(), &policies);
    let proxy = file.proxy.map(proxy);
    let (scanner, schedules, images) = checker.registries(file.registries.unwrap_or_default(), proxy.clone());
    let repositories = checker.repositories(file.repositories.unwrap_or_default());
    let state_file = checker.state_path(file.state.and_then(|state| state.file), "state");
    let mirrors = checker.state_path(file.mirrors, "mirrors");
    Config {
        http: checker.http(file.http.unwrap_or_default()),
        log: log(&file.log.unwrap_or_default()),
        cache_max_bytes: cache_bytes(file.cache.unwrap_or_default()),
        state_file,
        mirrors,
        proxy,
        scanner,
        schedules,
        images,
        policies,
        rules,
        repositories,
    }
}

impl Checker<'_> {
    /// Notes a problem with `key`, unless something about it is wrong already: the one may follow from the other.
    pub(super) fn problem(&mut self, key: &str, text: impl Into<String>) {
        // Finding the place takes its time, and after the first hundreds nobody reads on.
        if self.report.is_full() {
            self.report.add(self.root.location(), key, text);
        } else if !self.report.concerns(key) {
            let location = place::of_key(self.root, key).node.location();
            self.report.add(location, key, text);
        }
    }

    fn http(&mut self, file: HttpFile) -> HttpConfig {
        let default = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3030);
        HttpConfig {
            listen: file.listen.map_or(default, |listen| listen.0),
            auth: self.http_auth(file.auth.unwrap_or_default()),
        }
    }

    fn http_auth(&mut self, file: HttpAuthFile) -> HttpAuth {
        match (file.mode.unwrap_or(HttpAuthMode::None), file.token_file) {
            (HttpAuthMode::None, None) => HttpAuth::None,
            (HttpAuthMode::Token, Some(file)) => HttpAuth::Token { file: self.path(file) },
            (HttpAuthMode::Token, None) => {
                self.problem(
                    "http.auth.tokenFile",
                    "`mode: token` needs the file that holds the token",
                );
                HttpAuth::None
            }
            (HttpAuthMode::None, Some(_)) => {
                self.problem("http.auth.tokenFile", "a token is only looked at with `mode: token`");
                HttpAuth::None
            }
        }
    }

    /// A path of the file as the process uses it.
    fn path(&self, path: Text<FilePath>) -> PathBuf {
        self.folder.join(path.0.0)
    }

    pub(super) fn optional_path(&self, path: Option<Text<FilePath>>) -> Option<PathBuf> {
        path.map(|path| self.path(path))
    }

    /// A path that has a default in the folder for state.
    fn state_path(&self, path: Option<Text<FilePath>>, name: &str) -> PathBuf {
        match path {
            Some(path) => self.path(path),
            None => self.environment.state_folder().join(name),
        }
    }

    /// Reports each item of the list at `key` that is called as an earlier one, also where the rest of it is wrong.
    fn refuse_doubles(&mut self, list: &str, name: &str, fold: fn(&str) -> String) {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let items = self
            .root
            .as_mapping()
            .and_then(|root| at(root, list))
            .and_then(Node::as_sequence);
        for (number, item) in items.into_iter().flat_map(yaml_spans::Sequence::items).enumerate() {
            let Some(text) = item
                .as_mapping()
                .and_then(|item| item.get(name))
                .and_then(Node::as_text)
            else {
                continue;
            };
            match seen.get(&fold(text)) {
                Some(first) => {
                    let text = transport::one_line(text, 80);
                    self.problem(
                        &format!("{list}[{number}].{name}"),
                        format!("`{text}` is taken by {list}[{first}]"),
                    );
                }
                None => {
                    seen.insert(fold(text), number);
                }
            }
        }
    }
}

/// The value of a dotted key.
fn at<'s>(root: yaml_spans::Mapping<'s>, key: &str) -> Option<Node<'s>> {
    match key.split_once('.') {
        Some((first, rest)) => at(root.get(first)?.as_mapping()?, rest),
        None => root.get(key),
    }
}

fn log(file: &LogFile) -> LogConfig {
    LogConfig {
        level: file.level.unwrap_or(LogLevel::Info),
        format: file.format.unwrap_or(LogFormat::Text),
    }
}

fn cache_bytes(file: CacheFile) -> u64 {
    let size = file.embedded.and_then(|cache| cache.max_size);
    size.map_or(DEFAULT_CACHE_BYTES, |size| size.0.0)
}

fn proxy(file: ProxyFile) -> Proxy {
    let hosts = file.no_proxy.unwrap_or_default().into_items();
    Proxy {
        url: file.url.0.0,
        credentials: None,
        no_proxy: hosts.map(|(_, host)| host.0.0).collect(),
    }
}
