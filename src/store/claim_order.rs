//! The orders of the list of claims. Each is a key and the identity; claims without the key come last, in both directions.

use super::sql::Sql;

/// What claims are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ClaimOrderField {
    /// When they were created.
    CreatedAt,
    /// When their state last changed.
    #[default]
    UpdatedAt,
    /// When they were first submitted.
    SubmittedAt,
    /// When they were last decided.
    DecidedAt,
    /// The earliest end of a running clock.
    DueAt,
    /// Their number.
    Number,
}

/// An order of the list of claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClaimOrder {
    /// The key.
    pub field: ClaimOrderField,
    /// Whether the greatest key comes first.
    pub descending: bool,
}

impl Default for ClaimOrder {
    /// What changed last comes first.
    fn default() -> Self {
        Self { field: ClaimOrderField::UpdatedAt, descending: true }
    }
}

impl ClaimOrder {
    /// The name of the list in this order: what its cursors are sealed with.
    #[must_use]
    pub fn list(self) -> &'static str {
        use ClaimOrderField as F;
        match (self.field, self.descending) {
            (F::CreatedAt, false) => "claims by created_at",
            (F::CreatedAt, true) => "claims by created_at, descending",
            (F::UpdatedAt, false) => "claims by updated_at",
            (F::UpdatedAt, true) => "claims by updated_at, descending",
            (F::SubmittedAt, false) => "claims by submitted_at",
            (F::SubmittedAt, true) => "claims by submitted_at, descending",
            (F::DecidedAt, false) => "claims by decided_at",
            (F::DecidedAt, true) => "claims by decided_at, descending",
            (F::DueAt, false) => "claims by due_at",
            (F::DueAt, true) => "claims by due_at, descending",
            (F::Number, false) => "claims by number",
            (F::Number, true) => "claims by number, descending",
        }
    }

    /// The column of the key.
    pub(super) fn column(self) -> &'static str {
        match self.field {
            ClaimOrderField::CreatedAt => "claims.created_at",
            ClaimOrderField::UpdatedAt => "claims.updated_at",
            ClaimOrderField::SubmittedAt => "claims.submitted_at",
            ClaimOrderField::DecidedAt => "claims.decided_at",
            ClaimOrderField::DueAt => "claims.due_at",
            ClaimOrderField::Number => "claims.number",
        }
    }

    /// Whether claims may lack the key.
    pub(super) fn is_nullable(self) -> bool {
        matches!(self.field, ClaimOrderField::SubmittedAt | ClaimOrderField::DecidedAt | ClaimOrderField::DueAt)
    }

    /// A key as the column has it.
    pub(super) fn bind(self, sql: Sql<'static>, key: i64) -> Sql<'static> {
        use diesel::sql_types::{BigInt, Timestamptz};
        match self.field {
            ClaimOrderField::Number => sql.bind::<BigInt, _>(key),
            _ => sql.bind::<Timestamptz, _>(chrono::DateTime::from_timestamp_micros(key).unwrap_or_default()),
        }
    }
}
