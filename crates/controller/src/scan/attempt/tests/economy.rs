//! What a scan asks for, and what it already knows.

use memory_registry::Format;

use super::*;

/// Moves to what runs on arm64.
const ARM: &str = r#"{semver: "*", platforms: [linux/arm64]}"#;
const ARM_PINNED: &str = r#"{semver: "*", platforms: [linux/arm64], pin: digest}"#;

/// `1.FROM.0` to `1.TO.0`.
fn versions(from: u32, to: u32) -> Vec<String> {
    (from..=to).map(|minor| format!("1.{minor}.0")).collect()
}

/// A registry with `1.0.0`, `0.9.0` for arm64, and more tags than one sweep looks at, which run elsewhere.
fn crowded() -> Bench {
    let bench = Bench::new(&["0.1.0"]);
    bench.push("linux/arm64", &["0.9.0"]);
    bench.push("linux/amd64", &versions(100, 229));
    bench
}

#[tokio::test]
async fn tags_that_share_a_digest_cost_one_manifest_and_the_winner_is_resolved_once() {
    let bench = Bench::new(&["0.1.0"]);
    bench.push("linux/arm64", &["0.9.0"]);
    bench.push("linux/amd64", &versions(1, 9));
    bench.push("linux/s390x", &versions(10, 15));
    bench.scan(&[&format!("{ARM} 0.1.0")]).await;
    assert_eq!(bench.asked(), "1 lists, 0 heads, 16 manifests, 0 blobs");
    bench.check(
        &[&format!("{ARM} 0.1.0")],
        &expect![[r#"
            17 tags, Plausible
            0.9.0: digest
            1.1.0: digest
            1.10.0: digest
            1.11.0: digest
            1.12.0: digest
            1.13.0: digest
            1.14.0: digest
            1.15.0: digest
            1.2.0: digest
            1.3.0: digest
            1.4.0: digest
            1.5.0: digest
            1.6.0: digest
            1.7.0: digest
            1.8.0: digest
            1.9.0: digest
            {"semver": "*", "platforms": ["linux/arm64/v8"]} 0.1.0: to 0.9.0
        "#]],
    );
}

#[tokio::test]
async fn a_digest_is_fetched_once_though_nothing_is_cached() {
    let mut bench = Bench::new(&["0.1.0"]);
    bench.scanning.cache = MetadataCache::embedded(0);
    bench.push("linux/amd64", &versions(1, 9));
    let ask = format!("{ARM} 0.1.0");
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "1 lists, 0 heads, 9 manifests, 0 blobs");
    bench.push("linux/amd64", &["1.10.0"]);
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "1 lists, 0 heads, 1 manifests, 0 blobs");
}

#[tokio::test]
async fn the_next_scan_resolves_what_is_new_a_part_of_the_rest_and_the_winner() {
    let bench = crowded();
    let ask = format!("{ARM} 0.1.0");
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "1 lists, 0 heads, 131 manifests, 0 blobs");
    for _ in 0..3 {
        bench.scan(&[&ask]).await;
        assert_eq!(bench.asked(), "1 lists, 101 heads, 0 manifests, 0 blobs");
    }
    bench.push("linux/amd64", &versions(230, 239));
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "1 lists, 1 heads, 10 manifests, 0 blobs");
}

#[tokio::test]
async fn a_tag_that_is_pushed_again_is_found_within_one_sweep() {
    let ask = format!("{ARM} 0.1.0");
    for tag in ["1.100.0", "1.170.0", "1.229.0"] {
        let bench = crowded();
        bench.scan(&[&ask]).await;
        bench.push("linux/arm64", &[tag]);
        // 130 tags, of which each scan looks at 100.
        for _ in 0..2 {
            bench.scan(&[&ask]).await;
        }
        let known = bench.scanning.known.get(&bench.repository).unwrap();
        let shown = bench.decided(&known, &asks(&[&ask])[0]);
        assert_eq!(shown, format!("to {tag}"));
    }
}

#[tokio::test]
async fn a_winner_that_is_pushed_again_is_proposed_as_it_is_now() {
    let bench = crowded();
    let ask = format!("{ARM_PINNED} 0.1.0");
    bench.scan(&[&ask]).await;
    let digest = bench.behind.push(
        "acme/api",
        "0.9.0",
        &Image::new().platforms(["linux/amd64", "linux/arm64"]),
    );
    bench.scan(&[&ask]).await;
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert_eq!(bench.decided(&known, &asks(&[&ask])[0]), format!("to 0.9.0@{digest}"));

    bench.push("linux/s390x", &["0.9.0"]);
    bench.scan(&[&ask]).await;
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert_eq!(bench.decided(&known, &asks(&[&ask])[0]), "stay (noCandidate)");
}

