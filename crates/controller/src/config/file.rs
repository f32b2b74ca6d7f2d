//! The configuration file as people write it.
//!
//! These structures are the one truth about its shape: the JSON Schema, the reference in `docs/` and the reader's messages
//! are made of them. What may be left out is an `Option`; what it then means is in [`super::check`].

use std::net::SocketAddr;
use std::time::Duration;

use domain::reference::{Registry, Repository};
use git_writer::{BranchName, GitUrl};
use manifests::FieldPattern;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use transport::Authority;

use super::clouds::{AzureFile, GoogleFile};
use super::ecr::EcrFile;
use super::globs::{Glob, PathGlob};
use super::message::MessageTemplate;
use super::names::{Author, Name};
use super::paths::PathPrefix;
use super::policy_file::PolicyFile;
use super::scalars::{Bytes, DirectHost, FilePath, HelperName, PolicyName, PolicyText, ProxyUrl, Username};
use super::text::{List, Text};

/// The configuration of the Tidemark daemon.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Tidemark configuration")]
pub(crate) struct ConfigFile {
    /// The status page and its API.
    pub(crate) http: Option<HttpFile>,
    /// What the daemon writes to standard error.
    pub(crate) log: Option<LogFile>,
    /// Where scans are kept, so that a registry is not asked twice for what is known.
    pub(crate) cache: Option<CacheFile>,
    /// What the daemon has to remember: sizes of tag lists, high-water marks, holds.
    pub(crate) state: Option<StateFile>,
    /// The folder of the bare mirrors of the repositories. Default: `tidemark/mirrors` under `$XDG_STATE_HOME`, else under
    /// `~/.local/state`, and without a home under `/var/lib`. Changing it needs a restart.
    pub(crate) mirrors: Option<Text<FilePath>>,
    /// A forward proxy for registries and for git over HTTP. The proxies of the environment are not read.
    pub(crate) proxy: Option<ProxyFile>,
    /// How registries are asked, and which are left alone.
    pub(crate) registries: Option<RegistriesFile>,
    /// Policies by name, for rules and annotations.
    pub(crate) policies: Option<List<NamedPolicyFile>>,
    /// Policies for what carries no annotation; the first rule that matches wins.
    pub(crate) rules: Option<List<RuleFile>>,
    /// The git repositories that are kept up to date. Without any, the daemon only watches.
    pub(crate) repositories: Option<List<RepositoryFile>>,
}

/// The status page and its API.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct HttpFile {
    /// The address and port to listen on. Changing it needs a restart.
    #[schemars(extend("default" = "127.0.0.1:3030"))]
    pub(crate) listen: Option<Text<SocketAddr>>,
    /// Who may ask.
    pub(crate) auth: Option<HttpAuthFile>,
}

/// Who may ask the status API.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct HttpAuthFile {
    /// How callers prove who they are.
    #[schemars(extend("default" = "none"))]
    pub(crate) mode: Option<HttpAuthMode>,
    /// The file that holds the token, of 16 to 4096 visible characters; read again with each request. For `mode: token`.
    pub(crate) token_file: Option<Text<FilePath>>,
}

/// How callers prove who they are.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum HttpAuthMode {
    /// Not at all: everybody may read, nobody may change anything.
    None,
    /// By a token: `Authorization: Bearer TOKEN`. Without it, only `/healthz`, `/readyz` and the empty page are answered.
    Token,
}

/// What the daemon writes to standard error.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LogFile {
    /// The least important lines that are written. The environment variable `RUST_LOG` wins.
    #[schemars(extend("default" = "info"))]
    pub(crate) level: Option<LogLevel>,
    /// The shape of a line.
    #[schemars(extend("default" = "text"))]
    pub(crate) format: Option<LogFormat>,
}

/// How important a line of the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum LogLevel {
    /// A person must act.
    Error,
    /// Something failed, and is tried again.
    Warn,
    /// One line for each thing that changed.
    Info,
    /// One line for each request.
    Debug,
    /// Everything, for those who work on Tidemark itself.
    Trace,
}

