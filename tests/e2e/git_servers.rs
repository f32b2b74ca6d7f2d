//! Real git servers: over HTTP with passwords, over SSH with keys, and when someone else pushes first.
