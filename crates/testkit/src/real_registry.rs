//! The real registries: docker-registry 2.8 and distribution 3.1.

mod storage;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;
use memory_registry::Image;
use rustix::process::Signal;

use crate::folder::Folder;
use crate::port::on_free_port;
use crate::process::{Process, built, command, installed, run};
use crate::token_server::{ISSUER, SERVICE};
use crate::{AzureRegistry, Ca, TokenServer, ask};

/// How the starter of a registry calls itself when it asks whether it is ready.
const STARTER: &str = "tidemark-starter";
/// The file of the users that it knows.
const HTPASSWD: &str = "htpasswd";
/// The version of distribution that `make servers` builds.
const DISTRIBUTION: &str = "distribution-3.1.2";

/// What a real registry asks of callers, and how it is reached; open and plain HTTP at first.
#[derive(Debug, Clone, Default)]
pub struct RegistrySettings {
    users: Vec<(String, String)>,
    ca: Option<Ca>,
    token: Option<TokenSettings>,
    port: Option<u16>,
}

#[derive(Debug, Clone)]
struct TokenSettings {
    realm: String,
    certificate_pem: String,
}

/// A real registry on a port of 127.0.0.1; stopped when dropped.
#[derive(Debug)]
pub struct RealRegistry {
    process: Process,
    address: SocketAddr,
    ca: Option<Ca>,
    folder: Folder,
}

/// A request that a [`RealRegistry`] answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryRequest {
    /// Its method.
    pub method: String,
    /// Its path and query.
    pub target: String,
    /// `HTTP/1.1` or `HTTP/2.0`.
    pub version: String,
    /// The status of the answer.
    pub status: u16,
    from_starter: bool,
}

impl RegistryRequest {
    /// Reads a line in Apache's combined form; there are other lines in the log too.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let mut parts = line.split('"');
        let mut request = parts.nth(1)?.split(' ').map(str::to_owned);
        let status = parts.next()?.split_whitespace().next()?.parse().ok()?;
        let (method, target, version) = (request.next()?, request.next()?, request.next()?);
        let from_starter = line.contains(STARTER);
        Some(Self {
            method,
            target,
            version,
            status,
            from_starter,
        })
    }
}

/// Which program a [`RealRegistry`] runs.
#[derive(Debug, Clone, Copy)]
enum Program {
    DockerRegistry,
    Distribution,
}

impl RegistrySettings {
    /// Open to everybody, over plain HTTP.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same over TLS, with a certificate of `ca` (see [`crate::NAMES`]) and with HTTP/2.
    #[must_use]
    pub fn tls(mut self, ca: &Ca) -> Self {
        self.ca = Some(ca.clone());
        self
    }

    /// The same on this port, for names that are written without one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// The same for this user and those named before, by htpasswd.
    #[must_use]
    pub fn user(mut self, name: &str, password: &str) -> Self {
        self.users.push((name.to_owned(), password.to_owned()));
        self
    }

    /// The same for callers with a token of `server`.
    #[must_use]
    pub fn token(mut self, server: &TokenServer) -> Self {
        let certificate_pem = server.certificate_pem().to_owned();
        self.token = Some(TokenSettings {
            realm: server.realm(),
            certificate_pem,
        });
        self
    }
}

impl RegistrySettings {
    /// The same for callers with a token that `door` gave; it stands behind that one.
    #[must_use]
    pub fn azure(mut self, door: &AzureRegistry) -> Self {
        self.token = Some(TokenSettings {
            realm: door.realm(),
            certificate_pem: door.certificate_pem().to_owned(),
        });
        self
    }
}

impl RealRegistry {
    /// Starts docker-registry 2.8.2, which ignores `n` and `last`, lists in no order and
    /// says `"tags":null` of a repository without tags.
    ///
    /// # Errors
    ///
    /// It is not installed, or does not start; with its own words.
    pub fn docker_registry(settings: &RegistrySettings) -> anyhow::Result<Self> {
        match settings.port {
            Some(port) => Self::docker_registry_on(settings, port),
            None => on_free_port(|port| Self::docker_registry_on(settings, port)),
        }
    }

