//! What cannot be found out.

use super::*;
use crate::scan::attempt::gather::{Topic, Trouble, gather};

const ARM: &str = r#"{semver: "*", platforms: [linux/arm64]}"#;

fn manifest(reference: &str) -> String {
    format!("GET /v2/acme/api/manifests/{reference}")
}

#[tokio::test]
async fn one_digest_that_cannot_be_fetched_fails_all_its_tags_with_one_request() {
    let bench = Bench::new(&["0.1.0"]);
    let digest = bench.push("linux/amd64", &["1.1.0", "1.2.0", "1.3.0"]);
    bench.registry.always(&manifest(&digest), Answer::json("{}"));
    bench.scan(&[&format!("{ARM} 0.1.0")]).await;
    assert_eq!(bench.asked(), "1 lists, 3 heads, 1 manifests, 0 blobs");
    bench.check(
        &[&format!("{ARM} 0.1.0")],
        &expect![[r#"
        4 tags, Plausible
        unanswered: the platforms of `1.1.0`
        unanswered: the platforms of `1.2.0`
        unanswered: the platforms of `1.3.0`
        {"semver": "*", "platforms": ["linux/arm64/v8"]} 0.1.0: stay (blocked)
    "#]],
    );
}

#[tokio::test]
async fn a_manifest_that_is_gone_twice_under_its_digest_blocks_nothing() {
    let bench = Bench::new(&["0.1.0"]);
    bench.push("linux/arm64", &["0.9.0"]);
    let digest = bench.push("linux/amd64", &["1.1.0", "1.2.0"]);
    bench.registry.always(&manifest(&digest), Answer::status(404));
    let ask = format!("{ARM} 0.1.0");
    bench.scan(&[&ask]).await;
    bench.check(
        &[&ask],
        &expect![[r#"
        4 tags, Plausible
        0.9.0: digest
        unanswered: the platforms of `1.1.0`
        unanswered: the platforms of `1.2.0`
        {"semver": "*", "platforms": ["linux/arm64/v8"]} 0.1.0: stay (blocked)
    "#]],
    );
    bench.scan(&[&ask]).await;
    bench.check(
        &[&ask],
        &expect![[r#"
        4 tags, Plausible
        0.9.0: digest
        1.1.0: no digest, gone
        1.2.0: no digest, gone
        {"semver": "*", "platforms": ["linux/arm64/v8"]} 0.1.0: to 0.9.0
    "#]],
    );
    bench.asked();
    bench.scan(&[&ask]).await;
    assert_eq!(
        bench.asked(),
        "1 lists, 3 heads, 1 manifests, 0 blobs",
        "a sweep looks for it again"
    );
    bench.check(
        &[&ask],
        &expect![[r#"
        4 tags, Plausible
        0.9.0: digest
        1.1.0: no digest, gone
        1.2.0: no digest, gone
        {"semver": "*", "platforms": ["linux/arm64/v8"]} 0.1.0: to 0.9.0
    "#]],
    );
    bench.registry.never(&manifest(&digest));
    bench.scan(&[&ask]).await;
    bench.check(
        &[&ask],
        &expect![[r#"
        4 tags, Plausible
        0.9.0: digest
        1.1.0: digest
        1.2.0: digest
        {"semver": "*", "platforms": ["linux/arm64/v8"]} 0.1.0: to 0.9.0
    "#]],
    );
}

#[tokio::test]
async fn a_tag_that_cannot_be_resolved_again_blocks_until_it_can() {
    let bench = Bench::new(&["0.1.0"]);
    bench.push("linux/arm64", &["0.9.0"]);
    bench.push("linux/amd64", &["1.1.0", "1.2.0"]);
    let ask = format!("{ARM} 0.1.0");
    bench.scan(&[&ask]).await;
    bench.fail_head("1.1.0", 403);
    bench.scan(&[&ask]).await;
    bench.check(
        &[&ask],
        &expect![[r#"
        4 tags, Plausible
        0.9.0: digest
        1.2.0: digest
        unanswered: the platforms of `1.1.0`
        {"semver": "*", "platforms": ["linux/arm64/v8"]} 0.1.0: stay (blocked)
    "#]],
    );
    for route in ["HEAD", "GET"] {
        bench.registry.never(&format!("{route} /v2/acme/api/manifests/1.1.0"));
    }
    bench.scan(&[&ask]).await;
    bench.check(
        &[&ask],
        &expect![[r#"
        4 tags, Plausible
        0.9.0: digest
        1.1.0: digest
        1.2.0: digest
        {"semver": "*", "platforms": ["linux/arm64/v8"]} 0.1.0: to 0.9.0
    "#]],
    );
}

#[tokio::test]
async fn a_tag_that_moved_to_what_cannot_be_fetched_blocks() {
    let bench = Bench::new(&["0.1.0"]);
    bench.push("linux/arm64", &["0.9.0"]);
    bench.push("linux/amd64", &["1.1.0", "1.2.0"]);
    let ask = format!("{ARM} 0.1.0");
    bench.scan(&[&ask]).await;
    let digest = bench.push("linux/s390x", &["1.2.0"]);
    bench.registry.always(&manifest(&digest), Answer::json("{}"));
    bench.scan(&[&ask]).await;
    bench.check(
        &[&ask],
        &expect![[r#"
        4 tags, Plausible
        0.9.0: digest
        1.1.0: digest
        1.2.0: digest
        unanswered: the platforms of `1.2.0`
        {"semver": "*", "platforms": ["linux/arm64/v8"]} 0.1.0: stay (blocked)
    "#]],
    );
}

#[tokio::test]
async fn a_host_that_only_fails_is_not_asked_thousands_of_times() {
    let bench = Bench::new(&[]);
    let tags: Vec<String> = (0..5_000).map(|number| format!("main-{number}")).collect();
    for tag in &tags {
        bench
            .registry
            .always(&format!("HEAD /v2/acme/api/manifests/{tag}"), Answer::status(503));
    }
    let topic = Topic {
        repository: &bench.repository,
        done: "Resolved",
        things: "tags",
    };
    let answers = gather(topic, tags, |tag| {
        let reference = domain::reference::Reference {
            repository: bench.repository.clone(),
            tag: Some(domain::reference::Tag::parse(&tag).unwrap()),
            digest: None,
        };
        let scanner = &bench.scanner;
        async move { scanner.head(&reference).await }
    })
    .await;
    assert_eq!(answers.len(), 5_000);
    assert!(
        answers
            .iter()
            .all(|(_, answer)| matches!(answer, Err(Trouble::Failed(_))))
    );
    let heads = bench.registry.seen().len();
    assert!((10..20).contains(&heads), "{heads} requests");
    let (_, last) = answers.last().unwrap();
    let Err(Trouble::Failed(words)) = last else {
        unreachable!()
    };
    assert!(
        words.starts_with("not asked, for the host fails again and again: failed to resolve "),
        "{words}"
    );
}
