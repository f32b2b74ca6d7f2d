//! Lists of tags that must not be believed: nothing is written from doubt.

mod doubt;
mod marks;
mod recovery;
mod stage;
