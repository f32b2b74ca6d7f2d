//! Keeps scans and facts, so that nothing is asked twice.

#![forbid(unsafe_code)]
