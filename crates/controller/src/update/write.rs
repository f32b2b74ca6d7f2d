//! From approved proposals to the bytes of files, and to the commit that holds them.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;
use domain::decide::Height;
use domain::reference::{Timestamp, Value};
use domain::review::Approved;
use git_writer::{Change, Draft, ObjectId, Signature, update_id};
use manifests::Edit;
use status_api::report::{ChangeReport, FileProblem};

use super::index::Readings;
use super::judge::{Judged, mark_key};
use super::message::{ChangeLine, commit_message};
use super::workspace::Look;
use crate::config::RepositoryConfig;
use crate::inventory::Target;
use crate::state::MarkKey;

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// The head is ours.
    Landed,
    /// The server said no, or not one file could be edited; nothing is gained by trying at once.
    Refused,
    /// Look at the head again, then decide again.
    Again,
}

/// Approved moves on one head.
#[derive(Debug)]
pub(super) struct Plan {
    moves: Vec<Move>,
    /// A hash of the changes: the same changes have the same id.
    pub(super) update_id: String,
    now: Timestamp,
}

#[derive(Debug)]
struct Move {
    target: usize,
    from: Value,
    to: Value,
    height: Height,
    key: MarkKey,
}

/// Files with their new content.
#[derive(Debug, Default)]
pub(super) struct Edited {
    pub(super) changes: Vec<FileChange>,
    pub(super) refused: Vec<FileProblem>,
    /// The moves that are in the files, by their place in the plan.
    pub(super) done: Vec<usize>,
}

/// A file before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// From the root of the repository.
    pub path: String,
    /// As it is at the head.
    pub before: Vec<u8>,
    /// As it would be committed.
    pub after: Vec<u8>,
    blob: ObjectId,
}

impl FileChange {
    pub(super) fn into_git(self) -> Change {
        Change {
            path: self.path,
            old_blob: self.blob,
            bytes: self.after,
        }
    }
}

impl Plan {
    /// The approved moves among what was judged.
    pub(super) fn new(look: &Look, judged: Vec<Judged>, now: Timestamp) -> Self {
        let approved = judged
            .into_iter()
            .enumerate()
            .filter_map(|(target, judged)| Some((target, judged.approved?)));
        let moves: Vec<Move> = approved
            .filter_map(|(target, approved)| Move::new(target, look, &approved))
            .collect();
        let update_id = update_id(moves.iter().map(|planned| planned.describe(look)));
        Self { moves, update_id, now }
    }

    /// Whether nothing moves.
    pub(super) fn is_empty(&self) -> bool {
        self.moves.is_empty()
    }

    /// The tags that are about to be written, for the state: those of the moves that are in the files.
    pub(super) fn intentions(&self, done: &[usize]) -> Vec<(MarkKey, Height)> {
        let planned = done.iter().map(|&number| &self.moves[number]);
        planned
            .map(|planned| (planned.key.clone(), planned.height.clone()))
            .collect()
    }

    /// Replaces the values in their files; `read` brings the content of a blob.
    ///
    /// A file that cannot be edited is reported and left out, the others are done.
    pub(super) fn edit(
        &self,
        look: &Look,
        mut read: impl FnMut(ObjectId) -> anyhow::Result<Vec<u8>>,
    ) -> anyhow::Result<Edited> {
        let mut by_path: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
        for (number, planned) in self.moves.iter().enumerate() {
            by_path
                .entry(planned.target(look).path.clone())
                .or_default()
                .push(number);
        }
        let mut edited = Edited::default();
        for (path, numbers) in by_path {
            let blob = *look.blobs.get(&path).context("a target's file is not at the head")?;
            self.edit_file(look, &path, blob, read(blob)?, &numbers, &mut edited);
        }
        Ok(edited)
    }
}