#[tokio::test]
async fn no_digest_of_an_earlier_scan_is_shown_to_those_who_decide() {
    let bench = crowded();
    let ask = format!("{ARM} 0.1.0");
    bench.scan(&[&ask]).await;
    bench.scan(&[&ask]).await;
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    let scan = known.scan.as_ref().unwrap();
    let with_digest = scan.facts.values().filter(|fact| fact.digest.is_some()).count();
    assert_eq!((scan.facts.len(), with_digest), (131, 101));
    assert_eq!(known.memory.tags.len(), 131);
}

#[tokio::test]
async fn to_have_been_looked_at_again_is_no_news() {
    let bench = crowded();
    let ask = format!("{ARM} 0.1.0");
    bench.scan(&[&ask]).await;
    let changes = bench.scanning.known.subscribe();
    let before = *changes.borrow();
    for _ in 0..3 {
        bench.scan(&[&ask]).await;
    }
    assert_eq!(*changes.borrow(), before);
    bench.push("linux/s390x", &["1.229.0"]);
    for _ in 0..2 {
        bench.scan(&[&ask]).await;
    }
    assert_eq!(*changes.borrow(), before + 1);
}

#[tokio::test]
async fn what_git_holds_is_resolved_in_each_scan() {
    let bench = crowded();
    // Nothing runs on arm64 above 1.229.0, so that the second ask wants to know nothing itself.
    let asks = [format!("{ARM} 0.1.0"), format!("{ARM} 1.229.0")];
    let asks = [asks[0].as_str(), asks[1].as_str()];
    bench.scan(&asks).await;
    bench.asked();
    bench.scan(&asks).await;
    assert_eq!(bench.asked(), "1 lists, 102 heads, 0 manifests, 0 blobs");

    // Git holds a digest without a tag, which more tags have than are looked at for that. `0.1.0` may win now as well.
    let digest = bench.push("linux/amd64", &versions(230, 349));
    let bare = [asks[0].to_owned(), format!("{ARM} @{digest}")];
    bench.scan(&[&bare[0], &bare[1]]).await;
    bench.asked();
    bench.scan(&[&bare[0], &bare[1]]).await;
    // 100 that have the digest, 100 that are swept, the winner, and what the first ask holds.
    assert_eq!(bench.asked(), "1 lists, 202 heads, 0 manifests, 0 blobs");
}

#[tokio::test]
async fn what_nobody_wants_to_know_any_more_is_forgotten() {
    let bench = crowded();
    bench.scan(&[&format!("{ARM} 0.1.0")]).await;
    bench.asked();
    for _ in 0..2 {
        bench.scan(&["semver:* 0.1.0"]).await;
        assert_eq!(bench.asked(), "1 lists, 1 heads, 0 manifests, 0 blobs");
    }
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert_eq!((known.memory.tags.len(), known.memory.images.len()), (1, 1));
}

#[tokio::test]
async fn a_list_in_doubt_forgets_nothing() {
    let bench = crowded();
    let ask = format!("{ARM} 0.1.0");
    bench.scan(&[&ask]).await;
    bench.asked();
    bench.registry.then(LIST, Answer::tags("acme/api", &["0.1.0"]));
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "1 lists, 0 heads, 0 manifests, 0 blobs");
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "1 lists, 101 heads, 0 manifests, 0 blobs");

    let without_current = bench.behind.tags("acme/api").split_off(1);
    bench.registry.then(LIST, Answer::tags("acme/api", &without_current));
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "1 lists, 0 heads, 0 manifests, 0 blobs");
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "1 lists, 101 heads, 0 manifests, 0 blobs");
}

#[tokio::test]
async fn more_that_is_asked_of_a_scan_starts_from_what_it_knows() {
    let bench = crowded();
    let asks = [format!("{ARM} 0.1.0"), format!("{ARM_PINNED} 1.100.0")];
    bench.scan(&[&asks[0]]).await;
    bench.scan(&[&asks[0]]).await;
    bench.asked();
    // All is known, but not yet that what git holds is what it was: it was among those that were looked at again.
    bench.complete(&[&asks[0], &asks[1]]).await;
    assert_eq!(bench.asked(), "0 lists, 0 heads, 0 manifests, 0 blobs");
    let digest = bench.behind.manifest("acme/api", "1.229.0").unwrap().digest;
    for (held, heads) in [("1.229.0".to_owned(), 0), (format!("1.229.0@{digest}"), 1)] {
        bench.complete(&[&asks[0], &format!("{ARM} {held}")]).await;
        assert_eq!(
            bench.asked(),
            format!("0 lists, {heads} heads, 0 manifests, 0 blobs"),
            "what has a digest in git"
        );
    }
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert_eq!(known.memory.tags.len(), 131);
}

