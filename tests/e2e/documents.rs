//! What the words say is true: every example of every page is carried out, every link leads somewhere, every help text is seen.
//!
//! A fenced block says behind its language what it is:
//!
//! | block | must |
//! |---|---|
//! | `yaml config [NAME]` | pass `tidemark config check`; with a name it is the file that later commands read |
//! | `yaml manifest [PATH]` | hold an image that can be edited; with a path it is a file of the repository; also `json` |
//! | `yaml file PATH` | – : a file of the repository, whatever it holds, that later blocks say more of |
//! | `yaml policy [NAME]` | be policies, one a line, by `tidemark select`; with a name it is one, in a file |
//! | `json docker NAME` | be a Docker config file that later commands read |
//! | `console [exact] [fails]` | show what its `$ ` commands print, `exact` or but for times and such; `…` is any lines |
//! | `diff` | be what the last commit changed, or what a pass commits where nothing has run yet |
//! | `diff edit IMAGE VALUE [OPTION…]` | be what `tidemark edit` changes in the last file, to the letter |
//! | `diff pass [NAME]` | be what a pass over the repository commits with the configuration of that name, to the letter |
//! | `sh` | be commands that exist |
//! | `text` | – |
//!
//! `<!-- stage: push IMAGE TAG… -->` says what is in the registry; `publish` does so without waiting for a daemon to see it. `UPDATE_EXPECT=1` writes what was printed into the page.

mod blocks;
mod help;
mod links;
mod names;
mod normal;
mod page;
mod places;
mod policies;
mod reasons;
mod stage;

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the repository")
        .to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The pages for people, from the root of the repository.
fn pages() -> Vec<String> {
    let folder = fs::read_dir(root().join("docs")).expect("there is a folder of pages");
    let mut pages: Vec<String> = folder
        .map(|entry| entry.expect("the folder can be read").file_name())
        .map(|name| format!("docs/{}", name.to_string_lossy()))
        .filter(|path| Path::new(path).extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.extend(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(str::to_owned));
    pages.sort();
    pages
}
