//! The command line of Tidemark.

#![forbid(unsafe_code)]

fn main() {}
