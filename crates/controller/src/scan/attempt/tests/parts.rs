//! Lists that are read in part: what is asked, and that no doubt is settled by a part.

use super::laws::{Dice, decisions, fresh};
use super::*;

/// So many days, a tag each.
const DAYS: usize = 1_500;

fn day(number: usize) -> String {
    format!(
        "20{:02}.{:02}.{:02}",
        10 + number / 336,
        number / 28 % 12 + 1,
        number % 28 + 1
    )
}

fn newest() -> String {
    day(DAYS - 1)
}

/// What deployments that follow the days ask for.
fn daily(current: &str) -> String {
    format!("calver {current}")
}

/// A registry that was found to let parts be read: two whole lists, and the test.
async fn bench() -> Bench {
    let bench = Bench::new(&[]);
    bench.behind.push_tags("acme/api", (0..DAYS).map(day));
    for _ in 0..2 {
        bench.scan(&[&daily(&newest())]).await;
    }
    assert_eq!(bench.asked(), "6 lists, 0 heads, 0 manifests, 0 blobs");
    bench
}

#[tokio::test]
async fn a_scan_reads_what_can_matter() {
    let bench = bench().await;
    let ask = daily(&newest());
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "1 lists, 0 heads, 0 manifests, 0 blobs");
    bench.behind.push_tag("acme/api", "2020.01.01");
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "1 lists, 1 heads, 0 manifests, 0 blobs");
    bench.check(
        &[&ask],
        &expect![[r#"
        1501 tags, Plausible
        2020.01.01: digest
        calver:YYYY.0M.0D 2014.06.16: to 2020.01.01
    "#]],
    );
}

#[tokio::test]
async fn who_asks_for_the_whole_gets_it() {
    let bench = bench().await;
    let ask = asks(&[&daily(&newest())]);
    bench
        .scanning
        .scan_whole(&bench.scanner, &bench.repository, &ask, schedule())
        .await;
    assert_eq!(bench.asked(), "2 lists, 0 heads, 0 manifests, 0 blobs");
}

#[tokio::test]
async fn the_whole_is_read_every_six_hours() {
    let bench = bench().await;
    for (hours, lists) in [(5, 1), (7, 2)] {
        let mut known = Knowledge::clone(&bench.scanning.known.get(&bench.repository).unwrap());
        let listed = known.listed.as_mut().unwrap();
        listed.whole_at = Timestamp::from_unix_seconds(clock::now().as_unix_seconds() - hours * 3600);
        bench.scanning.known.put(&bench.repository, known);
        bench.scan(&[&daily(&newest())]).await;
        assert_eq!(bench.asked(), format!("{lists} lists, 0 heads, 0 manifests, 0 blobs"));
    }
}

#[tokio::test]
async fn a_part_without_the_current_tag_is_followed_by_the_whole_until_it_is_back() {
    let bench = bench().await;
    let ask = daily(&newest());
    bench.behind.push_tag("acme/api", "2020.01.01");
    bench.behind.delete_tag("acme/api", &newest());
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "3 lists, 0 heads, 0 manifests, 0 blobs");
    bench.check(
        &[&ask],
        &expect![[r#"
        1500 tags, Plausible
        calver:YYYY.0M.0D 2014.06.16: stay (currentTagMissing)
    "#]],
    );
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "2 lists, 0 heads, 0 manifests, 0 blobs");
    bench.behind.push_tag("acme/api", &newest());
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "2 lists, 1 heads, 0 manifests, 0 blobs");
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "1 lists, 1 heads, 0 manifests, 0 blobs");
}

