//! The candidates of one operation, standing in line: the one that opened the repository last time in front, nobody at the end.

use transport::Secret;

use crate::credential::Credential;
use crate::credentials::{Candidate, Candidates, CredentialUnavailable, Identity, Known, Openers, Passed};

/// Who is asked for in one operation, one after the other.
pub(super) struct Line {
    turns: Vec<Turn>,
    at: usize,
    /// Whose turn it was when the last answer came, and whether a credential was shown for it.
    opened: Option<(usize, bool)>,
    /// In the order in which they were tried.
    refused: Vec<String>,
    /// Something is configured and cannot be had, so nobody asks as nobody.
    unavailable: Vec<CredentialUnavailable>,
    known: Known,
}

/// One candidate.
struct Turn {
    /// Its place in the order of the candidates.
    place: usize,
    candidate: Candidate,
    /// Who that is, once it is known.
    identity: Option<Identity>,
    /// A fresh credential was fetched after the first was refused.
    renewed: bool,
}

impl Line {
    pub(super) fn new(candidates: Candidates, path: &str, openers: &Openers) -> Self {
        let known = openers.known(path, &candidates.list, &candidates.skipped);
        let turn = |(place, candidate)| Turn {
            place,
            identity: match &candidate {
                Candidate::Known(identity) => Some(identity.clone()),
                Candidate::Helper(_) | Candidate::Cloud => None,
            },
            candidate,
            renewed: false,
        };
        let mut turns: Vec<Turn> = candidates.list.into_iter().enumerate().map(turn).collect();
        if let Some(opener) = known.opener.filter(|&opener| opener < turns.len()) {
            let opener = turns.remove(opener);
            turns.insert(0, opener);
        }
        let mut line = Self {
            turns,
            at: 0,
            opened: None,
            refused: Vec::new(),
            unavailable: candidates.broken,
            known,
        };
        line.end();
        line
    }

    /// Puts nobody at the end of the line if all others have left it and none was refused or failed; `false` if that may not be.
    fn end(&mut self) -> bool {
        if self.at < self.turns.len() || !self.refused.is_empty() || !self.unavailable.is_empty() {
            return self.at < self.turns.len();
        }
        let nobody = Identity::nobody();
        self.turns.push(Turn {
            place: self.turns.len(),
            candidate: Candidate::Known(nobody.clone()),
            identity: Some(nobody),
            renewed: true,
        });
        true
    }

    /// Whether there is someone to ask for.
    pub(super) fn has_turn(&self) -> bool {
        self.at < self.turns.len()
    }

    /// Whether something is configured and cannot be had, and only the cloud is left to ask.
    pub(super) fn is_only_of_cloud(&self) -> bool {
        let only_cloud = self.turns.iter().all(|turn| matches!(turn.candidate, Candidate::Cloud));
        self.has_turn() && only_cloud && !self.unavailable.is_empty()
    }

    /// Whether something is configured and cannot be had.
    pub(super) fn lacks_somebody(&self) -> bool {
        !self.unavailable.is_empty()
    }

    /// Whether the one whose turn it is may have something to show. (Registries of clouds show strangers all or nothing.)
    pub(super) fn is_somebody(&self) -> bool {
        match self.candidate() {
            Candidate::Known(identity) => identity.credential.is_some(),
            Candidate::Helper(_) => true,
            Candidate::Cloud => false,
        }
    }

    /// The one whose turn it is.
    pub(super) fn candidate(&self) -> &Candidate {
        &self.turns[self.at].candidate
    }

    /// Who that is, as far as is known.
    pub(super) fn identity(&self) -> Option<&Identity> {
        self.turns[self.at].identity.as_ref()
    }

    pub(super) fn identify(&mut self, identity: Identity) {
        self.turns[self.at].identity = Some(identity);
    }

    /// The credential that a helper or a cloud gave and that was just refused: another may be fetched, once.
    pub(super) fn renewable(&mut self) -> Option<Credential> {
        let turn = &mut self.turns[self.at];
        if turn.renewed || matches!(turn.candidate, Candidate::Known(_)) {
            return None;
        }
        turn.renewed = true;
        turn.identity.as_ref()?.credential.clone()
    }

