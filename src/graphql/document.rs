//! Proof of execution.

use std::fmt::Write;
use std::sync::Arc;

use chrono::{TimeDelta, Utc};

use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};

use super::context::AskExt;
use super::enums::{PoeFlagCode, PoeKind, PoeScanState};
use super::id;
use super::person::Person;
use super::product::ClaimProduct;
use super::scalars::{Date, DateTime, Url};
use crate::app::{DownloadLink, SCAN_OVERDUE_MINUTES};
use crate::domain::file::ScanState;
use crate::domain::ids::DocumentId;
use crate::messages::Words;
use crate::store::poe::DocumentRow;

/// A document of proof of execution: it shows the partner's work, signed by the customer. Its bytes never change.
#[derive(Description, Clone)]
pub struct PoeDocument(pub Arc<DocumentRow>);

#[Object(use_type_description)]
impl PoeDocument {
    /// Its id.
    pub async fn id(&self) -> ID {
        id::encode(self.0.document.id)
    }

    /// The name of the file.
    async fn name(&self) -> &str {
        &self.0.document.file.name
    }

    /// What kind of document it is.
    async fn kind(&self) -> PoeKind {
        self.0.document.kind.into()
    }

    /// The media type, read from the content.
    async fn media_type(&self) -> &str {
        &self.0.document.file.media_type
    }

    /// The size in bytes.
    async fn size_bytes(&self) -> i32 {
        // Files have 25 MiB at most.
        i32::try_from(self.0.document.file.size_bytes).unwrap_or(i32::MAX)
    }

    /// The SHA-256 of the bytes, in hexadecimal digits.
    async fn sha256(&self) -> String {
        hex(&self.0.document.file.sha256)
    }

    /// What a reviewer should know before opening it: found by looking into the bytes when they came. None is the usual answer.
    async fn flags(&self, ctx: &Context<'_>) -> Result<Vec<PoeFlag>> {
        let ask = ctx.ask()?;
        let found = ask.loaded(ask.loaders().inspection(self.0.document.id).await)?;
        let flags = found.iter().flat_map(|row| row.flags.iter());
        Ok(flags.map(|flag| PoeFlag { code: (*flag).into(), message: flag.words(ask.language).to_owned() }).collect())
    }

    /// How far the virus scanner is with it. While it waits for a verdict, and when it is infected, nobody can open it.
    async fn scan(&self, ctx: &Context<'_>) -> Result<PoeScan> {
        let ask = ctx.ask()?;
        let found = ask.loaded(ask.loaders().inspection(self.0.document.id).await)?;
        let (state, since) = found.as_deref().map_or((ScanState::NotScanned, None), |row| (row.scan, row.since));
        // Real time, as scanners have it; the demo's clock is another.
        let patience = TimeDelta::minutes(SCAN_OVERDUE_MINUTES);
        let is_overdue = state == ScanState::Pending && since.is_some_and(|since| Utc::now() - since > patience);
        let threat = found.as_deref().and_then(|row| row.threat.clone());
        Ok(PoeScan { state: state.into(), since: since.map(DateTime), is_overdue, threat })
    }

    /// What it shows, in the partner's words.
    async fn description(&self) -> Option<&str> {
        self.0.document.description.as_deref()
    }

    /// The claimed products it covers; none means the whole claim.
    async fn covers(&self, ctx: &Context<'_>) -> Result<Vec<ClaimProduct>> {
        ClaimProduct::of_claim(ctx, self.0.claim, self.0.document.covers.iter().copied()).await
    }

    /// The day on which the customer signed, as the partner says.
    async fn signed_on(&self) -> Option<Date> {
        self.0.document.signed_on.map(Date)
    }

    /// When it was attached.
    async fn attached_at(&self) -> DateTime {
        DateTime(self.0.document.attached_at)
    }

    /// Who attached it, if the viewer may know of them.
    async fn attached_by(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        Person::load(ctx, self.0.document.attached_by).await.transpose()
    }

    /// Whether it was attached as part of a dispute.
    async fn is_of_dispute(&self) -> bool {
        self.0.document.in_dispute
    }

    /// Whether no newer document has taken its place.
    async fn is_current(&self) -> bool {
        self.0.document.superseded_by.is_none()
    }

    /// The newer document that took its place, if any.
    async fn superseded_by(&self, ctx: &Context<'_>) -> Option<Result<PoeDocument>> {
        Self::load(ctx, self.0.document.superseded_by?).await.transpose()
    }

    /// Where to fetch the bytes by GET, without a credential: for the viewer, for five minutes, and only while the viewer may see the
    /// document. The address is a secret. With a credential, the bytes are at `/documents/` and the document's UUID as well.
    async fn download_url(&self, ctx: &Context<'_>) -> Result<Option<Url>> {
        Ok(self.link(ctx)?.map(|link| Url(format!("/downloads/{}", link.token))))
    }

    /// When a `downloadUrl` that is asked for now ends.
    async fn download_url_expires_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        Ok(self.link(ctx)?.map(|link| DateTime(link.expires_at)))
    }
}

/// Bytes in hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// Something that a reviewer should know about a document.
#[derive(SimpleObject)]
pub struct PoeFlag {
    /// What.
    code: PoeFlagCode,
    /// The same in one sentence, for people.
    message: String,
}

/// How far a virus scanner is with a document.
#[derive(SimpleObject)]
pub struct PoeScan {
    /// How far.
    state: PoeScanState,
    /// Since when; null when no scanner has seen it.
    since: Option<DateTime>,
    /// Whether it has waited for a verdict for longer than 15 minutes: the scanner is probably away.
    is_overdue: bool,
    /// What the scanner found; null unless it is infected.
    threat: Option<String>,
}

impl PoeDocument {
    fn link(&self, ctx: &Context<'_>) -> Result<Option<DownloadLink>> {
        let ask = ctx.ask()?;
        Ok(ask.app.download_link(&ask.viewer, self.0.document.id))
    }

    /// The document, if the viewer may read it.
    ///
    /// # Errors
    /// Our own failures.
    pub async fn load(ctx: &Context<'_>, id: DocumentId) -> Result<Option<Self>> {
        let ask = ctx.ask()?;
        let found = ask.loaded(ask.loaders().document(id).await)?;
        Ok(found.map(Self))
    }
}
