//! The mirror against the real thing: `git http-backend` behind nginx, and `sshd`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod faults;
mod http;
mod origin;
mod ssh;
mod story;
