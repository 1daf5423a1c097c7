//! What the tests share.

pub mod ask;
pub mod cluster;
pub mod leaks;
pub mod program;
pub mod scratch;
pub mod server;
pub mod smtp;
pub mod store;
pub mod wakes;
pub mod world;
