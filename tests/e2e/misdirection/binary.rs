//! The same with the real binary.
