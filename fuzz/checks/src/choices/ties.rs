//! Of equal ranks the same one is always taken (`contracts/policies.md` §5, 3).

use crate::selecting::choose;

use super::laws::Case;

/// The same use of a leading `v` as the current tag, then more dotted numbers, then bytes.
pub(super) fn are_broken_as_said(case: &Case<'_>) {
    let Some(pick) = &case.selection.pick else { return };
    let current = case.current.and_then(|current| current.tag.as_ref());
    // The current tag stays, whatever else ranks like it.
    if pick.tag.as_ref() == current {
        return;
    }
    let picked = pick.tag.as_ref().expect("a pick has a tag").as_str();
    let preference = |tag| {
        let same = current.is_some_and(|current| has_v(current.as_str()) == has_v(tag));
        (same, dotted_numbers(tag), tag.to_owned())
    };
    let beside = choose(case.policy, case.candidates, Some(pick));
    for judged in &beside.verdicts {
        if judged.verdict.code() == "equal" {
            assert!(
                preference(picked) > preference(judged.tag),
                "{picked:?} or {:?}: {}",
                judged.tag,
                case.shown()
            );
        }
    }
}

fn has_v(tag: &str) -> bool {
    tag.starts_with('v') && tag[1..].starts_with(|letter: char| letter.is_ascii_digit())
}

/// How many numbers joined by dots a tag begins with, after the `v`.
fn dotted_numbers(tag: &str) -> usize {
    let mut rest = if has_v(tag) { &tag[1..] } else { tag };
    let mut count = 0;
    loop {
        let after = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        if after.len() == rest.len() {
            return count;
        }
        count += 1;
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None => return count,
        }
    }
}
