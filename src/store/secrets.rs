//! Secrets that all servers of a database share, and random tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::database::Conn;
use super::errors::StoreError;
use super::schema::server_secrets;
use super::words::hash32;

/// Bytes of a secret, and of a random token.
const SECRET_BYTES: usize = 32;

/// The name of the secret that seals cursors.
pub const CURSORS: &str = "cursors";

/// The secret of this name; drawn when it is first asked for, by whichever server comes first.
///
/// # Errors
/// What the database says.
pub async fn get_or_create(conn: &mut Conn, name: &str) -> Result<[u8; SECRET_BYTES], StoreError> {
    diesel::insert_into(server_secrets::table)
        .values((server_secrets::name.eq(name), server_secrets::secret.eq(random_bytes()?.as_slice())))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    let secret: Vec<u8> = server_secrets::table.find(name).select(server_secrets::secret).first(conn).await?;
    hash32(&secret)
}

/// A token of 256 random bits, base64url without padding.
///
/// # Errors
/// [`StoreError::Files`] if the system has no randomness to give.
pub fn random_token() -> Result<String, StoreError> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes()?))
}

fn random_bytes() -> Result<[u8; SECRET_BYTES], StoreError> {
    let mut bytes = [0; SECRET_BYTES];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| std::io::Error::other("the system gave no random bytes"))?;
    Ok(bytes)
}
