//! What every outbound connection shares: secrets, authorities, the HTTP client, text made safe to show.

#![forbid(unsafe_code)]
