//! The one-time preparation of libgit2: the only unsafe code.

use std::sync::OnceLock;

use git2::{ConfigLevel, Error, opts, transport};

use crate::smart::subtransport;

/// Cuts libgit2 off from the machine it runs on; costs nothing after the first call.
///
/// No configuration of the system or the user is read from now on, and who owns a repository's folder does not matter
/// (a mounted volume often belongs to somebody else).
pub(crate) fn prepare() -> Result<(), String> {
    static PREPARED: OnceLock<Result<(), String>> = OnceLock::new();
    PREPARED
        .get_or_init(|| set_up().map_err(|error| error.message().to_owned()))
        .clone()
}

#[expect(
    unsafe_code,
    reason = "these write libgit2's global settings without a lock; `OnceLock` runs them once, before any other use of libgit2 in this process, as every use goes through `Mirror::open`"
)]
fn set_up() -> Result<(), Error> {
    for level in [
        ConfigLevel::ProgramData,
        ConfigLevel::System,
        ConfigLevel::XDG,
        ConfigLevel::Global,
    ] {
        // SAFETY: see the reason above.
        unsafe { opts::set_search_path(level, "")? };
    }
    // SAFETY: see the reason above.
    unsafe { opts::set_verify_owner_validation(false)? };
    for scheme in ["http", "https", "ssh"] {
        // SAFETY: see the reason above.
        unsafe { transport::register(scheme, subtransport)? };
    }
    opts::strict_hash_verification(true);
    Ok(())
}
