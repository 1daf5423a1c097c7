//! The rules: pure functions over plain data. No IO, no async, no clock, no serialization, no framework.
//!
//! [`decide()`] turns a claim and a command into events or a refusal; [`Claim::apply`](claim::Claim::apply) folds an event into a claim;
//! [`expiries`] tells which deadlines have passed. Everything else is vocabulary.

pub mod actions;
pub mod actor;
pub mod calendar;
pub mod changes;
pub mod checklist;
pub mod claim;
pub mod clock;
mod closed;
pub mod command;
pub mod decide;
pub mod details;
pub mod event;
mod evolve;
mod expire;
pub mod facts;
pub mod file;
mod form;
pub mod ids;
pub mod notice;
pub mod poe;
pub mod policy;
pub mod preferences;
pub mod product;
pub mod reason;
pub mod refusal;
pub mod stakes;
pub mod status;
mod validate;

pub use actions::{Action, actions, editable_by};
pub use decide::{Decision, Note, create, decide, editable_fields};
pub use expire::{brought_to, expiries};
pub use stakes::{Extent, Stakes};
pub use validate::MAX_PRODUCTS;
