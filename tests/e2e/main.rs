//! End-to-end tests: the whole of Tidemark against real servers.

mod crate_graph;
mod daily;
mod world;
