//! The verbs `tags` and `relist`: all tags of a repository, or an error.

mod linkless;
mod part;
mod trial;
mod whole;

use std::sync::Arc;

use domain::codes::CredentialSource;
use domain::reach::Reach;
use domain::reference::{Digest, Repository, Tag, Timestamp};
use domain::scan::TagList;
use http::StatusCode;
use transport::{Origin, one_line};
use url::Url;

use crate::client::{Answer, Ask, Kind, Operation, RegistryClient};
use crate::error::{Failure, ScanError};
use crate::link::{LinkError, next_page};
use crate::names::{Claims, Pages};
use crate::profile::{PAGE, Sight};
use crate::scanner::Scanner;
use crate::tags::MAX_PAGE_BYTES;
use crate::well_known::cuts_silently;

use linkless::{Onward, Tail};
use whole::{Ended, Whole};

/// A complete list.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The valid tags.
    pub tags: Arc<TagList>,
    /// Names that were dropped because they are no tags.
    pub invalid: usize,
    /// Pages that were read.
    pub pages: usize,
    /// How it came about.
    pub reading: Reading,
    trail: Trail,
    claims: Arc<Claims>,
}

impl Listing {
    /// The digest that the list itself says a tag has: the registry's claim, as in the answer to a `HEAD`.
    #[must_use]
    pub fn digest(&self, tag: &Tag) -> Option<&Digest> {
        self.claims.get(tag.as_str())
    }
}

/// How a list came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// It was read from its start to its end.
    Whole,
    /// The same, and every byte was what it was in the earlier list, whose tags these are.
    Unchanged,
    /// Parts of it were read; the rest is what it was in the earlier list. For each part how many tags stood in it before, and how
    /// many do now; none where only what is new was asked for.
    Parts(Vec<(u64, u64)>),
}

/// What a list is asked for with.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The list as it was last time.
    pub earlier: Option<&'a Listing>,
    /// The tags that can matter; it is worth finding out whether they can be had alone, unless it is all of them.
    pub reach: &'a Reach,
    /// Whether a part of the list may be enough.
    pub may_be_part: bool,
    /// The time, by which what is known of a registry grows old.
    pub now: Timestamp,
}

/// What is remembered of how a list was read.
#[derive(Debug, Clone, Default)]
struct Trail {
    pages: Pages,
    /// Whether the names came in the order of their bytes.
    in_order: bool,
    /// The last name that came, which is the newest where lists grow at their end.
    last: Option<Box<str>>,
    /// Who it was read for; another may be shown other tags.
    reader: Option<CredentialSource>,
}

impl Scanner {
    /// Lists all tags of `repository`.
    ///
    /// # Errors
    ///
    /// The list could not be had whole. There is no partial list: nothing may be decided from one.
    pub async fn tags(&self, repository: &Repository) -> Result<Listing, ScanError> {
        let wish = Wish {
            earlier: None,
            reach: &Reach::Whole,
            may_be_part: false,
            now: Timestamp::from_unix_seconds(0),
        };
        self.relist(repository, &wish).await
    }

    /// Lists all tags of `repository` again, and reads no more of the list than it must.
    ///
    /// Where the registry is known to let a part be read, and an earlier list is known, that part is read. Anything in the answer
    /// that contradicts what is known of the registry leads to the whole list, at once and for a while.
    ///
    /// # Errors
    ///
    /// As for [`Scanner::tags`].
    pub async fn relist(&self, repository: &Repository, wish: &Wish<'_>) -> Result<Listing, ScanError> {
        let listed = self.noted(repository, self.list(repository, wish).await);
        listed.map_err(|failure| failure.of("list the tags of", repository))
    }

    async fn list(&self, repository: &Repository, wish: &Wish<'_>) -> Result<Listing, Failure> {
        let client = self.client(repository)?;
        let mut lists = Lists {
            operation: client.operation(repository).await?,
            url: client.url(repository, "tags/list"),
            client: &client,
            reader: None,
        };
        if wish.may_be_part
            && let Some(earlier) = wish.earlier
            && let Some(listing) = part::read(&mut lists, earlier, wish).await?
        {
            return Ok(listing);
        }
        read_whole(&mut lists, repository, wish).await
    }
}

/// The list of one repository, as it is asked for.
struct Lists<'a> {
    client: &'a RegistryClient,
    operation: Operation<'a>,
    url: Url,
    /// Who it is read for; `None` until an answer tells.
    reader: Option<CredentialSource>,
}

