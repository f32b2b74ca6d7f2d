//! Laws of addresses in answers: the `Link` to a next page, and where a redirect leads.

use http::HeaderValue;
use http::header::LINK;
use registry_scanner::fuzzing::{Redirect, Rule, follow, next_page, resolve};
use url::Url;

use crate::headers::{self, is_telling, named};

/// A path with everything that a repository's name may have.
const PATH: &str = "/v2/acme/a_p-p.x/tags/list";

/// Lists with TLS and without, the last one with a port of its own.
const LISTS: [&str; 3] = [
    "https://registry.example.com",
    "http://registry.example.com",
    "https://10.0.0.1:5000",
];

/// Lines: each a `Link`, a target alone, and the query of a page.
pub(crate) fn check(data: &[u8]) {
    let values = headers::values(data);
    for list in LISTS {
        let current = Url::parse(&format!("{list}{PATH}?n=1000")).expect("the lists are URLs");
        check_links(&values, &current);
        for value in &values {
            let text = String::from_utf8_lossy(value.as_bytes());
            check_address(&current, &text);
            check_redirects(&current, &text);
            if let Ok(query) = value.to_str() {
                every_spelling_is_followed(&current, query);
            }
        }
    }
}

/// All headers together, and each alone.
fn check_links(values: &[HeaderValue], current: &Url) {
    let alone: Vec<_> = values
        .iter()
        .map(|value| next(std::slice::from_ref(value), current))
        .collect();
    let together = next(values, current);
    let pages: Vec<&Url> = alone.iter().flatten().flatten().collect();
    match together {
        Ok(None) => assert!(alone.iter().all(|page| *page == Ok(None)), "{values:?}"),
        Ok(Some(page)) => assert!(
            pages.iter().all(|other| **other == page) && !pages.is_empty(),
            "{values:?}"
        ),
        Err(_) => {
            let several = pages.iter().any(|page| *page != pages[0]);
            assert!(several || alone.iter().any(Result::is_err), "{values:?}");
        }
    }
}

fn next(values: &[HeaderValue], current: &Url) -> Result<Option<Url>, String> {
    let page = next_page(&named(&LINK, values), current, PATH);
    match &page {
        Ok(None) => {}
        Ok(Some(page)) => {
            is_of_the_same_list(page, current);
            let written: usize = values.iter().map(HeaderValue::len).sum();
            assert!(
                page.as_str().len() <= current.as_str().len() + 3 * written,
                "{values:?}"
            );
        }
        Err(message) => headers::shows(message),
    }
    page
}

fn is_of_the_same_list(page: &Url, current: &Url) {
    assert_eq!(page.scheme(), current.scheme(), "{page}");
    assert_eq!(page.host_str(), current.host_str(), "{page}");
    assert_eq!(page.port_or_known_default(), current.port_or_known_default(), "{page}");
    assert_eq!(page.path(), PATH, "{page}");
    is_plain(page);
}

/// It reads back as itself, and nothing in it is for anybody but the server.
fn is_plain(url: &Url) {
    assert_eq!(url.username(), "", "{url}");
    assert_eq!(url.password(), None, "{url}");
    assert_eq!(url.fragment(), None, "{url}");
    assert!(url.as_str().bytes().all(|byte| byte.is_ascii_graphic()), "{url}");
    assert_eq!(Url::parse(url.as_str()).as_ref(), Ok(url));
}

fn check_address(base: &Url, text: &str) {
    match resolve(base, text) {
        Ok(url) => {
            is_plain(&url);
            let strange = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
            assert!(!text.contains(strange), "{text:?}");
            names_the_host_it_means(base, text, &url);
        }
        Err(message) => headers::shows(&message),
    }
}

