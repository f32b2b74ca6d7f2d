//! What a scan takes over from the one before, and leaves to the one after.

use std::collections::{BTreeMap, BTreeSet};

use domain::accept::ListStanding;
use domain::reference::{Digest, Tag};
use domain::scan::{Need, Scan};
use metadata_cache::Image;

use super::super::gather::Trouble;
use super::{Brief, Inquiry, Stage, aspect, fact, gone};
use crate::scan::memory::sweep::{self, Round};
use crate::scan::memory::{Memory, Resolved};
use crate::scan::wanted::currents;

/// Where git holds a digest without a tag: of so many tags that had it, each scan makes sure that they still do. They are few,
/// unless somebody gives every build of a week the same digest.
pub(super) const MOST_BEARERS: usize = 100;

impl<'a> Inquiry<'a> {
    /// A scan that is there, and of which more is asked; what it resolved need not be resolved again.
    pub(in crate::scan::attempt) fn resume(brief: Brief<'a>, scan: Scan) -> Self {
        let mut inquiry = Self {
            stage: Stage::Resumed,
            ..Self::begin(brief, scan)
        };
        for (tag, resolved) in &brief.memory.tags {
            if resolved.at == inquiry.scan.completed {
                let digest = resolved.digest.clone().map(|digest| (tag.clone(), Ok(digest)));
                inquiry.heads.extend(digest);
            } else if inquiry.scan.facts.contains_key(tag) {
                inquiry.carried.insert(tag.clone(), resolved.at);
            }
        }
        inquiry
    }

    /// Takes over what an earlier scan knew; `false` if that says nothing, or would not do.
    pub(super) fn recall(&mut self, need: &Need) -> bool {
        let (tag, Some(aspect)) = (need.tag(), aspect(need)) else {
            return false;
        };
        // Where the list says digests, it says more than memory does, and costs no more.
        let is_listed = self.brief.listing.is_some_and(|listing| listing.digest(tag).is_some());
        if is_listed || self.heads.contains_key(tag) {
            return false;
        }
        let Some(resolved) = self.brief.memory.tags.get(tag) else {
            return false;
        };
        let fact = match &resolved.digest {
            None => gone(),
            Some(digest) => match self.image(digest) {
                Some(image) if aspect.is_in(&image) => fact(None, &image),
                _ => return false,
            },
        };
        self.absent.extend(fact.gone.then(|| tag.clone()));
        self.scan.facts.insert(tag.clone(), fact);
        self.carried.insert(tag.clone(), resolved.at);
        self.recalled.insert(tag.clone());
        true
    }

    /// Finds out, for needs about tags whose digest is remembered, what was not found out about that digest: a host may have
    /// been asked for more than it gives at once. Takes away the needs that are settled by that.
    pub(super) async fn look_up_remembered(&mut self, needs: &mut Vec<Need>) {
        let remembered = |need: &Need| {
            let digest = self.brief.memory.digest(need.tag())?;
            let wanted = aspect(need).filter(|_| !self.heads.contains_key(need.tag()))?;
            Some((digest.clone(), wanted))
        };
        let wants: Vec<_> = needs.iter().filter_map(remembered).collect();
        self.look_up(wants).await;
        needs.retain(|need| !self.recall(need) && !self.is_put_off(need));
    }

    /// Whether a host that fails keeps a need about a remembered tag from being met. The tag stays remembered.
    fn is_put_off(&mut self, need: &Need) -> bool {
        let tag = need.tag();
        let (Some(resolved), Some(aspect)) = (self.brief.memory.tags.get(tag), aspect(need)) else {
            return false;
        };
        let Some(digest) = resolved.digest.clone().filter(|_| !self.heads.contains_key(tag)) else {
            return false;
        };
        let Some(Trouble::Host(words)) = self.troubles.get(&(digest, aspect)) else {
            return false;
        };
        self.fail(need.clone(), words.clone());
        self.carried.insert(tag.clone(), resolved.at);
        true
    }

