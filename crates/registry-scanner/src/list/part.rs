//! Parts of a list, from registries that are known to let them be read.

use std::sync::Arc;

use domain::reach::{Reach, Stretch, stretches};
use domain::reference::Tag;
use domain::scan::{ListPart, TagList};
use http::StatusCode;
use tracing::debug;
use url::Url;

use super::{Listing, Lists, Reading, Trail, Wish, check_status};
use crate::client::Answer;
use crate::error::Failure;
use crate::names::Names;
use crate::profile::{ListOrder, Seek};
use crate::tags::{Item, MAX_PAGE_BYTES, MAX_TAGS, read_page};

/// More pages of one part are not followed.
const MAX_PAGES: usize = 200;

/// So many tags that were there before may be told of again behind the last one of a list that grows at its end.
const AGAIN: usize = 10;

/// Why a part is not to be had.
enum Refusal {
    /// The answer contradicts what is known of the registry, in these words.
    Contradiction(&'static str),
    /// There is no such tag any more to begin behind.
    NoMarker,
    /// The answer is for somebody else than the earlier list.
    Another,
    Failed(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Reads as little of the list as the wish allows; `None` if the whole of it has to be read.
pub(super) async fn read(
    lists: &mut Lists<'_>,
    earlier: &Listing,
    wish: &Wish<'_>,
) -> Result<Option<Listing>, Failure> {
    let profile = lists.client.profile(|profile| *profile);
    // A part says the digests of its tags alone, and to ask for the others costs more than it saves.
    if profile.bulk || !profile.seeks(wish.now) {
        return Ok(None);
    }
    lists.reader.clone_from(&earlier.trail.reader);
    let read = match (profile.order, wish.reach) {
        (ListOrder::Append, _) => match &earlier.trail.last {
            Some(last) => read_end(lists, earlier, last).await,
            None => return Ok(None),
        },
        (ListOrder::Lexical, Reach::Within(ranges)) => match stretches(&earlier.tags, ranges, profile.page()) {
            Some(stretches) => read_stretches(lists, earlier, &stretches).await,
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    let why = match read {
        Ok(listing) => return Ok(Some(listing)),
        Err(Refusal::Failed(failure)) => return Err(failure),
        Err(Refusal::Another) => return Ok(None),
        // That is how it is with tags that are deleted.
        Err(Refusal::NoMarker) if profile.seek == Seek::ExistingLast => return Ok(None),
        Err(Refusal::NoMarker) => "it does not know the tag to begin behind",
        Err(Refusal::Contradiction(why)) => why,
    };
    debug!(url = %lists.url, "The list is read whole, for the registry is not what it was found to be: {why}");
    lists.client.profile(|profile| profile.contradicted(wish.now));
    Ok(None)
}

async fn read_stretches(lists: &mut Lists<'_>, earlier: &Listing, all: &[Stretch]) -> Result<Listing, Refusal> {
    let mut parts = Vec::with_capacity(all.len());
    let mut pages = 0;
    for stretch in all {
        parts.push(read_stretch(lists, stretch, &mut pages).await?);
    }
    let renewed = earlier.tags.renewed(&parts);
    check_size(renewed.tags.len())?;
    Ok(listing(earlier, renewed.tags, Reading::Parts(renewed.sizes), pages))
}

/// The earlier list with other tags, or with the same.
fn listing(earlier: &Listing, tags: TagList, reading: Reading, pages: usize) -> Listing {
    let Listing { invalid, trail, .. } = earlier.clone();
    if tags == *earlier.tags {
        return Listing {
            tags: earlier.tags.clone(),
            invalid,
            pages,
            reading,
            trail,
            claims: Arc::default(),
        };
    }
    Listing {
        tags: Arc::new(tags),
        invalid,
        pages,
        reading,
        // The pages that were read as a whole told of other tags.
        trail: Trail {
            pages: trail.pages.anew(),
            ..trail
        },
        claims: Arc::default(),
    }
}

async fn read_stretch(lists: &mut Lists<'_>, stretch: &Stretch, pages: &mut usize) -> Result<ListPart, Refusal> {
    let mut names = Names::default();
    let mut last = stretch.after.clone();
    let mut next = lists.page(stretch.page, stretch.after.as_deref());
    let through = loop {
        let answer = ask(lists, next, pages).await?;
        let link = link(lists, &answer)?;
        let mut in_order = true;
        let count = each_name(&answer, |name| {
            in_order &= last.as_deref().is_none_or(|last| last < name);
            last = Some(name.to_owned());
            if Tag::is_valid(name) {
                names.push(name);
            }
        })?;
        check_size(names.len())?;
        if !in_order {
            return Err(Refusal::Contradiction("a tag does not come behind the one before it"));
        }
        let Some(url) = link.filter(|_| count > 0) else {
            break None;
        };
        let is_passed = |until: &String| last.as_deref().is_some_and(|last| last >= until.as_str());
        if stretch.until.as_ref().is_some_and(is_passed) {
            break last;
        }
        next = url;
    };
    let (text, ends) = names.into_parts();
    Ok(ListPart {
        after: stretch.after.clone(),
        through,
        tags: TagList::from_joined(text, ends),
    })
}

/// Reads what came behind the last tag of a list that grows at its end.
async fn read_end(lists: &mut Lists<'_>, earlier: &Listing, last: &str) -> Result<Listing, Refusal> {
    let size = lists.client.profile(|profile| profile.page());
    let (mut new, mut again, mut pages) = (Names::default(), 0, 0);
    let mut newest = earlier.trail.last.clone();
    let mut next = lists.page(size, Some(last));
    loop {
        let answer = ask(lists, next, &mut pages).await?;
        let link = link(lists, &answer)?;
        let mut is_behind = true;
        let count = each_name(&answer, |name| {
            is_behind &= name != last;
            if earlier.tags.contains(name) {
                again += 1;
            } else if Tag::is_valid(name) {
                new.push(name);
            }
            newest = Tag::is_valid(name).then(|| name.into()).or_else(|| newest.take());
        })?;
        if !is_behind || again > AGAIN.max(new.len()) {
            return Err(Refusal::Contradiction(
                "tags are told of again that were told of before",
            ));
        }
        check_size(earlier.tags.len() + new.len())?;
        match link.filter(|_| count > 0) {
            Some(url) => next = url,
            None => break,
        }
    }
    let tags = earlier.tags.iter().chain(new.iter()).collect();
    let mut listing = listing(earlier, tags, Reading::Parts(Vec::new()), pages);
    listing.trail.last = newest;
    Ok(listing)
}

/// What is true of a whole list is for the reading of the whole list to say.
fn check_size(tags: usize) -> Result<(), Refusal> {
    if tags > MAX_TAGS {
        return Err(Refusal::Contradiction("there are more tags than a list may have"));
    }
    Ok(())
}

async fn ask(lists: &mut Lists<'_>, url: Url, pages: &mut usize) -> Result<Answer, Refusal> {
    if *pages == MAX_PAGES {
        return Err(Refusal::Contradiction("a part of the list has no end"));
    }
    *pages += 1;
    let answer = lists.ask(url, MAX_PAGE_BYTES).await?;
    if lists.is_for_another() {
        return Err(Refusal::Another);
    }
    match answer.status {
        StatusCode::NOT_FOUND => Err(Refusal::NoMarker),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            Err(Refusal::Contradiction("it refuses the question"))
        }
        _ => {
            check_status(&lists.operation, &answer)?;
            Ok(answer)
        }
    }
}

fn link(lists: &Lists<'_>, answer: &Answer) -> Result<Option<Url>, Refusal> {
    lists
        .next(answer)
        .map_err(|_| Refusal::Contradiction("the `Link` to the next page cannot be followed"))
}

fn each_name(answer: &Answer, mut each: impl FnMut(&str)) -> Result<usize, Refusal> {
    let name = |item: Item<'_>| {
        if let Item::Name(name) = item {
            each(name);
        }
    };
    read_page(&answer.body, name).map_err(|error| Failure::bad("the list of tags", error).into())
}
