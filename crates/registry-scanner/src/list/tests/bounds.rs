//! Registries that send more than anybody can keep.

use bytes::Bytes;
use domain::reach::{Reach, TagRange};
use domain::reference::Timestamp;
use url::Url;

use crate::fake::{Fake, ok, page, with};
use crate::list::whole::Whole;
use crate::list::{Listing, Reading, Wish};
use crate::profile::{ListOrder, Profile, Seek};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

/// The pages of a list, each with a name that is no tag and as many bytes that say nothing.
fn read(pages: usize, padding: usize, earlier: Option<&Listing>) -> (usize, Listing) {
    let at = |page: usize| Url::parse(&format!("https://reg.example.com/v2/x/tags/list?p={page}")).expect("a URL");
    let mut whole = Whole::new(at(0), earlier);
    let mut most = 0;
    for page in 0..pages {
        let body = format!(r#"{{"tags": ["{page}", "!{page}"], "x": "{}"}}"#, "x".repeat(padding));
        let next = (page + 1 < pages).then(|| at(page + 1));
        whole.page(Bytes::from(body), Ok(next)).expect("a page");
        most = most.max(whole.kept());
    }
    (most, whole.finish(false).expect("a list").listing)
}

#[test]
fn pages_that_are_what_they_were_are_not_kept_without_end() {
    const MIB: usize = 1024 * 1024;
    let (_, earlier) = read(40, 2 * MIB, None);
    let (kept, listing) = read(40, 2 * MIB, Some(&earlier));
    assert!(kept <= 32 * MIB, "{kept} bytes");
    assert_eq!((&listing.tags, listing.invalid), (&earlier.tags, 40));
    let (kept, listing) = read(40, 1000, Some(&read(40, 1000, None).1));
    assert!(kept > 40_000, "{kept} bytes");
    assert_eq!(listing.reading, Reading::Unchanged);
}

#[tokio::test]
async fn a_part_of_more_tags_than_a_list_may_have_is_none() {
    let server = Fake::start(|asked, before| {
        let tags = |prefix: &str, count: usize| -> Vec<String> {
            (0..count).map(|number| format!("{prefix}.{number:06}")).collect()
        };
        if !asked.query().contains("last") {
            let known = tags("2024.01", 1500);
            return ok(page(&known.iter().map(String::as_str).collect::<Vec<_>>()));
        }
        let more = tags(&format!("2025.{before:02}"), 100_000);
        let next = format!(r#"<{}?last=2025&p={before}>; rel="next""#, asked.path());
        with(
            200,
            &[("link", &next)],
            page(&more.iter().map(String::as_str).collect::<Vec<_>>()),
        )
    })
    .await;
    let (scanner, repository) = (server.scanner(), server.repository("team/app"));
    let newer = TagRange {
        from: "2024.02".to_owned(),
        until: None,
    };
    let reach = Reach::Within(vec![newer]);
    for order in [ListOrder::Lexical, ListOrder::Append] {
        let earlier = scanner.tags(&repository).await.expect("a list");
        let profile = Profile {
            order,
            seek: Seek::AnyLast,
            tested: Some(NOW),
            ..Profile::default()
        };
        scanner.learned(repository.registry(), profile);
        let wish = Wish {
            earlier: Some(&earlier),
            reach: &reach,
            may_be_part: true,
            now: NOW,
        };
        let before = server.log().len();
        let listing = scanner.relist(&repository, &wish).await.expect("a list");
        let asked = server.log().len() - before;
        assert!((11..20).contains(&asked), "{asked} requests");
        assert_eq!(
            (listing.tags.len(), listing.reading),
            (1500, Reading::Unchanged),
            "{order:?}"
        );
    }
}
