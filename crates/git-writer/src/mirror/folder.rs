//! The folder of a mirror on disk: `lock`, `owner` and `repository.git`.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use git2::{Repository, RepositoryInitOptions};

use crate::{Failure, fault::Fault};

/// The whole configuration of a mirror. It is written anew at each opening, so nothing else is ever in force.
const CONFIG: &str = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfilemode = true\n\tlogallrefupdates = false\n\thooksPath = /dev/null\n";

/// First line of `owner`: other layouts are thrown away.
const LAYOUT: &str = "tidemark mirror 1\n";

/// A locked folder.
#[derive(Debug)]
pub(crate) struct Folder {
    repository: PathBuf,
    /// Held until dropped; the system lets go of it when the process dies.
    _lock: File,
}

impl Folder {
    /// Locks the folder and opens the mirror in it, or makes one if what is there is another's or unusable.
    pub(crate) fn open(path: &Path, owner: &str) -> Result<(Self, Repository), Fault> {
        fs::create_dir_all(path).map_err(|error| disk("make the folder", &error))?;
        check_ours(path)?;
        let lock = lock(&path.join("lock"))?;
        let folder = Self {
            repository: path.join("repository.git"),
            _lock: lock,
        };
        let owner = format!("{LAYOUT}{owner}");
        let is_same = fs::read_to_string(path.join("owner")).is_ok_and(|text| text == owner);
        if !is_same {
            folder.remove()?;
            write_whole(&path.join("owner"), owner.as_bytes()).map_err(|error| disk("write `owner`", &error))?;
        }
        let repository = match folder.reopen() {
            Ok(repository) => repository,
            Err(_) => folder.start_over()?,
        };
        Ok((folder, repository))
    }

    /// Throws the mirror away and makes an empty one.
    pub(crate) fn start_over(&self) -> Result<Repository, Fault> {
        self.remove()?;
        let mut options = RepositoryInitOptions::new();
        options
            .bare(true)
            .external_template(false)
            .no_reinit(true)
            .initial_head("tidemark-none");
        Repository::init_opts(&self.repository, &options).map_err(|error| Fault::of_disk(&error))?;
        self.reopen()
    }

    /// Opens what a process before this one left, without what it left half done.
    pub(crate) fn reopen(&self) -> Result<Repository, Fault> {
        sweep(&self.repository).map_err(|error| disk("look through the mirror", &error))?;
        for foreign in ["objects/info/alternates", "hooks", "info", "shallow", "packed-refs.new"] {
            remove_any(&self.repository.join(foreign)).map_err(|error| disk("tidy the mirror", &error))?;
        }
        write_whole(&self.repository.join("config"), CONFIG.as_bytes())
            .map_err(|error| disk("write the mirror's configuration", &error))?;
        Repository::open_bare(&self.repository).map_err(|error| Fault::of_disk(&error))
    }

    fn remove(&self) -> Result<(), Fault> {
        remove_any(&self.repository).map_err(|error| disk("remove the old mirror", &error))
    }
}

fn disk(what: &str, error: &io::Error) -> Fault {
    Fault::caused_by(Failure::Local, format!("failed to {what}"), error)
}

/// Refuses a folder with other things in it: it would be a slip in the configuration, and mirrors get thrown away.
fn check_ours(path: &Path) -> Result<(), Fault> {
    let entries = fs::read_dir(path).map_err(|error| disk("read the folder", &error))?;
    for entry in entries {
        let name = entry.map_err(|error| disk("read the folder", &error))?.file_name();
        if !["lock", "owner", "owner.new", "repository.git"]
            .iter()
            .any(|ours| name == *ours)
        {
            let words = format!(
                "the folder holds `{}`, which is no part of a mirror; name an empty folder",
                name.to_string_lossy()
            );
            return Err(Fault::new(Failure::Local, transport::one_line(&words, 300)));
        }
    }
    Ok(())
}

fn lock(path: &Path) -> Result<File, Fault> {
    let file = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(path)
        .map_err(|error| disk("open the lock", &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Fault::new(
            Failure::Local,
            "another process uses this mirror; give each its own folder (`mirrors`)",
        )),
        Err(TryLockError::Error(error)) => Err(disk("lock the mirror", &error)),
    }
}

/// Writes a file whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, bytes)?;
    fs::rename(new, path)
}

fn remove_any(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Removes locks and unfinished files. We hold the folder's lock, so nobody is at work on them.
fn sweep(repository: &Path) -> io::Result<()> {
    let mut folders = vec![repository.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if is_unfinished(&entry.file_name().to_string_lossy()) || is_pack_without_index(&entry.path()) {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}

/// How git's and libgit2's own files are called before they are whole.
fn is_unfinished(name: &str) -> bool {
    name.ends_with(".lock") || name.starts_with("tmp_") || name.contains("_git2_") || name.ends_with(".new")
}

/// What is left of a pack that was being put away.
fn is_pack_without_index(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "pack") && !path.with_extension("idx").exists()
}
