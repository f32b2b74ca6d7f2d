//! A push that the server refuses is not tried again at once. Pure.

use std::time::Duration;

use domain::reference::Timestamp;
use git_writer::ObjectId;

const SHORTEST_WAIT: Duration = Duration::from_secs(60);
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// The server's last refusal of one branch, and for how long it stands.
///
/// Retried after 1, 2, 4 … 15 minutes; at once when the proposal or the head changes, for then it is another push.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    last: Option<Refusal>,
}

#[derive(Debug)]
struct Refusal {
    update_id: String,
    head: ObjectId,
    message: String,
    in_a_row: u32,
    until: Timestamp,
}

impl Refusals {
    /// The words of the refusal, if this push was refused and it is too early to try again.
    pub(super) fn standing(&self, update_id: &str, head: ObjectId, now: Timestamp) -> Option<String> {
        let last = self
            .last
            .as_ref()
            .filter(|last| last.is_of(update_id, head) && now < last.until)?;
        Some(last.message.clone())
    }

    /// Notes a refusal.
    pub(super) fn record(&mut self, update_id: &str, head: ObjectId, message: &str, now: Timestamp) {
        let same = self.last.as_ref().filter(|last| last.is_of(update_id, head));
        let in_a_row = same.map_or(0, |last| last.in_a_row + 1);
        let wait = SHORTEST_WAIT.saturating_mul(1 << in_a_row.min(10)).min(LONGEST_WAIT);
        let (update_id, message) = (update_id.to_owned(), message.to_owned());
        self.last = Some(Refusal {
            update_id,
            head,
            message,
            in_a_row,
            until: now + wait,
        });
    }

    /// Forgets it: nothing is left to push.
    pub(super) fn clear(&mut self) {
        self.last = None;
    }

    /// How long until the next try, if one is put off; else for ever.
    pub(super) fn wait(&self, now: Timestamp) -> Duration {
        self.last
            .as_ref()
            .map_or(Duration::MAX, |last| last.until.since(now).max(Duration::from_secs(1)))
    }
}

impl Refusal {
    fn is_of(&self, update_id: &str, head: ObjectId) -> bool {
        self.update_id == update_id && self.head == head
    }
}

#[cfg(test)]
mod tests;
