//! The tables, as Diesel knows them, one file for each migration that makes them.

mod claim;
mod delivery;
mod directory;
mod document;
mod organization;
mod programme;
mod record;

pub(super) use claim::*;
pub(super) use delivery::*;
pub(super) use directory::*;
pub(super) use document::*;
pub(super) use organization::*;
pub(super) use programme::*;
pub(super) use record::*;
