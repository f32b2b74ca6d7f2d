//! What is told of scans that were asked for.

use serde::Serialize;
use status_api::view::{AskedScanView, ImageView, ScansView};

use super::super::remote::{ago, table as bare};

/// What came of one scan.
#[derive(Debug)]
pub(super) struct Told {
    name: String,
    image: Option<ImageView>,
    outcome: Outcome,
    now: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// The whole list was read.
    Scanned,
    /// It could not be.
    Failed(String),
    /// It is still to be made.
    Waiting(String),
    /// It will not be made.
    Lost,
}

/// The images as the API shows them.
#[derive(Debug, Serialize)]
pub(super) struct Views<'a> {
    images: Vec<&'a ImageView>,
}

impl Told {
    /// What came of a scan, by what is known of its image now; `None`: nothing.
    pub(super) fn new(taken: &ScansView, asked: &AskedScanView, image: Option<ImageView>) -> Self {
        Self {
            name: asked.name.clone(),
            outcome: outcome(taken, asked, image.as_ref()),
            now: taken.now.clone(),
            image,
        }
    }

    /// Whether the whole list was read.
    pub(super) fn is_scanned(&self) -> bool {
        self.outcome == Outcome::Scanned
    }

    fn row(&self) -> [String; 4] {
        let image = self.image.as_ref();
        let tags = image.and_then(|image| image.tags);
        let scanned = image.and_then(|image| image.last_complete_scan.as_deref());
        [
            self.name.clone(),
            tags.map_or_else(|| "-".to_owned(), |tags| tags.to_string()),
            scanned.map_or_else(|| "never".to_owned(), |time| ago(time, self.now.as_str().max(time))),
            self.result(),
        ]
    }

    fn result(&self) -> String {
        match &self.outcome {
            Outcome::Scanned => {
                let list = self.image.as_ref().and_then(|image| image.list.as_ref());
                list.map_or_else(|| "done".to_owned(), |list| list.text.clone())
            }
            Outcome::Failed(words) => format!("failed: {words}"),
            Outcome::Waiting(words) => words.clone(),
            Outcome::Lost => "not scanned: the daemon was started anew, or uses it no more".to_owned(),
        }
    }
}

fn outcome(taken: &ScansView, asked: &AskedScanView, image: Option<&ImageView>) -> Outcome {
    let Some(image) = image else {
        return Outcome::Lost;
    };
    if image.asked.is_some() {
        return Outcome::Waiting(match &asked.waits_for {
            Some(words) => format!("waits until {}: {words}", asked.not_before),
            None => "not done yet; it goes on".to_owned(),
        });
    }
    // Both are in UTC to the second, so their order is that of their texts.
    if image.last_attempt.as_deref() < Some(taken.now.as_str()) {
        return Outcome::Lost;
    }
    match &image.last_error {
        Some(words) => Outcome::Failed(words.clone()),
        None => Outcome::Scanned,
    }
}

/// A row for each.
pub(super) fn table(all: &[Told]) -> String {
    bare(["image", "tags", "scanned", "result"], all.iter().map(Told::row))
}

/// The images of which something is known.
pub(super) fn views(all: &[Told]) -> Views<'_> {
    Views {
        images: all.iter().filter_map(|told| told.image.as_ref()).collect(),
    }
}

/// What was taken, with when it will be done.
pub(super) fn taken(taken: &ScansView) -> String {
    let row = |asked: &AskedScanView| {
        let reason = asked.waits_for.clone().unwrap_or_else(|| "-".to_owned());
        [asked.name.clone(), ago(&asked.not_before, &taken.now), reason]
    };
    bare(["image", "not before", "waits for"], taken.images.iter().map(row))
}