#[tokio::test]
async fn a_digest_without_a_tag_keeps_its_rank_from_scan_to_scan() {
    let bench = Bench::new(&[]);
    for number in 0..150 {
        bench.build(&format!("main-{number:03}"), number);
    }
    let digest = bench.build("main-149", 149);
    let ask = format!("newest:* @{digest}");
    for heads in [0, 101, 101] {
        bench.scan(&[&ask]).await;
        let known = bench.scanning.known.get(&bench.repository).unwrap();
        assert_eq!(bench.decided(&known, &asks(&[&ask])[0]), "stay (upToDate)");
        let asked = bench.asked();
        assert!(asked.starts_with(&format!("1 lists, {heads} heads, ")), "{asked}");
    }
}

/// Half of five hundred builds are indexes, three in ten tags are further names of a build that has one.
#[tokio::test]
async fn a_first_look_at_many_builds_costs_each_build_once_however_many_names_it_has() {
    let bench = Bench::new(&[]);
    for number in 0..500 {
        let build = number % 350;
        let image =
            Image::new()
                .format(Format::Docker)
                .created(&format!("2026-01-01T{:02}:{:02}:00Z", build / 60, build % 60));
        let image = if build % 2 == 0 {
            image
        } else {
            image.platforms(["linux/amd64", "linux/arm64"])
        };
        bench.behind.push("acme/api", &format!("main-{number:03}"), &image);
    }
    let ask = "newest:main-* main-000";
    bench.scan(&[ask]).await;
    // A tag: 500. A build: of an index (175) also the manifest of one image in it, and in the end the configuration (350).
    assert_eq!(bench.asked(), "1 lists, 0 heads, 675 manifests, 350 blobs");
    bench.scan(&[ask]).await;
    // Two small lists find out, once for the host, whether parts of lists can be had.
    assert_eq!(bench.asked(), "3 lists, 102 heads, 0 manifests, 0 blobs");
    for number in 500..510 {
        bench.build(&format!("main-{number}"), number);
    }
    bench.scan(&[ask]).await;
    assert_eq!(
        bench.asked(),
        "1 lists, 1 heads, 10 manifests, 0 blobs",
        "a list, one each for what is new, and what git holds"
    );
}

#[tokio::test]
async fn platforms_are_asked_of_the_newest_alone() {
    let bench = Bench::new(&[]);
    for number in 0..50 {
        bench.build(&format!("main-{number:02}"), number);
    }
    let ask = "{newest: main-*, platforms: [linux/amd64]} main-00";
    bench.scan(&[ask]).await;
    // Each build time stands in the manifest. Then the newest four are looked into, for what they run on stands in their
    // configurations.
    assert_eq!(bench.asked(), "1 lists, 0 heads, 54 manifests, 4 blobs");
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert_eq!(bench.decided(&known, &asks(&[ask])[0]), "to main-49");
    bench.scan(&[ask]).await;
    assert_eq!(bench.asked(), "1 lists, 50 heads, 0 manifests, 0 blobs");
}

#[tokio::test]
async fn what_was_kept_through_a_doubt_is_looked_at_again_when_it_is_wanted_again() {
    let bench = Bench::new(&["0.1.0"]);
    bench.push("linux/arm64", &["0.9.0"]);
    bench.push("linux/amd64", &versions(1, 9));
    let ask = format!("{ARM} 0.1.0");
    bench.scan(&[&ask]).await;
    bench.push("linux/arm64", &["1.5.0"]);
    // Git holds a tag that the list lacks, and nothing else is asked.
    bench.scan(&["semver:* 9.9.9"]).await;
    bench.asked();
    bench.complete(&["semver:* 9.9.9", &ask]).await;
    assert_eq!(bench.asked(), "0 lists, 10 heads, 0 manifests, 0 blobs");
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert_eq!(bench.decided(&known, &asks(&[&ask])[0]), "to 1.5.0");
}