impl LogLevel {
    /// The word of the file, which the filters of the log understand as well.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// The shape of the log's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Where scans are kept.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CacheFile {
    /// In the daemon's own memory.
    pub(crate) embedded: Option<EmbeddedCacheFile>,
}

/// A cache in the daemon's own memory.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EmbeddedCacheFile {
    /// The most memory that it takes. Changing it needs a restart.
    #[schemars(extend("default" = "64MiB"))]
    pub(crate) max_size: Option<Text<Bytes>>,
}

/// What the daemon has to remember.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StateFile {
    /// The file that it is kept in. Default: `tidemark/state` under `$XDG_STATE_HOME`, else under `~/.local/state`, and
    /// without a home under `/var/lib`. Changing it needs a restart.
    pub(crate) file: Option<Text<FilePath>>,
}

/// A forward proxy.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ProxyFile {
    /// Its address, without user and password.
    pub(crate) url: Text<ProxyUrl>,
    /// Hosts that are reached without it: names, `.suffixes`, addresses, networks such as `10.0.0.0/8`.
    pub(crate) no_proxy: Option<List<Text<DirectHost>>>,
}

/// How registries are asked.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RegistriesFile {
    /// What holds for every registry that does not say otherwise.
    pub(crate) defaults: Option<LimitsFile>,
    /// Registries that need words of their own.
    pub(crate) hosts: Option<List<HostFile>>,
    /// Where there is any, only these images are scanned, by their canonical names (`docker.io/library/nginx`). `*` is any run
    /// of characters, `?` exactly one.
    pub(crate) include: Option<List<Text<Glob>>>,
    /// Images that are never scanned, also where `include` has them; patterns as there.
    pub(crate) exclude: Option<List<Text<Glob>>>,
    /// A Docker `config.json` whose credentials are tried behind those of `hosts`. Podman's `auth.json` and the documents
    /// of image pull secrets are read as well. The daemon reads no such file but this one, wherever else one may be.
    pub(crate) docker_config: Option<Text<FilePath>>,
    /// The credential helpers that may be run where the Docker config names them, `ecr-login` for `docker-credential-ecr-login`.
    /// They are programs, looked for in the folders of `PATH`. Without any here none is run.
    pub(crate) credential_helpers: Option<List<Text<HelperName>>>,
    /// The private registries of AWS (ECR).
    pub(crate) ecr: Option<EcrFile>,
    /// The registries of Google, opened in the name of a service account.
    pub(crate) google: Option<GoogleFile>,
    /// The registries of Azure, opened in the name of a workload identity or a managed identity.
    pub(crate) azure: Option<AzureFile>,
}

/// What holds for every registry that does not say otherwise.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LimitsFile {
    /// How many requests a second one registry gets at most.
    #[schemars(range(min = 1, max = 10_000), extend("default" = 20))]
    pub(crate) requests_per_second: Option<u32>,
    /// How many requests may follow each other without a pause.
    #[schemars(range(min = 1, max = 10_000), extend("default" = 10))]
    pub(crate) burst: Option<u32>,
    /// How many requests to one registry are under way at a time.
    #[schemars(range(min = 1, max = 256), extend("default" = 8))]
    pub(crate) concurrency: Option<u32>,
    /// How long one request may take in all.
    #[schemars(extend("default" = "30s"))]
    pub(crate) timeout: Option<Text<Duration>>,
    /// The longest time between two scans of one image while all is well.
    #[schemars(extend("default" = "5m"))]
    pub(crate) interval: Option<Text<Duration>>,
    /// The shortest time between two scans of one image, or `interval` if that is shorter.
    #[schemars(extend("default" = "30s"))]
    pub(crate) min_interval: Option<Text<Duration>>,
    /// When a tag list that looks wrong (empty, shrunk, the current tag gone) is believed after all.
    pub(crate) suspect: Option<SuspectFile>,
}

