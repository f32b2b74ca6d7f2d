//! Decide and review for every target of a head. A function of what is known; only the marks in the state change.

use domain::{Approved, Checks, Decision, Question, Tag, Timestamp, Value, decide};
use status_api::Outcome;

use crate::inventory::{Inventory, Target};
use crate::scan::{Knowledge, Known};
use crate::state::{MarkKey, State};

/// What was decided about one target.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) outcome: Outcome,
    pub(super) approved: Option<Approved>,
    pub(super) high_water: Option<Tag>,
}

/// Judges all targets, in their order.
pub(super) fn judge(inventory: &Inventory, known: &Known, state: &State, now: Timestamp) -> Vec<Judged> {
    inventory.targets.iter().map(|target| judge_one(target, known, state, now)).collect()
}

fn judge_one(target: &Target, known: &Known, state: &State, now: Timestamp) -> Judged {
    let chosen = match &target.policy {
        Ok(chosen) => chosen,
        Err(message) => return Judged::only(Outcome::Invalid { message: message.clone() }, None),
    };
    let key = mark_key(target, &chosen.policy.to_string());
    state.saw(&key, target.current.tag.as_ref(), now, |new, old| chosen.policy.outranks(new, old));
    let high_water = state.high_water(&key);
    let knowledge = known.get(&target.image);
    let Some((knowledge, scan)) = knowledge.as_ref().and_then(|known| Some((known, known.scan.as_ref()?))) else {
        return Judged::only(unscanned(knowledge.as_deref()), high_water);
    };
    let question = Question {
        policy: &chosen.policy,
        current: &target.current,
        scan,
        standing: &knowledge.standing,
        high_water: high_water.as_ref(),
        now,
    };
    match decide(&question) {
        Decision::Stay(reason) => Judged::only(Outcome::Stay(reason), high_water),
        Decision::Undecided(needs) => Judged::only(Outcome::Undecided(needs), high_water),
        Decision::Propose(proposal) => {
            let to = proposal.to().clone();
            let checks = Checks { hold: target.hold.clone(), high_water: high_water.clone() };
            match proposal.review(checks) {
                Ok(approved) => Judged { outcome: Outcome::Approved { to }, approved: Some(approved), high_water },
                Err(held) => Judged::only(Outcome::Held { to, reason: held.reason }, high_water),
            }
        }
    }
}

impl Judged {
    fn only(outcome: Outcome, high_water: Option<Tag>) -> Self {
        Self { outcome, approved: None, high_water }
    }
}

fn unscanned(knowledge: Option<&Knowledge>) -> Outcome {
    let _ = knowledge;
    Outcome::Unscanned
}

/// What the high-water mark of a target is kept under.
pub(super) fn mark_key(target: &Target, policy: &str) -> MarkKey {
    MarkKey { target: target.id.clone(), policy: policy.to_owned() }
}

/// The tag that a written value leaves at the head.
pub(super) fn written_tag(value: &Value) -> Option<Tag> {
    value.tag.clone()
}
