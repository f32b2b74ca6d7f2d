//! SIGKILL at every stage: each update lands exactly once.
