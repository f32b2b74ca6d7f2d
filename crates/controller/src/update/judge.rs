//! Decide and review for every target of a head. A function of what is known; only the marks in the state change.

use std::cmp::Ordering;

use domain::decide::{Decision, Height, Question, decide};
use domain::reference::Timestamp;
use domain::review::{Approved, Checks};
use status_api::report::Outcome;

use crate::inventory::{Chosen, Inventory, Target};
use crate::scan::Scanning;
use crate::state::MarkKey;

/// What was decided about one target.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) outcome: Outcome,
    pub(super) approved: Option<Approved>,
    pub(super) high_water: Option<Height>,
}

/// Judges all targets, in their order.
pub(super) fn judge(inventory: &Inventory, scanning: &Scanning, now: Timestamp) -> Vec<Judged> {
    inventory
        .targets
        .iter()
        .map(|target| judge_one(target, scanning, now))
        .collect()
}

fn judge_one(target: &Target, scanning: &Scanning, now: Timestamp) -> Judged {
    let chosen = match &target.policy {
        Ok(chosen) => chosen,
        Err(message) => {
            return Judged::only(
                Outcome::Invalid {
                    message: message.clone(),
                },
                None,
            );
        }
    };
    let high_water = mark(target, chosen, scanning, now);
    let Some(known) = scanning.known.get(&target.image) else {
        return Judged::only(Outcome::Unscanned, high_water);
    };
    let Some(scan) = &known.scan else {
        return Judged::only(Outcome::Unscanned, high_water);
    };
    let question = Question {
        policy: &chosen.policy,
        current: &target.current,
        scan,
        standing: &known.standing_of(&target.current),
        high_water: high_water.as_ref(),
        now,
    };
    let proposal = match decide(&question) {
        Decision::Stay(reason) => return Judged::only(Outcome::Stay(reason), high_water),
        Decision::Undecided(needs) => return Judged::only(Outcome::Undecided(needs), high_water),
        Decision::Propose(proposal) => proposal,
    };
    let to = proposal.to().clone();
    match proposal.review(Checks {
        hold: target.hold.clone(),
        high_water: high_water.clone(),
    }) {
        Ok(approved) => Judged {
            outcome: Outcome::Approved { to },
            approved: Some(approved),
            high_water,
        },
        Err(held) => Judged::only(
            Outcome::Held {
                to,
                reason: held.reason,
            },
            high_water,
        ),
    }
}

/// The high-water mark, after the state was told what stands at the head.
fn mark(target: &Target, chosen: &Chosen, scanning: &Scanning, now: Timestamp) -> Option<Height> {
    let key = mark_key(target, &chosen.policy.to_string());
    let outranks = |new: &Height, old: &Height| chosen.policy.compare(new, old) == Some(Ordering::Greater);
    scanning.state.saw(&key, target.current.tag.as_ref(), now, outranks);
    scanning.state.high_water(&key)
}

impl Judged {
    fn only(outcome: Outcome, high_water: Option<Height>) -> Self {
        Self {
            outcome,
            approved: None,
            high_water,
        }
    }
}

/// What the high-water mark of a target is kept under.
pub(super) fn mark_key(target: &Target, policy: &str) -> MarkKey {
    MarkKey {
        target: target.id.clone(),
        policy: policy.to_owned(),
    }
}

#[cfg(test)]
mod tests;
