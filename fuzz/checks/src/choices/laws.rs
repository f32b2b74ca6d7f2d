//! What holds of every selection.

use std::collections::{BTreeMap, BTreeSet};

use domain::policy::{KindName, Pin, Policy};
use domain::reference::{Digest, Tag, Value};
use domain::scan::Created;
use domain::select::{Candidate, SelectReason, Selection, TagVerdict, Verdict};

use crate::selecting::{NOW, choose, is_candidate};

/// The longest sentence about a tag, in bytes.
const LONGEST_SENTENCE: usize = 4096;

/// A selection with what it was made from.
pub(super) struct Case<'a> {
    pub(super) policy: &'a Policy,
    pub(super) candidates: &'a [Candidate],
    pub(super) current: Option<&'a Value>,
    pub(super) selection: &'a Selection<'a>,
}

impl Case<'_> {
    /// All of it, for messages.
    pub(super) fn shown(&self) -> String {
        let current = self.current.map_or("-".to_owned(), Value::to_string);
        format!(
            "{} beside {current} over {:?}\ngives {:?}",
            self.policy, self.candidates, self.selection
        )
    }

    /// The digest of a tag, from whichever candidate says it.
    fn digest(&self, tag: &str) -> Option<&Digest> {
        let of_tag = self.candidates.iter().filter(|candidate| candidate.tag == tag);
        of_tag.filter_map(|candidate| candidate.digest.as_ref()).next()
    }

    /// Whether a tag says something about the current value.
    fn is_current(&self, tag: &str) -> bool {
        self.current.is_some_and(|current| match &current.tag {
            Some(current) => current.as_str() == tag,
            // What is no tag lends a bare digest nothing.
            None => Tag::is_valid(tag) && current.digest.is_some() && self.digest(tag) == current.digest.as_ref(),
        })
    }

    /// The verdict on each tag.
    fn verdicts(&self) -> BTreeMap<&str, &Verdict> {
        let verdicts = self.selection.verdicts.iter();
        verdicts.map(|judged| (judged.tag, &judged.verdict)).collect()
    }

    fn picked(&self) -> Option<&str> {
        Some(self.selection.pick.as_ref()?.tag.as_ref()?.as_str())
    }
}

/// Every tag has one verdict; reason, pick and blocker fit together; the verdicts stand in their order.
pub(super) fn the_selection_is_whole(case: &Case<'_>) {
    let Selection {
        pick,
        reason,
        blocked_by,
        verdicts,
    } = case.selection;
    let given: BTreeSet<&str> = case.candidates.iter().map(|candidate| candidate.tag.as_str()).collect();
    let judged: BTreeSet<&str> = verdicts.iter().map(|judged| judged.tag).collect();
    assert_eq!(given, judged, "{}", case.shown());
    assert_eq!(judged.len(), verdicts.len(), "{}", case.shown());
    assert_eq!(pick.is_some(), *reason == SelectReason::Picked, "{}", case.shown());
    assert_eq!(
        blocked_by.is_some(),
        *reason == SelectReason::Blocked,
        "{}",
        case.shown()
    );
    let blocker = blocked_by.as_deref().map(|tag| case.verdicts()[tag]);
    let blocks = |verdict: &Verdict| {
        matches!(
            verdict,
            Verdict::UnknownPlatform { .. } | Verdict::UnknownBuildTime { .. }
        )
    };
    assert!(blocker.is_none_or(blocks), "{}", case.shown());
    verdicts.iter().for_each(|judged| is_a_sentence(&judged.to_string()));
    let special: Vec<_> = (0..)
        .zip(verdicts)
        .filter(|(_, judged)| stands_first(&judged.verdict))
        .collect();
    match (special.as_slice(), case.picked()) {
        ([(0, judged)], Some(tag)) => {
            assert!(
                judged.tag == tag && judged.verdict.code() == "picked",
                "{}",
                case.shown()
            );
        }
        ([], None) => {}
        ([(0, judged)], None) => {
            let lacks = matches!(reason, SelectReason::Blocked | SelectReason::UnknownDigest);
            assert!(lacks && judged.verdict.code() == "best", "{}", case.shown());
        }
        _ => panic!("{}", case.shown()),
    }
    stand_in_order(case);
}

/// One line that a terminal can show, of bounded length, whatever the tag and the policy hold.
fn is_a_sentence(text: &str) {
    assert!((1..=LONGEST_SENTENCE).contains(&text.len()), "{text:?}");
    assert!(!text.contains(char::is_control), "{text:?}");
}

fn stands_first(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Picked { .. } | Verdict::Best { .. })
}

/// `newer`, then what equals the current value, then `older`, then all others by bytes.
fn stand_in_order(case: &Case<'_>) {
    let place = |verdict: &Verdict| match verdict {
        Verdict::Picked { .. } | Verdict::Best { .. } => 0,
        Verdict::Newer { .. } => 1,
        Verdict::Current { .. } | Verdict::Equal { .. } => 2,
        Verdict::Older { .. } => 3,
        _ => 4,
    };
    let places: Vec<u8> = case
        .selection
        .verdicts
        .iter()
        .map(|judged| place(&judged.verdict))
        .collect();
    // A bare digest has a tag that is `equal`, wherever that ranks.
    let has_rank = case.current.is_none_or(|current| current.tag.is_some());
    if has_rank {
        assert!(places.is_sorted(), "{}", case.shown());
    }
    let others = case
        .selection
        .verdicts
        .iter()
        .filter(|judged| place(&judged.verdict) == 4);
    assert!(others.map(|judged| judged.tag).is_sorted(), "{}", case.shown());
}

