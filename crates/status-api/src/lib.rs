//! What people see: the Board, its JSON, the page, and the client that reads it.

#![forbid(unsafe_code)]
