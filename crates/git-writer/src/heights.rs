//! How deep trees are nested.
//!
//! libgit2 walks the trees of a push by recursion, so a repository with a hundred thousand folders inside each other would end
//! the process. Such a repository is not pushed to.

use std::collections::HashMap;

use git2::{ObjectType, Odb, Oid};

use crate::{
    Failure,
    fault::Fault,
    files::read_tree,
    tree::{self, EntryKind},
};

/// Deepest nesting that is pushed to.
const HIGHEST: usize = 1000;

/// Most trees that are remembered.
const MOST_REMEMBERED: usize = 200_000;

/// Heights of trees that were looked at, by their id: those that have not changed are not read again.
#[derive(Default)]
pub(crate) struct Heights {
    known: HashMap<Oid, usize>,
}

/// A tree whose own trees are being looked at.
struct Frame {
    tree: Oid,
    children: Vec<Oid>,
    highest_child: usize,
}

impl Heights {
    /// Refuses a tree that is nested too deep.
    pub(crate) fn check(&mut self, odb: &Odb<'_>, root: Oid) -> Result<(), Fault> {
        if self.known.len() > MOST_REMEMBERED {
            self.known.clear();
        }
        if self.known.contains_key(&root) {
            return Ok(());
        }
        let mut stack = vec![Frame::read(odb, root)?];
        while let Some(frame) = stack.last_mut() {
            if let Some(child) = frame.children.pop() {
                match self.known.get(&child) {
                    Some(&height) => frame.highest_child = frame.highest_child.max(height),
                    None => stack.push(Frame::read(odb, child)?),
                }
            } else {
                let height = frame.highest_child + 1;
                self.known.insert(frame.tree, height);
                stack.pop();
                if let Some(parent) = stack.last_mut() {
                    parent.highest_child = parent.highest_child.max(height);
                }
            }
            let lowest_end = stack.len() + stack.last().map_or(0, |frame| frame.highest_child);
            if lowest_end > HIGHEST {
                let words = format!("folders are nested more than {HIGHEST} deep; such a repository is not pushed to");
                return Err(Fault::new(Failure::TooLarge, words));
            }
        }
        Ok(())
    }
}

impl Frame {
    fn read(odb: &Odb<'_>, id: Oid) -> Result<Self, Fault> {
        let bytes = read_tree(odb, id)?;
        let entries = tree::entries(&bytes)
            .map_err(|error| Fault::caused_by(Failure::Damaged, format!("tree {id} cannot be read"), &error))?;
        // libgit2 takes more modes for a folder than git writes.
        let is_tree = |entry: &&tree::Entry<'_>| match entry.kind {
            EntryKind::Tree => true,
            EntryKind::Other => odb
                .read_header(entry.id)
                .is_ok_and(|(_, kind)| kind == ObjectType::Tree),
            EntryKind::File | EntryKind::Symlink | EntryKind::Submodule => false,
        };
        let children = entries.iter().filter(is_tree).map(|entry| entry.id).collect();
        Ok(Self {
            tree: id,
            children,
            highest_child: 0,
        })
    }
}

#[cfg(test)]
mod tests;
