//! Comments, and internal notes of reviewers.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object, Result};

use super::context::AskExt;
use super::id;
use super::person::Actor;
use super::scalars::DateTime;
use crate::domain::actor::Author;
use crate::domain::ids::{CommentId, NoteId};
use crate::store::comments::CommentRow;
use crate::store::notes::NoteRow;

/// A comment on a claim, which partner and reviewers read. It is never changed.
#[derive(Description, Clone)]
pub struct Comment(pub Arc<CommentRow>);

#[Object(use_type_description)]
impl Comment {
    /// Its id.
    pub async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// The text.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// When it was written.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Who wrote it, as which role.
    async fn author(&self) -> Actor {
        Actor(Author::Person { id: self.0.by, role: self.0.role })
    }
}

impl Comment {
    /// The comment, if the viewer may read it.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn load(ctx: &Context<'_>, id: CommentId) -> Result<Option<Self>> {
        let ask = ctx.ask()?;
        let found = ask.loaded(ask.loaders().comment(id).await)?;
        Ok(found.map(Self))
    }
}

/// An internal note of reviewers. Partners and customers never learn that there is one.
#[derive(Description, Clone)]
pub struct Note(pub Arc<NoteRow>);

#[Object(use_type_description)]
impl Note {
    /// Its id.
    pub async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// Its number among the notes of the claim, from 1.
    async fn sequence(&self) -> i32 {
        self.0.seq
    }

    /// The text.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// When it was written.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Who wrote it, as which role.
    async fn author(&self) -> Actor {
        Actor(Author::Person { id: self.0.by, role: self.0.role })
    }
}

impl Note {
    /// The note, if the viewer may read it.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn load(ctx: &Context<'_>, id: NoteId) -> Result<Option<Self>> {
        let ask = ctx.ask()?;
        let found = ask.loaded(ask.loaders().note(id).await)?;
        Ok(found.map(Self))
    }
}
