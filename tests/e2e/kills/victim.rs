//! A Tidemark that is killed again and again, and what it must come back to each time.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::git_servers::Stage;

/// One service and the versions of it that were pushed, one before each kill.
pub(super) struct Victim {
    pub(super) stage: Stage,
    versions: Vec<String>,
}

impl Victim {
    /// A stage that has had its first pass.
    pub(super) fn new(stage: Stage) -> Self {
        stage.world.once().expect(0);
        Self {
            stage,
            versions: Vec::new(),
        }
    }

    /// Pushes the next version.
    pub(super) fn push_tag(&mut self) {
        let version = format!("1.{}.0", 10 + self.versions.len());
        self.stage.push_tag(&version);
        self.versions.push(version);
    }

    /// The next start makes good what the kill left: the newest version is there, each version has one commit, and
    /// nothing unfinished lies about.
    #[track_caller]
    pub(super) fn recovers(&self) {
        self.stage.world.once().expect(0);
        self.assert_recovered();
    }

    /// The same, of a daemon.
    #[track_caller]
    pub(super) fn recovers_as_daemon(&self) {
        let daemon = self.stage.world.start();
        daemon.until_reason("upToDate");
        assert_eq!(daemon.terminate().0, Some(0));
        self.assert_recovered();
    }

    #[track_caller]
    fn assert_recovered(&self) {
        let newest = self.versions.last().expect("a version was pushed");
        let file = self.stage.repository.read(crate::git_servers::FILE).unwrap();
        assert_eq!(file, self.stage.service(newest, "semver:^1"));
        self.stage.assert_landed_once_each(&self.versions);
        assert_eq!(
            unfinished(&self.stage.world.folder().join("mirrors")),
            Vec::<String>::new()
        );
        let state = self.stage.world.state();
        let content = fs::read(&state).unwrap();
        let content: serde_json::Value = serde_json::from_slice(&content).unwrap();
        assert!(content["version"].is_u64(), "{content:#}");
        let mut beside = names(state.parent().expect("it is in a folder"));
        beside.sort();
        assert_eq!(
            beside,
            ["state", "state.images", "state.lock"],
            "nothing was set aside or left over"
        );
        self.assert_memory_is_whole();
    }

    /// The file with what is known of the one image.
    #[track_caller]
    pub(super) fn memory(&self) -> PathBuf {
        let folder = self.stage.world.state().with_extension("images");
        let mut names = names(&folder);
        let name = names.pop().expect("the image has a file");
        assert_eq!(names, Vec::<String>::new(), "and no other is beside {name}");
        folder.join(name)
    }

    #[track_caller]
    fn assert_memory_is_whole(&self) {
        let content = fs::read_to_string(self.memory()).unwrap();
        let (sum, text) = content.split_once('\n').unwrap();
        assert_eq!(sum, hex::encode(Sha256::digest(text)), "{text}");
        let memory: serde_json::Value = serde_json::from_str(text).unwrap();
        assert!(memory["tags"].is_array(), "{memory:#}");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

/// Files below a folder that git and libgit2 name so until they are whole.
pub(super) fn unfinished(folder: &Path) -> Vec<String> {
    let (mut folders, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for name in names(&folder) {
            let path = folder.join(&name);
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".lock")
                || name.ends_with(".new")
                || name.starts_with("tmp_")
                || name.contains("_git2_")
            {
                found.push(path.display().to_string());
            }
        }
    }
    found
}
