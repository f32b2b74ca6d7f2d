//! Servers that ask for credentials to go elsewhere: none does.
