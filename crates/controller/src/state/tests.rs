//! What the state keeps, and what becomes of a file that cannot be read.

use std::fs;

use domain::accept::SuspectRun;
use tempfile::TempDir;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

/// A tag that was built in the seventh second.
fn height(text: &str) -> Height {
    Height {
        tag: tag(text),
        built: Some(at(7)),
    }
}

fn key(policy: &str) -> MarkKey {
    MarkKey {
        target: "t1".to_owned(),
        policy: policy.to_owned(),
    }
}

fn outranks(new: &Height, old: &Height) -> bool {
    new > old
}

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("deep/state");
    (folder, path)
}

#[test]
fn a_mark_counts_once_it_was_seen_at_the_head_and_survives_a_restart() {
    let (_folder, path) = folder();
    let state = State::open(&path).unwrap();
    state.intend(vec![(key("semver:*"), height("1.2.0"))], at(1)).unwrap();
    assert_eq!(state.high_water(&key("semver:*")), None);
    drop(state);
    let state = State::open(&path).unwrap();
    state.saw(&key("semver:*"), Some(&tag("1.2.0")), at(2), outranks);
    state.save(at(2)).unwrap();
    drop(state);
    let state = State::open(&path).unwrap();
    assert_eq!(state.high_water(&key("semver:*")), Some(height("1.2.0")));
}

#[test]
fn a_list_that_nobody_has_wanted_for_ninety_days_is_forgotten() {
    let (_folder, path) = folder();
    let state = State::open(&path).unwrap();
    let repository = |name: &str| Repository::parse(&format!("registry.test/{name}")).unwrap();
    let record = ListRecord {
        accepted_size: Some(7),
        ..ListRecord::default()
    };
    for name in ["wanted", "dropped", "of-an-earlier-release"] {
        state.set_list(&repository(name), record.clone());
    }
    let day = |day: i64| at(day * 24 * 3600);
    state.wanted(&repository("dropped"), day(0));
    for now in [0, 1, 45, 89] {
        state.wanted(&repository("wanted"), day(now));
    }
    state.save(day(30)).unwrap();
    drop(state);
    let state = State::open(&path).unwrap();
    let is_kept = |state: &State, name| state.list(&repository(name)) == record;
    assert!(is_kept(&state, "wanted") && is_kept(&state, "dropped"));
    state.wanted(&repository("wanted"), day(91));
    state.save(day(91)).unwrap();
    drop(state);
    let state = State::open(&path).unwrap();
    assert!(is_kept(&state, "wanted") && is_kept(&state, "of-an-earlier-release"));
    assert!(!is_kept(&state, "dropped"));
}

#[test]
fn what_someone_else_wrote_is_no_mark() {
    let (_folder, path) = folder();
    let state = State::open(&path).unwrap();
    state.intend(vec![(key("semver:*"), height("1.2.0"))], at(1)).unwrap();
    state.saw(&key("semver:*"), Some(&tag("9.9.9")), at(2), outranks);
    assert_eq!(state.high_water(&key("semver:*")), None);
}

#[test]
fn a_mark_never_sinks_and_a_new_policy_begins_without_one() {
    let (_folder, path) = folder();
    let state = State::open(&path).unwrap();
    for version in ["1.3.0", "1.2.0"] {
        state.intend(vec![(key("semver:*"), height(version))], at(1)).unwrap();
        state.saw(&key("semver:*"), Some(&tag(version)), at(2), outranks);
    }
    assert_eq!(state.high_water(&key("semver:*")), Some(height("1.3.0")));
    assert_eq!(state.high_water(&key("semver:1.x")), None);
    state.saw(&key("semver:1.x"), Some(&tag("1.3.0")), at(3), outranks);
    assert_eq!(state.high_water(&key("semver:*")), None, "the old policy is gone");
}

#[test]
fn targets_unseen_for_long_are_forgotten() {
    let (_folder, path) = folder();
    let state = State::open(&path).unwrap();
    state.intend(vec![(key("semver:*"), height("1.2.0"))], at(0)).unwrap();
    state.saw(&key("semver:*"), Some(&tag("1.2.0")), at(0), outranks);
    state.set_list(&Repository::parse("nginx").unwrap(), ListRecord::default());
    state.save(at(FORGET_AFTER_SECONDS)).unwrap();
    assert_eq!(state.high_water(&key("semver:*")), None);
}

