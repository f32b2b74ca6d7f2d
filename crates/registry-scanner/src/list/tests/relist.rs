//! Lists that are read again: what is asked, and whether what is known is true.

use domain::reach::{Reach, reach};
use domain::reference::{Registry, Repository, Tag, Timestamp, Value};
use expect_test::{Expect, expect};
use memory_registry::{LargePages, Manners, Order, Paging, RequestKind};
use testkit::MemoryRegistry;

use crate::config::{HostConfig, Limits};
use crate::fake::{Fake, ok, scanner, with};
use crate::list::{Listing, Wish};
use crate::profile::{Coded, ListOrder, Profile, Seek};
use crate::scanner::Scanner;

pub(super) const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

/// A registry with one repository, and what is known of its list.
pub(super) struct Stage {
    pub(super) server: MemoryRegistry,
    pub(super) scanner: Scanner,
    pub(super) repository: Repository,
    pub(super) listing: Option<Listing>,
    pub(super) now: Timestamp,
    /// Requests that were looked at.
    seen: usize,
}

impl Stage {
    pub(super) fn new(manners: Manners, tags: impl IntoIterator<Item = String>) -> Self {
        let server = MemoryRegistry::start().expect("a registry");
        server.registry.set_manners(manners);
        server.registry.push_tags("team/app", tags);
        let limits = Limits {
            requests_per_second: 10_000.try_into().expect("not zero"),
            burst: 10_000.try_into().expect("not zero"),
            ..Limits::default()
        };
        let host = Registry::parse(&server.host()).expect("a registry");
        let entry = HostConfig {
            plain_http: true,
            ..HostConfig::new(host, limits)
        };
        Self {
            repository: Repository::parse(&format!("{}/team/app", server.host())).expect("a repository"),
            scanner: scanner([entry]),
            server,
            listing: None,
            now: NOW,
            seen: 0,
        }
    }

    pub(super) fn push(&self, tag: &str) {
        self.server.registry.push_tag("team/app", tag);
    }

    pub(super) fn delete(&self, tag: &str) {
        assert!(self.server.registry.delete_tag("team/app", tag), "{tag}");
    }

    pub(super) fn profile(&self) -> Profile {
        self.scanner.profile(self.repository.registry())
    }

    /// Reads the list as somebody wants it who follows `policy` from `current`; says what was asked, and how the list was read.
    async fn read(&mut self, policy: &str, current: &str) -> String {
        let policy = domain::policy::Policy::parse_short(policy).expect("a policy");
        let reach = reach(&policy, &Value::parse(current).expect("a value"));
        self.read_reach(&reach, true).await
    }

    pub(super) async fn read_reach(&mut self, reach: &Reach, may_be_part: bool) -> String {
        let wish = Wish {
            earlier: self.listing.as_ref(),
            reach,
            may_be_part,
            now: self.now,
        };
        let listing = self.scanner.relist(&self.repository, &wish).await.expect("a list");
        let requests = self.server.registry.requests();
        let new: Vec<String> = requests
            .of(RequestKind::TagList)
            .skip(self.seen)
            .map(|request| request.query.clone())
            .collect();
        self.seen += new.len();
        let shown = format!("{:?}: {}", listing.reading, new.join(" "));
        self.listing = Some(listing);
        shown
    }

    /// Whether what is known is what the registry holds.
    #[track_caller]
    pub(super) fn assert_true(&self) {
        let tags = &self.listing.as_ref().expect("a list").tags;
        assert_eq!(tags.iter().collect::<Vec<_>>(), self.server.registry.tags("team/app"));
    }
}

/// Days, one tag each.
fn days(count: usize) -> Vec<String> {
    let day = |number: usize| format!("2023.{:02}.{:02}", number / 28 % 12 + 1, number % 28 + 1);
    let more = |number: usize| format!("20{:02}{}", 10 + number / 336, &day(number)[4..]);
    (0..count).map(more).collect()
}

