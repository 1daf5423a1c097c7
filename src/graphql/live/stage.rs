//! What the resolver of a subscription's root field is executed for.

use std::sync::{Arc, OnceLock};

use async_graphql::{Context, Result};

use crate::app::{Told, Watching};
use crate::graphql::errors::Failure;

/// The two times that an operation is executed.
pub enum Stage {
    /// To hear what it is to watch.
    Opening(Arc<OnceLock<Watching>>),
    /// To answer what was told.
    Telling(Told),
}

/// Says what a root field is to watch; answers what it is to tell of, if anything yet.
///
/// # Errors
/// What is wrong with the arguments; a failure of ours for a request that went past [`super::Teller`].
pub fn staged(ctx: &Context<'_>, watching: impl FnOnce() -> Result<Watching>) -> Result<Option<Told>> {
    match ctx.data_opt::<Stage>().ok_or(Failure::Internal)? {
        Stage::Opening(opening) => {
            let _first = opening.set(watching()?);
            Ok(None)
        }
        Stage::Telling(told) => Ok(Some(told.clone())),
    }
}
