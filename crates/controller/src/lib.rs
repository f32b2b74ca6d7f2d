#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod pace;
mod state;
mod supervise;

pub use supervise::Supervisor;

pub mod config;
pub mod policy_text;
