//! Where the API asks for scans: what the controller hands in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use domain::reference::{Repository, Timestamp};

/// Asks for scans of images out of turn.
#[derive(Clone)]
pub struct Scans(Arc<Ask>);

type Ask = dyn Fn(&BTreeSet<Repository>) -> Result<BTreeMap<Repository, Timestamp>, BTreeSet<Repository>> + Send + Sync;

impl Scans {
    /// `ask` takes all the images and says from when on each may be scanned, or takes none and says which are never scanned.
    ///
    /// What it takes stands on the [`Board`](crate::Board) as asked for by then. Who asks twice asks for one scan.
    pub fn new(
        ask: impl Fn(&BTreeSet<Repository>) -> Result<BTreeMap<Repository, Timestamp>, BTreeSet<Repository>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self(Arc::new(ask))
    }

    /// From when on each image may be scanned; otherwise those that are never scanned, and nothing was asked for.
    pub(crate) fn ask(
        &self,
        images: &BTreeSet<Repository>,
    ) -> Result<BTreeMap<Repository, Timestamp>, BTreeSet<Repository>> {
        (self.0)(images)
    }
}

impl fmt::Debug for Scans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scans")
    }
}
