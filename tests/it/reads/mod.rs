//! The store's read side against a real PostgreSQL: scopes, filters, pages, batches.

mod ahead;
mod batches;
mod filters;
mod pages;
pub mod rows;
mod scopes;
