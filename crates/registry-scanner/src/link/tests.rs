use http::HeaderValue;

use super::*;

const CURRENT: &str = "https://reg.example.com:5000/v2/team/app/tags/list?n=1000";
const PATH: &str = "/v2/team/app/tags/list";

fn next(links: &[&str]) -> Result<Option<String>, LinkError> {
    let mut headers = HeaderMap::new();
    for link in links {
        headers.append(LINK, HeaderValue::from_bytes(link.as_bytes()).expect("a header"));
    }
    let current = Url::parse(CURRENT).expect("a URL");
    next_page(&headers, &current, PATH).map(|url| url.map(String::from))
}

#[track_caller]
fn leads(link: &str, query: &str) {
    let wanted = format!("https://reg.example.com:5000{PATH}{query}");
    assert_eq!(next(&[link]), Ok(Some(wanted)), "{link}");
}

#[test]
fn the_next_page_of_the_same_list_is_followed() {
    for link in [
        r#"</v2/team/app/tags/list?last=b&n=1000>; rel="next""#,
        r#"</v2/team/app/tags/list?last=b&n=1000>;rel="next""#,
        r#"</v2/team/app/tags/list?last=b&n=1000>; rel=next"#,
        r#"</v2/team/app/tags/list?last=b&n=1000>; REL="Next""#,
        r#"</v2/team/app/tags/list?last=b&n=1000>; rel="prev next""#,
        r#"</v2/team/app/tags/list?last=b&n=1000>; title="a, b; c"; rel="next""#,
        r#"</v2/team/app/tags/list?last=b&n=1000>; title="say \"x\", \\"; rel="next""#,
        r#"<https://reg.example.com:5000/v2/team/app/tags/list?last=b&n=1000>; rel="next""#,
        r#"<HTTPS://REG.example.com:5000/v2/team/app/tags/list?last=b&n=1000#top>; rel="next""#,
        r#"<//reg.example.com:5000/v2/team/app/tags/list?last=b&n=1000>; rel="next""#,
        r#"<list?last=b&n=1000>; rel="next""#,
        r#"<?last=b&n=1000>; rel="next""#,
        r#"</help>; rel="help", </v2/team/app/tags/list?last=b&n=1000>; rel="next""#,
    ] {
        leads(link, "?last=b&n=1000");
    }
    leads(r#"</v2/team/app/tags/list>; rel="next""#, "");
    // An opaque mark of the server's own, with another address in it as mere text.
    leads(
        r#"<?next_page=https://evil.example/>; rel="next""#,
        "?next_page=https://evil.example/",
    );
}

#[test]
fn no_next_page_is_the_end() {
    for links in [
        vec![],
        vec![r#"</v2/team/app/tags/list?n=1>; rel="prev""#],
        vec![r#"<https://docs.example.com/>; rel="help""#, ""],
        vec!["</v2/team/app/tags/list?n=1>"],
    ] {
        assert_eq!(next(&links), Ok(None), "{links:?}");
    }
}

#[test]
fn nothing_else_is_followed() {
    let elsewhere = [
        "https://evil.example/v2/team/app/tags/list?last=b",
        "https://reg.example.com/v2/team/app/tags/list?last=b",
        "https://reg.example.com:5001/v2/team/app/tags/list?last=b",
        "https://reg.example.com:443/v2/team/app/tags/list?last=b",
        "http://reg.example.com:5000/v2/team/app/tags/list?last=b",
        "https://reg.example.com.evil.example:5000/v2/team/app/tags/list",
        "https://reg.example.com:5000@evil.example/v2/team/app/tags/list",
        "https://user:secret@reg.example.com:5000/v2/team/app/tags/list",
        "https://evil.example#@reg.example.com:5000/v2/team/app/tags/list",
        "https://evil.example?@reg.example.com:5000/v2/team/app/tags/list",
        "//evil.example/v2/team/app/tags/list",
        "///evil.example/v2/team/app/tags/list",
        "https:/evil.example/v2/team/app/tags/list",
        "https:evil.example/v2/team/app/tags/list",
        "ftp://reg.example.com:5000/v2/team/app/tags/list",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:application/json,{}",
        "https://127.0.0.1:5000/v2/team/app/tags/list",
        "https://[::1]:5000/v2/team/app/tags/list",
        "https://169.254.169.254/v2/team/app/tags/list",
        "/v2/other/app/tags/list?last=b",
        "/v2/team/app2/tags/list",
        "/v2/team/app/manifests/latest",
        "/v2/team/app/tags/list/",
        "/v2/team/app/../other/tags/list",
        "../../other/tags/list",
        "/v2/team/%61pp/tags/list",
        "/v2//team/app/tags/list",
        "/V2/team/app/tags/list",
        "/",
        "",
        r"\\evil.example\v2\team\app\tags\list",
        r"https:\\evil.example/v2/team/app/tags/list",
        "/v2/team/app/tags/list ?last=b",
        "https://[::1/",
        "///reg.example.com:5000/v2/team/app/tags/list?last=b",
        "//reg.example.com:5000:/v2/team/app/tags/list?last=b",
    ];
    for target in elsewhere {
        let link = format!(r#"<{target}>; rel="next""#);
        match next(&[&link]) {
            // An empty target is the same address again; that is a circle, and found there.
            Ok(Some(url)) if target.is_empty() => assert_eq!(url, CURRENT),
            Err(LinkError::Elsewhere(_)) => {}
            other => panic!("{target}: {other:?}"),
        }
    }
}

#[test]
fn what_cannot_be_read_is_no_end() {
    for link in [
        r#"/v2/team/app/tags/list?last=b; rel="next""#,
        r#"</v2/team/app/tags/list?last=b; rel="next""#,
        r#"</v2/team/app/tags/list?last=b>; rel="next"#,
        r#"</v2/team/app/tags/list?last=b> rel="next""#,
        "garbage",
    ] {
        assert_eq!(next(&[link]), Err(LinkError::Unreadable), "{link}");
    }
    assert_eq!(next(&["<?last=\u{e9}>; rel=\"next\""]), Err(LinkError::Unreadable));
}

#[test]
fn two_different_next_pages_are_none() {
    let links = [r#"<?last=a>; rel="next""#, r#"<?last=b>; rel="next""#];
    assert_eq!(next(&links), Err(LinkError::Several));
    assert_eq!(next(&[&links.join(", ")]), Err(LinkError::Several));
    assert!(next(&[links[0], links[0]]).is_ok());
}

#[test]
fn an_address_of_many_kilobytes_is_not_kept_for_each_page() {
    let link = |length: usize| format!(r#"<?last={}>; rel="next""#, "a".repeat(length));
    assert!(next(&[&link(8000)]).is_ok());
    assert!(next(&[&link(9000)]) == Err(LinkError::Unreadable));
}
