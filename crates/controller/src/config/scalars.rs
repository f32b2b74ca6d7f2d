//! The grammars of the file's scalars.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use domain::reference::{Registry, Repository};
use git_writer::{BranchName, GitUrl};
use manifests::FieldPattern;
use registry_scanner::AccountId;
use registry_scanner::docker_config::is_helper_name;
use transport::Authority;
use url::Url;

use super::clouds::ClientId;
use super::ecr::{AwsRegion, ExternalId, RoleArn};
use super::globs::{Glob, PathGlob};
use super::message::MessageTemplate;
use super::names::{Author, Name};
use super::paths::PathPrefix;
use super::text::Scalar;
use super::units::{parse_duration, parse_size, print_duration, print_size};

/// Says what is wrong with a text of one format; `None` if nothing is.
pub(crate) type Check = fn(&str) -> Option<String>;

/// Every format of the file, by the name that its schema has.
pub(crate) const FORMATS: [(&str, Check); 27] = [
    entry::<SocketAddr>(),
    entry::<Duration>(),
    entry::<Bytes>(),
    entry::<FilePath>(),
    entry::<ProxyUrl>(),
    entry::<DirectHost>(),
    entry::<Registry>(),
    entry::<Repository>(),
    entry::<Authority>(),
    entry::<Username>(),
    entry::<HelperName>(),
    entry::<Glob>(),
    entry::<PathGlob>(),
    entry::<FieldPattern>(),
    entry::<Name>(),
    entry::<PolicyName>(),
    entry::<GitUrl>(),
    entry::<BranchName>(),
    entry::<PathPrefix>(),
    entry::<Author>(),
    entry::<MessageTemplate>(),
    entry::<PolicyText>(),
    entry::<ClientId>(),
    entry::<AccountId>(),
    entry::<AwsRegion>(),
    entry::<RoleArn>(),
    entry::<ExternalId>(),
];

/// What the reader checks a text with, by the `format` of its schema.
pub(crate) fn check_of(format: &str) -> Option<Check> {
    FORMATS
        .into_iter()
        .find(|(name, _)| *name == format)
        .map(|(_, check)| check)
}

const fn entry<T: Scalar>() -> (&'static str, Check) {
    (T::FORMAT, |text| T::read(text).err())
}

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) u64);

/// A path on this machine; a relative one begins at the folder of the configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FilePath(pub(crate) PathBuf);

/// The address of a forward proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProxyUrl(pub(crate) String);

/// A host that is reached without the proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DirectHost(pub(crate) String);

/// A user's name for HTTP Basic authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Username(pub(crate) String);

/// The name of a credential helper, what follows `docker-credential-` in the name of its program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HelperName(pub(crate) String);

/// The name of a policy of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PolicyName(pub(crate) Name);

/// The name of a policy, or a policy in short or long form. It is read later, when all names are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PolicyText(pub(crate) String);

impl Scalar for SocketAddr {
    const FORMAT: &'static str = "socket-address";
    const EXAMPLE: &'static str = "127.0.0.1:3030";

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| {
            "an address to listen on is `IP:PORT`: `127.0.0.1:3030`, `0.0.0.0:3030`, `[::]:3030`".to_owned()
        })
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

impl Scalar for Duration {
    const FORMAT: &'static str = "duration";
    const EXAMPLE: &'static str = "30s";

    fn read(text: &str) -> Result<Self, String> {
        let duration = parse_duration(text)?;
        if duration.is_zero() {
            return Err("a duration here is longer than nothing".to_owned());
        }
        Ok(duration)
    }

    fn print(&self) -> String {
        print_duration(*self)
    }
}

impl Scalar for Bytes {
    const FORMAT: &'static str = "size";
    const EXAMPLE: &'static str = "64MiB";

    fn read(text: &str) -> Result<Self, String> {
        parse_size(text).map(Self)
    }

    fn print(&self) -> String {
        print_size(self.0)
    }
}

impl Scalar for FilePath {
    const FORMAT: &'static str = "path";
    const EXAMPLE: &'static str = "/etc/tidemark/ca.pem";

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("a path must not be empty".to_owned());
        }
        if text.len() > 4096 || text.chars().any(char::is_control) {
            return Err("a path is at most 4096 bytes long and holds no control characters".to_owned());
        }
        if text.starts_with('~') {
            return Err("`~` is not replaced by a home folder; write the whole path".to_owned());
        }
        Ok(Self(text.into()))
    }

    fn print(&self) -> String {
        self.0.display().to_string()
    }
}

impl Scalar for ProxyUrl {
    const FORMAT: &'static str = "proxy-url";
    const EXAMPLE: &'static str = "http://proxy:3128";

    fn read(text: &str) -> Result<Self, String> {
        const WANTED: &str =
            "the address of a proxy is `http://HOST:PORT`, `https://HOST:PORT` or `socks5://HOST:PORT`";
        // The text may hold a password, so nothing of it is repeated.
        let url = Url::parse(text).map_err(|_| WANTED.to_owned())?;
        if !matches!(url.scheme(), "http" | "https" | "socks5") || url.host_str().is_none_or(str::is_empty) {
            return Err(WANTED.to_owned());
        }
        if text.contains('@') {
            return Err("a user and a password for the proxy are not supported by this release".to_owned());
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(format!("{WANTED}, and nothing after the port"));
        }
        Ok(Self(text.to_owned()))
    }