impl Lists<'_> {
    /// The address of a page of so many tags, behind `last`.
    fn page(&self, size: usize, last: Option<&str>) -> Url {
        let mut url = self.url.clone();
        let query = match last {
            // A tag holds no letter that would need an escape.
            Some(last) => format!("n={size}&last={last}"),
            None => format!("n={size}"),
        };
        url.set_query(Some(&query));
        url
    }

    /// Whether the last answer was for somebody else than the one before.
    fn is_for_another(&mut self) -> bool {
        let who = self.operation.who();
        if self.reader.is_none() {
            self.reader = who.cloned();
        }
        who != self.reader.as_ref()
    }

    async fn ask(&mut self, url: Url, limit: usize) -> Result<Answer, Failure> {
        let ask = Ask {
            kind: Kind::List,
            url,
            accept: "application/json",
            if_none_match: None,
            limit,
        };
        self.operation.ask(&ask).await
    }

    fn next(&self, answer: &Answer) -> Result<Option<Url>, LinkError> {
        let next = next_page(&answer.headers, &answer.url, self.url.path()).and_then(|next| self.own(next));
        next.map_err(|error| error.redacted(&self.operation.redactor()))
    }

    /// Where another host stands in for the registry, its next page would be asked there; but only this one answer may be from there.
    fn own(&self, next: Option<Url>) -> Result<Option<Url>, LinkError> {
        match next {
            Some(url) if Origin::of(&url) != Origin::of(&self.url) => {
                Err(LinkError::Elsewhere(one_line(url.as_str(), 200)))
            }
            next => Ok(next),
        }
    }
}

/// A list that is read from its start.
struct Course<'e> {
    whole: Whole<'e>,
    tail: Tail,
    next: Url,
}

impl<'e> Course<'e> {
    fn begin(lists: &mut Lists<'_>, size: usize, wish: &Wish<'e>) -> Self {
        lists.reader = None;
        // Registries without a bound of their own would send everything; ECR refuses more than a thousand.
        let next = lists.page(size, None);
        Self {
            whole: Whole::new(next.clone(), wish.earlier),
            tail: Tail::new(size, wish.now),
            next,
        }
    }
}

async fn read_whole(lists: &mut Lists<'_>, repository: &Repository, wish: &Wish<'_>) -> Result<Listing, Failure> {
    let mut size = lists.client.profile(|profile| profile.page());
    let mut asks_again = size == PAGE;
    let mut smaller = None;
    let mut course = Course::begin(lists, size, wish);
    loop {
        let answer = lists.ask(course.next.clone(), MAX_PAGE_BYTES).await?;
        if asks_again && let Some(largest) = largest_page(&lists.operation, &answer) {
            smaller = Some(largest);
            asks_again = false;
            size = largest as usize;
            course = Course::begin(lists, size, wish);
            continue;
        }
        asks_again = false;
        check_status(&lists.operation, &answer)?;
        if smaller.is_some() {
            // Only now is it known that the size was what the registry refused.
            lists.client.profile(|profile| profile.largest_page = smaller.take());
        }
        let mut link = lists.next(&answer);
        let mut is_last = false;
        match link {
            Ok(Some(_)) => course.tail.named(lists),
            Ok(None) => match course.tail.onward(lists, &answer).await? {
                Onward::End => {}
                Onward::Page(url) => link = Ok(Some(url)),
                Onward::Again => is_last = true,
            },
            Err(_) => {}
        }
        if lists.is_for_another() {
            // A list of which one saw the first half and another the second is what neither of them sees.
            course = Course::begin(lists, size, wish);
            continue;
        }
        if is_last {
            break;
        }
        match course.whole.page(answer.body, link)? {
            Some(url) => course.next = url,
            None => break,
        }
    }
    let mut ended = course.whole.finish(cuts_silently(repository.registry()))?;
    ended.listing.trail.reader = lists.reader.take();
    learn(lists, &ended, wish).await;
    Ok(ended.listing)
}

/// Learns of the registry what the list shows, and tests what it suggests if somebody would profit.
async fn learn(lists: &mut Lists<'_>, ended: &Ended, wish: &Wish<'_>) {
    let sight = Sight {
        tags: ended.listing.tags.len(),
        pages: ended.listing.pages,
        in_order: ended.in_order(),
        appended: ended.appended,
        // What grows at its end can be read from there whatever is wanted of it. Who lists once has nothing of it, and lists that
        // say digests are read whole for these.
        is_of_use: wish.earlier.is_some()
            && (*wish.reach != Reach::Whole || !ended.in_order())
            && !ended.says_digests(),
    };
    let client = lists.client;
    if sight.tags > 0 {
        client.profile(|profile| profile.bulk = ended.says_digests());
    }
    if client.profile(|profile| profile.saw(sight, wish.now)) {
        let shown = trial::run(lists, ended).await;
        client.profile(|profile| profile.end(shown, wish.now));
    }
}

/// The most tags that may be asked for at once, where a registry refuses more and says so.
fn largest_page(operation: &Operation<'_>, answer: &Answer) -> Option<u32> {
    if !matches!(answer.status.as_u16(), 400 | 413 | 422) {
        return None;
    }
    let words = operation.words(answer);
    let numbers = words.split(|letter: char| !letter.is_ascii_digit());
    let smaller = numbers
        .filter_map(|number| number.parse().ok())
        .filter(|&number: &u32| (10..PAGE as u32).contains(&number));
    smaller.max()
}

/// Whether the status says that what was asked for is in the answer.
pub(crate) fn check_status(operation: &Operation<'_>, answer: &Answer) -> Result<(), Failure> {
    let status = answer.status;
    if status == StatusCode::OK {
        return Ok(());
    }
    let words = operation.words(answer);
    match status.as_u16() {
        404 | 410 => Err(Failure::NotFound { status, words }),
        _ => Err(Failure::Status {
            who: "the registry".to_owned(),
            status,
            words,
        }),
    }
}

#[cfg(test)]
mod tests;
