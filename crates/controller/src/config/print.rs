//! The configuration in force, as a file that reads as the same configuration.

use std::path::Path;

use registry_scanner::{ConfiguredCredentials, DockerConfigFile, HostConfig, Limits};
use serde_json::Value;

use super::clouds;
use super::ecr;
use super::file::{
    CacheFile, CommitFile, ConfigFile, CredentialsFile, EmbeddedCacheFile, HostFile, HttpAuthFile, HttpAuthMode,
    HttpFile, LimitsFile, LogFile, MatchFile, NamedPolicyFile, PolicyOrTextFile, ProxyFile, PushFile, PushMode,
    RegistriesFile, RepositoryAuthFile, RepositoryFile, RuleFile, StateFile, SuspectFile, SuspectOverrideFile,
};
use super::policies::NamedPolicy;
use super::policy_file::PolicyFile;
use super::registries::Schedule;
use super::repositories::{RepositoryAuth, RepositoryConfig};
use super::rules::{Rule, RuleMatch};
use super::scalars::{Bytes, DirectHost, FilePath, HelperName, PolicyName, PolicyText, ProxyUrl, Username};
use super::text::Text;
use super::yaml::yaml;
use super::{Config, HttpAuth};

impl Config {
    /// What is in force, defaults included, as YAML. Secrets are never in a configuration, only the paths of their files.
    pub fn print(&self) -> String {
        let file = serde_json::to_value(file(self)).expect("a structure of texts is JSON");
        yaml(&without_nulls(file))
    }
}

/// What is not set is left out. As deep as [`ConfigFile`] is.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let given = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(given.map(|(key, value)| (key, without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

fn file(config: &Config) -> ConfigFile {
    let cache = EmbeddedCacheFile {
        max_size: Some(Text(Bytes(config.cache_max_bytes))),
    };
    ConfigFile {
        http: Some(HttpFile {
            listen: Some(Text(config.http.listen)),
            auth: Some(http_auth(&config.http.auth)),
        }),
        log: Some(LogFile {
            level: Some(config.log.level),
            format: Some(config.log.format),
        }),
        cache: Some(CacheFile { embedded: Some(cache) }),
        state: Some(StateFile {
            file: path(&config.state_file),
        }),
        mirrors: path(&config.mirrors),
        proxy: config.proxy.as_ref().map(|proxy| ProxyFile {
            url: Text(ProxyUrl(proxy.url.clone())),
            no_proxy: Some(
                proxy
                    .no_proxy
                    .iter()
                    .map(|host| Text(DirectHost(host.clone())))
                    .collect(),
            ),
        }),
        registries: Some(registries(config)),
        policies: Some(config.policies.iter().map(named_policy).collect()),
        rules: Some(config.rules.iter().map(rule).collect()),
        repositories: Some(config.repositories.iter().map(repository).collect()),
    }
}

fn http_auth(auth: &HttpAuth) -> HttpAuthFile {
    let (mode, token_file) = match auth {
        HttpAuth::None => (HttpAuthMode::None, None),
        HttpAuth::Token { file } => (HttpAuthMode::Token, path(file)),
    };
    HttpAuthFile {
        mode: Some(mode),
        token_file,
    }
}

fn path(path: &Path) -> Option<Text<FilePath>> {
    Some(Text(FilePath(path.to_owned())))
}

fn registries(config: &Config) -> RegistriesFile {
    let docker_config = config.scanner.docker_config.as_ref().map(|file| match file {
        DockerConfigFile::Named(path) | DockerConfigFile::Usual(path) => Text(FilePath(path.clone())),
    });
    let hosts = config.scanner.hosts.iter();
    RegistriesFile {
        defaults: Some(defaults(config.scanner.defaults, config.schedules.defaults)),
        hosts: Some(
            hosts
                .map(|host| host_file(host, config.schedules.of(&host.host)))
                .collect(),
        ),
        include: Some(config.images.include.iter().cloned().map(Text).collect()),
        exclude: Some(config.images.exclude.iter().cloned().map(Text).collect()),
        docker_config,
        credential_helpers: Some(
            config
                .scanner
                .helpers
                .allowed
                .iter()
                .map(|name| Text(HelperName(name.clone())))
                .collect(),
        ),
        ecr: Some(ecr::print(&config.scanner.clouds.ecr)),
        google: Some(clouds::print_google(&config.scanner.clouds.google)),
        azure: Some(clouds::print_azure(&config.scanner.clouds.azure)),
    }
}

