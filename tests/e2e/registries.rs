//! The real registries: plain, with passwords over TLS, with tokens, and with thousands of tags.
