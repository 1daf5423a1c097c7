//! Deliveries of notices: one for each recipient, tried until it is settled.
//!
//! Several servers share the work: a delivery is leased by whoever tries it. Leases and waits run on the real clock.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::database::{Conn, Database};
use super::errors::StoreError;
use super::outbox::Owed;
use super::sql::Sql;
use super::words::word;
use crate::domain::ids::{ClaimId, ClaimNumber, PersonId};
use crate::domain::notice::{Audience, NoticeKind};

/// Who a delivery goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The partner's contact of the claim.
    Partner,
    /// The customer's contact.
    Customer,
    /// The customer's technical contact.
    Technical,
    /// A reviewer or lead.
    Person(PersonId),
}

impl Recipient {
    fn columns(self) -> (&'static str, Option<Uuid>) {
        match self {
            Self::Partner => ("PARTNER", None),
            Self::Customer => ("CUSTOMER", None),
            Self::Technical => ("TECHNICAL", None),
            Self::Person(id) => ("PERSON", Some(id.0)),
        }
    }

    fn of_columns(recipient: &str, person: Option<Uuid>) -> Result<Self, StoreError> {
        match (recipient, person) {
            ("PARTNER", None) => Ok(Self::Partner),
            ("CUSTOMER", None) => Ok(Self::Customer),
            ("TECHNICAL", None) => Ok(Self::Technical),
            ("PERSON", Some(id)) => Ok(Self::Person(PersonId(id))),
            _ => Err(StoreError::corrupt(format!("a delivery to {recipient:?}"))),
        }
    }
}

/// A delivery about to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// To whom.
    pub recipient: Recipient,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The language.
    pub locale: String,
}

/// A delivery that is being tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Identity; the Message-ID is made of it, so that a receiver knows a duplicate.
    pub id: Uuid,
    /// The notice.
    pub owed: Owed,
    /// To whom, under which name and address, in which language.
    pub to: NewDelivery,
    /// Which try this is, from 1.
    pub attempt: i32,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Handed over.
    Sent,
    /// No longer worth sending: what it is about is over.
    Obsolete,
    /// Given up, until an operator asks for another try.
    Dead {
        /// Why.
        error: String,
    },
    /// To be tried again.
    Retry {
        /// When, in real time.
        at: DateTime<Utc>,
        /// Why it failed.
        error: String,
    },
}

/// A delivery that was given up.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct DeadLetter {
    /// Identity.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The claim's number.
    #[diesel(sql_type = BigInt)]
    number: i64,
    /// What about: a code of [`NoticeKind`].
    #[diesel(sql_type = Text)]
    pub notice: String,
    /// The address.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// Tries so far.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    /// Why the last one failed.
    #[diesel(sql_type = Nullable<Text>)]
    pub last_error: Option<String>,
    /// When it was given up, in real time.
    #[diesel(sql_type = Timestamptz)]
    pub settled_at: DateTime<Utc>,
}

impl DeadLetter {
    /// The claim's number.
    #[must_use]
    pub fn number(&self) -> ClaimNumber {
        ClaimNumber(self.number)
    }
}

/// Stores the deliveries of a notice that this transaction took; the first try is due at `now`.
///
/// # Errors
/// What the database says.
pub async fn insert(conn: &mut Conn, owed: &Owed, deliveries: &[NewDelivery], now: DateTime<Utc>) -> Result<(), StoreError> {
    for delivery in deliveries {
        let (recipient, person) = delivery.recipient.columns();
        Sql::new("INSERT INTO notice_deliveries (id, claim_id, seq, recipient, person_id, name, email, locale, next_attempt_at) VALUES (")
            .bind::<SqlUuid, _>(Uuid::now_v7())
            .push(", ")
            .bind::<SqlUuid, _>(owed.claim.0)
            .push(", ")
            .bind::<Integer, _>(owed.seq)
            .push(", ")
            .bind::<Text, _>(recipient)
            .push(", ")
            .bind::<Nullable<SqlUuid>, _>(person)
            .push(", ")
            .bind::<Text, _>(delivery.name.as_str())
            .push(", ")
            .bind::<Text, _>(delivery.email.as_str())
            .push(", ")
            .bind::<Text, _>(delivery.locale.as_str())
            .push(", ")
            .bind::<Timestamptz, _>(now)
            .push(") ON CONFLICT DO NOTHING")
            .execute(conn)
            .await?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    claim_id: Uuid,
    #[diesel(sql_type = Integer)]
    seq: i32,
    #[diesel(sql_type = Text)]
    notice: String,
    #[diesel(sql_type = Text)]
    audience: String,
    #[diesel(sql_type = Timestamptz)]
    queued_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    recipient: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    person_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Text)]
    locale: String,
    #[diesel(sql_type = Integer)]
    attempts: i32,
}