    fn print(&self) -> String {
        self.0.clone()
    }
}

impl Scalar for DirectHost {
    const FORMAT: &'static str = "no-proxy";
    const EXAMPLE: &'static str = ".svc";

    fn read(text: &str) -> Result<Self, String> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/[]*".contains(&byte);
        if text.is_empty() || text.len() > 255 || !text.bytes().all(plain) {
            return Err(
                "a host without proxy is a name, a `.suffix`, an address, or a network such as `10.0.0.0/8`".to_owned(),
            );
        }
        Ok(Self(text.to_owned()))
    }

    fn print(&self) -> String {
        self.0.clone()
    }
}

impl Scalar for Repository {
    const FORMAT: &'static str = "image-name";
    const EXAMPLE: &'static str = "ghcr.io/acme/api";

    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

impl Scalar for Registry {
    const FORMAT: &'static str = "registry-host";
    const EXAMPLE: &'static str = "registry.example.com:5000";

    fn read(text: &str) -> Result<Self, String> {
        check_host(text)?;
        // Both readers must take it: this one compares it with images, that one makes the origin that is connected to.
        let registry = Self::parse(text).map_err(|error| error.to_string())?;
        Authority::parse(text).map_err(|error| error.to_string())?;
        Ok(registry)
    }

    fn print(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Scalar for Authority {
    const FORMAT: &'static str = "host";
    const EXAMPLE: &'static str = "auth.example.com";

    fn read(text: &str) -> Result<Self, String> {
        check_host(text)?;
        Self::parse(text).map_err(|error| error.to_string())
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

/// The two slips that people make; a password that stands there is not repeated.
fn check_host(text: &str) -> Result<(), String> {
    if text.contains('@') {
        return Err("a host is written without a user; the user and the password belong in `credentials`".to_owned());
    }
    if text.contains("://") {
        return Err("a host is written without `https://`, and with `plainHttp: true` instead of `http://`".to_owned());
    }
    Ok(())
}

impl Scalar for Username {
    const FORMAT: &'static str = "username";
    const EXAMPLE: &'static str = "ci";

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() || text.len() > 256 || text.chars().any(char::is_control) {
            return Err("a user name is 1 to 256 bytes long and holds no control characters".to_owned());
        }
        if text.contains(':') {
            return Err("a user name holds no colon: HTTP Basic ends it there".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    fn print(&self) -> String {
        self.0.clone()
    }
}

impl Scalar for HelperName {
    const FORMAT: &'static str = "helper-name";
    const EXAMPLE: &'static str = "ecr-login";

    fn read(text: &str) -> Result<Self, String> {
        if let Some(name) = text.strip_prefix("docker-credential-") {
            return Err(format!("write the name without `docker-credential-`: `{name}`"));
        }
        if !is_helper_name(text) {
            return Err("the name of a helper is made of up to 64 small letters, digits and `-`".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    fn print(&self) -> String {
        self.0.clone()
    }
}

impl Scalar for Glob {
    const FORMAT: &'static str = "glob";
    const EXAMPLE: &'static str = "ghcr.io/acme/*";

    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

impl Scalar for PathGlob {
    const FORMAT: &'static str = "path-glob";
    const EXAMPLE: &'static str = "clusters/**";

    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

impl Scalar for FieldPattern {
    const FORMAT: &'static str = "field";
    const EXAMPLE: &'static str = "spec.engine.image";

    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

impl Scalar for Name {
    const FORMAT: &'static str = "name";
    const EXAMPLE: &'static str = "fleet";

    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

impl Scalar for PolicyName {
    const FORMAT: &'static str = "policy-name";
    const EXAMPLE: &'static str = "stable";

    fn read(text: &str) -> Result<Self, String> {
        if crate::policy_text::is_kind(text) {
            return Err(format!("`{text}` is a kind of policy, so it cannot be the name of one"));
        }
        Name::parse(text).map(Self)
    }

    fn print(&self) -> String {
        self.0.to_string()
    }
}

impl Scalar for GitUrl {
    const FORMAT: &'static str = "git-url";
    const EXAMPLE: &'static str = "ssh://git@git.example.com/fleet.git";

    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

impl Scalar for BranchName {
    const FORMAT: &'static str = "branch";
    const EXAMPLE: &'static str = "main";

    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

impl Scalar for PathPrefix {
    const FORMAT: &'static str = "path-prefix";
    const EXAMPLE: &'static str = "clusters/prod";

    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

impl Scalar for Author {
    const FORMAT: &'static str = "author";
    const EXAMPLE: &'static str = "Tidemark <tidemark@example.com>";

    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

impl Scalar for MessageTemplate {
    const FORMAT: &'static str = "message-template";
    const EXAMPLE: &'static str = "chore(images): {summary}\n\n{changes}";

    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }

    fn print(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Scalar for PolicyText {
    const FORMAT: &'static str = "policy";
    const EXAMPLE: &'static str = "semver:~1.4";

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() || text.len() > crate::policy_text::LONGEST_POLICY {
            return Err("name a policy, or write one in place: `semver:~1.4`".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    fn print(&self) -> String {
        self.0.clone()
    }
}
