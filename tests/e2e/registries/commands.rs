//! The small commands, against the same servers.
