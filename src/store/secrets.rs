//! Random bytes: secrets that all servers of a database share, and tokens that nobody can guess.

use aws_lc_rs::rand;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::database::{Conn, Database};
use super::errors::StoreError;
use super::schema::server_secrets;
use super::words::hash32;

/// The shared secret of this name: 32 random bytes, made by the first server that asks.
///
/// # Errors
/// What the database says.
pub async fn shared_secret(database: &Database, name: &str) -> Result<[u8; 32], StoreError> {
    let mut conn = database.write().await?;
    if let Some(secret) = stored(&mut conn, name).await? {
        return Ok(secret);
    }
    let fresh = random_bytes();
    diesel::insert_into(server_secrets::table)
        .values((server_secrets::name.eq(name), server_secrets::secret.eq(fresh.as_slice())))
        .on_conflict_do_nothing()
        .execute(&mut conn)
        .await?;
    // Another server may have been first: what is stored counts.
    stored(&mut conn, name).await?.ok_or_else(|| StoreError::corrupt("a secret that was stored is gone"))
}

async fn stored(conn: &mut Conn, name: &str) -> Result<Option<[u8; 32]>, StoreError> {
    let secret: Option<Vec<u8>> = server_secrets::table.find(name).select(server_secrets::secret).first(conn).await.optional()?;
    secret.map(|secret| hash32(&secret)).transpose()
}

/// # Panics
/// If the machine gives no random bytes: then nothing it does is safe.
fn random_bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).expect("the machine gives random bytes");
    bytes
}

/// A token of 256 random bits, in 43 letters, digits, `-` and `_`.
#[must_use]
pub fn random_token() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(random_bytes())
}
