//! The rules of the pick (`contracts/policies.md` §5 and §6), shared by `select` and `decide`.
//!
//! A [`Lens`] reads names; [`Rules`] look at one tag beside the current value;
//! [`best()`] finds the newest candidate without looking at more than it must;
//! [`conclude()`] says what follows from it.

mod best;
mod conclude;
mod lens;
mod objection;
mod readings;
mod rules;
mod source;

pub(crate) use best::{Blocker, Found, Unknown, best, blockers};
pub(crate) use conclude::{Outcome, conclude, follow};
pub(crate) use lens::{Lens, Read, split_suffix};
pub(crate) use objection::Objection;
pub use objection::{Lacks, Side};
pub(crate) use readings::{ReadingMemory, Readings};
pub(crate) use rules::{Known, Rules, dotted_numbers, has_v};
pub(crate) use source::Source;
