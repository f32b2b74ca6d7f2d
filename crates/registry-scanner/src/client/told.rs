//! What a registry and its token servers have been shown, and may send back at any time, to anybody.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use transport::{Redactor, Secret};

/// More secrets are not remembered: the oldest go first.
const MOST: usize = 64;

/// Secrets that went out, the newest last.
#[derive(Default)]
pub(super) struct Told(Mutex<VecDeque<Secret>>);

impl Told {
    /// Remembers these.
    pub(super) fn note(&self, secrets: &[Secret]) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for secret in secrets {
            if told.contains(secret) {
                continue;
            }
            if told.len() == MOST {
                told.pop_front();
            }
            told.push_back(secret.clone());
        }
    }

    /// Takes them, and `more`, out of texts.
    pub(super) fn redactor(&self, more: &[Secret]) -> Redactor {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Redactor::new(told.iter().chain(more))
    }

    /// Goes on from what was told under an earlier configuration.
    pub(super) fn inherit(&self, earlier: &Self) {
        let earlier = earlier.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.note(Vec::from(earlier).as_slice());
    }
}
