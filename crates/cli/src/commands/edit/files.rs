//! Which files are meant, and what is in them.

use std::{
    collections::HashSet,
    ffi::OsStr,
    fmt,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use manifests::{FileKind, Refusal};
use yaml_spans::MAX_BYTES;

/// A file to edit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// As it was given, or as it follows from the folder that was.
    pub(super) path: PathBuf,
    /// Where it lies, symbolic links followed.
    pub(super) real: PathBuf,
    /// What its name says about it.
    pub(super) kind: FileKind,
}

/// Why a file is left as it is.
#[derive(Debug)]
pub(super) enum Problem {
    /// It, or the folder it is in, cannot be read.
    Unreadable(io::Error),
    /// It cannot be replaced.
    Unwritable(io::Error),
    /// It is a symbolic link that leads elsewhere.
    Outside(PathBuf),
    /// It is a device, a pipe or a socket.
    Special,
    /// It is not even read.
    TooLarge,
    /// It must not be edited.
    Refused(Refusal),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "cannot be read: {error}"),
            Self::Unwritable(error) => write!(f, "cannot be written: {error}"),
            Self::Outside(target) => write!(
                f,
                "is a symbolic link to {}, outside its folder; name that file itself",
                target.display()
            ),
            Self::Special => write!(f, "is no file and no folder"),
            Self::TooLarge => write!(f, "larger than {} MiB", MAX_BYTES >> 20),
            Self::Refused(refusal) => refusal.fmt(f),
        }
    }
}

impl Problem {
    /// The kind of problem, in lower camel case, for machines.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Unwritable(_) => "unwritable",
            Self::Outside(_) => "outsideFolder",
            Self::Special => "notAFile",
            Self::TooLarge => "tooLarge",
            Self::Refused(refusal) => refusal.code(),
        }
    }

    /// The line it is about.
    pub(super) fn line(&self) -> Option<usize> {
        match self {
            Self::Refused(refusal) => Some(refusal.location().line),
            _ => None,
        }
    }
}

type Outcome = Result<Found, (PathBuf, Problem)>;

/// A path as it is told, and where it lies.
type Walked = Result<(PathBuf, PathBuf), (PathBuf, Problem)>;

/// The files that are meant by `given`, in its order; folders in the order of their names.
pub(super) fn find(given: &[PathBuf]) -> impl Iterator<Item = Outcome> {
    let looked = given.iter().map(|path| (path, look(path))).collect::<Vec<_>>();
    let named = looked.iter().filter_map(|(_, looked)| match looked {
        Ok(Looked::File(real)) => Some(real.clone()),
        _ => None,
    });
    let named = named.collect::<HashSet<_>>();
    looked.into_iter().flat_map(move |(path, looked)| {
        let found = match looked {
            Ok(Looked::Folder) => walk(path),
            Ok(Looked::File(real)) => vec![Ok((path.clone(), real))],
            Err(problem) => vec![Err((path.clone(), problem))],
        };
        let found = found.into_iter();
        found
            .map(|found| found.map(|(path, real)| Found::new(path, real, &named)))
            .collect::<Vec<_>>()
    })
}

impl Found {
    /// A file; `named` are those that were given themselves, not by a folder.
    fn new(path: PathBuf, real: PathBuf, named: &HashSet<PathBuf>) -> Self {
        let kind = path
            .file_name()
            .and_then(OsStr::to_str)
            .map(FileKind::of)
            .unwrap_or_default();
        let kind = if named.contains(&real) { kind.given() } else { kind };
        Self { path, real, kind }
    }
}

/// Reads a file, but no more of it than may be edited.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let file = File::open(path).map_err(Problem::Unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(Problem::Unreadable)?;
    if bytes.len() > MAX_BYTES {
        Err(Problem::TooLarge)
    } else {
        Ok(bytes)
    }
}

enum Looked {
    Folder,
    File(PathBuf),
}

/// What a given path is; a symbolic link may lead anywhere inside the folder it lies in.
fn look(path: &Path) -> Result<Looked, Problem> {
    let entry = fs::symlink_metadata(path).map_err(Problem::Unreadable)?;
    let real = fs::canonicalize(path).map_err(Problem::Unreadable)?;
    if entry.is_symlink() && !fs::canonicalize(folder_of(path)).is_ok_and(|dir| real.starts_with(dir)) {
        return Err(Problem::Outside(real));
    }
    let metadata = fs::metadata(&real).map_err(Problem::Unreadable)?;
    match () {
        () if metadata.is_dir() => Ok(Looked::Folder),
        () if metadata.is_file() => Ok(Looked::File(real)),
        () => Err(Problem::Special),
    }
}

/// The folder that a path lies in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// The files below a folder, without what is hidden or linked.
fn walk(top: &Path) -> Vec<Walked> {
    let mut found = Vec::new();
    let mut waiting = vec![(top.to_path_buf(), true)];
    while let Some((path, is_folder)) = waiting.pop() {
        if !is_folder {
            let real = fs::canonicalize(&path).map_err(|error| (path.clone(), Problem::Unreadable(error)));
            found.push(real.map(|real| (path, real)));
            continue;
        }
        match entries(&path) {
            // The first is to be the next one.
            Ok(entries) => waiting.extend(entries.into_iter().rev()),
            Err(error) => found.push(Err((path, Problem::Unreadable(error)))),
        }
    }
    found
}

/// What is to be looked at in a folder, by name, and whether it is a folder.
fn entries(folder: &Path) -> io::Result<Vec<(PathBuf, bool)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (below(folder, &entry.file_name()), entry.file_type()?);
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if kind.is_dir() && !is_hidden || kind.is_file() && is_manifest(&path) {
            entries.push((path, kind.is_dir()));
        }
    }
    entries.sort();
    Ok(entries)
}

/// The path of `name` in `folder`; git and patch do not take a diff of `./name`.
pub(super) fn below(folder: &Path, name: &OsStr) -> PathBuf {
    match folder {
        here if here == Path::new(".") => PathBuf::from(name),
        folder => folder.join(name),
    }
}

fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    // The one name of a kustomization that has no extension.
    matches!(extension, Some("yaml" | "yml" | "json")) || path.file_name() == Some(OsStr::new("Kustomization"))
}
