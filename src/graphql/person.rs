//! People, and who did something.

use async_graphql::{Context, Description, ID, Object, Result};

use super::context::AskExt;
use super::enums::{ActorKind, Role};
use super::id;
use super::organization::Organization;
use crate::domain::actor::Author;
use crate::domain::ids::PersonId;
use crate::store::people::PersonRow;

/// A person: a partner's, a reviewer, a lead, an auditor; or the account of the eligibility system.
#[derive(Description, Clone)]
pub struct Person(pub std::sync::Arc<PersonRow>);

#[Object(use_type_description)]
impl Person {
    /// Its id.
    pub async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The role.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// Whether the person may still act.
    async fn is_active(&self) -> bool {
        self.0.is_active
    }

    /// The organization the person belongs to, if the viewer may know of it.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        Organization::load(ctx, self.0.organization?).await.transpose()
    }
}

impl Person {
    /// The person, if the viewer may know of them. Of themselves viewers know what they were authenticated by.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn load(ctx: &Context<'_>, id: PersonId) -> Result<Option<Self>> {
        let ask = ctx.ask()?;
        if let Some(me) = ask.viewer.person().filter(|me| me.id == id) {
            let row = PersonRow { id, name: me.name.clone(), role: me.role, organization: me.organization, is_active: true };
            return Ok(Some(Self(std::sync::Arc::new(row))));
        }
        let found = ask.loaded(ask.loaders().person(id).await)?;
        Ok(found.map(Self))
    }
}

/// Who did something.
#[derive(Description, Clone, Copy)]
pub struct Actor(pub Author);

#[Object(use_type_description)]
impl Actor {
    /// A person, the customer, or a clock that ran out.
    async fn kind(&self) -> ActorKind {
        match self.0 {
            Author::Person { .. } => ActorKind::Person,
            Author::Customer => ActorKind::Customer,
            Author::Clock => ActorKind::Clock,
        }
    }

    /// The role in which it was done; null for a clock.
    async fn role(&self) -> Option<Role> {
        match self.0 {
            Author::Person { role, .. } => Some(role.into()),
            Author::Customer => Some(Role::Customer),
            Author::Clock => None,
        }
    }

    /// The person, if it was one and the viewer may know of them.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        let Author::Person { id, .. } = self.0 else { return None };
        Person::load(ctx, id).await.transpose()
    }
}
