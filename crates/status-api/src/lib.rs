//! What people see: the Board, its JSON, the page, and the client that reads it.
//!
//! The loops post [`report`]s to the [`Board`]; the [`router()`] answers from it with [`view`]s, and
//! the [`client`] reads them back. Nothing here decides anything, and nothing changes anything: every
//! request is a read.

#![forbid(unsafe_code)]

pub use self::{
    board::{Board, Snapshot},
    metrics::Metrics,
    problem::Problem,
    router::{Api, Clock, router},
    server::{Limits, Server},
};

pub mod report;
pub mod view;

mod board;
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
