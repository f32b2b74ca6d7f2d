use expect_test::{Expect, expect};

use super::*;

fn taken() -> ScansView {
    let asked = |name: &str, not_before: &str, waits_for: Option<&str>| AskedScanView {
        name: name.to_owned(),
        host: "registry.test".to_owned(),
        not_before: not_before.to_owned(),
        waits_for: waits_for.map(str::to_owned),
    };
    ScansView {
        now: "2027-01-15T09:00:00Z".to_owned(),
        images: vec![
            asked("registry.test/acme/api", "2027-01-15T09:00:00Z", None),
            asked(
                "registry.test/acme/web",
                "2027-01-15T09:10:00Z",
                Some("registry.test is left alone for a while: 429 Too Many Requests"),
            ),
        ],
    }
}

/// An image of the API's sample, as a scan leaves it.
fn image(last_attempt: &str, asked: bool, last_error: Option<&str>) -> ImageView {
    let sample = include_str!("../../../../status-api/src/router/tests/images.json");
    let sample: serde_json::Value = serde_json::from_str(sample).unwrap();
    let image: ImageView = serde_json::from_value(sample["images"][0].clone()).unwrap();
    ImageView {
        last_attempt: Some(last_attempt.to_owned()),
        last_complete_scan: Some(last_attempt.to_owned()),
        asked: asked.then(|| "2027-01-15T09:00:00Z".to_owned()),
        last_error: last_error.map(str::to_owned),
        ..image
    }
}

fn check(number: usize, image: Option<ImageView>, scanned: bool, expected: &Expect) {
    let taken = taken();
    let told = Told::new(&taken, &taken.images[number], image);
    assert_eq!(told.is_scanned(), scanned);
    expected.assert_eq(&told::table(&[told]));
}

#[test]
fn a_scan_is_told_with_its_tags_and_its_time() {
    check(
        0,
        Some(image("2027-01-15T09:00:01Z", false, None)),
        true,
        &expect![[r#"
        IMAGE                   TAGS  SCANNED  RESULT
        registry.test/acme/api  7     now      the list is complete and plausible
    "#]],
    );
}

#[test]
fn a_scan_that_failed_is_told_with_the_reason() {
    let failed = image("2027-01-15T09:00:01Z", false, Some("the registry answered 500"));
    check(
        0,
        Some(failed),
        false,
        &expect![[r#"
        IMAGE                   TAGS  SCANNED  RESULT
        registry.test/acme/api  7     now      failed: the registry answered 500
    "#]],
    );
}

#[test]
fn a_scan_that_is_not_made_is_told_with_what_it_waits_for() {
    check(
        1,
        Some(image("2027-01-15T08:00:00Z", true, None)),
        false,
        &expect![[r#"
        IMAGE                   TAGS  SCANNED     RESULT
        registry.test/acme/web  7     60 min ago  waits until 2027-01-15T09:10:00Z: registry.test is left alone for a while: 429 Too Many Requests
    "#]],
    );
    check(
        0,
        Some(image("2027-01-15T08:00:00Z", true, None)),
        false,
        &expect![[r#"
        IMAGE                   TAGS  SCANNED     RESULT
        registry.test/acme/api  7     60 min ago  not done yet; it goes on
    "#]],
    );
}

#[test]
fn a_scan_that_nobody_knows_of_is_not_taken_for_one_that_was_made() {
    check(
        0,
        Some(image("2027-01-15T08:59:59Z", false, None)),
        false,
        &expect![[r#"
        IMAGE                   TAGS  SCANNED  RESULT
        registry.test/acme/api  7     1 s ago  not scanned: the daemon was started anew, or uses it no more
    "#]],
    );
    check(
        0,
        None,
        false,
        &expect![[r#"
        IMAGE                   TAGS  SCANNED  RESULT
        registry.test/acme/api  -     never    not scanned: the daemon was started anew, or uses it no more
    "#]],
    );
}

#[test]
fn what_was_taken_is_told_with_when_it_is_made() {
    expect![[r#"
        IMAGE                   NOT BEFORE  WAITS FOR
        registry.test/acme/api  now         -
        registry.test/acme/web  in 10 min   registry.test is left alone for a while: 429 Too Many Requests
    "#]]
    .assert_eq(&told::taken(&taken()));
}

#[test]
fn how_long_a_scan_waits_is_the_daemon_s_matter() {
    let taken = taken();
    let waits: Vec<Duration> = taken.images.iter().map(|asked| wait(&taken, asked)).collect();
    assert_eq!(waits, [Duration::ZERO, Duration::from_secs(600)]);
}
