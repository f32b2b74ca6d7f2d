//! End-to-end tests: the whole of Tidemark against real servers.

#![expect(
    clippy::unwrap_used,
    reason = "a stage that cannot be built fails its test, and says where"
)]

mod asking;
mod bad_lists;
mod clouds;
mod counts;
mod crate_graph;
mod daily;
mod documents;
mod editing;
mod git_servers;
mod kills;
mod kinds;
mod masterminds;
mod misdirection;
mod mistakes;
mod newest;
mod opting_in;
mod parts;
mod registries;
mod soak;
mod world;
