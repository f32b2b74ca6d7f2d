//! An OCI registry in memory, for the demo and for tests; misbehaves on request.

#![forbid(unsafe_code)]
