//! Commits changes of files to a branch exactly once: a bare mirror, trees in memory, fast-forward pushes.

#![forbid(unsafe_code)]
