//! Pages that name no next one: the last of a list, or not.
//!
//! By the specification such a page is the last one. Some registries obey `n` and never name a next page, and then a list that was cut looks like one
//! that is whole. Where a page is as long as was asked for, the registry is therefore asked what it does with a page of a single tag. If that
//! names a next one, or brings everything, the registry can be taken at its word, and its profile remembers that. If not, lists are
//! read on behind their last tag until nothing comes.
//!
//! What the registry of the distribution project says needs no such test: it sends everything, or names the next page. It and those that are
//! built from it are known by a header.

use domain::reference::{Tag, Timestamp};
use http::HeaderName;
use url::Url;

use super::{Lists, check_status};
use crate::client::Answer;
use crate::error::Failure;
use crate::profile::Linkless;
use crate::tags::{Incomplete, Item, MAX_PAGE_BYTES, read_page};

/// Distribution, and what is built from it.
const API_VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");

/// How a list goes on behind a page without a `Link`.
pub(super) enum Onward {
    /// There is no more of it.
    End,
    /// What is behind its last tag is to be asked for.
    Page(Url),
    /// The page is the beginning of the list again, for there is nothing behind the last tag.
    Again,
}

/// What is kept of the pages of a list.
pub(super) struct Tail {
    /// How many tags are asked for in one page.
    size: usize,
    now: Timestamp,
    /// The first name of the list.
    first: Option<String>,
    /// The last two of the page before, where this one was asked for without being named.
    behind: Option<[String; 2]>,
}

/// The names of a page, as far as they matter here.
#[derive(Default)]
struct Names {
    count: usize,
    first: String,
    /// The last but one, and the last.
    last: [String; 2],
}

impl Tail {
    pub(super) fn new(size: usize, now: Timestamp) -> Self {
        Self {
            size,
            now,
            first: None,
            behind: None,
        }
    }

    /// The registry has named a next page: it does so where it cuts.
    pub(super) fn named(&mut self, lists: &Lists<'_>) {
        self.behind = None;
        lists
            .client
            .profile(|profile| profile.linkless(Linkless::End, self.now));
    }

    /// How the list goes on behind a page that names no next one.
    ///
    /// # Errors
    ///
    /// There may be more of it, and no way to get there.
    pub(super) async fn onward(&mut self, lists: &mut Lists<'_>, answer: &Answer) -> Result<Onward, Failure> {
        let behind = self.behind.take();
        let known = lists.client.profile(|profile| profile.known_linkless(self.now));
        let is_taken_at_its_word = known == Linkless::End || answer.headers.contains_key(API_VERSION);
        if behind.is_none() && is_taken_at_its_word {
            return Ok(Onward::End);
        }
        let names = names(answer)?;
        if let Some([previous, last]) = behind
            && names.count > 0
            && self.first.as_ref() == Some(&names.first)
        {
            return self.again(lists, &previous, &last).await;
        }
        if names.count != self.size || !self.cuts(lists, known, names.count).await? {
            return Ok(Onward::End);
        }
        let [_, last] = &names.last;
        if !Tag::is_valid(last) {
            return Err(Incomplete::NoWayOn(names.count).into());
        }
        let next = lists.page(self.size, Some(last));
        self.first.get_or_insert(names.first);
        self.behind = Some(names.last);
        Ok(Onward::Page(next))
    }

    /// Whether the registry cuts without a word; if that cannot be found out, it may.
    async fn cuts(&self, lists: &mut Lists<'_>, known: Linkless, names: usize) -> Result<bool, Failure> {
        if known != Linkless::Unknown {
            return Ok(known == Linkless::Nothing);
        }
        let client = lists.client;
        // One question is enough, however many lists wait for what it shows.
        let _asking = client.asks_linkless.lock().await;
        let mut known = client.profile(|profile| profile.known_linkless(self.now));
        if known == Linkless::Unknown {
            known = test(lists, names).await?;
            client.profile(|profile| profile.linkless(known, self.now));
        }
        Ok(known != Linkless::End)
    }

    /// The list has begun again. That is its end if the last tag is still the one behind the last but one: then `last` is obeyed,
    /// and nothing was deleted meanwhile that the list would have gone on behind.
    async fn again(&self, lists: &mut Lists<'_>, previous: &str, last: &str) -> Result<Onward, Failure> {
        let cut = || Failure::from(Incomplete::NoWayOn(self.size));
        if !Tag::is_valid(previous) {
            return Err(cut());
        }
        let answer = lists.ask(lists.page(1, Some(previous)), MAX_PAGE_BYTES).await?;
        check_status(&lists.operation, &answer)?;
        let names = names(&answer)?;
        if names.count == 1 && names.first == last {
            Ok(Onward::Again)
        } else {
            Err(cut())
        }
    }
}

/// Asks for the first tag of a list that has so many on its first page.
async fn test(lists: &mut Lists<'_>, on_page: usize) -> Result<Linkless, Failure> {
    let answer = lists.ask(lists.page(1, None), MAX_PAGE_BYTES).await?;
    if check_status(&lists.operation, &answer).is_err() {
        return Ok(Linkless::Unknown);
    }
    let count = names(&answer)?.count;
    Ok(match lists.next(&answer) {
        Ok(Some(_)) => Linkless::End,
        Ok(None) if count >= on_page => Linkless::End,
        Ok(None) if count > 0 => Linkless::Nothing,
        _ => Linkless::Unknown,
    })
}

fn names(answer: &Answer) -> Result<Names, Failure> {
    let mut names = Names::default();
    let each = |item: Item<'_>| {
        if let Item::Name(name) = item {
            if names.count == 0 {
                name.clone_into(&mut names.first);
            }
            names.count += 1;
            names.last.swap(0, 1);
            name.clone_into(&mut names.last[1]);
        }
    };
    read_page(&answer.body, each).map_err(|error| Failure::bad("the list of tags", error))?;
    Ok(names)
}
