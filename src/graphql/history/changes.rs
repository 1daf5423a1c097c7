//! What an entry changed: fields, products, clocks, associations.

use std::collections::BTreeSet;
use std::fmt::Display;

use async_graphql::{Enum, SimpleObject};

use crate::domain::changes;
use crate::domain::clock::{self, Clock};
use crate::domain::details::{Changed, Contact, FieldChange as Change};
use crate::domain::event::{Association, What};
use crate::domain::product::ProductLine;
use crate::graphql::enums::{Activity, ClaimField, ClockKind};
use crate::graphql::scalars::{DateTime, Uuid};

/// A change of one field, its values as text.
#[derive(SimpleObject)]
pub struct FieldChange {
    /// The field.
    field: ClaimField,
    /// The value before; null when there was none. Lists are joined by commas, contacts are `name, title <e-mail>`.
    old: Option<String>,
    /// The value after; null when there is none any more.
    new: Option<String>,
}

impl FieldChange {
    /// A change, as the domain knows it.
    #[must_use]
    pub fn of(change: &Change) -> Self {
        let (old, new) = match change {
            Change::Name(c) | Change::CustomerName(c) | Change::ExternalReference(c) => texts(c, Clone::clone),
            Change::Location(c) => texts(c, |id| Some(id.to_string())),
            Change::Tenant(c) => texts(c, shown),
            Change::CustomerDomain(c) => texts(c, shown),
            Change::Area(c) => texts(c, shown),
            Change::Activities(c) => texts(c, joined),
            Change::CustomerContact(c) | Change::TechnicalContact(c) | Change::PartnerContact(c) => {
                texts(c, |contact| contact.as_ref().map(contact_text))
            }
            Change::Tags(c) => texts(c, joined),
        };
        Self { field: change.field().into(), old, new }
    }
}

fn texts<T>(change: &Changed<T>, text: impl Fn(&T) -> Option<String>) -> (Option<String>, Option<String>) {
    (text(&change.old), text(&change.new))
}

fn shown<T: Display>(value: &Option<T>) -> Option<String> {
    value.as_ref().map(T::to_string)
}

fn joined<T: Display>(set: &BTreeSet<T>) -> Option<String> {
    let text = set.iter().map(T::to_string).collect::<Vec<_>>().join(", ");
    (!text.is_empty()).then_some(text)
}

fn contact_text(contact: &Contact) -> String {
    let words = [contact.name.as_deref(), contact.title.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    match &contact.email {
        Some(email) => format!("{words} <{email}>").trim_start().to_owned(),
        None => words,
    }
}

/// A product that came, went, or took another's place.
#[derive(SimpleObject)]
pub struct ProductChange {
    /// The product before; null when it was added.
    old: Option<ProductFacts>,
    /// The product after; null when it was removed.
    new: Option<ProductFacts>,
}

/// A claimed product, as it was at the time.
#[derive(SimpleObject)]
pub struct ProductFacts {
    /// The code of the catalogue entry.
    code: String,
    /// The subscription, for Business Applications.
    subscription_id: Option<Uuid>,
}

impl From<&ProductLine> for ProductFacts {
    fn from(line: &ProductLine) -> Self {
        Self { code: line.product.0.clone(), subscription_id: line.subscription.map(|id| Uuid(id.0)) }
    }
}

impl ProductChange {
    /// What became of a product between two versions.
    #[must_use]
    pub fn between(change: &changes::ProductChange) -> Self {
        Self { old: change.old.as_ref().map(Into::into), new: change.new.as_ref().map(Into::into) }
    }

    /// The changes of products in what happened.
    #[must_use]
    pub fn of(what: &What) -> Vec<Self> {
        let added = |line: &ProductLine| Self { old: None, new: Some(line.into()) };
        match what {
            What::Created { products, .. } => products.iter().map(added).collect(),
            What::ProductsChanged { added: new, replaced, removed } => {
                let replaced = replaced.iter().map(|c| Self { old: Some((&c.old).into()), new: Some((&c.new).into()) });
                let removed = removed.iter().map(|line| Self { old: Some(line.into()), new: None });
                new.iter().map(added).chain(replaced).chain(removed).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// What became of a clock.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockChangeKind {
    /// It started, anew if it was there.
    Started,
    /// It stands still.
    Paused,
    /// It goes on, laid out anew over the days it kept.
    Resumed,
    /// It is over.
    Ended,
}

/// An effect on a clock.
#[derive(SimpleObject)]
pub struct ClockChange {
    /// The clock.
    clock: ClockKind,
    /// What became of it.
    change: ClockChangeKind,
    /// STARTED and RESUMED: the first instant that is too late.
    expires_at: Option<DateTime>,
    /// PAUSED: the business days it keeps.
    business_days_left: Option<i32>,
}

impl ClockChange {
    /// An effect, as the domain knows it.
    #[must_use]
    pub fn of(change: &clock::ClockChange) -> Self {
        let laid_out = |clock: &Clock, change| Self {
            clock: clock.kind.into(),
            change,
            expires_at: clock.expires_at().map(DateTime),
            business_days_left: None,
        };
        match change {
            clock::ClockChange::Started(clock) => laid_out(clock, ClockChangeKind::Started),
            clock::ClockChange::Resumed(clock) => laid_out(clock, ClockChangeKind::Resumed),
            clock::ClockChange::Paused { kind, days_left } => Self {
                clock: (*kind).into(),
                change: ClockChangeKind::Paused,
                expires_at: None,
                business_days_left: Some((*days_left).into()),
            },
            clock::ClockChange::Ended(kind) => {
                Self { clock: (*kind).into(), change: ClockChangeKind::Ended, expires_at: None, business_days_left: None }
            }
        }
    }
}

/// An association that an approval started.
#[derive(SimpleObject)]
pub struct StartedAssociation {
    /// The product, as it was at the time.
    product: ProductFacts,
    /// The activity.
    activity: Activity,
}

impl StartedAssociation {
    /// An association, as the domain knows it.
    #[must_use]
    pub fn of(association: &Association) -> Self {
        let product =
            ProductFacts { code: association.product.0.clone(), subscription_id: association.subscription.map(|id| Uuid(id.0)) };
        Self { product, activity: association.activity.into() }
    }
}
