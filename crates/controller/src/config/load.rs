//! From a path to a configuration.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use registry_scanner::{CloudsConfig, DockerConfigFile, HelperConfig, ScannerConfig};
use serde::Deserialize;
use transport::{Secret, chain};
use yaml_spans::{Document, Location, Stream, Value};

use super::Config;
use super::check::{Checker, check};
use super::decode::decode;
use super::file::ConfigFile;
use super::problem::{Problems, Report};
use crate::policy_text::advice::on_yaml;

/// The largest configuration file, in bytes.
pub const MAX_BYTES: u64 = 1 << 20;

/// Where a file begins.
const START: Location = Location { line: 1, column: 1 };

/// What the configuration takes from the environment; read in one place, the command line's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `XDG_STATE_HOME`.
    pub xdg_state_home: Option<PathBuf>,
    /// `DOCKER_CONFIG`, the folder of Docker's `config.json`.
    pub docker_config: Option<PathBuf>,
    /// `PATH`.
    pub path: Option<OsString>,
    /// What credential helpers are given: those of [`registry_scanner::HELPER_VARIABLES`] that are set.
    pub helper_variables: Vec<(String, Secret)>,
    /// `GOOGLE_APPLICATION_CREDENTIALS`, the key file of a service account of Google.
    pub google_application_credentials: Option<PathBuf>,
    /// `AZURE_CLIENT_ID`, of the workload identity or the managed identity.
    pub azure_client_id: Option<String>,
    /// `AZURE_TENANT_ID`, of the workload identity.
    pub azure_tenant_id: Option<String>,
    /// `AZURE_FEDERATED_TOKEN_FILE`, what Kubernetes says of the pod.
    pub azure_federated_token_file: Option<PathBuf>,
    /// `AZURE_AUTHORITY_HOST`, the login server of the workload identity.
    pub azure_authority_host: Option<String>,
}

impl Environment {
    /// Tidemark's folder for state: as the desktop specification says, which ignores paths that are not absolute; for a
    /// service without a home, where services have theirs.
    pub(crate) fn state_folder(&self) -> PathBuf {
        let absolute = |path: &&PathBuf| path.is_absolute();
        let xdg = self.xdg_state_home.as_ref().filter(absolute).cloned();
        let home = self
            .home
            .as_ref()
            .filter(absolute)
            .map(|home| home.join(".local/state"));
        xdg.or(home).unwrap_or_else(|| "/var/lib".into()).join("tidemark")
    }

    /// How helpers are run; none is allowed yet.
    pub(crate) fn helpers(&self) -> HelperConfig {
        HelperConfig {
            allowed: Vec::new(),
            search: self.path.iter().flat_map(std::env::split_paths).collect(),
            environment: self.helper_variables.clone(),
        }
    }

    /// Docker's `config.json`, where it usually is.
    fn docker_config_file(&self) -> Option<PathBuf> {
        let folder = self
            .docker_config
            .clone()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.or_else(|| Some(self.home.as_ref()?.join(".docker")));
        Some(folder?.join("config.json"))
    }
}

/// There is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("failed to read the configuration `{}`", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file was read, and something is wrong with it.
    #[error(transparent)]
    Problems(Problems),
}

impl LoadError {
    /// What to tell the operator: a line per problem, `FILE:LINE:COLUMN: key: problem`, or why the file cannot be read.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Unreadable { .. } => vec![chain(self).to_string()],
            Self::Problems(problems) => problems.to_string().lines().map(str::to_owned).collect(),
        }
    }
}

/// Reads and checks a configuration file.
///
/// Paths in it that are relative begin at its own folder. Files that it names are not read.
///
/// # Errors
///
/// The file cannot be read, or everything that is wrong with it.
pub fn load(path: &Path, environment: &Environment) -> Result<Config, LoadError> {
    let unreadable = |source| LoadError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let bytes = read_bounded(path).map_err(unreadable)?;
    let absolute = std::path::absolute(path).map_err(unreadable)?;
    let folder = absolute.parent().unwrap_or(Path::new("/"));
    parse(&path.display().to_string(), &bytes, folder, environment).map_err(LoadError::Problems)
}

/// One byte more than is taken, so that a larger file is told from one that just fits.
fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Checks the text of a configuration file. `name` stands before each problem; `folder` is where relative paths begin.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn parse(name: &str, bytes: &[u8], folder: &Path, environment: &Environment) -> Result<Config, Problems> {
    let mut report = Report::default();
    let config = read(bytes, folder, environment, &mut report);
    report.finish(name, config)
}

fn read(bytes: &[u8], folder: &Path, environment: &Environment, report: &mut Report) -> Option<Config> {
    let stream = stream(bytes, report)?;
    let root = single_document(&stream, report)?.root();
    let value = decode(root, report)?;
    match ConfigFile::deserialize(value) {
        Ok(file) => Some(check(
            file,
            &mut Checker {
                root,
                folder,
                environment,
                report,
            },
        )),
        Err(error) => {
            // What passed the schema reads; should the two ever disagree, it is said rather than hidden.
            report.add(START, "", format!("the file does not read: {error}"));
            None
        }
    }
}

fn stream(bytes: &[u8], report: &mut Report) -> Option<Stream> {
    if bytes.len() as u64 > MAX_BYTES {
        report.add(START, "", format!("the file is larger than {} MiB", MAX_BYTES >> 20));
        return None;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = bytes[..error.valid_up_to()]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count()
                + 1;
            report.add(Location { line, column: 1 }, "", "the file is not UTF-8");
            return None;
        }
    };
    match Stream::parse(text) {
        Ok(stream) => Some(stream),
        Err(error) => {
            let advice = on_yaml(text, error.location());
            report.add(error.location(), "", format!("{error}{advice}"));
            None
        }
    }
}

/// An empty file is most likely one that is being written: it must not read as "watch nothing any more".
fn single_document<'s>(stream: &'s Stream, report: &mut Report) -> Option<Document<'s>> {
    let mut documents = stream.documents();
    let (first, second) = (documents.next(), documents.next());
    if let Some(second) = second {
        report.add(
            stream.location(second.start()),
            "",
            "a configuration is one document, and here a second one begins",
        );
        return None;
    }
    let empty = |document: &Document<'_>| {
        document
            .root()
            .as_scalar()
            .is_some_and(|scalar| scalar.value() == Value::Null)
    };
    match first {
        Some(document) if !empty(&document) => Some(document),
        _ => {
            report.add(
                START,
                "",
                "the file is empty; write `{}` for a daemon that does nothing",
            );
            None
        }
    }
}

/// How the commands that ask a registry do so: as a configuration file says, or else with Docker's credentials.
///
/// # Errors
///
/// There is a configuration file, and it is not usable.
pub fn scanner_for_cli(config_path: Option<&Path>, environment: &Environment) -> Result<ScannerConfig, LoadError> {
    match config_path {
        Some(path) => Ok(load(path, environment)?.scanner),
        None => Ok(ScannerConfig {
            docker_config: environment.docker_config_file().map(DockerConfigFile::Usual),
            clouds: CloudsConfig {
                google: environment.google(),
                azure: environment.azure(),
                ..CloudsConfig::default()
            },
            ..ScannerConfig::default()
        }),
    }
}
