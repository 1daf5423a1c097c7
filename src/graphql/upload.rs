//! Uploads: where to send the bytes of a document to, and how far they have come.

use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};

use super::context::AskExt;
use super::document::hex;
use super::enums::PoeUploadState;
use super::id;
use super::scalars::{DateTime, Url};
use super::user_error::UserError;
use crate::app::{DirectTicket, MAX_UPLOAD_BYTES, UploadError, UploadTicket};
use crate::domain::refusal::{Code, Segment};
use crate::store::upload_state::UploadRow;

/// What came of `poeUploadCreate`.
#[derive(SimpleObject)]
pub struct PoeUploadCreatePayload {
    /// Where to send the bytes to; null when the mutation was refused.
    pub upload: Option<PoeUpload>,
    /// Everything that is wrong; empty when the mutation was done.
    pub user_errors: Vec<UserError>,
}

/// What came of `poeUploadComplete`.
#[derive(SimpleObject)]
pub struct PoeUploadCompletePayload {
    /// The upload, ready to be attached; null when the mutation was refused.
    pub upload: Option<PoeUploadStatus>,
    /// Everything that is wrong; empty when the mutation was done.
    pub user_errors: Vec<UserError>,
}

/// A place to send the bytes of one document to.
#[derive(SimpleObject)]
pub struct PoeUpload {
    /// Its id: what `poeAttach` takes once the bytes have arrived, and `poeUpload` while they are on their way.
    id: ID,
    /// Where to send the bytes to, once, by an HTTP PUT with the bytes as its body. The address is a secret.
    url: Url,
    /// When its time is over.
    expires_at: DateTime,
    /// The largest file it takes, in bytes.
    max_bytes: i32,
    /// Where the bytes can be sent instead, if that was asked for and this server offers it; else null.
    direct: Option<PoeDirectUpload>,
}

/// A place in the store itself. Send the bytes there, then call `poeUploadComplete`: the server reads and judges them before anything can
/// be done with them.
#[derive(SimpleObject)]
pub struct PoeDirectUpload {
    /// Where to send the bytes to by an HTTP PUT, without a credential. The address is a secret.
    url: String,
    /// The headers that the PUT must have.
    headers: Vec<PoeUploadHeader>,
    /// When the address ends.
    expires_at: DateTime,
}

/// A header of a request.
#[derive(SimpleObject)]
pub struct PoeUploadHeader {
    /// Its name.
    name: String,
    /// Its value.
    value: String,
}

impl From<UploadTicket> for PoeUpload {
    fn from(ticket: UploadTicket) -> Self {
        Self {
            id: id::encode(ticket.id),
            url: Url(format!("/uploads/{}", ticket.token)),
            expires_at: DateTime(ticket.expires_at),
            max_bytes: bytes(ticket.max_bytes),
            direct: ticket.direct.map(Into::into),
        }
    }
}

impl From<DirectTicket> for PoeDirectUpload {
    fn from(DirectTicket { target, expires_at }: DirectTicket) -> Self {
        let header = |(name, value): &(&str, &str)| PoeUploadHeader { name: (*name).to_owned(), value: (*value).to_owned() };
        Self { url: target.url, headers: target.headers.iter().map(header).collect(), expires_at: DateTime(expires_at) }
    }
}

/// How far an upload is.
#[derive(Description, Clone)]
pub struct PoeUploadStatus(pub UploadRow);

#[Object(use_type_description)]
impl PoeUploadStatus {
    /// Its id.
    async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// The name of the file.
    async fn file_name(&self) -> &str {
        &self.0.name
    }

    /// How far it is.
    async fn state(&self) -> PoeUploadState {
        self.0.state.into()
    }

    /// Bytes that have arrived, told about every half second; 0 again after an interruption, which leaves nothing.
    async fn received_bytes(&self) -> i32 {
        bytes(u64::try_from(self.0.received_bytes).unwrap_or(0))
    }

    /// The largest file it takes, in bytes.
    async fn max_bytes(&self) -> i32 {
        bytes(MAX_UPLOAD_BYTES)
    }

    /// When its time is over.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// The media type, read from the content; null until all has arrived.
    async fn media_type(&self) -> Option<&str> {
        self.0.file.as_ref().map(|file| file.media_type.as_str())
    }

    /// The SHA-256 of the bytes, in hexadecimal digits; null until all has arrived.
    async fn sha256(&self) -> Option<String> {
        self.0.file.as_ref().map(|file| hex(&file.sha256))
    }
}

/// Files have 25 MiB at most.
fn bytes(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// What a refused upload is told as, or the failure of ours that it was.
///
/// # Errors
/// Our own failures.
pub fn told(ctx: &Context<'_>, error: UploadError) -> Result<Vec<UserError>> {
    let (code, path) = match error {
        UploadError::App(cause) => return Err(ctx.ask()?.failed(&cause)),
        UploadError::Forbidden => (Code::Forbidden, Vec::new()),
        UploadError::TooMany => (Code::PoeLimitReached, Vec::new()),
        UploadError::BadName => (Code::InvalidFormat, vec![Segment::Name("fileName")]),
        UploadError::NotFound | UploadError::Broken => (Code::UploadNotFound, vec![Segment::Name("uploadId")]),
        UploadError::File(_) => (Code::FileRefused, vec![Segment::Name("uploadId")]),
    };
    Ok(vec![UserError::plain(ctx, code, path)?])
}
