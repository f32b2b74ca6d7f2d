//! Lists of tags and of repositories, page by page.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::failure::Failure;
use super::{API_VERSION, Asked};
use crate::registry::State;
use crate::store::Repository;
use crate::{EmptyList, LargePages, Manners, Order, Paging, UnknownLast};

/// What a request wants of a list.
struct Wanted<'a> {
    n: Option<usize>,
    last: Option<&'a str>,
}

/// A part of a list.
#[derive(Debug, PartialEq, Eq)]
struct Page<'a> {
    entries: &'a [&'a str],
    /// The query of the next page.
    next: Option<String>,
}

impl State {
    /// The tags of a repository.
    pub(super) fn tags(&self, asked: &Asked, repository: &str) -> Result<Response, Failure> {
        let unknown = || Failure::unknown_repository(repository);
        let wanted = Wanted::read(asked)?;
        wanted.check(self.manners)?;
        let held = self.store.repositories.get(repository).ok_or_else(unknown)?;
        let tags = held.tags(self.manners.order);
        let is_unknown = |last: &str| held.manifest_of(last).is_none();
        if self.manners.unknown_last == UnknownLast::NotFound && wanted.last.is_some_and(is_unknown) {
            return Err(unknown());
        }
        let page = page(&tags, &wanted, self.manners);
        let entries = match self.manners.empty_list {
            EmptyList::Unknown if tags.is_empty() => return Err(unknown()),
            EmptyList::Null if tags.is_empty() => Value::Null,
            _ => json!(page.entries),
        };
        let mut body = json!({"name": repository, "tags": entries});
        if self.manners.manifest_map {
            body["child"] = json!([]);
            body["manifest"] = manifests(held, page.entries);
        }
        Ok(self.list(asked, &page, &body))
    }

    /// The names of all repositories.
    pub(super) fn catalog(&self, asked: &Asked) -> Result<Response, Failure> {
        let wanted = Wanted::read(asked)?;
        let names = self.store.names(self.manners.order);
        let page = page(&names, &wanted, self.manners);
        Ok(self.list(asked, &page, &json!({"repositories": page.entries})))
    }

    fn list(&self, asked: &Asked, page: &Page, body: &Value) -> Response {
        let media_type = if self.manners.plain_text_lists {
            "text/plain; charset=utf-8"
        } else {
            "application/json"
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        if self.manners.says_version {
            headers.insert(API_VERSION, HeaderValue::from_static("registry/2.0"));
        }
        if let Some(query) = &page.next {
            let space = if self.manners.spaced_link { " " } else { "" };
            let link = format!(r#"<{}?{query}>;{space}rel="next""#, asked.head.uri.path());
            headers.extend(HeaderValue::try_from(link).ok().map(|link| (header::LINK, link)));
        }
        (headers, body.to_string()).into_response()
    }
}

impl<'a> Wanted<'a> {
    fn read(asked: &'a Asked) -> Result<Self, Failure> {
        let number = |n: &str| n.parse::<usize>();
        let n = asked.parameter("n").map(number).transpose().map_err(|_| {
            Failure::new(
                StatusCode::BAD_REQUEST,
                "PAGINATION_NUMBER_INVALID",
                "`n` must be a number, 0 or more",
            )
        })?;
        Ok(Self {
            n,
            last: asked.parameter("last"),
        })
    }

    /// Refuses a page that is too large, where that is the manner.
    fn check(&self, manners: Manners) -> Result<(), Failure> {
        match (manners.large_pages, self.n, manners.largest_page) {
            (LargePages::Refused, Some(n), Some(largest)) if n > largest => Err(Failure::new(
                StatusCode::BAD_REQUEST,
                "PAGINATION_NUMBER_INVALID",
                format!("`n` is {n}, but the max is {largest}"),
            )),
            _ => Ok(()),
        }
    }
}

/// The digests of tags as Google's registries say them: by digest, numbers as texts.
fn manifests(held: &Repository, tags: &[&str]) -> Value {
    let mut map = serde_json::Map::new();
    for tag in tags {
        let Some(manifest) = held.manifest_of(tag) else {
            continue;
        };
        let entry = map.entry(manifest.digest.clone()).or_insert_with(|| {
            json!({
                "imageSizeBytes": manifest.bytes.len().to_string(),
                "layerId": "",
                "mediaType": manifest.media_type,
                "tag": [],
                "timeCreatedMs": "1700000000000",
                "timeUploadedMs": "1700000000000",
            })
        });
        if let Value::Array(tags) = &mut entry["tag"] {
            tags.push(json!(tag));
        }
    }
    Value::Object(map)
}

/// The part of `all` that is wanted, as far as manners let it be had.
fn page<'a>(all: &'a [&'a str], wanted: &Wanted, manners: Manners) -> Page<'a> {
    if manners.paging == Paging::Ignored {
        return Page {
            entries: all,
            next: None,
        };
    }
    let mut rest = &all[start(all, wanted.last, manners.order)..];
    if rest.is_empty() && manners.paging == Paging::UnlinkedRound {
        rest = all;
    }
    let size = wanted.n.or(manners.page_without_n).unwrap_or(usize::MAX);
    let size = match manners.largest_page {
        Some(largest) if wanted.n.is_some() || manners.page_without_n.is_some() => size.min(largest),
        _ => size,
    };
    let entries = &rest[..rest.len().min(size)];
    let more = entries.len() < rest.len() || manners.always_next;
    let next = entries
        .last()
        .filter(|_| more && manners.paging == Paging::Linked)
        .map(|last| {
            let number = if size == usize::MAX {
                String::new()
            } else {
                format!("&n={size}")
            };
            format!("last={last}{number}")
        });
    Page { entries, next }
}

/// Where the list goes on after `last`; in an ordered one it need not be in it.
fn start(all: &[&str], last: Option<&str>, order: Order) -> usize {
    let Some(last) = last else { return 0 };
    match order {
        Order::Lexical => all.partition_point(|entry| *entry <= last),
        Order::Pushed | Order::Scrambled => all
            .iter()
            .position(|entry| *entry == last)
            .map_or(all.len(), |at| at + 1),
    }
}

#[cfg(test)]
mod tests;