#[test]
fn lists_are_kept() {
    let (_folder, path) = folder();
    let repository = Repository::parse("nginx").unwrap();
    let run = SuspectRun {
        since: at(5),
        scans: 2,
        fingerprint: u64::MAX,
        size: 7,
    };
    let record = ListRecord {
        accepted_size: Some(1_000),
        suspect: Some(run),
        missing: BTreeMap::from([(tag("1.0"), run)]),
    };
    let state = State::open(&path).unwrap();
    state.set_list(&repository, record.clone());
    state.save(at(6)).unwrap();
    drop(state);
    assert_eq!(State::open(&path).unwrap().list(&repository), record);
}

#[test]
fn a_damaged_file_is_set_aside() {
    for damaged in ["", "{", "{\"version\":1,\"lists\":{\"UPPER CASE\":{}}}", "[]"] {
        let (_folder, path) = folder();
        drop(State::open(&path).unwrap());
        fs::write(&path, damaged).unwrap();
        let state = State::open(&path).unwrap();
        assert_eq!(state.list(&Repository::parse("nginx").unwrap()), ListRecord::default());
        assert_eq!(fs::read_to_string(path.with_extension("damaged")).unwrap(), damaged);
    }
}

#[test]
fn a_file_of_a_newer_release_stops_the_start() {
    let (_folder, path) = folder();
    drop(State::open(&path).unwrap());
    fs::write(&path, "{\"version\":2,\"surprise\":true}").unwrap();
    let error = format!("{:#}", State::open(&path).unwrap_err());
    assert!(
        error.contains("newer release") && error.contains("its version is 2"),
        "{error}"
    );
}

#[test]
fn a_second_daemon_is_told_what_to_do() {
    let (_folder, path) = folder();
    let _first = State::open(&path).unwrap();
    let error = format!("{:#}", State::open(&path).unwrap_err());
    assert!(
        error.contains("another tidemark") && error.contains("state.file"),
        "{error}"
    );
}

#[test]
fn a_dry_run_writes_nothing() {
    let (folder, path) = folder();
    let state = State::open_read_only(&path).unwrap();
    state.intend(vec![(key("semver:*"), height("1.2.0"))], at(1)).unwrap();
    state.save(at(1)).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_file_that_a_crash_left_half_written_is_replaced() {
    let (_folder, path) = folder();
    let state = State::open(&path).unwrap();
    fs::write(path.with_file_name("state.new"), "{\"versi").unwrap();
    state.intend(vec![(key("semver:*"), height("1.2.0"))], at(1)).unwrap();
    let beside = fs::read_dir(path.parent().unwrap()).unwrap();
    let mut names: Vec<_> = beside.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["state", "state.lock"]);
}

fn pause(until: i64) -> HostPause {
    HostPause {
        until: at(until),
        reason: "429 (\"slow down\")".to_owned(),
    }
}

/// `ghcr.io`, left alone until `own`, and two hosts that it leads to.
fn pauses(own: i64, blobs: i64, tokens: i64) -> Pauses {
    let origin = |text| transport::Origin::of_text(text).unwrap();
    Pauses {
        own: Some(pause(own)),
        elsewhere: BTreeMap::from([
            (origin("https://blobs.example.com"), pause(blobs)),
            (origin("http://10.0.0.1:5001"), pause(tokens)),
        ]),
    }
}

#[test]
fn pauses_survive_a_restart_until_they_are_over() {
    let (_folder, path) = folder();
    let host = Registry::parse("ghcr.io").unwrap();
    let state = State::open(&path).unwrap();
    state.set_pauses(&host, pauses(100, 200, 300));
    state.save(at(1)).unwrap();
    drop(state);
    let reopened = || State::open(&path).unwrap();
    let state = reopened();
    assert_eq!(state.pauses(), BTreeMap::from([(host.clone(), pauses(100, 200, 300))]));
    for (now, left) in [(100, Some((0, 2))), (200, Some((0, 1))), (300, None)] {
        state.set_list(
            &Repository::parse("a").unwrap(),
            ListRecord {
                accepted_size: Some(now),
                ..ListRecord::default()
            },
        );
        state.save(at(i64::try_from(now).unwrap())).unwrap();
        let pauses = State::open_read_only(&path).unwrap().pauses();
        let counts = pauses
            .get(&host)
            .map(|pauses| (usize::from(pauses.own.is_some()), pauses.elsewhere.len()));
        assert_eq!(counts, left, "at {now}");
    }
    state.set_pauses(&host, Pauses::default());
}

