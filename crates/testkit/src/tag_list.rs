//! Lists of tags that cannot be believed.

use memory_registry::{Order, Registry};
use serde_json::json;

use crate::{Answer, Seen};

/// What becomes of a repository's list of tags on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagList {
    /// Nothing: the registry answers.
    Good,
    /// `"tags":[]`.
    Empty,
    /// `"tags":null`.
    Null,
    /// 200 and a page for people.
    Html,
    /// The newer half of the tags, and a second page that breaks off in the middle.
    CutAtPageTwo,
    /// Only so many tags, those that were pushed last.
    Newest(usize),
    /// All tags but this.
    Without(String),
    /// These tags, whether there are such or not.
    Only(Vec<String>),
    /// This answer.
    Answer(u16),
}

/// A request for a list of tags.
pub(crate) struct TagListRequest<'a> {
    pub(crate) repository: &'a str,
    /// Whether it asks for a later page than the first.
    later: bool,
}

impl<'a> TagListRequest<'a> {
    pub(crate) fn read(seen: &'a Seen) -> Option<Self> {
        let repository = seen.path.strip_prefix("/v2/")?.strip_suffix("/tags/list")?;
        Some(Self {
            repository,
            later: seen.query.contains("last="),
        })
    }
}

impl TagList {
    /// The answer, if not the registry's own.
    pub(crate) fn answer(&self, behind: &Registry, request: &TagListRequest<'_>) -> Option<Answer> {
        let name = request.repository;
        let pushed = || behind.tags_in(Order::Pushed, name);
        let list = |mut tags: Vec<String>| {
            tags.sort();
            Answer::tags(name, &tags)
        };
        Some(match self {
            Self::Good => return None,
            Self::Empty => list(Vec::new()),
            Self::Null => Answer::json(json!({"name": name, "tags": null}).to_string()),
            Self::Html => Answer::html("<!doctype html><title>Sign in</title><p>Please sign in."),
            Self::CutAtPageTwo if request.later => list(pushed()).cut_after(25),
            Self::CutAtPageTwo => {
                let tags = pushed();
                let half = tags[tags.len() / 2..].to_vec();
                let last = half.iter().max().cloned().unwrap_or_default();
                list(half).next(&format!("/v2/{name}/tags/list?last={last}"))
            }
            Self::Newest(count) => {
                let tags = pushed();
                list(tags[tags.len().saturating_sub(*count)..].to_vec())
            }
            Self::Without(gone) => list(pushed().into_iter().filter(|tag| tag != gone).collect()),
            Self::Only(tags) => list(tags.clone()),
            Self::Answer(status) => Answer::status(*status),
        })
    }
}
