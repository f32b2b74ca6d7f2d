//! `GET /api/v1/images/{name}/tags`: each tag with its verdict, worked out when asked.

use std::collections::BTreeMap;

use domain::{
    reference::{Tag, Timestamp},
    scan::{Fact, Scan},
    select::{Candidate, ConflictingCandidates, Created, Selection, TagVerdict, select},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    image::{ListView, list},
    page::Page,
    time::rfc3339,
};
use crate::report::{ImageReport, TargetReport};

/// A part of an image's tags, each with its verdict for one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TagsView {
    /// The image's canonical name.
    pub image: String,
    /// When the last complete scan ended; absent before the first.
    #[schema(format = DateTime)]
    pub last_complete_scan: Option<String>,
    /// Whether the list may be decided from.
    pub list: Option<ListView>,
    /// The target whose policy and current value the verdicts are for; absent where no target has one.
    pub target: Option<String>,
    /// Targets that use the image, at most a hundred; ask with `target=` for the verdicts of another.
    pub targets: Vec<String>,
    /// What the policy says of the whole list.
    pub selection: Option<SelectionView>,
    /// All tags there are.
    pub total: usize,
    /// Where the next part begins; absent in the last one.
    pub next_offset: Option<usize>,
    /// The foremost first; by name where there are no verdicts.
    pub tags: Vec<TagView>,
}

/// What a policy says of a whole list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelectionView {
    /// The policy.
    pub policy: String,
    /// The current value.
    pub current: String,
    /// The value that the policy alone would write.
    pub pick: Option<String>,
    /// Why, as a code.
    #[schema(example = "upToDate")]
    pub reason: String,
    /// Why, as a sentence.
    pub text: String,
    /// The tag whose unknown facts hold the pick back.
    pub blocked_by: Option<String>,
}

/// One tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TagView {
    /// The tag.
    pub tag: String,
    /// The verdict as a code; absent where no target has a policy for it.
    #[schema(example = "outOfRange")]
    pub verdict: Option<String>,
    /// The verdict as a sentence.
    pub reason: Option<String>,
    /// Its digest, where it was asked for.
    pub digest: Option<String>,
    /// Its build time, where it is known.
    #[schema(format = DateTime)]
    pub created: Option<String>,
    /// Its platforms, where they are known.
    pub platforms: Option<Vec<String>>,
}

/// The verdicts behind one decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerdictsView {
    /// What the policy says of the whole list.
    pub selection: SelectionView,
    /// How many tags got each verdict.
    pub counts: BTreeMap<String, usize>,
    /// The foremost tags, at most twenty.
    pub tags: Vec<TagView>,
}

/// Targets that are named beside the tags.
pub(crate) const USERS: usize = 100;

/// Tags that a target's detail shows.
const FOREMOST: usize = 20;

/// What a target's policy says of a scan.
#[derive(Debug)]
pub(crate) struct Judged<'a> {
    scan: &'a Scan,
    policy: String,
    current: String,
    selection: Selection,
}

/// Works out every verdict; takes seconds for a list of a million tags.
///
/// `None` where the target has no readable policy.
pub(crate) fn judge<'a>(
    scan: &'a Scan,
    target: &TargetReport,
    now: Timestamp,
) -> Result<Option<Judged<'a>>, ConflictingCandidates> {
    let Some(policy) = &target.policy else {
        return Ok(None);
    };
    let candidates: Vec<Candidate> = scan.tags.iter().map(|tag| candidate(tag, scan)).collect();
    let selection = select(policy, &candidates, Some(&target.current), now)?;
    Ok(Some(Judged {
        scan,
        policy: policy.to_string(),
        current: target.current.to_string(),
        selection,
    }))
}

fn candidate(tag: &str, scan: &Scan) -> Candidate {
    let fact = fact(tag, scan);
    Candidate {
        tag: tag.to_owned(),
        created: fact.map_or(Created::Unknown, |fact| fact.created),
        digest: fact.and_then(|fact| fact.digest.clone()),
        platforms: fact.and_then(|fact| fact.platforms.clone()),
    }
}

fn fact<'a>(tag: &str, scan: &'a Scan) -> Option<&'a Fact> {
    scan.facts.get(&Tag::parse(tag).ok()?)
}

impl Judged<'_> {
    pub(crate) fn verdicts(&self) -> VerdictsView {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for tag in &self.selection.verdicts {
            *counts.entry(tag.verdict.code().to_owned()).or_default() += 1;
        }
        let foremost = self.selection.verdicts.iter().take(FOREMOST);
        VerdictsView {
            selection: self.selection(),
            counts,
            tags: foremost.map(|tag| judged_tag(tag, self.scan)).collect(),
        }
    }

    fn selection(&self) -> SelectionView {
        SelectionView {
            policy: self.policy.clone(),
            current: self.current.clone(),
            pick: self.selection.pick.as_ref().map(ToString::to_string),
            reason: self.selection.reason.code().to_owned(),
            text: self.selection.reason.to_string(),
            blocked_by: self.selection.blocked_by.clone(),
        }
    }
}

/// The part of an image's tags, with the verdicts for `target` where it has any.
pub(crate) fn tags(
    report: &ImageReport,
    target: Option<&TargetReport>,
    users: Vec<String>,
    page: Page,
    now: Timestamp,
) -> Result<TagsView, ConflictingCandidates> {
    let scan = report.scan.as_deref();
    let judged = match (scan, target) {
        (Some(scan), Some(target)) => judge(scan, target, now)?,
        _ => None,
    };
    let (total, next_offset, tags) = match (&judged, scan) {
        (Some(judged), _) => {
            let part = page.of(judged.selection.verdicts.iter());
            let tags = part.items.into_iter().map(|tag| judged_tag(tag, judged.scan)).collect();
            (part.total, part.next_offset, tags)
        }
        (None, Some(scan)) => plain_tags(scan, page),
        (None, None) => (0, None, Vec::new()),
    };
    Ok(TagsView {
        image: report.repository.to_string(),
        last_complete_scan: scan.map(|scan| rfc3339(scan.completed)),
        list: report.standing.as_ref().map(list),
        target: target.map(|target| target.id.clone()),
        targets: users,
        selection: judged.as_ref().map(Judged::selection),
        total,
        next_offset,
        tags,
    })
}

fn plain_tags(scan: &Scan, page: Page) -> (usize, Option<usize>, Vec<TagView>) {
    let names: Vec<&str> = scan.tags.iter().collect();
    let part = page.of(names.into_iter());
    let tags = part.items.into_iter().map(|tag| tag_view(tag, None, scan)).collect();
    (part.total, part.next_offset, tags)
}

fn judged_tag(tag: &TagVerdict, scan: &Scan) -> TagView {
    tag_view(&tag.tag, Some(tag), scan)
}

fn tag_view(tag: &str, verdict: Option<&TagVerdict>, scan: &Scan) -> TagView {
    let fact = fact(tag, scan);
    TagView {
        tag: tag.to_owned(),
        verdict: verdict.map(|tag| tag.verdict.code().to_owned()),
        reason: verdict.map(|tag| tag.verdict.to_string()),
        digest: fact.and_then(|fact| fact.digest.as_ref()).map(ToString::to_string),
        created: fact.and_then(|fact| match fact.created {
            Created::At(time) => Some(rfc3339(time)),
            Created::Unknown | Created::Never => None,
        }),
        platforms: fact
            .and_then(|fact| fact.platforms.as_ref())
            .map(|platforms| platforms.iter().map(ToString::to_string).collect()),
    }
}
