//! Over NATS: one subject for all servers of a database.

use std::convert::Infallible;
use std::fmt::Write;
use std::time::Duration;

use async_nats::{Client, ConnectError, ConnectOptions, Event, ServerAddr, Subject};
use futures_util::StreamExt;

use super::{BusError, Waker};
use crate::store::database::Database;
use crate::store::errors::StoreError;
use crate::store::secrets;

/// What we call ourselves there.
const NAME: &str = "cpor";
/// The secret that the subject is made of.
const SECRET: &str = "bus";
/// Bytes of the secret in the subject: nobody guesses so many.
const SUBJECT_BYTES: usize = 16;
/// How long to wait before beginning anew.
const RETRY_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause between two tries to connect again.
const RECONNECT_PAUSE_MAX: Duration = Duration::from_secs(2);

/// Reads the servers of a URL.
pub(super) fn servers(url: &str) -> Result<Vec<ServerAddr>, BusError> {
    url.split(',').map(|server| server.parse().map_err(|_| BusError::Url)).collect()
}

/// Listens and tells. The client connects again by itself; what happens meanwhile is seen in the table.
pub(super) async fn serve(waker: &Waker, database: &Database, url: &str) -> Infallible {
    loop {
        match connect(url).await {
            Ok(client) => match subject(database).await {
                Ok(subject) => {
                    let Err(error) = converse(waker, &client, subject).await;
                    tracing::warn!(error, "wake-ups are interrupted");
                }
                Err(error) => tracing::warn!(%error, "wake-ups need the database to know what to listen to"),
            },
            Err(error) => tracing::warn!(%error, "wake-ups need a connection to NATS"),
        }
        tokio::time::sleep(RETRY_PAUSE).await;
    }
}

async fn connect(url: &str) -> Result<Client, ConnectError> {
    let options = ConnectOptions::new()
        .name(NAME)
        // This server knows what it tells the others.
        .no_echo()
        .reconnect_delay_callback(|tries| {
            RECONNECT_PAUSE_MAX.min(Duration::from_millis(50) * u32::try_from(tries).unwrap_or(u32::MAX))
        })
        .event_callback(|event| async move {
            match event {
                Event::Connected => tracing::info!("connected to NATS"),
                event => tracing::warn!(%event, "NATS"),
            }
        });
    // Checked when the settings were read.
    options.connect(servers(url).unwrap_or_default()).await
}

/// The subject of a database's servers: their shared secret, so that databases on one NATS stay apart.
async fn subject(database: &Database) -> Result<Subject, StoreError> {
    let secret = secrets::shared_secret(database, SECRET).await?;
    let mut subject = String::from("cpor.feed.");
    for byte in &secret[..SUBJECT_BYTES] {
        // Writing into a string cannot fail.
        let _ = write!(subject, "{byte:02x}");
    }
    Ok(subject.into())
}

async fn converse(waker: &Waker, client: &Client, subject: Subject) -> Result<Infallible, String> {
    let mut told = client.subscribe(subject.clone()).await.map_err(|error| error.to_string())?;
    let mut telling = waker.telling();
    loop {
        tokio::select! {
            message = told.next() => match message {
                Some(message) => waker.hear(&String::from_utf8_lossy(&message.payload)),
                None => return Err("the subscription has ended".to_owned()),
            },
            // The sender lives in the waker.
            Ok(()) = telling.changed() => {
                let position = *telling.borrow_and_update();
                let sent = client.publish(subject.clone(), position.to_string().into()).await;
                sent.map_err(|error| error.to_string())?;
            }
        }
    }
}
