//! A registry that misleads, a scanner with credentials for it, and listeners where it leads to.

use std::fs;

use domain::reference::{Digest, Reference, Registry, Repository};
use registry_scanner::{
    ConfiguredCredentials, Descriptor, DockerConfigFile, HostConfig, Limits, ScanError, Scanner, ScannerConfig,
};
use tempfile::TempDir;
use testkit::{Answer, Ca, Recorder, ScriptedRegistry};
use tokio::runtime::Runtime;

/// Whom the registry knows. Each encoding of the password differs from it, so that each is looked for by itself.
pub(super) const USER: &str = "ci";
pub(super) const PASSWORD: &str = "p4ss+w0rd/of=the&registry?";
pub(super) const IDENTITY_TOKEN: &str = "identity+t0ken/of=the&registry?";
pub(super) const REGISTRY_TOKEN: &str = "ready-made-t0ken-of-the-registry";
/// What the registry's own token server gives.
pub(super) const ISSUED_TOKEN: &str = "issued-t0ken-of-the-registry";
/// What the registry sets with each answer; clients with a cookie jar would give it to every port of the host.
const COOKIE: &str = "c00kie-of-the-registry";
/// What the configuration has for the other hosts.
const ELSEWHERE: &str = "p4ssword-of-another-host";

/// The image that everything is about.
pub(super) const IMAGE: &str = "acme/api";

/// All that must arrive at the registry alone, or not at all.
pub(super) const SECRETS: [&str; 6] = [
    "ci:p4ss+w0rd/of=the&registry?",
    IDENTITY_TOKEN,
    REGISTRY_TOKEN,
    ISSUED_TOKEN,
    COOKIE,
    "other:p4ssword-of-another-host",
];

/// The kinds of credentials that a registry's clients have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// User and password of the configuration.
    Password,
    /// A refresh token, which goes into the body of a request for a token.
    IdentityToken,
    /// A token that is shown as it is.
    RegistryToken,
}

pub(super) const KINDS: [Kind; 3] = [Kind::Password, Kind::IdentityToken, Kind::RegistryToken];

/// What is asked of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    List,
    Head,
    Manifest,
    Blob,
}

impl Verb {
    pub(super) const ALL: [Self; 4] = [Self::List, Self::Head, Self::Manifest, Self::Blob];

    /// The request that it makes, as the script has it.
    pub(super) fn route(self) -> String {
        match self {
            Self::List => format!("GET /v2/{IMAGE}/tags/list"),
            Self::Head => format!("HEAD /v2/{IMAGE}/manifests/1.0.0"),
            Self::Manifest => format!("GET /v2/{IMAGE}/manifests/1.0.0"),
            Self::Blob => format!("GET /v2/{IMAGE}/blobs/{}", digest()),
        }
    }
}

/// Listeners at all kinds of other places; one and the same for a whole table.
pub(super) struct Elsewhere {
    pub(super) ca: Ca,
    /// Another host.
    pub(super) host: Recorder,
    /// The registry's host, another port.
    pub(super) port: Recorder,
    /// Another host, with TLS.
    pub(super) tls_host: Recorder,
    /// The registry's host, another port, with TLS.
    pub(super) tls_port: Recorder,
}

impl Elsewhere {
    /// All of them give `answer`.
    pub(super) fn answering(answer: &Answer) -> Self {
        let ca = Ca::new().unwrap();
        let elsewhere = Self {
            host: Recorder::start("127.0.0.2").unwrap(),
            port: Recorder::start("127.0.0.1").unwrap(),
            tls_host: Recorder::start_tls("127.0.0.2", &ca).unwrap(),
            tls_port: Recorder::start_tls("127.0.0.1", &ca).unwrap(),
            ca,
        };
        for recorder in elsewhere.all() {
            recorder.answer(answer.clone());
        }
        elsewhere
    }

    /// Gives tokens to whoever asks.
    pub(super) fn giving_tokens() -> Self {
        Self::answering(&Answer::token("t0ken-of-another-host"))
    }

