//! The words of a commit.

use std::fmt::Write;

use domain::reference::{Repository, Value};
use transport::one_line;

use crate::config::RepositoryConfig;
use crate::config::message::MessageValues;

/// Changes that are named one by one; of more, only their number is told.
const NAMED: usize = 200;
/// Characters of a path that are shown.
const LONGEST_PATH: usize = 300;

/// One change as the message tells it.
#[derive(Debug, Clone)]
pub(crate) struct ChangeLine {
    pub(crate) path: String,
    pub(crate) image: Repository,
    pub(crate) from: Value,
    pub(crate) to: Value,
}

/// The repository's template, filled in, and the trailer.
///
/// What comes from the repository (paths) is cut to one line, so that it cannot forge a trailer; ours stands last.
pub(crate) fn commit_message(repository: &RepositoryConfig, changes: &[ChangeLine], update_id: &str) -> String {
    let values = MessageValues {
        summary: &summary(changes),
        changes: &list(changes),
        count: changes.len(),
        repository: repository.name.as_str(),
        branch: repository.branch.as_str(),
    };
    format!(
        "{}\n\nUpdate-Id: {update_id}\n",
        repository.message.render(&values).trim_end()
    )
}

fn list(changes: &[ChangeLine]) -> String {
    let mut lines = String::new();
    for change in changes.iter().take(NAMED) {
        let path = one_line(&change.path, LONGEST_PATH);
        let from = if change.from.is_empty() {
            "(no tag)".to_owned()
        } else {
            change.from.to_string()
        };
        let _ = writeln!(lines, "- {}: {from} -> {} in {path}", change.image, change.to);
    }
    if changes.len() > NAMED {
        let _ = writeln!(lines, "- and {} more", changes.len() - NAMED);
    }
    lines
}

fn summary(changes: &[ChangeLine]) -> String {
    let same_move = |other: &ChangeLine| {
        changes
            .first()
            .is_some_and(|first| first.image == other.image && first.to == other.to)
    };
    match changes {
        [first, ..] if changes.iter().all(same_move) => format!("Update {} to {}", first.image, short(&first.to)),
        _ => format!("Update {} images", changes.len()),
    }
}

/// A digest is too long for a subject; the body has it.
fn short(value: &Value) -> String {
    match (&value.tag, &value.digest) {
        (Some(tag), _) => tag.to_string(),
        (None, Some(digest)) => format!("@{}…", &digest.as_str()[..19]),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests;
