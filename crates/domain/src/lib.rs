#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod accept;
mod advice;
mod choose;
pub mod codes;
pub mod decide;
mod fault;
mod near;
mod order;
pub mod policy;
pub mod reach;
pub mod reference;
pub mod review;
pub mod scan;
pub mod select;
