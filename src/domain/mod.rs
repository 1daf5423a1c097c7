//! The rules: pure functions over plain data. No IO, no async, no clock, no serialization, no framework.
//!
//! [`decide()`] turns a claim and a command into events or a refusal; [`Claim::apply`] folds an event into a claim;
//! [`expiries`] tells which deadlines have passed. Everything else is vocabulary.

pub mod actor;
pub mod calendar;
pub mod claim;
pub mod clock;
mod closed;
pub mod command;
pub mod details;
pub mod event;
pub mod facts;
pub mod ids;
pub mod notice;
pub mod poe;
pub mod policy;
pub mod product;
pub mod reason;
pub mod refusal;
pub mod status;
