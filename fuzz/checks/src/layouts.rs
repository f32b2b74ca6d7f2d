//! Laws of the layouts of `calver:` (`contracts/policies.md` §3).

mod layout;
mod seeds;

use std::cmp::Ordering;

use domain::reference::Tag;

use crate::selecting::{bare, policy, verdicts};

use layout::Layout;
use seeds::Seeds;

/// How many tags are written by a layout.
const MOST: usize = 8;

pub(crate) fn check(text: &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    if line.trim_matches(' ').is_empty() || line.len() > 200 {
        return;
    }
    let layout = Layout::read(line);
    let policy = match (policy("calver", line, &[]), layout.is_valid()) {
        (Ok(policy), true) => policy,
        // What no tag can hold may be refused for that.
        (Err(_), true) if !layout.fits_a_tag() => return,
        (Err(_), false) => return,
        (policy, valid) => panic!("calver:{line}: {policy:?}, and by the contract {valid}"),
    };
    let tags: Vec<&str> = rest.lines().take(MOST).collect();
    // Strangers' tags read or do not; nothing panics.
    verdicts(&policy, &bare(tags.iter().copied()), tags.first().copied());
    what_is_written_reads(&layout, rest);
}

/// Tags written by a layout read, with and without `v`, in the order of their fields.
fn what_is_written_reads(layout: &Layout<'_>, seeds: &str) {
    let mut seeds = Seeds::new(seeds);
    let written: Vec<(Vec<u32>, String)> = (0..MOST)
        .map(|_| layout.write(&mut seeds))
        .filter(|(_, tag)| Tag::is_valid(tag) && !tag.eq_ignore_ascii_case("latest"))
        .collect();
    let policy = policy("calver", layout.text(), &["allowDowngrade"]).expect("it was read before");
    for (fields, current) in &written {
        let mut tags: Vec<&str> = written.iter().map(|(_, tag)| tag.as_str()).collect();
        let prefixed = format!("v{current}");
        tags.push(&prefixed);
        tags.sort_unstable();
        tags.dedup();
        let candidates = bare(tags);
        let found = verdicts(&policy, &candidates, Some(current));
        for (other, tag) in &written {
            let verdict = &found[tag.as_str()];
            assert!(verdict.code() != "unreadable", "calver:{}: {tag:?}", layout.text());
            if layout.reads_one_way() && verdict.code() != "picked" && tag != current {
                let expected = match other.cmp(fields) {
                    Ordering::Less => "older",
                    Ordering::Equal => "equal",
                    Ordering::Greater => "newer",
                };
                assert_eq!(
                    verdict.code(),
                    expected,
                    "calver:{}: {tag:?} beside {current:?}",
                    layout.text()
                );
            }
        }
        let verdict = &found[prefixed.as_str()];
        let reads = verdict.code() != "unreadable" || !Tag::is_valid(&prefixed);
        assert!(reads, "calver:{}: {prefixed:?}", layout.text());
    }
}