    /// Starts distribution 3.1.2, which pages by `Link`, 1,000 tags at most.
    ///
    /// # Errors
    ///
    /// It is not built, or does not start; with its own words.
    pub fn distribution(settings: &RegistrySettings) -> anyhow::Result<Self> {
        on_free_port(|port| Self::distribution_on(settings, port))
    }

    pub(crate) fn docker_registry_on(settings: &RegistrySettings, port: u16) -> anyhow::Result<Self> {
        Self::start(Program::DockerRegistry, settings, port)
    }

    pub(crate) fn distribution_on(settings: &RegistrySettings, port: u16) -> anyhow::Result<Self> {
        Self::start(Program::Distribution, settings, port)
    }

    fn start(program: Program, settings: &RegistrySettings, port: u16) -> anyhow::Result<Self> {
        let folder = Folder::in_memory()?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let configuration = folder.write("registry.yml", configuration(settings, address, &folder)?)?;
        let mut serve = match program {
            Program::DockerRegistry => command(&installed("docker-registry")?, folder.path()),
            Program::Distribution => command(&built(DISTRIBUTION)?, folder.path()),
        };
        serve.arg("serve").arg(configuration);
        // Distribution 3 sends traces to a collector unless told not to.
        serve.env("OTEL_TRACES_EXPORTER", "none");
        let mut process = Process::start(serve, folder.path(), "registry")?;
        process.wait_until(|| {
            let answer = ask::get(
                address,
                settings.ca.as_ref(),
                "/v2/",
                &[&format!("user-agent: {STARTER}")],
            )
            .ok()?;
            matches!(ask::status(&answer), 200 | 401).then_some(())
        })?;
        Ok(Self {
            process,
            address,
            ca: settings.ca.clone(),
            folder,
        })
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its `HOST:PORT`, as image references have it.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// Its origin.
    pub fn url(&self) -> String {
        let scheme = if self.ca.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Puts a tiny image under `tag`, as [`memory_registry::Registry::push_tag`] does; says its digest.
    ///
    /// It is written into the registry's storage, so no credential is needed and none is shown.
    ///
    /// # Errors
    ///
    /// The storage cannot be written.
    pub fn push_tag(&self, repository: &str, tag: &str) -> anyhow::Result<String> {
        self.push(
            repository,
            tag,
            &Image::new().label("org.opencontainers.image.version", tag),
        )
    }

    /// Puts `image` under `tag`, in the same way; says the digest of its root manifest.
    ///
    /// # Errors
    ///
    /// The storage cannot be written.
    pub fn push(&self, repository: &str, tag: &str, image: &Image) -> anyhow::Result<String> {
        self.push_all(repository, &[tag], image)
    }

    /// Puts one tiny image under many tags, in the same way; says its digest.
    ///
    /// # Errors
    ///
    /// The storage cannot be written.
    pub fn push_tags<T: AsRef<str>>(&self, repository: &str, tags: &[T]) -> anyhow::Result<String> {
        self.push_all(repository, tags, &Image::new())
    }

    fn push_all<T: AsRef<str>>(&self, repository: &str, tags: &[T], image: &Image) -> anyhow::Result<String> {
        let storage = self.storage(repository);
        let parts = image.build();
        storage.fill(&parts).context("filling a registry")?;
        for tag in tags {
            storage
                .tag(tag.as_ref(), parts.root())
                .context("tagging in a registry")?;
        }
        Ok(parts.root().to_owned())
    }

    /// Lets another name stand for a repository, from now on with all that is in it or comes to be in it.
    ///
    /// # Errors
    ///
    /// There is a repository of that name.
    pub fn share(&self, repository: &str, name: &str) -> anyhow::Result<()> {
        self.storage(repository)
            .share(&self.storage(name))
            .with_context(|| format!("sharing {repository} as {name}"))
    }

    /// Takes a tag away, its manifest stays.
    ///
    /// # Errors
    ///
    /// There is no such tag.
    pub fn delete_tag(&self, repository: &str, tag: &str) -> anyhow::Result<()> {
        self.storage(repository)
            .untag(tag)
            .with_context(|| format!("deleting the tag {tag} of {repository}"))
    }

    /// The requests that were answered so far, but for that of its starter, which asked `/v2/`.
    ///
    /// A request is logged before the end of its answer is sent.
    ///
    /// # Errors
    ///
    /// The log cannot be read.
    pub fn requests(&self) -> anyhow::Result<Vec<RegistryRequest>> {
        let log = fs::read_to_string(self.folder.join("registry.out")).context("reading the log of a registry")?;
        Ok(log
            .lines()
            .filter_map(RegistryRequest::read)
            .filter(|request| !request.from_starter)
            .collect())
    }

    /// From now on it knows this user and no other. It was started with users.
    ///
    /// # Errors
    ///
    /// The file of its passwords cannot be written.
    pub fn knows(&self, name: &str, password: &str) -> anyhow::Result<()> {
        let users = [(name.to_owned(), password.to_owned())];
        // It looks at the file's time before each request.
        write_htpasswd(&self.folder.join(HTPASSWD), self.folder.path(), &users)
    }

    /// Lets the registry hang: connections open, and nothing is answered.
    pub fn hang(&self) {
        self.process.signal(Signal::STOP);
    }

    /// Lets the registry go on.
    pub fn go_on(&self) {
        self.process.signal(Signal::CONT);
    }

    fn storage(&self, repository: &str) -> storage::Storage {
        storage::Storage::new(&self.folder.join("data"), repository)
    }
}

/// The text of `registry.yml`; the files that it names are written beside it.
fn configuration(settings: &RegistrySettings, address: SocketAddr, folder: &Folder) -> anyhow::Result<String> {
    let mut text = format!(
        "version: 0.1\n\
         log: {{level: error}}\n\
         storage:\n  \
           filesystem: {{rootdirectory: {}}}\n  \
           delete: {{enabled: true}}\n  \
           maintenance: {{uploadpurging: {{enabled: false}}}}\n\
         http:\n  addr: {address}\n  secret: not-a-secret\n",
        folder.join("data").display(),
    );
    if let Some(ca) = &settings.ca {
        let server = ca.server()?;
        let certificate = folder.write("server.crt", server.certificate_pem)?;
        let key = folder.write("server.key", server.key_pem)?;
        text += &format!(
            "  tls: {{certificate: {}, key: {}}}\n",
            certificate.display(),
            key.display()
        );
    }
    if let Some(token) = &settings.token {
        let bundle = folder.write("token.crt", &token.certificate_pem)?;
        text += &format!(
            "auth: {{token: {{realm: \"{}\", service: {SERVICE}, issuer: {ISSUER}, rootcertbundle: {}}}}}\n",
            token.realm,
            bundle.display()
        );
    } else if !settings.users.is_empty() {
        let path = folder.join(HTPASSWD);
        write_htpasswd(&path, folder.path(), &settings.users)?;
        text += &format!(
            "auth: {{htpasswd: {{realm: registry.test, path: {}}}}}\n",
            path.display()
        );
    }
    Ok(text)
}

/// Writes a password file, bcrypt at its cheapest: the usual cost is 12 ms a request.
pub(crate) fn write_htpasswd(path: &Path, home: &Path, users: &[(String, String)]) -> anyhow::Result<()> {
    let program = installed("htpasswd")?;
    let mut text = Vec::new();
    for (name, password) in users {
        text.extend(run(command(&program, home).args(["-Bbn", "-C", "4", name, password]))?.stdout);
    }
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests;
