//! What a viewer may not see answers exactly like what does not exist.

mod customers;
mod notes;
mod reads;
mod writes;

use cpor::domain::claim::Claim;
use cpor::domain::command::Command;
use cpor::domain::ids::{AssociationId, ClaimId, CommentId, DocumentId, NoteId, ProductLineId};
use cpor::graphql::id::{Global, encode};
use cpor::store::aggregate;
use cpor::store::links::LinkContact;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Api, Client};
use crate::support::world::World;

/// Everybody to whom the claim of [`Hidden`] does not exist, customers aside.
const STRANGERS: [&str; 5] = ["clara", "ben", "nora", "elig", "otto"];

/// A claim of anna's organization with something of everything, approved by rita.
struct Hidden {
    api: Api,
    claim: Claim,
    comment: CommentId,
    note: NoteId,
}

impl Hidden {
    async fn new() -> Self {
        let world = World::new().await;
        let id = world.under_review("anna", 1, &["TEAMS", "EXCHANGE_ONLINE"]).await;
        let (comment, note) = (CommentId::fresh(), NoteId::fresh());
        world.done("anna", id, Command::Comment { id: comment, body: "Between us".to_owned() }).await;
        world.done("rita", id, Command::AddNote { id: note, body: "Between reviewers".to_owned() }).await;
        world.done("rita", id, Command::Approve { comment: None }).await;
        let claim = stored(&world, id).await;
        Self { api: Api::of(world), claim, comment, note }
    }

    /// Each kind of id that the claim has, beside one that leads nowhere.
    fn ids(&self) -> Vec<(&'static str, Value, Value)> {
        vec![
            pair("claim", self.claim.id),
            pair("document", self.claim.documents[0].id),
            pair("comment", self.comment),
            pair("note", self.note),
            pair("association", self.claim.associations[0].id),
        ]
    }

    /// A customer, by a link to another claim, for the same tenant or not.
    async fn customer_of_another(&self) -> Client {
        let world = &self.api.world;
        let id = world.under_review("clara", 2, &["TEAMS"]).await;
        world.done("rita", id, Command::Approve { comment: None }).await;
        customer(&self.api, id).await
    }

    /// All strangers as clients, with their names.
    async fn strangers(&self) -> Vec<(&'static str, Client)> {
        let mut strangers: Vec<_> = STRANGERS.iter().map(|name| (*name, self.api.as_(name))).collect();
        strangers.push(("a customer of another claim", self.customer_of_another().await));
        strangers
    }
}

/// An id that is there, and one of the same kind that is not.
fn pair<I: Global>(kind: &'static str, id: I) -> (&'static str, Value, Value) {
    (kind, json!(encode(id)), json!(encode(I::of(Uuid::now_v7()))))
}

pub async fn stored(world: &World, id: ClaimId) -> Claim {
    let mut conn = world.app.database().read().await.unwrap();
    aggregate::load_many(&mut conn, &[id]).await.unwrap().pop().unwrap()
}

/// The customer's contact of a claim.
pub async fn customer(api: &Api, id: ClaimId) -> Client {
    let claim = stored(&api.world, id).await;
    let token = api.world.app.mint_consent_link(&claim, LinkContact::Customer).await.unwrap();
    api.with(token.unwrap())
}

/// The ids of kinds that are named by inputs alone.
fn unknown_inputs() -> (Value, Value, Value) {
    (json!(encode(ProductLineId::fresh())), json!(encode(DocumentId::fresh())), json!(encode(AssociationId::fresh())))
}
