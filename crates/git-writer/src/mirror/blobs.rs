//! The contents of many files, read on all processors.

use std::{
    iter,
    num::NonZero,
    panic,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use git2::Odb;

use super::Mirror;
use crate::{
    ObjectId, ReadError,
    fault::Fault,
    files::{blob_object, blob_size},
};

/// How many files a thread takes at a time: few enough that all threads end together.
const TAKEN: usize = 32;

/// The most threads: more would wait for one another in libgit2.
const MOST_THREADS: usize = 8;

/// Of contents larger than this only one at a time is in memory, with whatever is made of it.
const LARGE: u64 = 1 << 20;

/// Files that are still to be looked at, shared by the threads.
struct Work<'a, F> {
    odb: &'a Odb<'a>,
    blobs: &'a [ObjectId],
    limit: u64,
    look: F,
    /// The first that nobody has taken.
    next: AtomicUsize,
    large: Mutex<()>,
}

/// What a thread found, with the number of the first file of each portion.
type Portions<T> = Vec<(usize, Vec<T>)>;

/// A file that cannot be read.
type Broken = (ObjectId, Fault);

impl Mirror {
    /// Shows the content of each file to `look`, and returns what it makes of them in the order of `blobs`.
    ///
    /// `look` is called on several threads, in any order, with the number of the file in `blobs`. In place of a content
    /// of more than `limit` bytes it is shown nothing.
    ///
    /// # Errors
    ///
    /// The mirror is damaged.
    pub fn look_at<T, F>(&mut self, blobs: &[ObjectId], limit: u64, look: F) -> Result<Vec<T>, ReadError>
    where
        T: Send,
        F: Fn(usize, Option<&[u8]>) -> T + Sync,
    {
        let Some(&first) = blobs.first() else {
            return Ok(Vec::new());
        };
        let looked = match self.repository.odb() {
            Ok(odb) => Work::new(&odb, blobs, limit, look).share(threads(blobs.len())),
            Err(error) => Err((first, Fault::of_disk(&error))),
        };
        let mut portions = looked.map_err(|(blob, fault)| self.read_error(format!("file content {blob}"), fault))?;
        portions.sort_unstable_by_key(|(first, _)| *first);
        Ok(portions.into_iter().flat_map(|(_, portion)| portion).collect())
    }
}

/// How many threads so many files are worth.
fn threads(blobs: usize) -> usize {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    processors.min(blobs / TAKEN).clamp(1, MOST_THREADS)
}

impl<'a, F> Work<'a, F> {
    fn new(odb: &'a Odb<'a>, blobs: &'a [ObjectId], limit: u64, look: F) -> Self {
        Self {
            odb,
            blobs,
            limit,
            look,
            next: AtomicUsize::new(0),
            large: Mutex::new(()),
        }
    }

    /// Does all of the work, on this thread and others.
    fn share<T>(&self, threads: usize) -> Result<Portions<T>, Broken>
    where
        T: Send,
        F: Fn(usize, Option<&[u8]>) -> T + Sync,
    {
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(|| self.take_part())).collect();
            let own = self.take_part();
            let others = others
                .into_iter()
                .map(|other| other.join().unwrap_or_else(|words| panic::resume_unwind(words)));
            let all: Result<Vec<Portions<T>>, Broken> = iter::once(own).chain(others).collect();
            Ok(all?.into_iter().flatten().collect())
        })
    }

    /// Takes portions until none is left.
    fn take_part<T>(&self) -> Result<Portions<T>, Broken>
    where
        F: Fn(usize, Option<&[u8]>) -> T,
    {
        let mut portions = Vec::new();
        loop {
            let first = self.next.fetch_add(TAKEN, Ordering::Relaxed);
            let Some(rest) = self.blobs.get(first..).filter(|rest| !rest.is_empty()) else {
                return Ok(portions);
            };
            let taken = rest.iter().take(TAKEN).enumerate();
            let portion = taken.map(|(index, &blob)| self.one(first + index, blob).map_err(|fault| (blob, fault)));
            match portion.collect() {
                Ok(portion) => portions.push((first, portion)),
                Err(broken) => {
                    // Nobody needs the rest.
                    self.next.store(self.blobs.len(), Ordering::Relaxed);
                    return Err(broken);
                }
            }
        }
    }

    fn one<T>(&self, index: usize, blob: ObjectId) -> Result<T, Fault>
    where
        F: Fn(usize, Option<&[u8]>) -> T,
    {
        let size = blob_size(self.odb, blob.0)?;
        if size > self.limit {
            return Ok((self.look)(index, None));
        }
        let _alone = (size > LARGE).then(|| self.large.lock().unwrap_or_else(PoisonError::into_inner));
        let content = blob_object(self.odb, blob.0)?;
        Ok((self.look)(index, Some(content.data())))
    }
}

#[cfg(test)]
mod tests;