/// When a tag list that looks wrong is believed after all; both must be fulfilled.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SuspectFile {
    /// After this many complete scans that agree.
    #[schemars(range(min = 1, max = 1000), extend("default" = 3))]
    pub(crate) scans: Option<u32>,
    /// After they have agreed for this long.
    #[schemars(extend("default" = "10m"))]
    pub(crate) span: Option<Text<Duration>>,
}

/// One registry. What is left out is as in `registries.defaults`.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct HostFile {
    /// Its host, with the port where image names have one.
    pub(crate) host: Text<Registry>,
    /// It speaks HTTP without TLS.
    #[schemars(extend("default" = false))]
    pub(crate) plain_http: Option<bool>,
    /// Credentials may go to it without TLS, readable for everybody on the way.
    #[schemars(extend("default" = false))]
    pub(crate) plain_http_credentials: Option<bool>,
    /// The PEM file of the certificate authorities that are trusted instead of the system's.
    pub(crate) ca_file: Option<Text<FilePath>>,
    /// Token servers, beside the host itself, that may get its credentials: `HOST[:PORT]`.
    pub(crate) token_hosts: Option<List<Text<Authority>>>,
    /// The user to log in as.
    pub(crate) credentials: Option<CredentialsFile>,
    /// How many requests a second it gets at most.
    #[schemars(range(min = 1, max = 10_000))]
    pub(crate) requests_per_second: Option<u32>,
    /// How many requests may follow each other without a pause.
    #[schemars(range(min = 1, max = 10_000))]
    pub(crate) burst: Option<u32>,
    /// How many requests to it are under way at a time.
    #[schemars(range(min = 1, max = 256))]
    pub(crate) concurrency: Option<u32>,
    /// How long one request may take in all.
    pub(crate) timeout: Option<Text<Duration>>,
    /// The longest time between two scans of one image while all is well.
    pub(crate) interval: Option<Text<Duration>>,
    /// The shortest time between two scans of one image, or `interval` if that is shorter.
    pub(crate) min_interval: Option<Text<Duration>>,
    /// When a tag list that looks wrong is believed after all.
    pub(crate) suspect: Option<SuspectOverrideFile>,
}

/// When a tag list that looks wrong is believed after all. What is left out is as in `registries.defaults`.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SuspectOverrideFile {
    /// After this many complete scans that agree.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) scans: Option<u32>,
    /// After they have agreed for this long.
    pub(crate) span: Option<Text<Duration>>,
}

/// The user to log in as.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CredentialsFile {
    /// The user's name.
    pub(crate) username: Text<Username>,
    /// The file that holds the password or token; read again whenever it is used.
    pub(crate) password_file: Text<FilePath>,
}

/// A policy with a name: exactly one kind, and any options.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub(crate) struct NamedPolicyFile {
    /// What rules and annotations call it. The name of a kind is refused.
    pub(crate) name: Text<PolicyName>,
    /// The image that Flux's markers of this policy mean where they stand beside a tag and nothing says of which image it is.
    pub(crate) image: Option<Text<Repository>>,
    /// The policy itself.
    #[serde(flatten)]
    pub(crate) policy: PolicyFile,
}

/// A policy for what carries no annotation.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RuleFile {
    /// What it is for; all that is given must fit, and `{}` fits everything.
    #[serde(rename = "match")]
    pub(crate) matcher: MatchFile,
    /// The name of a policy, or a policy in place.
    pub(crate) policy: PolicyOrTextFile,
}

/// The name of a policy, or a policy in place: a text such as `semver:~1.4`, or a mapping.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum PolicyOrTextFile {
    /// The name of a policy of `policies`, or the short form of one.
    Text(Text<PolicyText>),
    /// The long form: exactly one kind, and any options.
    Long(Box<PolicyFile>),
}