#[test]
fn a_pause_that_ends_early_is_forgotten_with_the_others_kept() {
    let (_folder, path) = folder();
    let host = Registry::parse("ghcr.io").unwrap();
    let state = State::open(&path).unwrap();
    state.set_pauses(&host, pauses(100, 200, 300));
    let mut later = pauses(100, 200, 300);
    later.own = None;
    later.elsewhere.pop_first();
    state.set_pauses(&host, later.clone());
    state.save(at(1)).unwrap();
    assert_eq!(
        State::open_read_only(&path).unwrap().pauses(),
        BTreeMap::from([(host, later)])
    );
}

#[test]
fn pauses_of_other_hosts_that_cannot_be_read_spoil_nothing() {
    let (_folder, path) = folder();
    drop(State::open(&path).unwrap());
    let entry = |until| format!("{{\"until_unix_seconds\":{until},\"reason\":\"x\"}}");
    let many: Vec<String> = (0..100)
        .map(|n| format!("\"https://h{n}.example.com\":{}", entry(9)))
        .collect();
    for (elsewhere, kept) in [
        ("7".to_owned(), 0),
        ("{\"ghcr.io\":7}".to_owned(), 0),
        (
            format!(
                "{{\"ghcr.io\":{{\"ftp://a\":{},\"https://a.example.com\":{},\"https://b.example.com\":{{}}}}}}",
                entry(9),
                entry(9)
            ),
            1,
        ),
        (format!("{{\"no host\":{{\"https://a.example.com\":{}}}}}", entry(9)), 0),
        (format!("{{\"ghcr.io\":{{{}}}}}", many.join(",")), 16),
    ] {
        let text = format!(
            "{{\"version\":1,\"pauses\":{{\"quay.io\":{}}},\"pauses_elsewhere\":{elsewhere}}}",
            entry(9)
        );
        fs::write(&path, &text).unwrap();
        let pauses = State::open_read_only(&path).unwrap().pauses();
        assert!(pauses[&Registry::parse("quay.io").unwrap()].own.is_some(), "{text}");
        let found: usize = pauses.values().map(|pauses| pauses.elsewhere.len()).sum();
        assert_eq!(found, kept, "{text}");
    }
}

#[test]
fn how_a_registry_lists_tags_survives_a_restart() {
    let (_folder, path) = folder();
    let state = State::open(&path).unwrap();
    let host = Registry::parse("registry.example.com").unwrap();
    let profile = Profile {
        largest_page: Some(100),
        order: registry_scanner::ListOrder::Lexical,
        seek: registry_scanner::Seek::ExistingLast,
        bulk: true,
        tested: Some(at(5)),
        linkless: registry_scanner::Linkless::Nothing,
        linkless_tested: Some(at(4)),
        manifests: registry_scanner::Manifests {
            heads: registry_scanner::Heads::Nothing,
            marks: registry_scanner::Marks::Digest,
            found: Some(at(3)),
        },
    };
    state.set_profile(&host, profile);
    state.save(at(6)).unwrap();
    drop(state);
    let profiles = || State::open_read_only(&path).unwrap().profiles();
    assert_eq!(profiles(), BTreeMap::from([(host.clone(), profile)]));
    // What cannot be read of it is found out again, and spoils nothing else.
    let text = fs::read_to_string(&path).unwrap();
    for (good, bad) in [
        ("existingLast", "sometimes"),
        ("\"lexical\"", "7"),
        ("registry.example", "no host"),
    ] {
        assert!(text.contains(good), "{text}");
        fs::write(&path, text.replace(good, bad)).unwrap();
        assert_eq!(profiles(), BTreeMap::new(), "{bad}");
    }
    let start = text.find("\"profiles\":").unwrap() + "\"profiles\":".len();
    let end = start + text[start..].find("}}}").unwrap() + 3;
    fs::write(&path, format!("{}[1, null]{}", &text[..start], &text[end..])).unwrap();
    assert_eq!(profiles(), BTreeMap::new());
}

#[test]
fn a_test_that_did_not_end_is_not_remembered() {
    let (_folder, path) = folder();
    let state = State::open(&path).unwrap();
    let host = Registry::parse("registry.example.com").unwrap();
    let begun = Profile {
        tested: Some(at(5)),
        ..Profile::default()
    };
    state.set_profile(&host, begun);
    state.save(at(6)).unwrap();
    assert_eq!(
        State::open_read_only(&path).unwrap().profiles()[&host],
        Profile::default()
    );
}
