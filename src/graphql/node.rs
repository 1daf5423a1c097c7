//! `node` and `nodes`: anything with an id, through the same scoped loaders as everything else.

use std::sync::Arc;

use async_graphql::{Context, ID, Interface, Result};
use futures_util::future::try_join_all;
use uuid::Uuid;

use super::association::Association;
use super::claim::ahead::of_claim;
use super::claim::{Claim, Mates};
use super::comment::{Comment, Note};
use super::context::AskExt;
use super::document::PoeDocument;
use super::errors::Failure;
use super::id::{Global, split};
use super::organization::Organization;
use super::person::Person;
use crate::domain::ids::{AssociationId, ClaimId, CommentId, DocumentId, NoteId, OrganizationId, PersonId};
use crate::store::ahead::Ahead;

/// Ids that `nodes` takes.
pub const MAX_NODES: usize = 100;

/// Anything that has an id of its own and can be asked for by it.
#[derive(Interface, Clone)]
#[graphql(field(name = "id", ty = "ID", desc = "Its id: opaque, and the same for ever."))]
pub enum Node {
    /// A claim.
    Claim(Claim),
    /// A document of proof of execution.
    PoeDocument(PoeDocument),
    /// A comment.
    Comment(Comment),
    /// An internal note of reviewers.
    Note(Note),
    /// An association.
    Association(Association),
    /// A partner organization.
    Organization(Organization),
    /// A person.
    Person(Person),
}

/// What an id is of, and its UUID.
type Address = (u8, Uuid);

/// What has this id; `None` if the viewer may not see it or there is no such thing.
///
/// # Errors
/// [`Failure::BadId`] for what is no id of a node, and our own failures.
pub async fn node(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let address = address(id, "id")?;
    let mates = Mates::new(claims(&[address]));
    load(ctx, address, &mates, &of_claim(ctx.ask()?, ctx)).await
}

/// What has these ids, in their order; `None` for each that the viewer may not see.
///
/// # Errors
/// [`Failure::TooLong`] beyond [`MAX_NODES`], [`Failure::BadId`] for what is no id of a node, and our own failures.
pub async fn nodes(ctx: &Context<'_>, ids: &[ID]) -> Result<Vec<Option<Node>>> {
    if ids.len() > MAX_NODES {
        return Err(Failure::TooLong { argument: "ids", maximum: MAX_NODES }.into());
    }
    let addresses = ids.iter().map(|id| address(id, "ids")).collect::<Result<Vec<_>, _>>()?;
    let mates = Mates::new(claims(&addresses));
    let ahead = of_claim(ctx.ask()?, ctx);
    try_join_all(addresses.into_iter().map(|address| load(ctx, address, &mates, &ahead))).await
}

fn address(id: &ID, argument: &'static str) -> Result<Address, Failure> {
    const TAGS: [u8; 7] =
        [ClaimId::TAG, DocumentId::TAG, CommentId::TAG, NoteId::TAG, AssociationId::TAG, OrganizationId::TAG, PersonId::TAG];
    split(id).filter(|(tag, _)| TAGS.contains(tag)).ok_or(Failure::BadId { argument })
}

fn claims(addresses: &[Address]) -> impl Iterator<Item = ClaimId> {
    addresses.iter().filter(|(tag, _)| *tag == ClaimId::TAG).map(|(_, id)| ClaimId(*id))
}

async fn load(ctx: &Context<'_>, (tag, id): Address, mates: &Arc<Mates>, ahead: &Arc<Ahead>) -> Result<Option<Node>> {
    Ok(match tag {
        ClaimId::TAG => {
            let ask = ctx.ask()?;
            let found = ask.loaded(ask.loaders().claim(ClaimId(id), Arc::clone(ahead)).await)?;
            found.map(|row| Claim::new(row, Arc::clone(mates)).into())
        }
        DocumentId::TAG => PoeDocument::load(ctx, DocumentId(id)).await?.map(Into::into),
        CommentId::TAG => Comment::load(ctx, CommentId(id)).await?.map(Into::into),
        NoteId::TAG => Note::load(ctx, NoteId(id)).await?.map(Into::into),
        AssociationId::TAG => Association::load(ctx, AssociationId(id)).await?.map(Into::into),
        OrganizationId::TAG => Organization::load(ctx, OrganizationId(id)).await?.map(Into::into),
        PersonId::TAG => Person::load(ctx, PersonId(id)).await?.map(Into::into),
        _ => None,
    })
}
