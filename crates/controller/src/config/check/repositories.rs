//! Repositories.

use std::collections::HashMap;
use std::time::Duration;

use git_writer::{BranchName, GitUrl};

use super::Checker;
use crate::config::file::{RepositoryAuthFile, RepositoryFile};
use crate::config::message::MessageTemplate;
use crate::config::names::Author;
use crate::config::repositories::{RepositoryAuth, RepositoryConfig};
use crate::config::text::List;

/// How often a branch is looked at where nothing is said.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(60);

/// The branch where none is named.
const DEFAULT_BRANCH: &str = "main";

impl Checker<'_> {
    pub(super) fn repositories(&mut self, file: List<RepositoryFile>) -> Vec<RepositoryConfig> {
        self.refuse_doubles("repositories", "name", str::to_owned);
        let mut seen = HashMap::new();
        let mut repositories = Vec::new();
        for (number, repository) in file.into_items() {
            let key = format!("repositories[{number}]");
            let Some(repository) = self.repository(repository, &key) else {
                continue;
            };
            match seen.get(&identity(&repository)) {
                Some(first) => {
                    let branch = &repository.branch;
                    self.problem(
                        &format!("{key}.url"),
                        format!("branch `{branch}` of this address is repositories[{first}] already; two would undo each other's work"),
                    );
                }
                None => {
                    seen.insert(identity(&repository), number);
                }
            }
            repositories.push(repository);
        }
        repositories
    }

    fn repository(&mut self, file: RepositoryFile, key: &str) -> Option<RepositoryConfig> {
        let url = file.url.0;
        let auth = self.auth(file.auth.unwrap_or_default(), &url, &format!("{key}.auth"))?;
        let commit = file.commit.unwrap_or_default();
        let default_branch = || BranchName::parse(DEFAULT_BRANCH).expect("a plain word is the name of a branch");
        let default_author = || Author::parse(Author::DEFAULT).expect("tested");
        let default_message = || MessageTemplate::parse(MessageTemplate::DEFAULT).expect("tested");
        Some(RepositoryConfig {
            name: file.name.0,
            url,
            branch: file.branch.map_or_else(default_branch, |branch| branch.0),
            paths: file
                .paths
                .unwrap_or_default()
                .into_items()
                .map(|(_, path)| path.0)
                .collect(),
            interval: file.interval.map_or(DEFAULT_INTERVAL, |interval| interval.0),
            auth,
            ca_file: self.optional_path(file.ca_file),
            author: commit.author.map_or_else(default_author, |author| author.0),
            message: commit.message.map_or_else(default_message, |message| message.0),
        })
    }

    /// The login, if it is one that the address can use.
    fn auth(&mut self, file: RepositoryAuthFile, url: &GitUrl, key: &str) -> Option<RepositoryAuth> {
        let RepositoryAuthFile {
            ssh_key_file,
            known_hosts_file,
            username,
            password_file,
            token_file,
        } = file;
        let key_or_password = (ssh_key_file, known_hosts_file, username, password_file, token_file);
        match key_or_password {
            (None, None, None, None, None) if !url.is_ssh() => Some(RepositoryAuth::None),
            (Some(key_file), Some(known_hosts_file), None, None, None) if url.is_ssh() => {
                Some(RepositoryAuth::SshKey {
                    key_file: self.path(key_file),
                    known_hosts_file: self.path(known_hosts_file),
                })
            }
            (None, None, Some(username), Some(password_file), None) if url.is_http() => {
                Some(RepositoryAuth::Password {
                    username: username.0.0,
                    password_file: self.path(password_file),
                })
            }
            (None, None, None, None, Some(token_file)) if url.is_http() => Some(RepositoryAuth::Token {
                token_file: self.path(token_file),
            }),
            _ => {
                self.problem(key, wanted_auth(url));
                None
            }
        }
    }
}

/// What belongs into `auth` for an address.
fn wanted_auth(url: &GitUrl) -> &'static str {
    if url.is_ssh() {
        "an `ssh://` address needs `sshKeyFile` and `knownHostsFile`, and nothing else"
    } else if url.is_http() {
        "an `https://` or `http://` address takes `username` with `passwordFile`, or `tokenFile`, and nothing else"
    } else {
        "a `file://` address takes no login"
    }
}

/// What two repositories must not share. Forges serve `fleet` and `fleet.git` as one; two folders of those names are two.
fn identity(repository: &RepositoryConfig) -> (String, BranchName) {
    let mut url = repository.url.to_string();
    if repository.url.file_path().is_none()
        && let Some(bare) = url.strip_suffix(".git")
    {
        url.truncate(bare.len());
    }
    (url, repository.branch.clone())
}
