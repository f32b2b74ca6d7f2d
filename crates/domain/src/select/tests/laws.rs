//! The laws of the pick, for any policy and any tags.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::{candidate, policy, value};
use crate::choose::{Outcome, Rules, best, conclude, follow};
use crate::decide::Height;
use crate::policy::{Kind, Policy};
use crate::reference::{Repository, Tag, Timestamp, Value};
use crate::scan::{Created, Fact, Scan, TagList};
use crate::select::{Candidate, select};

/// Some time in 2023.
const NOW: Timestamp = Timestamp::from_unix_seconds(1_690_000_000);

fn tags() -> impl Strategy<Value = Vec<String>> {
    let tag = "(v?[0-2](\\.[0-2]){0,3}(-(rc\\.[0-2]|a|0|ls2|ls10))?|v?20(23|24)\\.0[1-3]|latest|-x|main-[12])(~([0-4]|-))?(@[ab])?(\\+linux/(amd64|arm64))?";
    prop::collection::vec(tag, 0..12)
}

fn policies() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(vec![
        "semver:*",
        "semver:^1",
        "semver:~1.1",
        "semver:>=1.0.0-0",
        "semver:1.x || >=2.1",
        "semver:<=1.2 !=1.1",
        "semver:1 - 2.0",
        "version:*",
        "version:>=1 <2.1",
        "version:<=1.1 !=1.0.1",
        "calver:YYYY.0M",
        "calver:MAJOR.MINOR",
        "numeric:asc",
        "numeric:desc",
        "alphabetical:asc",
        "alphabetical:desc",
        "newest:*",
        "newest:*1*",
        "glob:latest",
        "regexp:^v?[0-9]",
    ]);
    let option = prop::sample::select(vec![
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
        "filter=^(?:main-)?([0-9.]+)>$1",
        "filter=1",
    ]);
    (kind, prop::collection::btree_set(option, 0..3)).prop_map(|(kind, options)| {
        let mut keys = std::collections::BTreeSet::new();
        let mut options: Vec<&str> = options.into_iter().collect();
        options.retain(|option| keys.insert(option.split('=').next()));
        let counts_numbers = kind.starts_with("semver") || kind.starts_with("version");
        options.retain(|option| counts_numbers || *option != "precision=keep");
        match options.as_slice() {
            [] => kind.to_owned(),
            options => format!("{kind} | {}", options.join(" ")),
        }
    })
}

fn currents() -> impl Strategy<Value = String> {
    "(v?[0-2](\\.[0-2]){0,3}(-(rc\\.1|a|ls2))?(@[ab])?|latest|1\\.1_x|-|@a|main-1|2023\\.02)"
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
    select(policy, candidates, current, NOW).unwrap().pick
}

/// What the daemon's fast way finds in the same tags.
fn fast_pick(policy: &Policy, candidates: &[Candidate], current: Option<&Value>) -> Option<Value> {
    let list = TagList::from_names(candidates.iter().map(|candidate| &candidate.tag));
    scan_pick(policy, &scan_of(candidates, Arc::new(list)), current)
}

/// The candidates as a scan of that list.
fn scan_of(candidates: &[Candidate], list: Arc<TagList>) -> Scan {
    let repository = Repository::parse("example.com/app").unwrap();
    let mut scan = Scan::of_tags(repository, list, NOW);
    for candidate in candidates {
        let Ok(tag) = Tag::parse(&candidate.tag) else { continue };
        let Candidate {
            digest,
            platforms,
            created,
            ..
        } = candidate.clone();
        scan.facts.insert(
            tag,
            Fact {
                digest,
                platforms,
                created,
                ..Fact::default()
            },
        );
    }
    scan
}

