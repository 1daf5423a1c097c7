//! A claim, as the API shows it: five groups of fields over one row, merged into one type.

mod deadline;
mod facts;
mod fields;
mod lists;
mod permissions;
mod review;
mod turns;

use std::sync::Arc;

use async_graphql::{Context, ID, MergedObject, Result};

pub use self::deadline::Deadline;
pub use self::facts::StatusFacts;
pub use self::fields::{Contact, PartnerContact};
pub use self::permissions::{ActionRefusal, ClaimActionState, Mates};
pub use self::review::{AddedDocument, ClaimDifference, PoeChecklistItem};
pub use self::turns::{ActionRequest, Dispute, Rejection};
use self::{fields::ClaimFields, lists::ClaimLists, permissions::ClaimPermissions, review::ClaimReview, turns::ClaimTurns};
use super::connection::{Connection, Count};
use super::context::{Ask, AskExt};
use super::id;
use crate::domain::ids::ClaimId;
use crate::store::claims::ClaimRow;
use crate::store::page::Slice;

/// The request of one partner location to be partner of record of one customer, for one solution area and one or more products.
#[derive(MergedObject, Clone)]
pub struct Claim(ClaimFields, ClaimTurns, ClaimLists, ClaimPermissions, ClaimReview);

/// A claim's row, and the claims that were read with it.
#[derive(Clone)]
pub struct Handle {
    /// The row, as far as the viewer may read it.
    pub row: Arc<ClaimRow>,
    /// The claims of the same page: what is asked of one is loaded for all.
    pub mates: Arc<Mates>,
}

impl Claim {
    /// A claim of a page, with its mates.
    #[must_use]
    pub fn new(row: Arc<ClaimRow>, mates: Arc<Mates>) -> Self {
        let handle = Handle { row, mates };
        Self(
            ClaimFields(handle.clone()),
            ClaimTurns(handle.clone()),
            ClaimLists(handle.clone()),
            ClaimPermissions(handle.clone()),
            ClaimReview(handle),
        )
    }

    /// A claim that was read alone.
    #[must_use]
    pub fn alone(row: Arc<ClaimRow>) -> Self {
        let mates = Mates::new([row.id]);
        Self::new(row, mates)
    }

    /// The claim, if the viewer may read it.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn load(ctx: &Context<'_>, id: ClaimId) -> Result<Option<Self>> {
        let ask = ctx.ask()?;
        let found = ask.loaded(ask.loaders().claim(id).await)?;
        Ok(found.map(Self::alone))
    }

    /// A page of claims.
    #[must_use]
    pub fn connection(ask: &Ask, list: &str, slice: &Slice<ClaimRow>, count: Count) -> Connection<Self> {
        let mates = Mates::new(slice.items.iter().map(|item| item.row.id));
        Connection::new(ask, list, slice, |row| Self::new(Arc::new(row.clone()), Arc::clone(&mates)), count)
    }

    /// Its id: what the interface `Node` asks for.
    ///
    /// # Errors
    /// None.
    pub async fn id(&self, _ctx: &Context<'_>) -> Result<ID> {
        Ok(id::encode(self.0.0.row.id))
    }
}