    /// The registry did not accept this one; `false` if nobody is left.
    pub(super) fn refused(&mut self, reason: &str) -> bool {
        let turn = &self.turns[self.at];
        match &turn.identity {
            Some(identity) if identity.credential.is_some() => {
                let passed = Passed::new(&identity.source, reason);
                self.refused.push(passed.name.clone());
                self.known.broken.remove(&turn.place);
                self.known.refused.insert(turn.place, passed);
            }
            _ => self.refused.push(String::new()),
        }
        self.next()
    }

    /// This one cannot be had; `false` if nobody is left.
    pub(super) fn unavailable(&mut self, passed: Passed, why: CredentialUnavailable) -> bool {
        let place = self.turns[self.at].place;
        self.known.refused.remove(&place);
        self.known.broken.insert(place, passed);
        self.unavailable.push(why);
        self.next()
    }

    /// This one has nothing for the repository, and that is worth a word or not.
    pub(super) fn absent(&mut self, passed: Option<Passed>) {
        let place = self.turns[self.at].place;
        self.known.refused.remove(&place);
        self.known.broken.remove(&place);
        if let Some(passed) = passed {
            self.known.broken.insert(place, passed);
        }
        self.next();
    }

    fn next(&mut self) -> bool {
        self.at += 1;
        self.end()
    }

    /// This one opened the repository, or the repository is open to all and nothing was `shown`; whether that is news.
    pub(super) fn opened(&mut self, shown: bool) -> bool {
        if self.opened == Some((self.at, shown)) {
            return false;
        }
        self.opened = Some((self.at, shown));
        let turn = &self.turns[self.at];
        let identity = turn.identity.as_ref().filter(|_| shown);
        if let Some(identity) = identity.filter(|identity| identity.credential.is_some()) {
            self.known.opener = Some(turn.place);
            self.known.refused.remove(&turn.place);
            self.known.broken.remove(&turn.place);
            self.known.used = Some(identity.source.clone());
        } else {
            self.known.used = Some(Identity::nobody().source);
        }
        true
    }

    /// Nobody opened it.
    pub(super) fn closed(&mut self) {
        self.known.opener = None;
        self.known.used = None;
    }

    pub(super) fn known(&self) -> &Known {
        &self.known
    }

    /// Who was refused, in order, and who could not even be tried.
    pub(super) fn story(&self) -> String {
        let names: Vec<&str> = self
            .refused
            .iter()
            .map(String::as_str)
            .filter(|name| !name.is_empty())
            .collect();
        let passed: Vec<&Passed> = self.known.broken.values().chain(&self.known.skipped).collect();
        let mut story = match (names.is_empty(), passed.is_empty()) {
            (true, true) => "no credential is known for it".to_owned(),
            (true, false) => "no credential for it can be used".to_owned(),
            (false, _) => format!("{} did not open it", names.join(", then ")),
        };
        for passed in passed.iter().take(TOLD) {
            story.push_str(&format!("; {} is passed by: {}", passed.name, passed.reason));
        }
        if passed.len() > TOLD {
            story.push_str(&format!("; {} more are passed by", passed.len() - TOLD));
        }
        story
    }

    /// Why there is nothing that could be shown, where nothing was refused.
    pub(super) fn why_unavailable(&mut self) -> Option<CredentialUnavailable> {
        if !self.refused.is_empty() || self.unavailable.is_empty() {
            return None;
        }
        let told = self.known.broken.len() + self.known.skipped.len();
        if self.unavailable.len() == 1 && told <= 1 {
            return self.unavailable.pop();
        }
        Some(CredentialUnavailable::Several(self.story()))
    }

    /// All secrets that could come back.
    pub(super) fn secrets(&self) -> impl Iterator<Item = Secret> {
        let identities = self.turns.iter().filter_map(|turn| turn.identity.as_ref());
        let credentials = identities.filter_map(|identity| identity.credential.as_ref());
        credentials.map(|credential| credential.secret().clone())
    }
}

/// Passed candidates that an error names, at most.
const TOLD: usize = 5;

#[cfg(test)]
mod tests;
