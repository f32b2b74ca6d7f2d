//! The rules of the pick (`contracts/policies.md` §5 and §6), shared by `select` and `decide`.
//!
//! [`Rules`] read one tag; [`best()`] finds the newest candidate without looking
//! at more than it must; [`conclude()`] says what follows from it.

mod best;
mod conclude;
mod rules;
mod source;

pub(crate) use best::{Found, best, blockers};
pub(crate) use conclude::{Outcome, conclude, follow};
pub(crate) use rules::{Read, Rules};
pub(crate) use source::Source;