    /// Asks for credentials, in each way there is.
    pub(super) fn asking() -> Self {
        let elsewhere = Self::giving_tokens();
        for recorder in elsewhere.all() {
            let bearer = format!(r#"Bearer realm="{}/token",service="other""#, recorder.url());
            let answer = Answer::challenge(&bearer).header("www-authenticate", r#"Basic realm="other""#);
            recorder.answer(answer);
        }
        elsewhere
    }

    pub(super) fn all(&self) -> [&Recorder; 4] {
        [&self.host, &self.port, &self.tls_host, &self.tls_port]
    }

    /// How many connections all of them saw so far.
    pub(super) fn connections(&self) -> usize {
        self.all().iter().map(|recorder| recorder.connections()).sum()
    }

    /// Fails the test if anything of the registry's arrived; `case` says what led there.
    #[track_caller]
    pub(super) fn assert_saw_no_credential(&self, case: &str) {
        for recorder in self.all() {
            let leaks = recorder.leaks(&SECRETS);
            assert!(leaks.is_empty(), "{case}: at {}: {leaks:#?}", recorder.url());
            let referred = recorder.seen().iter().any(|seen| seen.header("referer").is_some());
            assert!(
                !referred,
                "{case}: {} learned where the client came from",
                recorder.url()
            );
        }
    }

    /// The names that tables use of these places, longer ones first.
    fn names(&self) -> Vec<(&'static str, String)> {
        let port = |recorder: &Recorder| recorder.host().rsplit(':').next().unwrap_or_default().to_owned();
        vec![
            ("TLSHOST", self.tls_host.host()),
            ("TLSPORT", self.tls_port.host()),
            ("NUMBER2", port(&self.port)),
            ("NUMBER", port(&self.host)),
            ("HOST", self.host.host()),
            ("PORT", self.port.host()),
        ]
    }
}

/// Whether a text of a table names another host, or another port of the registry's.
pub(super) fn leads_away(text: &str) -> bool {
    ["HOST", "PORT", "NUMBER", "example", "169.254", "passwd"]
        .iter()
        .any(|name| text.contains(name))
}

/// One registry and a scanner that knows its credentials.
pub(super) struct Stage {
    pub(super) registry: ScriptedRegistry,
    pub(super) scanner: Scanner,
    names: Vec<(&'static str, String)>,
    runtime: Runtime,
    _folder: TempDir,
}

/// How a stage is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    pub(super) tls: bool,
    pub(super) kind: Kind,
    /// The places elsewhere have entries of their own in the configuration, with credentials of their own.
    pub(super) elsewhere_configured: bool,
    /// The registry names the places elsewhere in its `tokenHosts`.
    pub(super) elsewhere_trusted: bool,
}

impl Stage {
    pub(super) fn new(elsewhere: &Elsewhere, setting: Setting) -> Self {
        let ca = setting.tls.then_some(&elsewhere.ca);
        let registry = ScriptedRegistry::listen("127.0.0.1", ca, None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = Setup {
            elsewhere,
            setting,
            folder: &folder,
        }
        .config(&registry.host());
        let mut names = elsewhere.names();
        names.push(("OWN", registry.host()));
        names.push(("SELF", registry.url()));
        Self {
            registry,
            scanner: Scanner::new(config),
            names,
            runtime: Runtime::new().unwrap(),
            _folder: folder,
        }
    }

    /// A text of a table with the places in it.
    pub(super) fn text(&self, template: &str) -> String {
        let replace = |text: String, (name, value): &(&str, String)| text.replace(name, value);
        self.names.iter().fold(template.to_owned(), replace)
    }

    /// An error with the names of tables in it, so that it is the same in each run.
    pub(super) fn template(&self, text: &str) -> String {
        let mut names = self.names.clone();
        names.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        let replace = |text: String, (name, value): &(&str, String)| text.replace(value, name);
        names.iter().fold(text.to_owned(), replace)
    }

    /// Asks the registry; what came of it, as a code, with the line of the configuration that the error names.
    pub(super) fn ask(&self, verb: Verb) -> String {
        match self.runtime.block_on(self.asked(verb)) {
            Ok(()) => "ok".to_owned(),
            Err(error) => {
                let words = transport::chain(&error).to_string();
                let line = words.find("tokenHosts: [").map(|at| {
                    let line = &words[at..];
                    let end = line.find("\"]").map_or(line.len(), |end| end + 2);
                    format!(" ({})", self.template(&line[..end]))
                });
                format!("{}{}", error.code().code(), line.unwrap_or_default())
            }
        }
    }

    async fn asked(&self, verb: Verb) -> Result<(), ScanError> {
        let repository = Repository::parse(&format!("{}/{IMAGE}", self.registry.host())).unwrap();
        let reference = Reference::parse(&format!("{repository}:1.0.0")).unwrap();
        let blob = Descriptor {
            media_type: "application/vnd.oci.image.config.v1+json".to_owned(),
            digest: digest(),
            size: 2,
            platform: None,
            attestation: false,
        };
        match verb {
            Verb::List => self.scanner.tags(&repository).await.map(drop),
            Verb::Head => self.scanner.head(&reference).await.map(drop),
            Verb::Manifest => self.scanner.manifest(&reference).await.map(drop),
            Verb::Blob => self.scanner.config(&repository, &blob).await.map(drop),
        }
    }

    /// The registry's own token server, at `/token`.
    pub(super) fn gives_tokens(&self) {
        for method in ["GET", "POST"] {
            self.registry
                .always(&format!("{method} /token"), with_cookie(Answer::token(ISSUED_TOKEN)));
        }
    }

    /// The challenge that sends to the registry's own token server.
    pub(super) fn own_challenge(&self) -> Answer {
        with_cookie(Answer::challenge(
            &self.text(r#"Bearer realm="SELF/token",service="own""#),
        ))
    }

    /// Whether the registry itself was shown anything.
    pub(super) fn registry_was_shown_a_credential(&self) -> bool {
        self.registry
            .seen()
            .iter()
            .any(|seen| seen.header("authorization").is_some())
    }
}

/// An answer that also sets a cookie.
pub(super) fn with_cookie(answer: Answer) -> Answer {
    answer.header("set-cookie", &format!("session={COOKIE}; Path=/; Domain=127.0.0.1"))
}

/// What the scanner is told.
struct Setup<'a> {
    elsewhere: &'a Elsewhere,
    setting: Setting,
    folder: &'a TempDir,
}

impl Setup<'_> {
    fn config(&self, own: &str) -> ScannerConfig {
        let mut entry = self.entry(own, self.setting.tls);
        if self.setting.kind == Kind::Password {
            entry.credentials = Some(self.credentials(USER, PASSWORD));
        }
        if self.setting.elsewhere_trusted {
            let hosts = self.elsewhere.all().map(Recorder::host);
            entry.token_hosts = hosts.map(|host| host.parse().unwrap()).into();
        }
        let mut hosts = vec![entry];
        if self.setting.elsewhere_configured {
            for (recorder, tls) in self.elsewhere.all().into_iter().zip([false, false, true, true]) {
                let mut entry = self.entry(&recorder.host(), tls);
                entry.credentials = Some(self.credentials("other", ELSEWHERE));
                hosts.push(entry);
            }
        }
        ScannerConfig {
            hosts,
            docker_config: Some(DockerConfigFile::Named(self.docker_config(own))),
            ..ScannerConfig::default()
        }
    }

    fn entry(&self, host: &str, tls: bool) -> HostConfig {
        let limits = Limits {
            requests_per_second: 1000.try_into().unwrap(),
            burst: 1000.try_into().unwrap(),
            ..Limits::default()
        };
        let ca_file = self.folder.path().join("ca.pem");
        self.elsewhere.ca.write_certificate(&ca_file).unwrap();
        HostConfig {
            plain_http: !tls,
            plain_http_credentials: !tls,
            ca_file: tls.then_some(ca_file),
            ..HostConfig::new(Registry::parse(host).unwrap(), limits)
        }
    }

    fn credentials(&self, username: &str, password: &str) -> ConfiguredCredentials {
        let password_file = self.folder.path().join(username);
        fs::write(&password_file, password).unwrap();
        ConfiguredCredentials {
            username: username.to_owned(),
            password_file,
        }
    }

    fn docker_config(&self, own: &str) -> std::path::PathBuf {
        let entry = match self.setting.kind {
            Kind::Password => serde_json::json!({}),
            Kind::IdentityToken => serde_json::json!({"identitytoken": IDENTITY_TOKEN, "username": USER}),
            Kind::RegistryToken => serde_json::json!({"registrytoken": REGISTRY_TOKEN}),
        };
        let path = self.folder.path().join("config.json");
        fs::write(&path, serde_json::json!({"auths": {own: entry}}).to_string()).unwrap();
        path
    }
}

/// The digest of the blob `{}`.
fn digest() -> Digest {
    Digest::parse("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a").unwrap()
}
