//! Pages that name no next one, from registries that may have cut them.

use domain::reach::Reach;
use domain::reference::Timestamp;
use expect_test::{Expect, expect};
use memory_registry::{Manners, Order, Paging};
use transport::chain;

use super::relist::{NOW, Stage};
use crate::error::ErrorCode;
use crate::fake::{Fake, ok, page, status, with};
use crate::profile::Linkless;

fn numbers(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("{number:04}"))
}

/// What is asked for a list of so many tags, twice.
async fn check(manners: Manners, count: usize, expected: &Expect) -> Linkless {
    let mut stage = Stage::new(manners, numbers(count));
    let mut told = String::new();
    for _ in 0..2 {
        told += &format!("{}\n", stage.read_reach(&Reach::Whole, false).await);
        stage.assert_true();
    }
    expected.assert_eq(&told);
    stage.profile().linkless
}

#[tokio::test]
async fn a_registry_that_cuts_without_a_word_is_read_to_the_end() {
    let go = Manners::go_containerregistry;
    let short = expect![[r#"
        Whole: n=1000
        Unchanged: n=1000
    "#]];
    assert_eq!(check(go(), 999, &short).await, Linkless::Unknown);
    // Behind the last tag it begins anew; that it is the last one is asked once more.
    let exact = expect![[r#"
        Whole: n=1000 n=1 n=1000&last=0999 n=1&last=0998
        Unchanged: n=1000 n=1000&last=0999 n=1&last=0998
    "#]];
    assert_eq!(check(go(), 1_000, &exact).await, Linkless::Nothing);
    let one_more = expect![[r#"
        Whole: n=1000 n=1 n=1000&last=0999
        Unchanged: n=1000 n=1000&last=0999
    "#]];
    check(go(), 1_001, &one_more).await;
    let more = expect![[r#"
        Whole: n=1000 n=1 n=1000&last=0999 n=1000&last=1999
        Unchanged: n=1000 n=1000&last=0999 n=1000&last=1999
    "#]];
    check(go(), 2_500, &more).await;
    let twice = expect![[r#"
        Whole: n=1000 n=1 n=1000&last=0999 n=1000&last=1999 n=1&last=1998
        Unchanged: n=1000 n=1000&last=0999 n=1000&last=1999 n=1&last=1998
    "#]];
    check(go(), 2_000, &twice).await;
}

#[tokio::test]
async fn so_is_one_whose_list_ends_with_an_empty_page() {
    for order in [Order::Lexical, Order::Pushed, Order::Scrambled] {
        let manners = Manners {
            paging: Paging::Unlinked,
            order,
            ..Manners::default()
        };
        for (count, lists) in [(999, 1), (1_000, 2), (1_001, 2), (2_000, 3), (2_500, 3)] {
            let mut stage = Stage::new(manners, numbers(count));
            stage.read_reach(&Reach::Whole, false).await;
            stage.assert_true();
            let told = stage.read_reach(&Reach::Whole, false).await;
            assert_eq!(told.matches("n=").count(), lists, "{order:?} {count}: {told}");
            assert!(told.starts_with("Unchanged"), "{order:?} {count}: {told}");
        }
    }
}

#[tokio::test]
async fn what_a_list_loses_and_gains_behind_the_same_pages_is_seen() {
    for paging in [Paging::Unlinked, Paging::UnlinkedRound] {
        for order in [Order::Lexical, Order::Pushed] {
            let manners = Manners {
                paging,
                order,
                ..Manners::default()
            };
            let mut stage = Stage::new(manners, numbers(2_000));
            for change in 0..6 {
                stage.read_reach(&Reach::Whole, false).await;
                assert!(stage.read_reach(&Reach::Whole, false).await.starts_with("Unchanged"));
                stage.assert_true();
                match change {
                    0 => stage.push("2000"),
                    1 => stage.delete("2000"),
                    2 => numbers(2_000).skip(1_000).for_each(|tag| stage.delete(&tag)),
                    3 => stage.push("1000"),
                    _ => stage.delete(&format!("{:04}", 1_000 - (change - 4))),
                }
            }
        }
    }
}

#[tokio::test]
async fn a_registry_that_links_or_sends_everything_is_asked_once() {
    let links = expect![[r#"
        Whole: n=1000 n=1
        Unchanged: n=1000
    "#]];
    assert_eq!(check(Manners::ocimem(), 1_000, &links).await, Linkless::End);
    let has_linked = expect![[r#"
        Whole: n=1000 last=0999&n=1000
        Unchanged: n=1000 last=0999&n=1000
    "#]];
    assert_eq!(check(Manners::ocimem(), 2_000, &has_linked).await, Linkless::End);
    let ignores = Manners {
        paging: Paging::Ignored,
        ..Manners::default()
    };
    let sends_everything = expect![[r#"
        Whole: n=1000 n=1
        Unchanged: n=1000
    "#]];
    assert_eq!(check(ignores, 1_000, &sends_everything).await, Linkless::End);
    let is_longer = expect![[r#"
        Whole: n=1000
        Unchanged: n=1000
    "#]];
    assert_eq!(check(ignores, 2_000, &is_longer).await, Linkless::Unknown);
}

#[tokio::test]
async fn distribution_is_not_asked() {
    let whole = expect![[r#"
        Whole: n=1000
        Unchanged: n=1000
    "#]];
    assert_eq!(check(Manners::distribution_2(), 1_000, &whole).await, Linkless::Unknown);
    assert_eq!(check(Manners::distribution_3(), 1_000, &whole).await, Linkless::Unknown);
}

#[tokio::test]
async fn what_was_found_out_is_found_out_again_after_a_week() {
    let mut stage = Stage::new(Manners::ocimem(), numbers(1_000));
    stage.read_reach(&Reach::Whole, false).await;
    stage.server.registry.set_manners(Manners::go_containerregistry());
    let day = |days: i64| Timestamp::from_unix_seconds(NOW.as_unix_seconds() + days * 24 * 3600);
    stage.now = day(6);
    assert_eq!(stage.read_reach(&Reach::Whole, false).await, "Unchanged: n=1000");
    stage.push("1000");
    stage.now = day(7);
    stage.read_reach(&Reach::Whole, false).await;
    stage.assert_true();
    // A link says enough.
    stage.server.registry.set_manners(Manners::ocimem());
    stage.read_reach(&Reach::Whole, false).await;
    assert_eq!(stage.profile().linkless, Linkless::End);
}

#[tokio::test]
async fn lists_that_are_read_side_by_side_ask_once() {
    let stage = Stage::new(Manners::ocimem(), numbers(1_000));
    let mut lists = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (scanner, repository) = (stage.scanner.clone(), stage.repository.clone());
        lists.spawn(async move { scanner.tags(&repository).await });
    }
    for list in lists.join_all().await {
        assert_eq!(list.expect("a list").tags.len(), 1_000);
    }
    let asked = stage.server.registry.requests();
    assert_eq!(asked.iter().filter(|request| request.query == "n=1").count(), 1);
}

#[tokio::test]
async fn a_list_that_began_before_the_test_did_believes_it() {
    let mut stage = Stage::new(Manners::ocimem(), numbers(1_000));
    stage.read_reach(&Reach::Whole, false).await;
    let seconds = |seconds: i64| Timestamp::from_unix_seconds(NOW.as_unix_seconds() + seconds);
    stage.now = seconds(-60);
    assert_eq!(stage.read_reach(&Reach::Whole, false).await, "Unchanged: n=1000");
    // That is no moment: the clock was set back.
    stage.now = seconds(-61);
    assert_eq!(stage.read_reach(&Reach::Whole, false).await, "Unchanged: n=1000 n=1");
}

/// A list that may have been cut is none.
async fn refuses(server: Fake, wanted: ErrorCode) {
    let listed = server.scanner().tags(&server.repository("team/app")).await;
    let error = listed.expect_err("no list");
    assert_eq!(error.code(), wanted, "{}: {}", chain(&error), server.lines());
}

#[tokio::test]
async fn a_list_that_may_have_been_cut_and_leads_nowhere_is_an_error() {
    let all: Vec<String> = numbers(1_000).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let (whole, one) = (page(&all), page(&all[..1]));
    // It obeys `n`, and nothing else.
    let (first, single) = (whole.clone(), one.clone());
    let server = Fake::start(move |asked, _| {
        ok(if asked.query().starts_with("n=1000") {
            first.clone()
        } else {
            single.clone()
        })
    });
    refuses(server.await, ErrorCode::Incomplete).await;
    // It refuses to be asked what is behind a tag.
    for (code, wanted) in [
        (400, ErrorCode::BadAnswer),
        (404, ErrorCode::NotFound),
        (500, ErrorCode::ServerError),
    ] {
        let (first, single) = (whole.clone(), one.clone());
        let server = Fake::start(move |asked, _| match asked.query() {
            "n=1000" => ok(first.clone()),
            "n=1" => ok(single.clone()),
            _ => status(code),
        });
        refuses(server.await, wanted).await;
    }
    // Its last name is none that could be asked for.
    let mut odd = all.clone();
    odd[999] = "no tag & no name";
    let (first, single) = (page(&odd), one.clone());
    let server = Fake::start(move |asked, _| {
        ok(match asked.query() {
            "n=1" => single.clone(),
            _ => first.clone(),
        })
    });
    refuses(server.await, ErrorCode::Incomplete).await;
}

#[tokio::test]
async fn a_question_that_is_refused_tells_nothing() {
    let all: Vec<String> = numbers(1_000).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let whole = page(&all);
    let server = Fake::start(move |asked, _| match asked.query() {
        "n=1000" => ok(whole.clone()),
        "n=1" => with(400, &[], ""),
        _ => ok(page(&[])),
    })
    .await;
    let scanner = server.scanner();
    for _ in 0..2 {
        let list = scanner.tags(&server.repository("team/app")).await.expect("a list");
        assert_eq!(list.tags.len(), 1_000);
    }
    expect![[r#"
        GET /v2/team/app/tags/list?n=1000
        GET /v2/team/app/tags/list?n=1
        GET /v2/team/app/tags/list?n=1000&last=0999
        GET /v2/team/app/tags/list?n=1000
        GET /v2/team/app/tags/list?n=1
        GET /v2/team/app/tags/list?n=1000&last=0999
    "#]]
    .assert_eq(&server.lines());
}