fn defaults(limits: Limits, schedule: Schedule) -> LimitsFile {
    let suspect = SuspectFile {
        scans: Some(schedule.suspect.scans),
        span: Some(Text(schedule.suspect.span)),
    };
    LimitsFile {
        requests_per_second: Some(limits.requests_per_second.get()),
        burst: Some(limits.burst.get()),
        concurrency: u32::try_from(limits.concurrency.get()).ok(),
        timeout: Some(Text(limits.timeout)),
        interval: Some(Text(schedule.interval)),
        min_interval: Some(Text(schedule.min_interval)),
        suspect: Some(suspect),
    }
}

fn host_file(host: &HostConfig, schedule: Schedule) -> HostFile {
    let limits = host.limits;
    let suspect = SuspectOverrideFile {
        scans: Some(schedule.suspect.scans),
        span: Some(Text(schedule.suspect.span)),
    };
    HostFile {
        host: Text(host.host.clone()),
        plain_http: Some(host.plain_http),
        plain_http_credentials: Some(host.plain_http_credentials),
        ca_file: host.ca_file.as_deref().and_then(path),
        token_hosts: Some(host.token_hosts.iter().cloned().map(Text).collect()),
        credentials: host.credentials.as_ref().map(credentials),
        requests_per_second: Some(limits.requests_per_second.get()),
        burst: Some(limits.burst.get()),
        concurrency: u32::try_from(limits.concurrency.get()).ok(),
        timeout: Some(Text(limits.timeout)),
        interval: Some(Text(schedule.interval)),
        min_interval: Some(Text(schedule.min_interval)),
        suspect: Some(suspect),
    }
}

fn credentials(credentials: &ConfiguredCredentials) -> CredentialsFile {
    CredentialsFile {
        username: Text(Username(credentials.username.clone())),
        password_file: Text(FilePath(credentials.password_file.clone())),
    }
}

fn named_policy(named: &NamedPolicy) -> NamedPolicyFile {
    NamedPolicyFile {
        name: Text(PolicyName(named.name.clone())),
        image: named.image.clone().map(Text),
        policy: PolicyFile::of(&named.policy),
    }
}

fn rule(rule: &Rule) -> RuleFile {
    let text = rule
        .policy_name
        .as_ref()
        .map_or_else(|| rule.policy.to_string(), ToString::to_string);
    RuleFile {
        matcher: match_file(&rule.matcher),
        policy: PolicyOrTextFile::Text(Text(PolicyText(text))),
    }
}

fn match_file(matcher: &RuleMatch) -> MatchFile {
    let RuleMatch {
        repository,
        path,
        field,
        namespace,
        kind,
        container,
        image,
    } = matcher.clone();
    MatchFile {
        repository: repository.map(Text),
        path: path.map(Text),
        field: field.map(Text),
        namespace: namespace.map(Text),
        kind: kind.map(Text),
        container: container.map(Text),
        image: image.map(Text),
    }
}

fn repository(repository: &RepositoryConfig) -> RepositoryFile {
    let commit = CommitFile {
        author: Some(Text(repository.author.clone())),
        message: Some(Text(repository.message.clone())),
    };
    RepositoryFile {
        name: Text(repository.name.clone()),
        url: Text(repository.url.clone()),
        branch: Some(Text(repository.branch.clone())),
        // An empty list would read the same; left out, it says "the whole tree" as people write it.
        paths: (!repository.paths.is_empty()).then(|| repository.paths.iter().cloned().map(Text).collect()),
        interval: Some(Text(repository.interval)),
        auth: auth(&repository.auth),
        ca_file: repository.ca_file.as_deref().and_then(path),
        commit: Some(commit),
        push: Some(PushFile {
            mode: Some(PushMode::Commit),
        }),
    }
}

fn auth(auth: &RepositoryAuth) -> Option<RepositoryAuthFile> {
    let mut file = RepositoryAuthFile::default();
    match auth {
        RepositoryAuth::None => return None,
        RepositoryAuth::SshKey {
            key_file,
            known_hosts_file,
        } => {
            file.ssh_key_file = path(key_file);
            file.known_hosts_file = path(known_hosts_file);
        }
        RepositoryAuth::Password {
            username,
            password_file,
        } => {
            file.username = Some(Text(Username(username.clone())));
            file.password_file = path(password_file);
        }
        RepositoryAuth::Token { token_file } => file.token_file = path(token_file),
    }
    Some(file)
}
