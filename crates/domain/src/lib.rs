//! What is decided: image references, tags, policies, and whether a target moves.

#![forbid(unsafe_code)]
