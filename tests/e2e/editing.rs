//! `tidemark edit` over thousands of files that nobody wrote for it: what changes is what is asked for, and not one byte more.
//!
//! | module | is |
//! |---|---|
//! | `generator` | files with the spans that are to change known by construction |
//! | `applied` | the real binary over them |
//! | `readers` | readers of YAML that are not ours, over what was written |
//! | `rendered` | Kustomize and Helm, over what was written |

mod applied;
mod generator;
mod readers;
mod rendered;