/// What the daemon's way finds in a scan.
fn scan_pick(policy: &Policy, scan: &Scan, current: Option<&Value>) -> Option<Value> {
    let bare = Value::default();
    let current = current.unwrap_or(&bare);
    if let Kind::Digest(tag) = policy.kind() {
        return match follow(policy, tag, scan, current) {
            Outcome::Pick { index, digest } => Some(Value {
                tag: scan.tag_at(index),
                digest,
            }),
            _ => None,
        };
    }
    let rules = Rules::new(policy, current, scan, NOW);
    match conclude(policy, &rules, scan, current, &best(&rules, scan)) {
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
        let now = NOW;
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
    fn a_list_that_has_grown_is_decided_from_like_a_new_one(
        tags in tags(),
        fewer in prop::collection::vec(any::<bool>(), 12),
        texts in prop::collection::vec(policies(), 1..4),
        current in currents(),
    ) {
        let (known, current) = (candidates(&tags), value(&current));
        let names = |candidates: &[Candidate]| TagList::from_names(candidates.iter().map(|candidate| &candidate.tag));
        let some: Vec<Candidate> =
            known.iter().zip(&fewer).filter(|(_, kept)| **kept).map(|(candidate, _)| candidate.clone()).collect();
        let (earlier, later) = (names(&some), names(&known));
        // Each list is decided from before the next one follows, so that there is something to take over.
        for text in &texts {
            let policy = policy(text);
            let scan = scan_of(&some, Arc::new(earlier.clone()));
            prop_assert_eq!(scan_pick(&policy, &scan, current.as_ref()), pick(&policy, &some, current.as_ref()));
            let scan = scan_of(&known, Arc::new(later.clone().following(&scan.tags)));
            prop_assert_eq!(scan_pick(&policy, &scan, current.as_ref()), pick(&policy, &known, current.as_ref()));
            let scan = scan_of(&some, Arc::new(earlier.clone().following(&scan.tags)));
            prop_assert_eq!(scan_pick(&policy, &scan, current.as_ref()), pick(&policy, &some, current.as_ref()));
        }
    }

    #[test]
    fn nothing_below_the_current_value_is_picked(tags in tags(), text in policies(), current in currents()) {
        let (policy, known, current) = (policy(&text), candidates(&tags), value(&current));
        if let (Some(picked), Some(Value { tag: Some(tag), .. })) = (pick(&policy, &known, current.as_ref()), &current) {
            let height = |tag: &Tag| {
                let of = |candidate: &&Candidate| candidate.tag == tag.as_str();
                let built = match known.iter().find(of).map(|candidate| candidate.created) {
                    Some(Created::At(time)) => Some(time),
                    _ => None,
                };
                Height { tag: tag.clone(), built }
            };
            let order = policy.compare(&height(&picked.tag.unwrap()), &height(tag));
            prop_assert!(policy.allows_downgrade() || order.is_none_or(std::cmp::Ordering::is_ge));
        }
    }

    #[test]
    fn once_written_there_is_nothing_more_to_write(tags in tags(), text in policies(), current in currents()) {
        let (policy, known, current) = (policy(&text), candidates(&tags), value(&current));
        if let Some(picked) = pick(&policy, &known, current.as_ref()) {
            prop_assert_eq!(pick(&policy, &known, Some(&picked)), None, "after {}", picked);
        }
    }

    #[test]
    fn a_tag_that_is_no_candidate_changes_nothing(tags in tags(), text in policies(), current in currents()) {
        let (policy, mut known, current) = (policy(&text), candidates(&tags), value(&current));
        let before = pick(&policy, &known, current.as_ref());
        let version = policy.wants().build_times || text.starts_with("alphabetical");
        known.extend((!version).then(|| Candidate { tag: "no-version-at-all".to_owned(), ..Candidate::default() }));
        known.push(Candidate { tag: "-no-tag".to_owned(), ..Candidate::default() });
        prop_assert_eq!(before, pick(&policy, &known, current.as_ref()));
    }

    #[test]
    fn every_tag_has_one_verdict(tags in tags(), text in policies(), current in currents()) {
        let (policy, known, current) = (policy(&text), candidates(&tags), value(&current));
        let selection = select(&policy, &known, current.as_ref(), NOW).unwrap();
        let mut judged: Vec<&str> = selection.verdicts.iter().map(|verdict| verdict.tag).collect();
        judged.sort_unstable();
        prop_assert_eq!(judged, known.iter().map(|candidate| candidate.tag.as_str()).collect::<Vec<_>>());
    }
}