/// Leases the next delivery that is due; `None` if there is none.
///
/// First tries come before second ones, and of one address only one is tried at a time: a sick receiver keeps no other waiting.
///
/// # Errors
/// What the database says.
pub async fn lease(conn: &mut Conn, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Option<Delivery>, StoreError> {
    let rows: Vec<Row> = Sql::new("UPDATE notice_deliveries n SET attempts = n.attempts + 1, leased_until = ")
        .bind::<Timestamptz, _>(until)
        .push(
            " FROM outbox o WHERE o.claim_id = n.claim_id AND o.seq = n.seq AND n.id = (
                SELECT d.id FROM notice_deliveries d WHERE d.state = 'PENDING' AND d.next_attempt_at <= ",
        )
        .bind::<Timestamptz, _>(now)
        .push(" AND (d.leased_until IS NULL OR d.leased_until <= ")
        .bind::<Timestamptz, _>(now)
        .push(
            ") AND NOT EXISTS (SELECT FROM notice_deliveries other
                WHERE other.email = d.email AND other.state = 'PENDING' AND other.leased_until > ",
        )
        .bind::<Timestamptz, _>(now)
        .push(
            ") ORDER BY d.attempts, d.next_attempt_at, d.id LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING n.id, n.claim_id, n.seq, o.notice, o.audience, o.queued_at, n.recipient, n.person_id, n.name, n.email,
                n.locale, n.attempts",
        )
        .load(conn)
        .await?;
    rows.into_iter().next().map(delivery).transpose()
}

fn delivery(row: Row) -> Result<Delivery, StoreError> {
    let owed = Owed {
        claim: ClaimId(row.claim_id),
        seq: row.seq,
        notice: word(&row.notice, NoticeKind::from_code)?,
        audience: word(&row.audience, Audience::from_code)?,
        queued_at: row.queued_at,
    };
    let recipient = Recipient::of_columns(&row.recipient, row.person_id)?;
    let to = NewDelivery { recipient, name: row.name, email: row.email, locale: row.locale };
    Ok(Delivery { id: row.id, owed, to, attempt: row.attempts })
}

/// Writes down how a try ended. Answers whether it was still this try's to say: a lease may have run out meanwhile.
///
/// # Errors
/// What the database says.
pub async fn settle(conn: &mut Conn, delivery: &Delivery, how: &Settlement, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let (state, next, error) = match how {
        Settlement::Sent => ("SENT", None, None),
        Settlement::Obsolete => ("OBSOLETE", None, None),
        Settlement::Dead { error } => ("DEAD", None, Some(error.as_str())),
        Settlement::Retry { at, error } => ("PENDING", Some(*at), Some(error.as_str())),
    };
    let settled = Sql::new("UPDATE notice_deliveries SET leased_until = NULL, state = ")
        .bind::<Text, _>(state)
        .push(", next_attempt_at = coalesce(")
        .bind::<Nullable<Timestamptz>, _>(next)
        .push(", next_attempt_at), last_error = ")
        .bind::<Nullable<Text>, _>(error)
        .push(", settled_at = ")
        .bind::<Nullable<Timestamptz>, _>(next.is_none().then_some(now))
        .push(" WHERE state = 'PENDING' AND id = ")
        .bind::<SqlUuid, _>(delivery.id)
        .push(" AND attempts = ")
        .bind::<Integer, _>(delivery.attempt)
        .execute(conn)
        .await?;
    Ok(settled == 1)
}

/// The deliveries that were given up, the latest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn dead(database: &Database, limit: i64) -> Result<Vec<DeadLetter>, StoreError> {
    let mut conn = database.read().await?;
    let letters = Sql::new(
        "SELECT n.id, c.number, o.notice, n.email, n.attempts, n.last_error, n.settled_at FROM notice_deliveries n
         JOIN outbox o USING (claim_id, seq) JOIN claims c ON c.id = n.claim_id
         WHERE n.state = 'DEAD' ORDER BY n.settled_at DESC, n.id LIMIT ",
    )
    .bind::<BigInt, _>(limit);
    Ok(letters.load(&mut conn).await?)
}

/// Gives dead letters all their tries again, the first one due at `now`. Returns how many there were among these.
///
/// # Errors
/// What the database says.
pub async fn retry_dead(database: &Database, ids: &[Uuid], now: DateTime<Utc>) -> Result<usize, StoreError> {
    let mut conn = database.write().await?;
    let retried = Sql::new("UPDATE notice_deliveries SET state = 'PENDING', settled_at = NULL, attempts = 0, next_attempt_at = ")
        .bind::<Timestamptz, _>(now)
        .push(" WHERE state = 'DEAD' AND id = ANY(")
        .bind::<Array<SqlUuid>, _>(ids.to_vec())
        .push(")");
    Ok(retried.execute(&mut conn).await?)
}
