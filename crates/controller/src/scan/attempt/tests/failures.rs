//! What cannot be found out.

use memory_registry::Format;

use super::*;
use crate::scan::attempt::gather::{Topic, Trouble, gather};

const ARM: &str = r#"{semver: "*", platforms: [linux/arm64]}"#;

fn manifest(reference: &str) -> String {
    format!("GET /v2/acme/api/manifests/{reference}")
}

/// A build whose time stands in its configuration alone, under several tags; the digest of that.
fn undated(bench: &Bench, tags: &[&str]) -> String {
    let image = Image::new().format(Format::Docker).created("2026-01-02T00:00:00Z");
    for tag in tags {
        bench.behind.push("acme/api", tag, &image);
    }
    let manifest = bench.behind.manifest("acme/api", tags[0]).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest.bytes).unwrap();
    manifest["config"]["digest"].as_str().unwrap().to_owned()
}

fn blob(digest: &str) -> String {
    format!("GET /v2/acme/api/blobs/{digest}")
}

#[tokio::test]
async fn one_digest_that_cannot_be_looked_into_fails_all_its_tags_with_one_request() {
    let bench = Bench::new(&[]);
    bench.build("main-0", 0);
    let config = undated(&bench, &["main-1", "main-2", "main-3"]);
    bench.registry.always(&blob(&config), Answer::json("{}"));
    bench.scan(&["newest:* main-0"]).await;
    assert_eq!(bench.asked(), "1 lists, 0 heads, 4 manifests, 1 blobs");
    bench.check(
        &["newest:* main-0"],
        &expect![[r#"
        4 tags, Plausible
        main-0: digest
        unanswered: the build time of `main-1`
        unanswered: the build time of `main-2`
        unanswered: the build time of `main-3`
        newest:* main-0: stay (blocked)
    "#]],
    );
    // The next scan knows the digest, and asks for what it lacks of it.
    bench.registry.never(&blob(&config));
    bench.scan(&["newest:* main-0"]).await;
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert_eq!(bench.decided(&known, &asks(&["newest:* main-0"])[0]), "to main-3");
}

#[tokio::test]
async fn a_configuration_that_is_gone_twice_blocks_nothing() {
    let bench = Bench::new(&[]);
    bench.build("main-0", 0);
    bench.build("main-1", 1);
    let config = undated(&bench, &["main-2", "main-3"]);
    bench.registry.always(&blob(&config), Answer::status(404));
    let ask = "newest:* main-0";
    bench.scan(&[ask]).await;
    bench.check(
        &[ask],
        &expect![[r#"
        4 tags, Plausible
        main-0: digest
        main-1: digest
        unanswered: the build time of `main-2`
        unanswered: the build time of `main-3`
        newest:* main-0: stay (blocked)
    "#]],
    );
    bench.scan(&[ask]).await;
    let gone = expect![[r#"
        4 tags, Plausible
        main-0: digest
        main-1: digest
        main-2: no digest, gone
        main-3: no digest, gone
        newest:* main-0: to main-1
    "#]];
    bench.check(&[ask], &gone);
    bench.asked();
    bench.scan(&[ask]).await;
    assert_eq!(
        bench.asked(),
        "1 lists, 4 heads, 1 manifests, 1 blobs",
        "a sweep looks for it again"
    );
    bench.check(&[ask], &gone);
    bench.registry.never(&blob(&config));
    bench.scan(&[ask]).await;
    bench.check(
        &[ask],
        &expect![[r#"
        4 tags, Plausible
        main-0: digest
        main-1: digest
        main-2: digest
        main-3: digest
        newest:* main-0: to main-3
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
            1.2.0: no digest
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
async fn what_a_host_told_before_it_failed_is_not_asked_again() {
    let bench = Bench::new(&[]);
    let tags: Vec<String> = (0..150).map(|number| format!("main-{number:03}")).collect();
    for (number, tag) in (0..).zip(&tags) {
        bench.build(tag, number);
    }
    // The last tags are asked about first, and after what git holds.
    for tag in &tags[1..130] {
        bench.registry.always(&manifest(tag), Answer::status(503));
    }
    let ask = "newest:* main-000";
    bench.scan(&[ask]).await;
    let asked = bench.asked();
    let tried = asked.split(' ').nth(4).unwrap().parse::<usize>().unwrap();
    assert_eq!(asked, format!("1 lists, 0 heads, {tried} manifests, 0 blobs"));
    assert!((31..50).contains(&tried), "21 answers, and ten failures or a few more");
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert_eq!(bench.decided(&known, &asks(&[ask])[0]), "stay (blocked)");

    for tag in &tags {
        bench.registry.never(&manifest(tag));
    }
    bench.scan(&[ask]).await;
    assert_eq!(
        bench.asked(),
        "1 lists, 2 heads, 129 manifests, 0 blobs",
        "the rest, what git holds, and the winner"
    );
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert_eq!(bench.decided(&known, &asks(&[ask])[0]), "to main-149");
}

#[tokio::test]
async fn a_tag_that_blocks_is_looked_at_in_each_scan() {
    let bench = Bench::new(&[]);
    let tags: Vec<String> = (0..250).map(|number| format!("main-{number:03}")).collect();
    for (number, tag) in (0..).zip(&tags) {
        bench.build(tag, number);
    }
    let broken = bench.build("main-220", 1_000);
    let lie = Answer::json("{}").header("docker-content-digest", &broken);
    bench.registry.always(&manifest("main-220"), lie);
    let ask = "newest:* main-000";
    bench.scan(&[ask]).await;
    assert_eq!(bench.asked(), "1 lists, 0 heads, 250 manifests, 0 blobs");
    bench.scan(&[ask]).await;
    assert_eq!(bench.asked(), "1 lists, 100 heads, 1 manifests, 0 blobs");
    bench.registry.never(&manifest("main-220"));
    bench.build("main-220", 1_001);
    bench.scan(&[ask]).await;
    assert_eq!(
        bench.asked(),
        "1 lists, 1 heads, 1 manifests, 0 blobs",
        "the broken one once more, and what git holds"
    );
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert_eq!(bench.decided(&known, &asks(&[ask])[0]), "to main-220");
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
            .all(|(_, answer)| matches!(answer, Err(Trouble::Host(_))))
    );
    let heads = bench.registry.seen().len();
    assert!((10..20).contains(&heads), "{heads} requests");
    let (_, last) = answers.last().unwrap();
    let Err(Trouble::Host(words)) = last else {
        unreachable!()
    };
    assert!(
        words.starts_with("not asked, for the host fails again and again: failed to resolve "),
        "{words}"
    );
}