fn pages_of(largest: usize) -> Manners {
    Manners {
        largest_page: Some(largest),
        ..Manners::distribution_3()
    }
}

#[tokio::test]
async fn what_comes_behind_the_current_tag_is_one_small_request() {
    let mut stage = Stage::new(pages_of(1000), days(2_500));
    let newest = days(2_500).pop().expect("a day");
    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(stage.read("calver", &newest).await);
    }
    stage.push("2017.07.01");
    told.push(stage.read("calver", &newest).await);
    stage.assert_true();
    stage.delete("2017.07.01");
    told.push(stage.read("calver", &newest).await);
    stage.assert_true();
    expect![[r#"
        Whole: n=1000 last=2012.12.20&n=1000 last=2015.12.12&n=1000
        Unchanged: n=1000 last=2012.12.20&n=1000 last=2015.12.12&n=1000 n=1&last=2013.09.18 n=1&last=2013.09.18-
        Parts([(1, 1)]): n=21&last=2017.06.07
        Parts([(1, 2)]): n=21&last=2017.06.07
        Parts([(2, 1)]): n=22&last=2017.06.07
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
    let profile = stage.profile();
    assert_eq!((profile.order, profile.seek), (ListOrder::Lexical, Seek::AnyLast));
}

/// What is asked in three readings, and what is then known of the registry.
async fn check(manners: Manners, expected: &Expect) {
    let mut stage = Stage::new(manners, days(1_500));
    let newest = days(1_500).pop().expect("a day");
    let mut told = String::new();
    for _ in 0..3 {
        told += &format!("{}\n", stage.read("calver", &newest).await);
    }
    let Profile {
        largest_page,
        order,
        seek,
        ..
    } = stage.profile();
    told += &format!("{} {} {largest_page:?}\n", order.code(), seek.code());
    stage.assert_true();
    expected.assert_eq(&told);
}

#[tokio::test]
async fn what_registries_are_found_to_be() {
    check(
        Manners::zot(),
        &expect![[r#"
        Whole: n=1000 last=2012.12.20&n=1000
        Unchanged: n=1000 last=2012.12.20&n=1000 n=1&last=2012.03.22 n=1&last=2012.03.22-
        Parts([(1, 1)]): n=21&last=2014.06.15
        lexical existingLast None
    "#]],
    )
    .await;
    check(
        Manners::ocimem(),
        &expect![[r#"
        Whole: n=1000 last=2012.12.20&n=1000
        Unchanged: n=1000 last=2012.12.20&n=1000 n=1&last=2012.03.22 n=1&last=2012.03.22-
        Parts([(1, 1)]): n=21&last=2014.06.15
        lexical anyLast None
    "#]],
    )
    .await;
    check(
        Manners::distribution_2(),
        &expect![[r#"
        Whole: n=1000
        Unchanged: n=1000
        Unchanged: n=1000
        unknown none None
    "#]],
    )
    .await;
    check(
        Manners::gitea(),
        &expect![[r#"
        Whole: n=1000 last=2012.12.20&n=1000 last=2014.06.16&n=1000
        Unchanged: n=1000 last=2012.12.20&n=1000 last=2014.06.16&n=1000 n=1&last=2012.03.22 n=1&last=2012.03.22-
        Parts([(1, 1)]): n=21&last=2014.06.15 last=2014.06.16&n=21
        lexical anyLast None
    "#]],
    )
    .await;
    let refusing = Manners {
        large_pages: LargePages::Refused,
        ..pages_of(100)
    };
    check(refusing, &expect![[r#"
        Whole: n=1000 n=100 last=2010.04.16&n=100 last=2010.08.04&n=100 last=2010.11.20&n=100 last=2011.03.08&n=100 last=2011.06.24&n=100 last=2011.10.12&n=100 last=2012.01.28&n=100 last=2012.05.16&n=100 last=2012.09.04&n=100 last=2012.12.20&n=100 last=2013.04.08&n=100 last=2013.07.24&n=100 last=2013.11.12&n=100 last=2014.02.28&n=100
        Unchanged: n=100 last=2010.04.16&n=100 last=2010.08.04&n=100 last=2010.11.20&n=100 last=2011.03.08&n=100 last=2011.06.24&n=100 last=2011.10.12&n=100 last=2012.01.28&n=100 last=2012.05.16&n=100 last=2012.09.04&n=100 last=2012.12.20&n=100 last=2013.04.08&n=100 last=2013.07.24&n=100 last=2013.11.12&n=100 last=2014.02.28&n=100 n=1&last=2012.03.22 n=1&last=2012.03.22-
        Parts([(1, 1)]): n=21&last=2014.06.15
        lexical anyLast Some(100)
    "#]]).await;
    let scrambled = Manners {
        order: Order::Scrambled,
        ..pages_of(1000)
    };
    check(
        scrambled,
        &expect![[r#"
        Whole: n=1000 last=2013.04.17&n=1000
        Unchanged: n=1000 last=2013.04.17&n=1000
        Unchanged: n=1000 last=2013.04.17&n=1000
        unknown unknown None
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_list_that_grows_at_its_end_is_read_from_there() {
    let manners = Manners {
        order: Order::Pushed,
        ..pages_of(1000)
    };
    let builds = (0..1_500_u64).map(|number| format!("b{:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let mut stage = Stage::new(manners, builds);
    let mut told = Vec::new();
    told.push(stage.read("newest:*", "b0000000000000000").await);
    stage.push("a-new-one");
    told.push(stage.read("newest:*", "b0000000000000000").await);
    for tag in ["c-newer", "a-newest"] {
        stage.push(tag);
        told.push(stage.read("newest:*", "b0000000000000000").await);
        stage.assert_true();
    }
    // Without its last tag nothing can be said of what comes behind it.
    stage.delete("a-newest");
    told.push(stage.read("newest:*", "b0000000000000000").await);
    expect![[r#"
        Whole: n=1000 last=b6a7c02dfbbaa35f3&n=1000
        Whole: n=1000 last=b6a7c02dfbbaa35f3&n=1000 n=1&last=be84f23b96ced0971
        Parts([]): n=1000&last=a-new-one
        Parts([]): n=1000&last=c-newer
        Parts([]): n=1000&last=a-newest
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
}

#[tokio::test]
async fn the_first_contradiction_leads_to_the_whole_list_for_a_week() {
    for manners in [
        Manners::distribution_2(),
        Manners {
            paging: Paging::Ignored,
            ..Manners::default()
        },
        Manners {
            order: Order::Scrambled,
            ..pages_of(1000)
        },
    ] {
        let mut stage = Stage::new(pages_of(1000), days(2_500));
        for _ in 0..3 {
            stage.read("calver", "2017.01.01").await;
        }
        assert_eq!(stage.profile().seek, Seek::AnyLast);
        stage.server.registry.set_manners(manners);
        let told = stage.read("calver", "2017.01.01").await;
        assert!(told.starts_with("Whole: n=") && told.contains("last="), "{told}");
        stage.assert_true();
        assert_eq!(stage.profile().seek, Seek::None, "{manners:?}");
        stage.server.registry.set_manners(pages_of(1000));
        let told = stage.read("calver", "2017.01.01").await;
        assert!(
            told.starts_with("Whole: n=1000 ") || told.starts_with("Unchanged: n=1000 "),
            "{told}"
        );
        // Then it is looked at again.
        stage.now = Timestamp::from_unix_seconds(NOW.as_unix_seconds() + 7 * 24 * 3600);
        stage.read("calver", "2017.01.01").await;
        assert_eq!(stage.profile().seek, Seek::AnyLast, "{manners:?}");
    }
}

#[tokio::test]
async fn a_tag_to_begin_behind_may_be_gone() {
    for manners in [Manners::zot(), pages_of(1000)] {
        let mut stage = Stage::new(manners, days(2_500));
        let newest = days(2_500).pop().expect("a day");
        for _ in 0..3 {
            stage.read("calver", &newest).await;
        }
        let seek = stage.profile().seek;
        stage.delete(&days(2_500)[2_498]);
        stage.push("2017.07.01");
        let told = stage.read("calver", &newest).await;
        assert_eq!(told.starts_with("Whole"), seek == Seek::ExistingLast, "{told}");
        assert!(stage.listing.as_ref().expect("a list").tags.contains("2017.07.01"));
        assert_eq!(stage.profile().seek, seek, "that is no contradiction");
    }
}

#[tokio::test]
async fn nothing_is_tested_for_somebody_who_lists_once_or_wants_the_whole() {
    let mut stage = Stage::new(pages_of(1000), days(2_500));
    stage.read("calver", "2017.01.01").await;
    for _ in 0..3 {
        let told = stage.read("newest:*", "2017.01.01").await;
        assert_eq!(
            told, "Unchanged: n=1000 last=2012.12.20&n=1000 last=2015.12.12&n=1000",
            "{told}"
        );
    }
    assert_eq!(stage.profile().tested, None);
}

/// A row of numbers that looks random and is the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Whatever is pushed and deleted: what can matter is known as the registry holds it.
#[tokio::test]
async fn what_can_matter_is_always_true() {
    let asks = [
        ("semver:^1", "1.40.1"),
        ("semver:~2.10", "2.10.0"),
        ("alphabetical:asc", "3.9.0"),
        ("digest:stable", "stable"),
        ("newest:9*", "1.40.1"),
        ("calver:YYYY.0M.0D", "2016.07.01"),
    ];
    let mut parts = 0;
    for seed in 0..6 {
        let mut dice = Dice(seed);
        let number = |dice: &mut Dice| format!("{}.{}.{}", dice.below(10), dice.below(50), dice.below(4));
        let tags: Vec<String> = (0..3_000).map(|_| number(&mut dice)).chain(days(300)).collect();
        let manners = if seed % 2 == 0 { pages_of(100) } else { Manners::zot() };
        let mut stage = Stage::new(manners, tags);
        let (policy, current) = asks[usize::try_from(seed).expect("small")];
        let policy = domain::policy::Policy::parse_short(policy).expect("a policy");
        let reach = reach(&policy, &Value::parse(current).expect("a value"));
        for _ in 0..12 {
            for _ in 0..dice.below(6) {
                let tag = number(&mut dice);
                if dice.below(2) == 0 {
                    stage.push(&tag);
                } else {
                    stage.server.registry.delete_tag("team/app", &tag);
                }
            }
            let told = stage.read_reach(&reach, true).await;
            parts += usize::from(told.starts_with("Parts"));
            let within = |tags: Vec<String>| tags.into_iter().filter(|tag| reach.holds(tag)).collect::<Vec<_>>();
            let known = stage
                .listing
                .as_ref()
                .expect("a list")
                .tags
                .iter()
                .map(str::to_owned)
                .collect();
            assert_eq!(
                within(known),
                within(stage.server.registry.tags("team/app")),
                "seed {seed}: {told}"
            );
        }
    }
    assert!(parts > 40, "{parts}");
}

#[tokio::test]
async fn what_is_pushed_behind_the_same_pages_is_found() {
    // Pages that did not change are not taken apart, in order or not.
    for order in [Order::Lexical, Order::Pushed, Order::Scrambled] {
        let manners = Manners {
            order,
            ..pages_of(1000)
        };
        let mut stage = Stage::new(manners, days(2_500));
        for tag in ["2011.01.01-a", "2017.07.01", "zzz", "0"] {
            stage.read_reach(&Reach::Whole, false).await;
            assert!(stage.read_reach(&Reach::Whole, false).await.starts_with("Unchanged"));
            stage.push(tag);
            assert!(stage.read_reach(&Reach::Whole, false).await.starts_with("Whole"));
            stage.assert_true();
        }
        stage.delete("2017.07.01");
        stage.read_reach(&Reach::Whole, false).await;
        stage.assert_true();
    }
}

#[tokio::test]
async fn a_whole_list_that_is_what_it_was_before_a_part_is_taken_apart() {
    let mut stage = Stage::new(pages_of(1000), days(2_500));
    for _ in 0..3 {
        stage.read("calver", "2017.01.01").await;
    }
    stage.push("2017.07.01");
    assert!(stage.read("calver", "2017.01.01").await.starts_with("Parts"));
    stage.delete("2017.07.01");
    // Its pages are those of the last whole reading, and its tags are not.
    stage.read_reach(&Reach::Whole, false).await;
    stage.assert_true();
}

#[tokio::test]
async fn a_list_may_say_digests() {
    let mut stage = Stage::new(Manners::artifact_registry(), days(400));
    stage.push("latest");
    for told in ["Whole: n=1000", "Unchanged: n=1000", "Unchanged: n=1000"] {
        assert_eq!(stage.read("calver", "2011.01.01").await, told);
    }
    assert!(stage.profile().bulk);
    let listing = stage.listing.expect("a list");
    for tag in ["latest", "2010.01.01"] {
        let claimed = listing
            .digest(&Tag::parse(tag).expect("a tag"))
            .map(ToString::to_string);
        let manifest = stage.server.registry.manifest("team/app", tag).expect("a manifest");
        assert_eq!(claimed, Some(manifest.digest), "{tag}");
    }
}

#[tokio::test]
async fn digests_that_make_no_sense_say_nothing() {
    let digest = format!("sha256:{}", "a".repeat(64));
    let other = format!("sha256:{}", "b".repeat(64));
    for manifest in [
        "null".to_owned(),
        "7".to_owned(),
        r#"["x"]"#.to_owned(),
        r#""x""#.to_owned(),
        r#"{"x": {"tag": ["1.0"]}}"#.to_owned(),
        format!(r#"{{"{digest}": ["1.0"]}}"#),
        format!(r#"{{"{digest}": {{"tag": "1.0"}}}}"#),
        format!(r#"{{"{digest}": {{"tag": [7, null]}}}}"#),
        format!(r#"{{"{digest}": {{"tag": ["1.0"]}}, "{other}": {{"tag": ["1.0"]}}}}"#),
        format!(r#"{{"{digest}": {{"tag": ["no tag", "2.0"]}}}}"#),
    ] {
        let body = format!(r#"{{"manifest": {manifest}, "tags": ["1.0"]}}"#);
        let server = Fake::start(move |_, _| ok(body.clone())).await;
        let listing = server.scanner().tags(&server.repository("team/app")).await;
        let listing = listing.unwrap_or_else(|error| panic!("{manifest}: {}", transport::chain(&error)));
        assert_eq!(listing.digest(&Tag::parse("1.0").expect("a tag")), None, "{manifest}");
    }
}

#[tokio::test]
async fn a_refusal_that_names_no_smaller_page_is_an_error() {
    for words in ["n is invalid", "max is 5000", "max is 3"] {
        let body = format!(r#"{{"errors": [{{"code": "PAGINATION_NUMBER_INVALID", "message": "{words}"}}]}}"#);
        let server = Fake::start(move |_, _| with(400, &[], body.clone())).await;
        let listing = server.scanner().tags(&server.repository("team/app")).await;
        listing.expect_err("no list");
        assert_eq!(server.log().len(), 1, "{words}");
    }
    // Once is enough, even where the smaller one is refused as well.
    let body = r#"{"errors": [{"code": "X", "message": "max is 100"}]}"#;
    let server = Fake::start(move |_, _| with(400, &[], body)).await;
    server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect_err("no list");
    assert_eq!(server.lines().lines().count(), 2, "{}", server.lines());
}
