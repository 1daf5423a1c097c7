//! Handing a message over: to a mail server, or to a folder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::transport::smtp::{self, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::{NotifyError, Route};

/// How long one step of the conversation with the mail server may take.
const STEP_TIMEOUT: Duration = Duration::from_secs(20);
/// Connections to the mail server.
const MAX_CONNECTIONS: u32 = 8;
/// Answers that are about the receiver or the message, and for good; the others may be about us, or pass.
const REFUSALS: [u16; 6] = [550, 551, 552, 553, 555, 556];

/// Why a message was not handed over.
#[derive(Debug, thiserror::Error)]
pub(super) enum SendError {
    /// It never will be.
    #[error("refused: {0}")]
    Refused(String),
    /// It may be, later.
    #[error("{0}")]
    Failed(String),
}

/// Where messages go.
pub(super) enum Transport {
    /// A mail server.
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    /// A folder.
    Folder(PathBuf),
}

impl Transport {
    pub fn new(route: Route) -> Result<Self, NotifyError> {
        match route {
            Route::Folder(path) => Ok(Self::Folder(path)),
            Route::Smtp(url) => {
                let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).map_err(|_| NotifyError::Url)?;
                let pool = PoolConfig::new().max_size(MAX_CONNECTIONS);
                Ok(Self::Smtp(Box::new(builder.timeout(Some(STEP_TIMEOUT)).pool_config(pool).build())))
            }
        }
    }

    /// Whether messages become files.
    pub fn is_folder(&self) -> bool {
        matches!(self, Self::Folder(_))
    }

    /// Hands a message over; `name` is that of its file. The same message again replaces the file.
    pub async fn send(&self, message: &Message, name: &str) -> Result<(), SendError> {
        match self {
            Self::Smtp(transport) => {
                let bytes = message.formatted();
                transport.send_raw(message.envelope(), &bytes).await.map(drop).map_err(|error| smtp_error(&error))
            }
            Self::Folder(folder) => {
                write(folder, name, message.formatted()).await.map_err(|error| SendError::Failed(error.to_string()))
            }
        }
    }
}

fn smtp_error(error: &smtp::Error) -> SendError {
    let code = error.status().map(u16::from);
    match code {
        Some(code) if REFUSALS.contains(&code) => SendError::Refused(error.to_string()),
        _ => SendError::Failed(error.to_string()),
    }
}

/// Whole or not at all: written beside, then renamed.
async fn write(folder: &Path, name: &str, bytes: Vec<u8>) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let beside = folder.join(format!("{name}.part"));
    tokio::fs::write(&beside, bytes).await?;
    tokio::fs::rename(&beside, folder.join(name)).await
}
