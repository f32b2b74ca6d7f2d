//! Starters for the real servers that tests need, and recorders that see what arrives.

#![forbid(unsafe_code)]
