#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub use self::{
    board::{Board, Snapshot},
    client::{AddressError, AskError, Client, OpenWayError},
    guard::{Access, Guard},
    metrics::Metrics,
    problem::{Problem, ProblemPart},
    router::{Api, Clock, router},
    scans::Scans,
    server::{Limits, Server},
    token::{Token, TokenError},
};

pub mod report;
pub mod view;

mod board;
mod client;
mod guard;
mod headers;
mod judge;
mod metrics;
mod openapi;
mod page;
mod problem;
mod router;
#[cfg(test)]
mod sample;
mod scans;
mod server;
mod token;