impl Plan {
    fn edit_file(
        &self,
        look: &Look,
        path: &str,
        blob: ObjectId,
        before: Vec<u8>,
        numbers: &[usize],
        edited: &mut Edited,
    ) {
        let refuse = |line: usize, message: String| FileProblem {
            path: path.to_owned(),
            line: u32::try_from(line).ok(),
            message,
        };
        let edits: Vec<Edit> = numbers.iter().map(|&number| self.moves[number].edit(look)).collect();
        let result = String::from_utf8(before)
            .map_err(|_| refuse(1, "not UTF-8".to_owned()))
            .and_then(|text| {
                let readings = Readings::new(&look.config, &look.name);
                match readings
                    .of(path)
                    .read(text.as_bytes())
                    .and_then(|manifest| manifest.edit(&edits))
                {
                    Ok(done) => Ok((done, text)),
                    Err(refusal) => Err(refuse(refusal.location().line, refusal.to_string())),
                }
            });
        let (done, text) = match result {
            Ok(done) => done,
            Err(problem) => return edited.refused.push(problem),
        };
        for refused in &done.refused {
            let number = numbers
                .iter()
                .find(|&&number| self.moves[number].target(look).index == refused.place);
            let line = number.map_or(0, |&number| self.moves[number].target(look).place.location.line);
            edited.refused.push(refuse(line, refused.reason.clone()));
        }
        if done.text == text {
            return;
        }
        let changed = |index: usize| done.changes.iter().any(|change| change.places.contains(&index));
        edited.done.extend(
            numbers
                .iter()
                .filter(|&&number| changed(self.moves[number].target(look).index)),
        );
        let (before, after) = (text.into_bytes(), done.text.into_bytes());
        edited.changes.push(FileChange {
            path: path.to_owned(),
            before,
            after,
            blob,
        });
    }

    /// The words and the date of the commit.
    pub(super) fn draft(&self, look: &Look, repository: &RepositoryConfig, done: &[usize]) -> anyhow::Result<Draft> {
        let lines: Vec<ChangeLine> = done.iter().map(|&number| self.moves[number].line(look)).collect();
        let author = Signature::new(&repository.author.name, &repository.author.email)?;
        let message = commit_message(repository, &lines, &self.update_id);
        Ok(Draft {
            author,
            message,
            time: self.now.as_unix_seconds(),
        })
    }

    /// The changes that are in the files, as the Board tells them.
    pub(super) fn reports(&self, look: &Look, done: &[usize]) -> Vec<ChangeReport> {
        done.iter().map(|&number| self.moves[number].report(look)).collect()
    }
}

impl Move {
    fn new(target: usize, look: &Look, approved: &Approved) -> Option<Self> {
        let planned = &look.inventory.targets[target];
        let policy = planned.policy.as_ref().ok()?.policy.to_string();
        let (from, to) = (approved.from().clone(), approved.to().clone());
        Some(Self {
            target,
            from,
            to,
            height: approved.proposal().height().clone(),
            key: mark_key(planned, &policy),
        })
    }

    fn target<'a>(&self, look: &'a Look) -> &'a Target {
        &look.inventory.targets[self.target]
    }

    fn edit(&self, look: &Look) -> Edit {
        Edit {
            place: self.target(look).index,
            to: self.to.clone(),
            name: None,
        }
    }

    /// What makes this change this change: the input of the update's id.
    fn describe(&self, look: &Look) -> String {
        let target = self.target(look);
        format!(
            "{}\0{}\0{}\0{}\0{}",
            target.path, target.id, target.image, self.from, self.to
        )
    }

    fn line(&self, look: &Look) -> ChangeLine {
        let target = self.target(look);
        let (path, image) = (target.path.to_string(), target.image.clone());
        ChangeLine {
            path,
            image,
            from: self.from.clone(),
            to: self.to.clone(),
        }
    }

    fn report(&self, look: &Look) -> ChangeReport {
        let target = self.target(look);
        ChangeReport {
            target: target.id.clone(),
            workload: target.workload().to_string(),
            image: target.image.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
        }
    }
}
