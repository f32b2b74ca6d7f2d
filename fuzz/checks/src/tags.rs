//! Laws of lists of tags, page by page.

use std::collections::HashSet;

use domain::reference::Tag;
use registry_scanner::fuzzing::Pages;
use serde_json::Value;
use url::Url;

use crate::headers;
use crate::json::{DEEPEST, Shape};

/// How many pages are read.
const MOST: usize = 64;

const LIST: &str = "https://registry.example.com/v2/acme/app/tags/list";

/// Lines: each a word, what the page's `Link` says, a space, and the body of the page. The word is the query of the next page,
/// `-` for none, `!` for a `Link` that cannot be read.
pub(crate) fn check(data: &[u8]) {
    let mut model = Model::default();
    let first = address("n=1000");
    model.asked.insert(first.clone());
    let mut pages = Pages::new(first);
    for line in data.split(|&byte| byte == b'\n').take(MOST) {
        let end = line.iter().position(|&byte| byte == b' ').unwrap_or(line.len());
        let (word, body) = (
            String::from_utf8_lossy(&line[..end]),
            line.get(end + 1..).unwrap_or_default(),
        );
        let next = match &*word {
            "-" => Ok(None),
            "!" => Err(()),
            query => Ok(Some(address(query))),
        };
        match (model.page(body, next.clone()), pages.page(body, next)) {
            (Wanted::Next(wanted), Ok(Some(found))) => assert_eq!(found, wanted),
            (Wanted::End, Ok(None)) => break,
            (Wanted::Refused, Err(message)) => return headers::shows(&message),
            // Numbers too large and halves of characters in what is passed over do not matter to the list.
            (Wanted::Unknown, Err(message)) => return headers::shows(&message),
            (Wanted::Unknown, Ok(_)) => return,
            (wanted, found) => panic!("{found:?}, not {wanted:?}"),
        }
    }
    let (names, invalid) = pages.finish().expect("a short list is whole");
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    assert_eq!(names, model.names, "all tags, once, in order");
    assert_eq!(invalid, model.seen.len() - names.len(), "all others are counted, once");
}

fn address(query: &str) -> Url {
    let mut url = Url::parse(LIST).expect("it is a URL");
    url.set_query(Some(query));
    url
}

/// What must become of a page.
#[derive(Debug)]
enum Wanted {
    Next(Url),
    End,
    Refused,
    /// The other reader refuses the page.
    Unknown,
}

#[derive(Default)]
struct Model {
    names: Vec<String>,
    seen: HashSet<String>,
    asked: HashSet<Url>,
}

impl Model {
    fn page(&mut self, body: &[u8], next: Result<Option<Url>, ()>) -> Wanted {
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            return Wanted::Unknown;
        };
        let shape: Shape = serde_json::from_slice(body).expect("it is JSON");
        if shape.depth > DEEPEST || shape.double_tags {
            return Wanted::Refused;
        }
        let names = match value.as_object().and_then(|page| page.get("tags")) {
            Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) if items.iter().all(Value::is_string) => items.clone(),
            _ => return Wanted::Refused,
        };
        let mut new = false;
        for name in names.iter().filter_map(Value::as_str) {
            if self.seen.insert(name.to_owned()) {
                new = true;
                if Tag::parse(name).is_ok() {
                    self.names.push(name.to_owned());
                }
            }
        }
        match next {
            _ if names.is_empty() => Wanted::End,
            _ if !new => Wanted::Refused,
            Err(()) => Wanted::Refused,
            Ok(None) => Wanted::End,
            Ok(Some(next)) if self.asked.insert(next.clone()) => Wanted::Next(next),
            Ok(Some(_)) => Wanted::Refused,
        }
    }
}
