//! Laws of the pick (`contracts/policies.md` §5 to §7).

mod daemon;
mod input;
mod laws;
mod plain;
mod ties;

use controller::policy_text::parse_policy;
use domain::select::select;

use crate::selecting::NOW;

use input::Input;

pub(crate) fn check(text: &str) {
    let input = Input::read(text);
    let Ok(policy) = parse_policy(input.policy) else { return };
    let current = input.current.as_ref();
    let Ok(selection) = select(&policy, &input.candidates, current, NOW) else {
        let tags: Vec<&str> = input
            .candidates
            .iter()
            .map(|candidate| candidate.tag.as_str())
            .collect();
        let again = (0..tags.len()).any(|place| tags[..place].contains(&tags[place]));
        assert!(again, "only a tag that is given twice can contradict itself: {tags:?}");
        return;
    };
    let case = laws::Case {
        policy: &policy,
        candidates: &input.candidates,
        current,
        selection: &selection,
    };
    laws::the_selection_is_whole(&case);
    laws::the_value_is_pinned_as_asked(&case);
    laws::the_order_of_the_input_does_not_matter(&case);
    laws::a_pick_that_is_written_stays(&case);
    laws::what_is_ineligible_does_not_matter(&case);
    laws::losers_do_not_matter(&case);
    laws::nothing_is_lowered(&case);
    ties::are_broken_as_said(&case);
    plain::orders_are_as_said(&case);
    plain::the_latest_build_is_picked(&case);
    daemon::decides_the_same(&case);
}
