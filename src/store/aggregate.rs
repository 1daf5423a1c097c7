//! Claims as a command needs them: locked, with what deciding looks at; and as wholes, for reading.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::future::Either;
use futures_util::{future, try_join};
use uuid::Uuid;

use super::claim_row::ClaimRow;
use super::database::{Conn, Database};
use super::errors::StoreError;
use super::head::{self, Head};
use super::idempotency::{self, Kept};
use super::parts::Parts;
use super::schema::claims;
use super::sql::Sql;
use super::transaction::{Transaction, begin};
use crate::domain::Extent;
use crate::domain::claim::Claim;
use crate::domain::ids::{ClaimId, ClaimNumber};

/// A claim as a transaction found it when it had locked it.
pub struct Opened {
    /// The claim; of [`Extent::Row`] without its parts.
    pub claim: Claim,
    /// How much of it was read.
    pub extent: Extent,
    /// What else must be known to go on.
    pub head: Head,
    /// The answer kept for the key that was asked for.
    pub kept: Option<Kept>,
}

/// A person or a consent link, and a key of theirs.
pub type OwnedKey = (Uuid, Uuid);

/// Begins a transaction, locks the claim's row and reads what a command looks at, in one round trip: the database answers in order,
/// so what is read behind the row is read under its lock. `None` if there is no such claim; the transaction is open all the same.
///
/// # Errors
/// [`StoreError::Corrupt`] if what is stored is no claim; else what the database says.
pub async fn open(
    database: &Database,
    id: ClaimId,
    extent: Extent,
    key: Option<OwnedKey>,
) -> Result<(Transaction, Option<Opened>), StoreError> {
    let tx = database.about_to_begin().await?;
    let (conn, ids): (&AsyncPgConnection, _) = (&tx, [id.0]);
    let parts = match extent {
        Extent::Row => Either::Left(future::ok(Parts::default())),
        Extent::Whole => Either::Right(Parts::of(conn, &ids)),
    };
    let kept = async {
        match key {
            Some((actor, key)) => idempotency::find(conn, actor, key).await,
            None => Ok(None),
        }
    };
    let ((), row, head, parts, kept) = try_join!(begin(conn), lock(conn, id), head::read(conn, id), parts, kept)?;
    let Some(row) = row else { return Ok((tx, None)) };
    let mut claim = row.into_claim()?;
    parts.give(std::slice::from_mut(&mut claim))?;
    let head = head.of(&claim)?;
    Ok((tx, Some(Opened { claim, extent, head, kept })))
}

async fn lock(mut conn: &AsyncPgConnection, id: ClaimId) -> Result<Option<ClaimRow>, StoreError> {
    let query = claims::table.find(id.0).select(ClaimRow::as_select()).for_update();
    let rows: Vec<ClaimRow> = query.load(&mut conn).await?;
    Ok(rows.into_iter().next())
}

impl Opened {
    /// Reads the parts, if they were not read yet: the claim is locked, so they are those of the same moment.
    ///
    /// # Errors
    /// As [`open`].
    pub async fn complete(&mut self, conn: &Conn) -> Result<(), StoreError> {
        if self.extent == Extent::Row {
            Parts::of(conn, &[self.claim.id.0]).await?.give(std::slice::from_mut(&mut self.claim))?;
            self.extent = Extent::Whole;
        }
        Ok(())
    }
}

/// The claims with these identities, whole, without a lock, in no order; those that do not exist are left out.
///
/// Takes the same number of statements for one claim and for a hundred.
///
/// # Errors
/// [`StoreError::Corrupt`] if what is stored is no claim; else what the database says.
pub async fn load_many(conn: &mut Conn, ids: &[ClaimId]) -> Result<Vec<Claim>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let conn: &AsyncPgConnection = conn;
    let mut for_rows = conn;
    let query = claims::table.filter(claims::id.eq_any(&ids)).select(ClaimRow::as_select());
    let rows = async { Ok::<Vec<ClaimRow>, StoreError>(query.load(&mut for_rows).await?) };
    let (rows, parts) = try_join!(rows, Parts::of(conn, &ids))?;
    let mut claims = rows.into_iter().map(ClaimRow::into_claim).collect::<Result<Vec<_>, _>>()?;
    parts.give(&mut claims)?;
    Ok(claims)
}

/// The next number for a new claim. A number that is not used in the end is never given again.
///
/// # Errors
/// What the database says.
pub async fn next_number(conn: &mut Conn) -> Result<ClaimNumber, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        number: i64,
    }
    let row: Row = Sql::new("SELECT nextval('claim_numbers') AS number").get_result(conn).await?;
    Ok(ClaimNumber(row.number))
}
