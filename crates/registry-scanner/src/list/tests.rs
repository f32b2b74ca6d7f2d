mod bounds;
mod linkless;
mod readers;
mod relist;
mod sizes;

use expect_test::expect;
use transport::chain;

use crate::error::{ErrorCode, ScanError};
use crate::fake::{Fake, ok, page, status, with};
use crate::list::Listing;

#[tokio::test]
async fn one_page_is_one_request() {
    let server = Fake::start(|_, _| ok(page(&["1.0", "1.1", "latest"]))).await;
    let repository = server.repository("team/app");
    let listing = server.scanner().tags(&repository).await.expect("a list");
    assert_eq!(listing.tags.len(), 3);
    expect![[r#"
        GET /v2/team/app/tags/list?n=1000
    "#]]
    .assert_eq(&server.lines());
    assert_eq!(server.log()[0].header("accept-encoding"), Some("identity"));
    assert_eq!(server.log()[0].header("accept"), Some("application/json"));
}

/// A list whose first page has these headers and this body; other pages hold `2.0`.
async fn list(
    code: u16,
    headers: &'static [(&str, &str)],
    body: impl Into<String>,
) -> (Fake, Result<Listing, ScanError>) {
    let body = body.into();
    let server = Fake::start(move |asked, _| match asked.query() {
        "n=1000" => with(code, headers, body.clone()),
        _ => ok(page(&["2.0"])),
    })
    .await;
    let result = server.scanner().tags(&server.repository("team/app")).await;
    (server, result)
}

#[tokio::test]
async fn pages_are_followed_to_the_end() {
    // Gitea names a next page on every one that is not empty.
    let server = Fake::start(|asked, before| match before {
        0..3 => with(
            200,
            &[("link", &format!("<{}?last={before}>;rel=\"next\"", asked.path()))],
            page(&[&before.to_string()]),
        ),
        _ => ok(r#"{"tags": null}"#),
    })
    .await;
    let listing = server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect("a list");
    assert_eq!((listing.tags.len(), listing.pages), (3, 4));
    assert!(
        server.lines().ends_with("GET /v2/team/app/tags/list?last=2\n"),
        "{}",
        server.lines()
    );
}

#[tokio::test]
async fn text_plain_is_fine_as_long_as_it_is_json() {
    let (_, result) = list(200, &[("content-type", "text/plain; charset=utf-8")], page(&["1.0"])).await;
    assert_eq!(result.expect("a list").tags.len(), 1);
    let (_, result) = list(200, &[("content-type", "text/html")], "<html>maintenance</html>").await;
    assert_eq!(result.expect_err("no list").code(), ErrorCode::BadAnswer);
}

#[tokio::test]
async fn cut_off_lists_are_errors() {
    let whole = page(&["1.0", "1.1"]);
    let (_, result) = list(200, &[], &whole[..whole.len() - 3]).await;
    assert_eq!(result.expect_err("no list").code(), ErrorCode::BadAnswer);
    let (_, result) = list(200, &[("link", "<?last=1.1>; rel=next")], &*whole).await;
    assert_eq!(result.expect("a list").tags.len(), 3);
    let server = Fake::start(|asked, _| match asked.query() {
        "n=1000" => with(200, &[("link", "<?last=1.0>; rel=next")], page(&["1.0"])),
        _ => status(500),
    })
    .await;
    let error = server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect_err("page 2 is missing");
    assert_eq!(error.code(), ErrorCode::ServerError);
}

#[tokio::test]
async fn statuses_have_their_codes() {
    for (code, wanted) in [
        (404, ErrorCode::NotFound),
        (410, ErrorCode::NotFound),
        (400, ErrorCode::BadAnswer),
        (204, ErrorCode::BadAnswer),
        (206, ErrorCode::BadAnswer),
        (304, ErrorCode::BadAnswer),
        (302, ErrorCode::BadAnswer),
        (408, ErrorCode::ServerError),
        (499, ErrorCode::ServerError),
        (500, ErrorCode::ServerError),
        (502, ErrorCode::ServerError),
        (503, ErrorCode::ServerError),
        (504, ErrorCode::ServerError),
        (520, ErrorCode::ServerError),
        (529, ErrorCode::ServerError),
        (401, ErrorCode::Unauthorized),
        (403, ErrorCode::Unauthorized),
        (429, ErrorCode::RateLimited),
    ] {
        let (_, result) = list(code, &[("retry-after", "60")], page(&["1.0"])).await;
        let error = result.expect_err("no list");
        assert_eq!(error.code(), wanted, "{code}: {}", chain(&error));
    }
}

#[tokio::test]
async fn the_servers_words_are_shown_on_one_line() {
    let body = r#"{"errors": [{"code": "NAME_UNKNOWN", "message": "no\u001b[31m such\nname"}, {"code": "OTHER"}]}"#;
    let (server, result) = list(404, &[], body).await;
    let words = chain(&result.expect_err("no list"))
        .to_string()
        .replace(&server.host(), "HOST");
    expect![
        "failed to list the tags of `HOST/team/app`: the registry has it not (404 Not Found): no [31m such name; OTHER"
    ]
    .assert_eq(&words);
    let (server, result) = list(503, &[], "<html><body>long</body></html>").await;
    let words = chain(&result.expect_err("no list"))
        .to_string()
        .replace(&server.host(), "HOST");
    expect![
        "failed to list the tags of `HOST/team/app`: the registry answered 503 Service Unavailable: (an HTML page)"
    ]
    .assert_eq(&words);
}

#[tokio::test]
async fn a_page_is_at_most_8_mebibytes() {
    let padded = |bytes: usize| {
        let start = r#"{"tags": ["1.0"], "x": ""#;
        format!("{start}{}\"}}", "a".repeat(bytes - start.len() - 2))
    };
    let (_, result) = list(200, &[], padded(8 * 1024 * 1024)).await;
    assert_eq!(result.expect("a list").tags.len(), 1);
    let (_, result) = list(200, &[], padded(8 * 1024 * 1024 + 1)).await;
    let error = result.expect_err("too large");
    assert_eq!(error.code(), ErrorCode::BadAnswer, "{}", chain(&error));
}

#[tokio::test]
async fn no_link_leads_a_credential_away() {
    let recorder = Fake::start(|_, _| ok(page(&["2.0"]))).await;
    let (host, port) = (recorder.host(), recorder.port());
    let path = "/v2/team/app/tags/list";
    let targets = [
        format!("http://{host}{path}?last=1"),
        format!("HTTP://{host}{path}?last=1"),
        format!("https://{host}{path}"),
        format!("//{host}{path}"),
        format!("///{host}{path}"),
        format!(r"\\{host}{path}"),
        format!(r"http:\\{host}{path}"),
        format!("http:/{host}{path}"),
        format!("http://SELF@{host}{path}"),
        format!("http://ci:hunter2@{host}{path}"),
        format!("http://{host}#@SELF{path}"),
        format!("http://{host}?@SELF{path}"),
        format!(r"http://{host}\@SELF{path}"),
        format!("http://localhost:{port}{path}"),
        format!("http://127.1:{port}{path}"),
        format!("http://0x7f.1:{port}{path}"),
        format!("http://2130706433:{port}{path}"),
        format!("http://[::ffff:127.0.0.1]:{port}{path}"),
        format!("http://0.0.0.0:{port}{path}"),
        format!("http://127.0.0.1.:{port}{path}"),
        format!("ftp://{host}{path}"),
        format!("file://{host}{path}"),
        "/v2/other/app/tags/list?last=1".to_owned(),
        "/v2/team/app/../../other/tags/list".to_owned(),
        "/v2/team/app/tags/list/../list/x".to_owned(),
        "/token?scope=repository:team/app:pull".to_owned(),
    ];
    for target in &targets {
        let named = target.clone();
        let server = Fake::start(move |asked, _| {
            let target = named.replace("SELF", asked.header("host").expect("a host"));
            with(200, &[("link", &format!("<{target}>; rel=\"next\""))], page(&["1.0"]))
        })
        .await;
        let error = server
            .scanner()
            .tags(&server.repository("team/app"))
            .await
            .expect_err(target);
        assert_eq!(error.code(), ErrorCode::Incomplete, "{target}: {}", chain(&error));
        assert_eq!(server.log().len(), 1, "{target}: {}", server.lines());
    }
    assert!(targets.len() >= 20);
    assert_eq!(recorder.lines(), "");
}

#[tokio::test]
async fn redirects_stay_on_their_origin() {
    let recorder = Fake::start(|_, _| ok(page(&["2.0"]))).await;
    let (host, port) = (recorder.host(), recorder.port());
    let path = "/v2/team/app/tags/list";
    let targets = [
        format!("http://{host}{path}"),
        format!("https://{host}{path}"),
        format!("//{host}{path}"),
        format!(r"\\{host}{path}"),
        format!(r"/\{host}{path}"),
        format!("http://SELF@{host}{path}"),
        format!("http://localhost:{port}{path}"),
        format!("http://127.1:{port}{path}"),
        format!("http://[::ffff:127.0.0.1]:{port}{path}"),
        format!("ftp://{host}{path}"),
        "SAME".to_owned(),
        "http://[bad".to_owned(),
    ];
    for target in &targets {
        for code in [301, 302, 303, 307, 308] {
            let named = target.clone();
            let server = Fake::start(move |asked, _| {
                let host = asked.header("host").expect("a host");
                let target = named.replace("SELF", host).replace("SAME", &asked.target);
                with(code, &[("location", &target)], "")
            })
            .await;
            let error = server
                .scanner()
                .tags(&server.repository("team/app"))
                .await
                .expect_err(target);
            assert_eq!(error.code(), ErrorCode::BadAnswer, "{target}: {}", chain(&error));
            assert_eq!(server.log().len(), 1, "{target}: {}", server.lines());
        }
    }
    assert_eq!(recorder.lines(), "");
}

#[tokio::test]
async fn one_redirect_on_the_same_origin_is_followed() {
    let server = Fake::start(|asked, before| match before {
        0 => with(307, &[("location", "/elsewhere")], ""),
        _ if asked.path() == "/elsewhere" => ok(page(&["1.0"])),
        _ => status(500),
    })
    .await;
    server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect("a list");
    let server = Fake::start(|_, before| with(307, &[("location", &format!("/{before}"))], "")).await;
    let error = server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect_err("twice");
    assert_eq!(error.code(), ErrorCode::BadAnswer);
    assert_eq!(server.log().len(), 2);
}
