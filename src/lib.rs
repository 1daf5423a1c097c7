//! cpor: claims of partners of record over GraphQL.

pub mod domain;
