#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub use self::{
    board::{Board, Snapshot},
    client::{AddressError, AskError, Client},
    metrics::Metrics,
    problem::Problem,
    router::{Api, Clock, router},
    server::{Limits, Server},
};

pub mod report;
pub mod view;

mod board;
mod client;
mod headers;
mod judge;
mod metrics;
mod openapi;
mod page;
mod problem;
mod router;
#[cfg(test)]
mod sample;
mod server;
