//! How much of a stream is read at most.

/// The largest text, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The deepest nesting of mappings and sequences, as written.
pub const MAX_DEPTH: usize = 256;

/// The most documents in one stream.
pub const MAX_DOCUMENTS: usize = 10_000;

/// The most nodes in one stream (keys are nodes), with aliases counted through.
pub const MAX_NODES: u64 = 1_000_000;
