//! Lists of registries that do not show the same to everybody.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::response::Response;
use domain::policy::Policy;
use domain::reach::reach;
use domain::reference::Value;
use expect_test::expect;

use super::relist::NOW;
use crate::config::{DockerConfigFile, ScannerConfig};
use crate::fake::{Asked, Fake, ok, page, with};
use crate::list::{Listing, Wish};
use crate::scanner::Scanner;

/// `a:a` and `b:b`.
const A: &str = "Basic YTph";
const B: &str = "Basic Yjpi";

/// The tags that stand behind `last`, `n` of them at most.
fn behind(tags: &[String], query: &str) -> Response {
    let of = |name: &str| {
        url::form_urlencoded::parse(query.as_bytes()).find_map(|(key, value)| (key == name).then_some(value))
    };
    let last = of("last").unwrap_or_default();
    let most = of("n").and_then(|n| n.parse().ok()).unwrap_or(1000);
    let rest: Vec<&str> = tags.iter().map(String::as_str).filter(|tag| **tag > *last).collect();
    let shown = &rest[..most.min(rest.len())];
    if shown.len() == rest.len() {
        return ok(page(shown));
    }
    let link = format!(r#"<?n={most}&last={}>; rel="next""#, shown[most - 1]);
    with(200, &[("link", &link)], page(shown))
}

fn days(of_month: &str, count: usize) -> Vec<String> {
    (0..count).map(|day| format!("2026-{of_month}-{day:04}")).collect()
}

#[tokio::test]
async fn a_part_that_another_sees_is_not_put_into_the_list() {
    let a_may_look = Arc::new(AtomicBool::new(true));
    let may_look = a_may_look.clone();
    let server = Fake::start(move |asked: &Asked, _| match asked.authorization() {
        Some(A) if may_look.load(Ordering::Relaxed) => behind(&days("10", 400), asked.query()),
        Some(B) => behind(&days("11", 3), asked.query()),
        _ => with(401, &[("www-authenticate", "Basic realm=x")], ""),
    })
    .await;
    let files = tempfile::tempdir().expect("a directory");
    let config = files.path().join("config.json");
    let entries = format!(
        r#"{{"auths": {{"{0}/team": {{"username": "a", "password": "a"}}, "{0}": {{"username": "b", "password": "b"}}}}}}"#,
        server.host()
    );
    fs::write(&config, entries).expect("a file");
    let scanner = Scanner::new(ScannerConfig {
        hosts: vec![server.entry()],
        docker_config: Some(DockerConfigFile::Named(config)),
        ..ScannerConfig::default()
    });
    let policy = Policy::parse_short("alphabetical:asc").expect("a policy");
    let reach = reach(&policy, &Value::parse("2026-10-0398").expect("a value"));
    let mut earlier: Option<Listing> = None;
    let mut read = async || {
        let wish = Wish {
            earlier: earlier.as_ref(),
            reach: &reach,
            may_be_part: true,
            now: NOW,
        };
        let before = server.log().len();
        let listing = scanner
            .relist(&server.repository("team/app"), &wish)
            .await
            .expect("a list");
        let asked = server.lines().lines().skip(before).collect::<Vec<_>>().join("\n");
        let text = format!("{:?} {}\n{asked}\n", listing.reading, listing.tags.len());
        earlier = Some(listing);
        text
    };
    read().await;
    read().await;
    expect![[r#"
        Parts([(2, 2)]) 400
        !GET /v2/team/app/tags/list?n=22&last=2026-10-0397
    "#]]
    .assert_eq(&read().await);
    a_may_look.store(false, Ordering::Relaxed);
    expect![[r#"
        Whole 3
        !GET /v2/team/app/tags/list?n=22&last=2026-10-0397
        !GET /v2/team/app/tags/list?n=22&last=2026-10-0397
        !GET /v2/team/app/tags/list?n=1000
    "#]]
    .assert_eq(&read().await);
}