/// The value carries a digest as the policy says, and it is the tag's own.
pub(super) fn the_value_is_pinned_as_asked(case: &Case<'_>) {
    let Some(pick) = &case.selection.pick else { return };
    let tag = case.picked().expect("a pick has a tag");
    let wanted = match case.policy.pin() {
        Pin::Digest => true,
        Pin::Never => false,
        Pin::IfPresent => case.current.is_some_and(|current| current.digest.is_some()),
    };
    assert_eq!(pick.digest.is_some(), wanted, "{}", case.shown());
    if wanted {
        assert_eq!(pick.digest.as_ref(), case.digest(tag), "{}", case.shown());
    }
    assert_ne!(case.current, Some(pick), "{}", case.shown());
}

/// Reversed, turned and doubled, the tags give the same.
pub(super) fn the_order_of_the_input_does_not_matter(case: &Case<'_>) {
    let mut reversed = case.candidates.to_vec();
    reversed.reverse();
    let mut turned = case.candidates.to_vec();
    turned.rotate_left(case.candidates.len() / 3);
    let doubled = [case.candidates, &reversed].concat();
    for order in [reversed, turned, doubled] {
        let again = choose(case.policy, &order, case.current);
        assert_eq!(&again, case.selection, "{}", case.shown());
    }
}

/// Once the pick is the current value there is nothing to write.
pub(super) fn a_pick_that_is_written_stays(case: &Case<'_>) {
    let Some(pick) = &case.selection.pick else { return };
    let again = choose(case.policy, case.candidates, Some(pick));
    assert_eq!(again.pick, None, "{}", case.shown());
    // With `allowDowngrade` a current tag of unknown build time does not block; once it is current no more, it does.
    let blocked = case.policy.allows_downgrade() && again.reason == SelectReason::Blocked;
    assert!(again.reason == SelectReason::UpToDate || blocked, "{}", case.shown());
}

/// Without the tags that are none of the policy's the outcome is the same; nor does a new one of them change it.
pub(super) fn what_is_ineligible_does_not_matter(case: &Case<'_>) {
    let verdicts = case.verdicts();
    let never: BTreeSet<&str> = case
        .candidates
        .iter()
        .filter(|candidate| candidate.created.plausible(NOW) == Created::Never)
        .map(|candidate| candidate.tag.as_str())
        .collect();
    let kept = |candidate: &&Candidate| {
        let tag = candidate.tag.as_str();
        let waits = match verdicts[tag] {
            Verdict::UnknownPlatform { .. } => true,
            Verdict::UnknownBuildTime { .. } => !never.contains(tag),
            verdict => is_candidate(verdict),
        };
        waits || case.is_current(tag)
    };
    let mut fewer: Vec<Candidate> = case.candidates.iter().filter(kept).cloned().collect();
    assert_same_outcome(case, &fewer);
    fewer.push(Candidate {
        tag: "-no-tag".to_owned(),
        created: Created::At(NOW),
        ..Candidate::default()
    });
    assert_same_outcome(case, &fewer);
}

fn assert_same_outcome(case: &Case<'_>, candidates: &[Candidate]) {
    let again = choose(case.policy, candidates, case.current);
    assert_eq!(
        (&again.pick, again.reason, &again.blocked_by),
        (&case.selection.pick, case.selection.reason, &case.selection.blocked_by),
        "over {candidates:?}\n{}",
        case.shown()
    );
}

/// What loses against the pick may as well not be there.
pub(super) fn losers_do_not_matter(case: &Case<'_>) {
    let Some(picked) = case.picked() else { return };
    let verdicts = case.verdicts();
    let kept = |candidate: &&Candidate| {
        let tag = candidate.tag.as_str();
        tag == picked || case.is_current(tag) || !is_candidate(verdicts[tag])
    };
    let fewer: Vec<Candidate> = case.candidates.iter().filter(kept).cloned().collect();
    assert_same_outcome(case, &fewer);
}

/// Without `allowDowngrade` the pick does not rank below the current value.
///
/// A pick's verdict does not tell its rank, so a twin that ranks the same is put beside it, and the one that loses is asked.
pub(super) fn nothing_is_lowered(case: &Case<'_>) {
    let Some(picked) = case.picked() else { return };
    if case.policy.allows_downgrade() || case.policy.kind_name() == KindName::Digest {
        return;
    }
    let bare = picked.strip_prefix('v').unwrap_or(picked);
    for name in [
        format!("v{bare}"),
        bare.to_owned(),
        format!("0{picked}"),
        format!("{picked}x"),
    ] {
        if case.candidates.iter().any(|candidate| candidate.tag == name) {
            continue;
        }
        let of_pick = case.candidates.iter().filter(|candidate| candidate.tag == picked);
        let twins: Vec<Candidate> = of_pick
            .map(|candidate| Candidate {
                tag: name.clone(),
                ..candidate.clone()
            })
            .collect();
        let more = [case.candidates, &twins].concat();
        let beside_pick = choose(case.policy, &more, case.selection.pick.as_ref());
        let equal = beside_pick
            .verdicts
            .iter()
            .any(|judged| judged.tag == name && judged.verdict.code() == "equal");
        let again = choose(case.policy, &more, case.current);
        let lowered =
            |judged: &TagVerdict<'_>| (judged.tag == name || judged.tag == picked) && judged.verdict.code() == "older";
        assert!(!(equal && again.verdicts.iter().any(lowered)), "{}", case.shown());
    }
}
