//! The only code that speaks SQL, and the only one that touches the data directory's files.

pub mod aggregate;
mod claim_details;
mod claim_parts;
mod claim_row;
mod claim_turns;
pub mod codec;
pub mod connect;
pub mod database;
mod document_row;
pub mod errors;
pub mod migrations;
pub mod save;
mod schema;
pub mod sql;
pub mod uploads;
mod words;
