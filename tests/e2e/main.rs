//! End-to-end tests: the whole of Tidemark against real servers.

mod bad_lists;
mod counts;
mod crate_graph;
mod daily;
mod documents;
mod git_servers;
mod kills;
mod misdirection;
mod registries;
mod world;
