//! A folder with a configuration, a repository of services, and runs over them.

use std::fs;

use anyhow::ensure;
use benches::product::{self, Run, Running};
use benches::workload::fleet;
use tempfile::TempDir;
use testkit::{Answer, BareRepository, ScriptedRegistry, Seen};

/// The newest of the tags of [`tags`], which all services run.
pub(super) const NEWEST: &str = "99.9.0";

/// A thousand tags: `0.0.0` to `99.9.0`.
pub(super) fn tags() -> Vec<String> {
    (0..1_000).map(|tag| format!("{}.{}.0", tag / 10, tag % 10)).collect()
}

/// The name of a repository.
pub(super) fn name(number: usize) -> String {
    format!("shop/service-{number}")
}

/// A host that says of each of its repositories, whatever it is asked about its list, what `answer` is.
pub(super) fn stub(repositories: usize, answer: &Answer) -> anyhow::Result<ScriptedRegistry> {
    let registry = ScriptedRegistry::start()?;
    for number in 0..repositories {
        registry.always(&format!("GET /v2/{}/tags/list", name(number)), answer.clone());
    }
    Ok(registry)
}

/// The answer of a host that is well. It says that this is distribution, or built from it: its lists are whole where they name no next page.
pub(super) fn well() -> Answer {
    Answer::tags("of/any", &tags()).header("docker-distribution-api-version", "registry/2.0")
}

/// The policy of [`fleet`].
const POLICY: &str = "semver:*";

/// Where Tidemark runs.
pub(super) struct Site {
    folder: TempDir,
    _origin: BareRepository,
}

/// A registry host, as the configuration has it.
pub(super) struct Host {
    /// `HOST:PORT`.
    pub(super) address: String,
    /// Keys of its entry beside `host`.
    pub(super) keys: String,
    /// The repositories that services run, by number.
    pub(super) repositories: usize,
    /// The tag that they run.
    pub(super) tag: String,
}

impl Host {
    /// One of [`stub`].
    pub(super) fn stub(registry: &ScriptedRegistry, repositories: usize, keys: &str) -> Self {
        Self {
            address: registry.host(),
            keys: format!("plainHttp: true, {keys}"),
            repositories,
            tag: NEWEST.to_owned(),
        }
    }
}

impl Site {
    /// A service for each repository of each host, which may be moved to any version.
    pub(super) fn new(hosts: &[Host]) -> anyhow::Result<Self> {
        Self::with_policy(hosts, POLICY)
    }

    /// The same under another policy.
    pub(super) fn with_policy(hosts: &[Host], policy: &str) -> anyhow::Result<Self> {
        let images: Vec<String> = hosts
            .iter()
            .flat_map(|host| {
                let image = |number| format!("{}/{}:{}", host.address, name(number), host.tag);
                (0..host.repositories).map(image)
            })
            .collect();
        let origin = BareRepository::new()?;
        let files = fleet::files(images.len(), |number| images[number].clone());
        let under = |(path, text): (String, String)| (path, text.replace(POLICY, policy));
        origin.seed(files.into_iter().map(under))?;
        let folder = TempDir::new()?;
        let entry = |host: &Host| format!("    - {{host: \"{}\", {}}}\n", host.address, host.keys);
        let config = format!(
            "http: {{listen: \"127.0.0.1:0\"}}\nstate: {{file: state/state}}\nmirrors: mirrors\nregistries:\n  hosts:\n{}\
             repositories:\n  - {{name: fleet, url: \"{}\", branch: main}}\n",
            hosts.iter().map(entry).collect::<String>(),
            origin.file_url()
        );
        fs::write(folder.path().join("config.yaml"), config)?;
        Ok(Self {
            folder,
            _origin: origin,
        })
    }

    /// One run, which must end with this code.
    pub(super) fn run(&self, code: i32) -> anyhow::Result<Run> {
        let run = product::run(
            product::build()?,
            self.folder.path(),
            &["run", "--config", "config.yaml", "--once"],
        )?;
        let said = fs::read_to_string(self.folder.path().join("stderr"))?;
        ensure!(run.code == code, "exit code {}:\n{said}", run.code);
        Ok(run)
    }

    /// `tidemark tags`, by the same configuration.
    pub(super) fn tags(&self, image: &str) -> anyhow::Result<Run> {
        let run = product::run(
            product::build()?,
            self.folder.path(),
            &["tags", image, "--config", "config.yaml"],
        )?;
        ensure!(run.code == 0, "exit code {}", run.code);
        Ok(run)
    }

    /// The daemon.
    pub(super) fn daemon(&self) -> anyhow::Result<Running> {
        Running::start(
            product::build()?,
            self.folder.path(),
            &["run", "--config", "config.yaml"],
        )
    }
}

/// Fails unless these are so many lists and nothing else.
pub(super) fn ensure_lists(seen: &[Seen], lists: usize) -> anyhow::Result<()> {
    let others = seen.iter().find(|seen| !seen.path.ends_with("/tags/list"));
    ensure!(others.is_none(), "nobody should ask for this: {others:?}");
    ensure!(seen.len() == lists, "{} lists instead of {lists}", seen.len());
    Ok(())
}
