//! What a commit changed, read from the repository itself, as any clone would.

use std::collections::BTreeMap;
use std::path::Path;

use git_writer::{Auth, BranchName, GitUrl, Limits, Mirror, Remote};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use transport::Trust;

use crate::diff::unified;

/// Largest file that is shown.
const LARGEST_FILE: u64 = 1 << 20;

/// A mirror of its own, and the files as they were when it last looked.
pub(super) struct Changes {
    mirror: Mirror,
    files: BTreeMap<String, String>,
}

impl Changes {
    /// Takes in the repository as it is.
    pub(super) fn open(folder: &Path, repository: &Path) -> anyhow::Result<Self> {
        let remote = Remote {
            url: GitUrl::parse(&format!("file://{}", repository.display()))?,
            branch: BranchName::parse("main")?,
            auth: Auth::None,
            trust: Trust::System,
            proxy: None,
            limits: Limits::default(),
        };
        let mirror = Mirror::open(&folder.join("reader"), remote, Handle::current())?;
        let mut changes = Self {
            mirror,
            files: BTreeMap::new(),
        };
        changes.files = changes.read()?;
        Ok(changes)
    }

    /// The diff between the last look and now. It is a few small files of this machine, which nobody has to wait for.
    pub(super) fn since_last_look(&mut self) -> anyhow::Result<String> {
        let files = self.read()?;
        let changed = files.iter().filter_map(|(path, text)| {
            let before = self.files.get(path).map_or("", String::as_str);
            (before != text).then(|| unified(path, before, text))
        });
        let diff = changed.collect();
        self.files = files;
        Ok(diff)
    }

    fn read(&mut self) -> anyhow::Result<BTreeMap<String, String>> {
        let head = self.mirror.fetch(&CancellationToken::new())?;
        let found = self.mirror.files(&head, &[])?;
        let mut files = BTreeMap::new();
        for file in found.files {
            let bytes = self.mirror.blob(file.blob, LARGEST_FILE)?;
            files.insert(file.path, String::from_utf8_lossy(&bytes).into_owned());
        }
        Ok(files)
    }
}
