//! The mirror against the real thing: `git http-backend` behind nginx, and `sshd`.

mod faults;
mod http;
mod origin;
mod ssh;
mod story;
