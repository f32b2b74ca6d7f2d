//! Real git servers: over HTTP with passwords, over SSH with keys, and when someone else pushes first.

mod http;
mod races;
mod redirects;
mod refusals;
mod ssh;
mod stage;

pub(crate) use self::stage::{FILE, Stage};