    /// Resolves some of the tags again that were taken over, and what git holds, if it is time for that; `false` if it is not.
    /// What follows from that is still to be found out.
    pub(super) async fn sweep(&mut self) -> bool {
        let mut found = self.heads.iter().filter(|(_, head)| head.is_ok());
        let round = if found.any(|(tag, _)| !self.brief.memory.tags.contains_key(tag)) {
            Round::WithNews
        } else {
            Round::Quiet
        };
        if !sweep::is_due(self.swept, self.scan.completed, self.brief.interval, round) {
            return false;
        }
        let recalled = self.carried.iter().filter(|(tag, _)| self.recalled.contains(*tag));
        let mut again = sweep::step(recalled.map(|(tag, &at)| (tag, at)));
        if again.is_empty() {
            return false;
        }
        self.swept = Some(self.scan.completed);
        let held = currents(self.brief.asks);
        let named = self.carried.keys().filter(|tag| held.contains(*tag));
        again.extend(named.filter(|tag| !again.contains(tag)).cloned().collect::<Vec<_>>());
        self.resolve_again(again).await;
        true
    }

    /// Resolves tags that were carried over. One that has moved, or cannot be resolved, is as good as new.
    pub(super) async fn resolve_again(&mut self, tags: Vec<Tag>) {
        self.resolve(tags.iter().map(|tag| (tag.clone(), None)).collect::<Vec<_>>())
            .await;
        for tag in tags {
            match self.heads.get(&tag) {
                Some(Ok(digest)) => {
                    let fact = fact(Some(digest.clone()), &Image::default());
                    self.learn(tag, fact);
                }
                _ => {
                    self.carried.remove(&tag);
                    self.forget(&tag);
                }
            }
        }
    }

    /// Takes, of the tags that were carried over, those that git holds and that matter now: by name, where the value would move or
    /// has a digest; or by the digest that they had.
    pub(super) fn take_held(&mut self) -> Vec<Tag> {
        let asks = self.brief.asks.iter().enumerate();
        let matters = asks.filter(|(place, ask)| self.moving.contains(place) || ask.current.digest.is_some());
        let held: BTreeSet<&Tag> = matters.filter_map(|(_, ask)| ask.current.tag.as_ref()).collect();
        let values = self.brief.asks.iter().map(|ask| &ask.current);
        let bare: BTreeSet<&Digest> = values
            .filter(|value| value.tag.is_none())
            .filter_map(|value| value.digest.as_ref())
            .collect();
        let digest = |tag: &Tag| self.brief.memory.digest(tag);
        let (named, others): (Vec<&Tag>, Vec<&Tag>) = self.carried.keys().partition(|tag| held.contains(*tag));
        let bearers = others
            .into_iter()
            .filter(|tag| digest(tag).is_some_and(|digest| bare.contains(digest)));
        let bearers: Vec<&Tag> = bearers.take(self.bearers).collect();
        self.bearers -= bearers.len();
        named.into_iter().chain(bearers).cloned().collect()
    }

    /// What the next scan may start from.
    pub(super) fn memory(&self) -> Memory {
        let mut tags = BTreeMap::new();
        for (tag, resolved) in &self.brief.memory.tags {
            let is_known_anew = self.heads.contains_key(tag);
            if self.carried.contains_key(tag) || (!is_known_anew && self.keeps(tag)) {
                tags.insert(tag.clone(), resolved.clone());
            }
        }
        for (tag, head) in &self.heads {
            let is_gone = self.scan.facts.get(tag).is_some_and(|fact| fact.gone);
            let digest = match head {
                _ if is_gone => None,
                Ok(digest) if !self.absent.contains(tag) => Some(digest.clone()),
                _ => continue,
            };
            let at = self.scan.completed;
            tags.insert(tag.clone(), Resolved { digest, at });
        }
        Memory {
            swept: self.swept.or(Some(self.scan.completed)),
            kept: self.brief.memory.kept,
            ..Memory::of(tags, |digest| self.image(digest))
        }
    }

    /// Whether a tag is remembered although nobody wants to know of it now: while a list is in doubt, nobody does.
    fn keeps(&self, tag: &Tag) -> bool {
        match self.stage {
            Stage::Resumed => true,
            Stage::Begun if self.brief.standing.list != ListStanding::Plausible => true,
            Stage::Begun => !self.brief.standing.missing.is_empty() && self.scan.tags.contains(tag.as_str()),
        }
    }

    /// What was known of a tag is no longer so; who wants to know asks again.
    pub(super) fn forget(&mut self, tag: &Tag) {
        self.scan.facts.remove(tag);
        for need in [Need::Digest, Need::Platforms, Need::BuildTime] {
            self.asked.remove(&need(tag.clone()));
        }
    }
}
