//! Wires the parts into tasks: configuration, scan loops, update loops, state, supervision.

#![forbid(unsafe_code)]
