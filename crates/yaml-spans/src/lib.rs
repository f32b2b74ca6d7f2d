//! A tree of YAML in which every node knows the bytes it was written in.

#![forbid(unsafe_code)]
