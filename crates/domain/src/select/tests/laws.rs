//! The laws of the pick, for any policy and any tags.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::{candidate, policy, value};
use crate::choose::{Outcome, Rules, best, conclude};
use crate::policy::{Kind, Policy};
use crate::reference::{Repository, Tag, Timestamp, Value};
use crate::scan::{Fact, Scan, TagList};
use crate::select::{Candidate, select};

fn tags() -> impl Strategy<Value = Vec<String>> {
    let tag = "(v?[0-2](\\.[0-2]){0,2}(-(rc\\.[0-2]|a|0))?|latest|-x|main-1)(@[ab])?(\\+linux/(amd64|arm64))?";
    prop::collection::vec(tag, 0..12)
}

fn policies() -> impl Strategy<Value = String> {
    let range = prop::sample::select(vec![
        "*",
        "^1",
        "~1.1",
        ">=1.0.0-0",
        "1.x || >=2.1",
        "<=1.2 !=1.1",
        "1 - 2.0",
    ]);
    let option = prop::sample::select(vec![
        "",
        "suffix=keep",
        "suffix=none",
        "suffix=-a",
        "precision=keep",
        "prerelease=true",
        "platforms=linux/amd64",
        "pin=digest",
        "pin=never",
        "allowDowngrade=true",
        "deny=rc,^2",
        "filter=^v(.*)$>$1",
        "filter=1",
    ]);
    (range, prop::collection::btree_set(option, 0..3)).prop_map(|(range, options)| {
        let mut keys = std::collections::BTreeSet::new();
        let mut options: Vec<&str> = options.into_iter().filter(|option| !option.is_empty()).collect();
        options.retain(|option| keys.insert(option.split('=').next()));
        match options.as_slice() {
            [] => format!("semver:{range}"),
            options => format!("semver:{range} | {}", options.join(" ")),
        }
    })
}

fn currents() -> impl Strategy<Value = String> {
    "(v?[0-2](\\.[0-2]){0,2}(-(rc\\.1|a))?(@[ab])?|latest|1\\.1_x|-|@a|1\\.1\\.1\\.1)"
}

/// Candidates that agree about each tag: of several the first is taken.
fn candidates(tags: &[String]) -> Vec<Candidate> {
    let mut known = BTreeMap::new();
    for tag in tags {
        let candidate = candidate(tag);
        known.entry(candidate.tag.clone()).or_insert(candidate);
    }
    known.into_values().collect()
}

fn pick(policy: &Policy, candidates: &[Candidate], current: Option<&Value>) -> Option<Value> {
    select(policy, candidates, current, Timestamp::from_unix_seconds(0))
        .unwrap()
        .pick
}

/// What the daemon's fast way finds in the same tags.
fn fast_pick(policy: &Policy, candidates: &[Candidate], current: Option<&Value>) -> Option<Value> {
    let Kind::Semver(range) = policy.kind() else {
        return None;
    };
    let list = TagList::from_names(candidates.iter().map(|candidate| &candidate.tag));
    let repository = Repository::parse("example.com/app").unwrap();
    let mut scan = Scan::of_tags(repository, Arc::new(list), Timestamp::from_unix_seconds(0));
    for candidate in candidates {
        let Ok(tag) = Tag::parse(&candidate.tag) else { continue };
        let (digest, platforms) = (candidate.digest.clone(), candidate.platforms.clone());
        scan.facts.insert(
            tag,
            Fact {
                digest,
                platforms,
                ..Fact::default()
            },
        );
    }
    let bare = Value::default();
    let current = current.unwrap_or(&bare);
    let rules = Rules::new(policy, range, current.tag.as_ref());
    match conclude(policy, &rules, &scan, current, &best(&rules, &scan)) {
        Outcome::Pick { index, digest } => Some(Value {
            tag: scan.tag_at(index),
            digest,
        }),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_order_of_the_input_does_not_matter(
        (tags, shuffled) in tags().prop_flat_map(|tags| (Just(tags.clone()), Just(tags).prop_shuffle())),
        text in policies(),
        current in currents(),
    ) {
        let known = candidates(&tags);
        let again: Vec<Candidate> = shuffled
            .iter()
            .map(|tag| known.iter().find(|known| known.tag == candidate(tag).tag).unwrap().clone())
            .collect();
        let now = Timestamp::from_unix_seconds(0);
        let (policy, current) = (policy(&text), value(&current));
        prop_assert_eq!(
            select(&policy, &known, current.as_ref(), now).unwrap(),
            select(&policy, &again, current.as_ref(), now).unwrap()
        );
    }

    #[test]
    fn the_fast_way_picks_the_same(tags in tags(), text in policies(), current in currents()) {
        let (policy, known, current) = (policy(&text), candidates(&tags), value(&current));
        prop_assert_eq!(pick(&policy, &known, current.as_ref()), fast_pick(&policy, &known, current.as_ref()));
    }

    #[test]
    fn nothing_below_the_current_value_is_picked(tags in tags(), text in policies(), current in currents()) {
        let (policy, known, current) = (policy(&text), candidates(&tags), value(&current));
        if let (Some(picked), Some(Value { tag: Some(tag), .. })) = (pick(&policy, &known, current.as_ref()), &current) {
            let order = policy.compare(&picked.tag.unwrap(), tag);
            prop_assert!(policy.allows_downgrade() || order.is_none_or(std::cmp::Ordering::is_ge));
        }
    }

    #[test]
    fn once_written_there_is_nothing_more_to_write(tags in tags(), text in policies(), current in currents()) {
        // What `keep` keeps is another after a move to another suffix or precision, so that only the first move counts.
        prop_assume!(!text.contains("=keep"));
        let (policy, known, current) = (policy(&text), candidates(&tags), value(&current));
        if let Some(picked) = pick(&policy, &known, current.as_ref()) {
            prop_assert_eq!(pick(&policy, &known, Some(&picked)), None, "after {}", picked);
        }
    }

    #[test]
    fn a_tag_that_is_no_candidate_changes_nothing(tags in tags(), text in policies(), current in currents()) {
        let (policy, mut known, current) = (policy(&text), candidates(&tags), value(&current));
        let before = pick(&policy, &known, current.as_ref());
        known.push(Candidate { tag: "no-version-at-all".to_owned(), ..Candidate::default() });
        known.push(Candidate { tag: "-no-tag".to_owned(), ..Candidate::default() });
        prop_assert_eq!(before, pick(&policy, &known, current.as_ref()));
    }

    #[test]
    fn every_tag_has_one_verdict(tags in tags(), text in policies(), current in currents()) {
        let (policy, known, current) = (policy(&text), candidates(&tags), value(&current));
        let selection = select(&policy, &known, current.as_ref(), Timestamp::from_unix_seconds(0)).unwrap();
        let mut judged: Vec<&str> = selection.verdicts.iter().map(|verdict| verdict.tag).collect();
        judged.sort_unstable();
        prop_assert_eq!(judged, known.iter().map(|candidate| candidate.tag.as_str()).collect::<Vec<_>>());
    }
}