#[tokio::test]
async fn a_part_that_lost_many_tags_is_followed_by_the_whole() {
    let bench = bench().await;
    let current = day(DAYS - 200);
    let ask = daily(&current);
    // Another value in git: more of the list can matter.
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "1 lists, 1 heads, 0 manifests, 0 blobs");
    for number in DAYS - 150..DAYS {
        bench.behind.delete_tag("acme/api", &day(number));
    }
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "3 lists, 1 heads, 0 manifests, 0 blobs");
    // As a whole it has lost a tenth, which is no reason for doubt.
    bench.check(
        &[&ask],
        &expect![[r#"
        1350 tags, Plausible
        2014.01.06: digest
        calver:YYYY.0M.0D 2013.11.13: to 2014.01.06
    "#]],
    );
}

#[tokio::test]
async fn a_list_in_doubt_is_read_as_a_whole_until_it_is_not() {
    let bench = bench().await;
    let ask = daily(&newest());
    for number in 0..DAYS / 2 {
        bench.behind.delete_tag("acme/api", &day(number));
    }
    bench
        .scanning
        .scan_whole(&bench.scanner, &bench.repository, &asks(&[&ask]), schedule())
        .await;
    bench.asked();
    for _ in 0..2 {
        bench.scan(&[&ask]).await;
        assert_eq!(bench.asked(), "1 lists, 0 heads, 0 manifests, 0 blobs");
    }
    bench.check(
        &[&ask],
        &expect![[r#"
        750 tags, Suspect(Shrunk { before: 1500, now: 750 })
        calver:YYYY.0M.0D 2014.06.16: stay (suspectList)
    "#]],
    );
}

#[tokio::test]
async fn a_new_ask_is_answered_from_a_part_only_if_it_was_in_it() {
    let bench = bench().await;
    bench.scan(&[&daily(&newest())]).await;
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert!(known.can_answer(&asks(&[&daily(&newest())])));
    assert!(known.can_answer(&asks(&[&daily("2020.01.01")])));
    assert!(!known.can_answer(&asks(&[&daily(&day(7))])));
    assert!(!known.can_answer(&asks(&["newest:* 2020.01.01"])));
    bench.scan(&[&daily(&day(7))]).await;
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert!(known.can_answer(&asks(&["newest:* 2020.01.01"])), "that was the whole");
}

#[tokio::test]
async fn a_list_that_says_digests_costs_no_head() {
    let bench = Bench::new(&["1.4.0", "1.9.2"]);
    bench.behind.set_manners(memory_registry::Manners::artifact_registry());
    for _ in 0..2 {
        bench.scan(&["semver:^1 1.4.0", "digest:1.4.0 1.9.2"]).await;
        assert_eq!(bench.asked(), "1 lists, 0 heads, 0 manifests, 0 blobs");
    }
    bench.check(
        &["semver:^1 1.4.0", "digest:1.4.0 1.9.2"],
        &expect![[r#"
        2 tags, Plausible
        1.4.0: digest
        1.9.2: digest
        semver:^1 1.4.0: to 1.9.2
        digest:1.4.0 1.9.2: to 1.4.0@sha256:d7f29c5bbd6ab6e94405fafd67c0dd43c02079216575b8105748b5b41d714553
    "#]],
    );
}

#[tokio::test]
async fn a_list_that_did_not_change_is_not_looked_at_again() {
    let bench = Bench::new(&[]);
    bench.behind.push_tags("acme/api", (0..DAYS).map(day));
    let mut lists = Vec::new();
    for _ in 0..3 {
        bench.scan(&["newest:2010.01.* 2010.01.01", "semver:* 1.0.0"]).await;
        let known = bench.scanning.known.get(&bench.repository).unwrap();
        lists.push(known.scan.as_ref().unwrap().tags.clone());
    }
    // It is the very same list, with all that was found out of it.
    assert!(Arc::ptr_eq(&lists[0], &lists[1]) && Arc::ptr_eq(&lists[1], &lists[2]));
}

/// Whatever is pushed and deleted: what is decided from parts is what a first scan would decide.
#[tokio::test]
async fn a_part_decides_what_the_whole_decides() {
    let ask_sets = [
        vec!["calver 2013.05.05", "calver v2014.06.02"],
        vec!["{semver: '~1.4', prerelease: true} 1.4.0", "digest:stable stable"],
        vec!["newest:main-* main-1", "alphabetical:asc z"],
        vec![r"{numeric: asc, filter: {pattern: '^build-(\d+)$', extract: '$1'}} build-3"],
    ];
    let mut parts = 0;
    for (seed, asked) in (0..).zip(&ask_sets) {
        let mut dice = Dice(seed);
        let bench = Bench::new(&["2013.05.05", "v2014.06.02", "1.4.0", "stable", "main-1", "z", "build-3"]);
        bench.behind.push_tags("acme/api", (0..DAYS).map(day));
        for _ in 0..10 {
            for _ in 0..dice.below(5) {
                let number = dice.below(30);
                let tag = match dice.below(6) {
                    0 => format!("1.4.{number}"),
                    1 => format!("1.{number}.0-rc.1"),
                    2 => format!("main-{number}"),
                    3 => format!("build-{number}"),
                    4 => format!("v20{number:02}.06.02"),
                    _ => day(usize::try_from(1_400 + number * 5).unwrap()),
                };
                if dice.below(3) > 0 {
                    bench.build(&tag, u32::try_from(number).unwrap());
                } else {
                    bench.behind.delete_tag("acme/api", &tag);
                }
            }
            bench.asked();
            bench.scan(asked).await;
            parts += usize::from(bench.asked().starts_with("1 lists"));
            let (scanning, _folder) = fresh();
            scanning
                .scan(&bench.scanner, &bench.repository, &asks(asked), schedule())
                .await;
            let found = decisions(&bench, &bench.scanning, asked);
            let wanted = decisions(&bench, &scanning, asked);
            // Whether what is there is older, or no candidate at all, is the same to everybody.
            let plain = |text: String| text.replace("onlyOlder", "upToDate").replace("noCandidate", "upToDate");
            assert_eq!(plain(found), plain(wanted), "seed {seed}");
        }
    }
    assert!(parts > 15, "{parts}");
}
