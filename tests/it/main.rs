//! x
#![allow(clippy::unwrap_used)]

mod http;
