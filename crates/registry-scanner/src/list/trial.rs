//! The self-test of a registry: whether a list can be begun behind a tag, and behind what is no tag.

use super::Lists;
use super::whole::Ended;
use crate::error::Failure;
use crate::profile::Shown;
use crate::tags::{Item, read_page};

/// The largest answer to a question for one tag; registries that send everything need not send all of it.
const LIMIT: usize = 64 * 1024;

/// Asks for the one tag behind a tag that was listed, then for the one behind a name beside it. `None` if there was no telling.
pub(super) async fn run(lists: &mut Lists<'_>, ended: &Ended) -> Option<Shown> {
    let [marker, successor, _] = ended.middle.as_ref()?;
    if !gives(lists, marker, successor).await? {
        return Some(Shown::Nothing);
    }
    // Nothing that a tag can hold comes before `-`, so that there is no tag between these two.
    let beside = format!("{marker}-");
    if !ended.in_order() || beside >= *successor || beside.len() > 128 {
        return Some(Shown::BehindTag);
    }
    Some(if gives(lists, &beside, successor).await? {
        Shown::BehindAny
    } else {
        Shown::BehindTag
    })
}

/// Whether a list of one tag behind `last` is this one, and says that there are more.
async fn gives(lists: &mut Lists<'_>, last: &str, tag: &str) -> Option<bool> {
    let answer = match lists.ask(lists.page(1, Some(last)), LIMIT).await {
        Ok(answer) => answer,
        Err(Failure::Body(error)) if error.is_too_large() => return Some(false),
        Err(_) => return None,
    };
    if answer.status.is_server_error() {
        return None;
    }
    let (mut names, mut is_tag) = (0, true);
    let read = read_page(&answer.body, |item| {
        if let Item::Name(name) = item {
            names += 1;
            is_tag &= name == tag;
        }
    });
    let goes_on = matches!(lists.next(&answer), Ok(Some(_)));
    Some(answer.status.is_success() && read.is_ok() && names == 1 && is_tag && goes_on)
}
