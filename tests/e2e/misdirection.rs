//! Servers that ask for credentials to go elsewhere: none does.
//!
//! Each table holds what a registry could say to lead a client away from it. What belongs to the registry is told to the
//! scanner in every kind there is, listeners wait at the places that are named, and whatever arrives there is searched for it.

mod binary;
mod challenges;
mod links;
mod redirects;
mod stage;
