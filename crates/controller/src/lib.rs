#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod access;
mod clock;
pub mod config;
mod contain;
mod daemon;
mod inventory;
mod once;
mod pace;
mod parts;
mod place;
pub mod policy_text;
mod reload;
mod scan;
mod state;
mod supervise;
mod update;

pub use daemon::{ConfigFile, Daemon, Nudges};
pub use once::{OnceReport, dry_run, run_once};
pub use supervise::Supervisor;
pub use update::{FileChange, Found, Index, IndexedFile, Readings};
