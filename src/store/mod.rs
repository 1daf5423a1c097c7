//! The only code that speaks SQL, and the only one that touches the data directory's files.

pub mod connect;
pub mod database;
pub mod errors;
pub mod migrations;
mod schema;
pub mod sql;
