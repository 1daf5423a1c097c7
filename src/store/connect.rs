//! One connection to PostgreSQL: address, encryption, set-up.
//!
//! `sslmode` in the address, stricter than libpq where they differ:
//!
//! | mode | meaning |
//! |---|---|
//! | `disable` | plain |
//! | `prefer` (the default) | encrypted if the server offers a certificate that this machine trusts for the host's name, else plain |
//! | `require`, `verify-ca`, `verify-full` | encrypted, certificate and host name verified by the platform's trust store, else no connection |
//!
//! Over a Unix socket (`?host=/folder` or a percent-encoded folder as the host) nothing is encrypted, whatever the mode.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::errors::StoreError;

/// What the server calls itself in `pg_stat_activity`.
const APPLICATION_NAME: &str = "cpor";
/// How long opening a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long sent bytes may stay unacknowledged before a connection counts as lost: a network that went away says nothing.
const UNACKNOWLEDGED_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a connection may be silent before it is asked whether it still stands.
const KEEPALIVE_AFTER: Duration = Duration::from_secs(15);
/// How long one statement may run, unless the caller says otherwise.
pub const STATEMENT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a transaction may wait for its client.
pub const IDLE_IN_TRANSACTION_TIMEOUT: Duration = Duration::from_secs(15);

/// Where the database is and how to reach it.
#[derive(Clone, Debug)]
pub struct Address {
    config: Config,
    is_encrypted: bool,
}

/// Messages that the server sends by itself.
pub(super) type Notifications = tokio::sync::mpsc::Receiver<tokio_postgres::Notification>;
/// Notifications that may wait for their reader; more are dropped, since each is only a hint to look.
const NOTIFICATIONS_WAITING: usize = 16;

/// An open connection whose input and output a task of its own drives.
pub(super) struct Driven {
    /// To ask.
    pub client: Client,
    /// Becomes true when the connection ends, for whatever reason.
    pub is_closed: Arc<AtomicBool>,
    /// What arrives on channels that are listened to.
    pub notifications: Notifications,
}

impl Address {
    /// Reads `postgres://user:password@host/database?option=value` or `key=value` pairs.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] without the text of the address, which may hold a password.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        let url = url.replace("sslmode=verify-full", "sslmode=require").replace("sslmode=verify-ca", "sslmode=require");
        let mut config: Config =
            url.parse().map_err(|error| StoreError::Unavailable(format!("the database's address cannot be read: {error}")))?;
        config.application_name(APPLICATION_NAME);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(UNACKNOWLEDGED_TIMEOUT).keepalives_idle(KEEPALIVE_AFTER);
        }
        let over_tcp = config.get_hosts().iter().any(|host| matches!(host, Host::Tcp(_)));
        if !over_tcp {
            config.ssl_mode(SslMode::Disable);
        }
        let is_encrypted = config.get_ssl_mode() != SslMode::Disable;
        Ok(Self { config, is_encrypted })
    }

    /// Opens a connection.
    pub(super) async fn connect(&self) -> Result<Driven, tokio_postgres::Error> {
        if !self.is_encrypted {
            return open(&self.config, NoTls).await;
        }
        let tls = match verified_tls() {
            Ok(tls) => tls,
            Err(error) => {
                tracing::error!(%error, "no trust store: connections to the database cannot be verified");
                return open(&self.config, NoTls).await;
            }
        };
        match open(&self.config, tls).await {
            // No code: not the server's refusal but the handshake or the network. Who prefers has accepted plain text.
            Err(error) if self.config.get_ssl_mode() == SslMode::Prefer && error.code().is_none() => {
                let mut plain = self.config.clone();
                open(plain.ssl_mode(SslMode::Disable), NoTls).await
            }
            other => other,
        }
    }
}

/// TLS with the platform's trust store. With `NoTls` in its place a mode that requires encryption refuses to connect.
fn verified_tls() -> Result<MakeRustlsConnect, rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

async fn open<T>(config: &Config, tls: T) -> Result<Driven, tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let (client, connection) = config.connect(tls).await?;
    let (sender, notifications) = tokio::sync::mpsc::channel(NOTIFICATIONS_WAITING);
    let is_closed = Arc::new(AtomicBool::new(false));
    tokio::spawn(drive(connection, sender, Arc::clone(&is_closed)));
    Ok(Driven { client, is_closed, notifications })
}

/// Moves bytes until the connection ends; dropping the client ends it.
async fn drive<S>(
    mut connection: Connection<Socket, S>,
    sender: tokio::sync::mpsc::Sender<tokio_postgres::Notification>,
    is_closed: Arc<AtomicBool>,
) where
    S: tokio_postgres::tls::TlsStream + Unpin,
{
    loop {
        match std::future::poll_fn(|context| connection.poll_message(context)).await {
            Some(Ok(AsyncMessage::Notification(notification))) => {
                // A full queue holds hints enough, and nobody listens on most connections.
                let _ = sender.try_send(notification);
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                tracing::warn!(%error, "a connection to the database was lost");
                break;
            }
            None => break,
        }
    }
    is_closed.store(true, Ordering::Release);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> (SslMode, bool) {
        let address = Address::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        (address.config.get_ssl_mode(), address.is_encrypted)
    }

    #[test]
    fn stricter_modes_of_libpq_mean_verified_encryption() {
        for strict in ["require", "verify-ca", "verify-full"] {
            assert_eq!(mode(&format!("postgres://cpor@db.example/cpor?sslmode={strict}")), (SslMode::Require, true));
        }
        assert_eq!(mode("postgres://cpor@db.example/cpor"), (SslMode::Prefer, true));
        assert_eq!(mode("postgres://cpor@db.example/cpor?sslmode=disable"), (SslMode::Disable, false));
        assert_eq!(mode("host=db.example sslmode=verify-full"), (SslMode::Require, true));
    }

    #[test]
    fn nothing_is_encrypted_over_a_unix_socket() {
        for url in ["postgres://cpor@/cpor?host=/run/pg&sslmode=require", "postgres://cpor@%2Frun%2Fpg/cpor", "host=/run/pg"] {
            assert_eq!(mode(url), (SslMode::Disable, false), "{url}");
        }
    }

    #[test]
    fn an_address_that_cannot_be_read_is_refused_without_its_password() {
        let refused = Address::parse("postgres://cpor:secret@db:port/cpor").map(|_| ()).map_err(|error| error.to_string());
        assert!(refused.as_ref().is_err_and(|text| !text.contains("secret")), "{refused:?}");
    }
}
