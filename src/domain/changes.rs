//! What changed on a claim since a version: its history folded, so that a reviewer need not read it again.

use super::details::{Changed, FieldChange};
use super::event::{Event, What};
use super::ids::{CommentId, DocumentId, ProductLineId};
use super::product::ProductLine;

/// What changed: the state before against the state after, nothing of what came and went between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Fields with another value than before, in the order of their first change.
    pub fields: Vec<FieldChange>,
    /// Products that came, went or were replaced, in the order of their first change.
    pub products: Vec<ProductChange>,
    /// Documents that came and are current, in the order of their coming.
    pub documents: Vec<DocumentChange>,
    /// What was said, in order.
    pub comments: Vec<CommentId>,
}

/// A product line before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductChange {
    /// The line.
    pub line: ProductLineId,
    /// Before; `None` when it was added.
    pub old: Option<ProductLine>,
    /// After; `None` when it was removed.
    pub new: Option<ProductLine>,
}

/// A document that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentChange {
    /// The document.
    pub document: DocumentId,
    /// The one from before whose place it took, at once or by others between.
    pub supersedes: Option<DocumentId>,
}

/// An entry of the history: the claim's version after it, and what happened.
pub type Entry<'h> = (i32, &'h Event);

/// The part of a history that came after a version was reached. Versions before the first are the first.
pub fn since<'h>(history: impl IntoIterator<Item = Entry<'h>>, version: i32) -> impl Iterator<Item = &'h Event> {
    let version = version.max(1);
    // The entry that reached the version belongs to it; what was said while it lasted came after it.
    history.into_iter().skip_while(move |(reached, _)| *reached < version).skip(1).map(|(_, event)| event)
}

/// The version at which the latest review ended: by a request for more or a decision of a reviewer. `None` before any did.
pub fn last_review<'h>(history: impl IntoIterator<Item = Entry<'h>>) -> Option<i32> {
    let ends = |event: &Event| match &event.what {
        What::ActionRequested { .. } | What::Approved { .. } => true,
        What::Rejected { reason, .. } => reason.is_reviewers(),
        _ => false,
    };
    history.into_iter().filter(|(_, event)| ends(event)).map(|(version, _)| version).last()
}

/// Folds events into what they changed together.
pub fn changes<'h>(events: impl IntoIterator<Item = &'h Event>) -> Changes {
    let mut changes = Changes::default();
    for event in events {
        changes.take(&event.what);
    }
    changes.fields.retain(|change| !change.is_empty());
    changes.products.retain(|change| change.old != change.new);
    changes
}

impl Changes {
    /// Whether nothing changed and nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn take(&mut self, what: &What) {
        match what {
            What::Edited { changes } => changes.iter().for_each(|change| self.field(change)),
            What::ProductsChanged { added, replaced, removed } => {
                added.iter().for_each(|line| self.product(line.id, None, Some(line)));
                replaced.iter().for_each(|Changed { old, new }| self.product(old.id, Some(old), Some(new)));
                removed.iter().for_each(|line| self.product(line.id, Some(line), None));
            }
            What::DocumentAttached { document, supersedes } => self.document(document.id, *supersedes),
            What::Commented { id, .. } => self.comments.push(*id),
            _ => {}
        }
    }

    fn field(&mut self, change: &FieldChange) {
        match self.fields.iter_mut().find(|known| known.field() == change.field()) {
            Some(known) => known.go_on(change),
            None => self.fields.push(change.clone()),
        }
    }

    fn product(&mut self, line: ProductLineId, old: Option<&ProductLine>, new: Option<&ProductLine>) {
        match self.products.iter_mut().find(|known| known.line == line) {
            Some(known) => known.new = new.cloned(),
            None => self.products.push(ProductChange { line, old: old.cloned(), new: new.cloned() }),
        }
    }

    /// A document that came meanwhile and was superseded again leaves what it had superseded to its successor.
    fn document(&mut self, document: DocumentId, supersedes: Option<DocumentId>) {
        let between = self.documents.iter().position(|known| Some(known.document) == supersedes);
        let supersedes = between.map_or(supersedes, |at| self.documents.remove(at).supersedes);
        self.documents.push(DocumentChange { document, supersedes });
    }
}

impl FieldChange {
    /// Takes over the new value of a later change of the same field.
    fn go_on(&mut self, later: &Self) {
        macro_rules! take_over {
            ($($variant:ident),+) => {
                match (self, later) {
                    $((Self::$variant(known), Self::$variant(later)) => known.new.clone_from(&later.new),)+
                    // Of another field: not asked.
                    _ => {}
                }
            };
        }
        take_over!(
            Name,
            Location,
            Tenant,
            CustomerDomain,
            CustomerName,
            Area,
            Activities,
            CustomerContact,
            TechnicalContact,
            PartnerContact,
            ExternalReference,
            Tags
        );
    }

    /// Whether old and new are the same.
    fn is_empty(&self) -> bool {
        match self {
            Self::Name(c) | Self::CustomerName(c) | Self::ExternalReference(c) => c.old == c.new,
            Self::Location(c) => c.old == c.new,
            Self::Tenant(c) => c.old == c.new,
            Self::CustomerDomain(c) => c.old == c.new,
            Self::Area(c) => c.old == c.new,
            Self::Activities(c) => c.old == c.new,
            Self::CustomerContact(c) | Self::TechnicalContact(c) | Self::PartnerContact(c) => c.old == c.new,
            Self::Tags(c) => c.old == c.new,
        }
    }
}