/// What a reader sees as the authority is where the request goes.
fn names_the_host_it_means(base: &Url, text: &str, url: &Url) {
    let scheme = text
        .split_once("://")
        .filter(|(scheme, _)| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let rest = match scheme {
        Some((scheme, rest)) => {
            assert!(scheme.eq_ignore_ascii_case(url.scheme()), "{text:?} leads to {url}");
            rest
        }
        None if text.starts_with("//") => &text[2..],
        None => {
            assert_eq!(url.scheme(), base.scheme(), "{text:?}");
            assert_eq!(url.host_str(), base.host_str(), "{text:?}");
            assert_eq!(url.port_or_known_default(), base.port_or_known_default(), "{text:?}");
            return;
        }
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    assert!(!authority.contains('@'), "{text:?} leads to {url}");
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let meant = format!("{}{port}", url.host_str().unwrap_or_default());
    let written = authority.to_ascii_lowercase();
    let default = format!("{meant}:{}", url.port_or_known_default().unwrap_or_default());
    // Internationalised names and addresses have several spellings.
    let simple = authority
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'));
    if simple {
        assert!(written == meant || written == default, "{text:?} leads to {url}");
    }
}

fn check_redirects(from: &Url, location: &str) {
    let seen = [from.clone()];
    for rule in [Rule::Never, Rule::SameOriginOnce, Rule::Bare] {
        let hop = follow(rule, from, location, &seen);
        match &hop {
            Err(message) => {
                headers::shows(message);
                hides_the_query(from, location, message);
                continue;
            }
            Ok(Redirect::Same(url) | Redirect::Configured(url) | Redirect::Outside(url)) => {
                is_plain(url);
                assert_ne!(url, from, "{location:?} goes in a circle");
            }
        }
        match hop {
            Ok(Redirect::Same(url)) => {
                assert_eq!(rule, Rule::SameOriginOnce, "{location:?}");
                assert_eq!(origin(&url), origin(from), "{location:?}");
                assert!(
                    follow(rule, &url, location, &[from.clone(), url.clone()]).is_err(),
                    "{location:?}"
                );
            }
            Ok(Redirect::Configured(url)) => {
                assert_eq!(rule, Rule::Bare, "{location:?}");
                assert_eq!(origin(&url), origin(from), "{location:?}");
            }
            Ok(Redirect::Outside(url)) => {
                assert_eq!(rule, Rule::Bare, "{location:?}");
                assert_eq!(url.scheme(), "https", "{location:?}");
                assert_ne!(origin(&url), origin(from), "{location:?}");
            }
            Err(_) => {}
        }
    }
}

/// Whom a request goes to. A dot behind a name says that it is whole, as ours always are.
fn origin(url: &Url) -> (String, String, Option<u16>) {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_suffix('.').unwrap_or(host);
    (url.scheme().to_owned(), host.to_owned(), url.port_or_known_default())
}

/// It may hold a signature, and what stands before an `@` a password.
fn hides_the_query(from: &Url, location: &str, message: &str) {
    let Ok(url) = from.join(location) else { return };
    let secrets = [url.query(), Some(url.username()), url.password()];
    for secret in secrets.into_iter().flatten().filter(|secret| is_telling(secret)) {
        if url.has_host() && location.matches(secret).count() == 1 {
            assert!(!message.contains(secret), "{location:?}: {message}");
        }
    }
}

/// However the next page is written, it is found.
fn every_spelling_is_followed(current: &Url, query: &str) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&()*+;=:@/?%,".contains(&byte);
    if query.is_empty() || !query.bytes().all(plain) {
        return;
    }
    let mut wanted = current.clone();
    wanted.set_query(Some(query));
    let origin = current.origin().ascii_serialization();
    for link in [
        format!("<?{query}>; rel=\"next\""),
        format!("<{PATH}?{query}>;rel=next"),
        format!("<{origin}{PATH}?{query}#x>  ;  REL = \"first NEXT\" ; title=\"a, <b>; rel=prev\""),
        format!("<{PATH}?n=1>; rel=\"prev\", <{PATH}?{query}>; title=\"say \\\"next\\\", \\\\\"; rel=\"next\""),
        format!(
            "<//{}{PATH}?{query}>; rel=next; x, </elsewhere>; rel=last,",
            &current[url::Position::BeforeHost..url::Position::AfterPort]
        ),
    ] {
        let value = HeaderValue::from_str(&link).expect("the query is plain");
        let found = next(&[value], current);
        assert_eq!(found.as_ref().map(Option::as_ref), Ok(Some(&wanted)), "{link}");
    }
}
