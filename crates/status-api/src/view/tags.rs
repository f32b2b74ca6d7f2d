//! `GET /api/v1/images/{name}/tags`: each tag with its verdict, worked out when asked.

use std::collections::BTreeMap;

use domain::{
    reference::Timestamp,
    scan::{Created, Fact, Scan},
    select::{Candidate, ConflictingCandidates, TagVerdict, select},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    image::{ListView, list},
    page::{Page, Part},
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
    selection: SelectionView,
    rows: Vec<Row<'a>>,
}

/// A tag with what became of it.
#[derive(Debug, Clone, Copy)]
enum Row<'a> {
    /// The policy's verdict.
    Verdict(&'a TagVerdict<'a>),
    /// Listed, but without a manifest: no policy sees it.
    Gone(&'a str),
    /// There is no policy.
    Plain(&'a str),
}

impl Row<'_> {
    fn tag(&self) -> &str {
        match self {
            Self::Verdict(verdict) => verdict.tag,
            Self::Gone(tag) | Self::Plain(tag) => tag,
        }
    }

    fn code(&self) -> Option<&'static str> {
        match self {
            Self::Verdict(verdict) => Some(verdict.verdict.code()),
            Self::Gone(_) => Some("gone"),
            Self::Plain(_) => None,
        }
    }

    fn reason(&self) -> Option<String> {
        match self {
            Self::Verdict(verdict) => Some(verdict.to_string()),
            Self::Gone(tag) => Some(format!("{tag} is listed, but its manifest is gone")),
            Self::Plain(_) => None,
        }
    }
}

/// Works out every verdict and shows them; takes seconds for a list of a million tags.
///
/// `None` where the target has no readable policy.
pub(crate) fn judge<T>(
    scan: &Scan,
    target: &TargetReport,
    now: Timestamp,
    show: impl FnOnce(&Judged<'_>) -> T,
) -> Result<Option<T>, ConflictingCandidates> {
    let Some(policy) = &target.policy else {
        return Ok(None);
    };
    let is_gone = |tag: &&str| fact(tag, scan).is_some_and(|fact| fact.gone);
    let (gone, there): (Vec<&str>, Vec<&str>) = scan.tags.iter().partition(is_gone);
    let candidates: Vec<Candidate> = there.into_iter().map(|tag| candidate(tag, scan)).collect();
    let selection = select(policy, &candidates, Some(&target.current), now)?;
    let rows = selection.verdicts.iter().map(Row::Verdict);
    Ok(Some(show(&Judged {
        scan,
        rows: rows.chain(gone.into_iter().map(Row::Gone)).collect(),
        selection: SelectionView {
            policy: policy.to_string(),
            current: target.current.to_string(),
            pick: selection.pick.as_ref().map(ToString::to_string),
            reason: selection.reason.code().to_owned(),
            text: selection.reason.to_string(),
            blocked_by: selection.blocked_by.clone(),
        },
    })))
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

fn fact<'s>(tag: &str, scan: &'s Scan) -> Option<&'s Fact> {
    scan.facts.get(tag)
}

impl Judged<'_> {
    pub(crate) fn verdicts(&self) -> VerdictsView {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for code in self.rows.iter().filter_map(Row::code) {
            *counts.entry(code.to_owned()).or_default() += 1;
        }
        let foremost = self.rows.iter().take(FOREMOST);
        VerdictsView {
            selection: self.selection.clone(),
            counts,
            tags: foremost.map(|row| tag_view(*row, self.scan)).collect(),
        }
    }

    fn part(&self, page: Page) -> Part<TagView> {
        page.of(self.rows.iter()).map(|row| tag_view(*row, self.scan))
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
        (Some(scan), Some(target)) => judge(scan, target, now, |judged| {
            (judged.part(page), judged.selection.clone())
        })?,
        _ => None,
    };
    let (part, selection) = match (judged, scan) {
        (Some((part, selection)), _) => (part, Some(selection)),
        (None, Some(scan)) => (
            page.of(scan.tags.iter()).map(|tag| tag_view(Row::Plain(tag), scan)),
            None,
        ),
        (None, None) => (page.of(std::iter::empty()), None),
    };
    Ok(TagsView {
        image: report.repository.to_string(),
        last_complete_scan: scan.map(|scan| rfc3339(scan.completed)),
        list: report.standing.as_ref().map(list),
        target: target.map(|target| target.id.clone()),
        targets: users,
        selection,
        total: part.total,
        next_offset: part.next_offset,
        tags: part.items,
    })
}

fn tag_view(row: Row<'_>, scan: &Scan) -> TagView {
    let fact = fact(row.tag(), scan);
    TagView {
        tag: row.tag().to_owned(),
        verdict: row.code().map(str::to_owned),
        reason: row
            .reason()
            .map(|reason| match fact.and_then(|fact| fact.flaw.as_ref()) {
                Some(flaw) => format!("{reason}; {flaw}"),
                None => reason,
            }),
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