/// What a rule is for. In patterns, `*` is any run of characters and `?` exactly one.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct MatchFile {
    /// The name of the repository, as a pattern.
    pub(crate) repository: Option<Text<Glob>>,
    /// The path of the file in its repository, as a pattern in which `*` and `?` stop at `/` and `**` does not.
    pub(crate) path: Option<Text<PathGlob>>,
    /// The field that the image is written in, from the top of its object, for kinds that Tidemark does not know by itself.
    /// `jobs[*]` is each item of a list, `jobs[0]` the first, `jobs[name=build]` those whose `name` is `build`, `*` any key.
    pub(crate) field: Option<Text<FieldPattern>>,
    /// The namespace of the workload as its manifest says it (`default` if it says none), as a pattern.
    pub(crate) namespace: Option<Text<Glob>>,
    /// The kind of the workload, such as `Deployment`, as a pattern; upper and lower case are the same.
    pub(crate) kind: Option<Text<Glob>>,
    /// The name of the container, as a pattern; of what is no container, the name that annotations call the image by.
    pub(crate) container: Option<Text<Glob>>,
    /// The canonical name of the image, such as `docker.io/library/nginx`, as a pattern.
    pub(crate) image: Option<Text<Glob>>,
}

/// One branch of a git repository.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RepositoryFile {
    /// What rules, the log and the status page call it.
    pub(crate) name: Text<Name>,
    /// Where it is: `file://`, `https://`, `http://` or `ssh://`.
    pub(crate) url: Text<GitUrl>,
    /// The branch that is read and committed to. It must exist.
    #[schemars(extend("default" = "main"))]
    pub(crate) branch: Option<Text<BranchName>>,
    /// The folders and files that are looked at. Default: the whole tree.
    pub(crate) paths: Option<List<Text<PathPrefix>>>,
    /// The longest time between two looks at the branch while all is well.
    #[schemars(extend("default" = "1m"))]
    pub(crate) interval: Option<Text<Duration>>,
    /// How to log in.
    pub(crate) auth: Option<RepositoryAuthFile>,
    /// The PEM file of the certificate authorities that are trusted instead of the system's, for `https://`.
    pub(crate) ca_file: Option<Text<FilePath>>,
    /// What commits look like.
    pub(crate) commit: Option<CommitFile>,
    /// How changes get onto the branch.
    pub(crate) push: Option<PushFile>,
}

/// How to log in to a git server: a key for `ssh://`, a user with a password or a token for `https://`. Over `http://`, the
/// password or token is readable for everybody on the way.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RepositoryAuthFile {
    /// For `ssh://`: the file of the private key.
    pub(crate) ssh_key_file: Option<Text<FilePath>>,
    /// For `ssh://`: the `known_hosts` file with the server's key. A server that is not in it is not talked to.
    pub(crate) known_hosts_file: Option<Text<FilePath>>,
    /// For `https://`: the user's name.
    pub(crate) username: Option<Text<Username>>,
    /// For `https://`: the file that holds the password.
    pub(crate) password_file: Option<Text<FilePath>>,
    /// For `https://`: the file that holds a bearer token.
    pub(crate) token_file: Option<Text<FilePath>>,
}

/// What commits look like.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CommitFile {
    /// Who commits: `NAME <EMAIL>`.
    #[schemars(extend("default" = "Tidemark <tidemark@localhost>"))]
    pub(crate) author: Option<Text<Author>>,
    /// The message, with the placeholders `{summary}` (one line), `{changes}` (a line per change), `{count}`,
    /// `{repository}` and `{branch}`; `{{` and `}}` are the braces themselves.
    #[schemars(extend("default" = "{summary}\n\n{changes}\n"))]
    pub(crate) message: Option<Text<MessageTemplate>>,
}

/// How changes get onto the branch.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PushFile {
    /// What is pushed.
    #[schemars(extend("default" = "commit"))]
    pub(crate) mode: Option<PushMode>,
}

/// What is pushed.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PushMode {
    /// Commits, straight onto the branch.
    Commit,
}
