//! Notices: from the outbox to the people they are for.
//!
//! A notice was queued in the transaction of what it tells. [`Notifier::address`] works out who gets it, each a delivery of their own;
//! [`Notifier::deliver_next`] words one delivery, as of the time it was queued, and hands it over. At least once, with a Message-ID
//! that stays the same; never for what did not happen, and not for what is over.

mod address;
mod blocks;
mod content;
mod mail;
mod obsolete;
mod templates;
mod transport;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use lettre::message::Mailbox;

use crate::app::App;
use crate::app::outcome::AppError;
use crate::messages::Language;
use crate::store::deliveries::{self, Delivery, Settlement};
use crate::store::{aggregate, facts, outbox};

use self::content::Facts;
use self::templates::Templates;
use self::transport::{SendError, Transport};

pub use self::templates::TemplateError;

/// Notices addressed at a time.
const BATCH_NOTICES: i64 = 100;
/// How long a try may take before another server may try again: longer than [`SEND_TIMEOUT`] and all the reading.
const LEASE: TimeDelta = TimeDelta::seconds(120);
/// How long handing one message over may take.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);
/// Tries before a delivery is given up: with the waits between them, two days and a half.
pub const MAX_ATTEMPTS: i32 = 20;
/// The wait after the first failure; it doubles with each.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);
/// The longest wait.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(6);
/// Characters of an error that are kept.
const MAX_ERROR_CHARS: usize = 500;

/// How notices leave.
#[derive(Clone, Debug)]
pub struct NotifySettings {
    /// Where to.
    pub route: Route,
    /// The sender, `Name <address>` or an address.
    pub from: String,
    /// Where people reach this server: scheme, host and perhaps a port, no slash behind.
    pub public_url: String,
    /// Templates that replace our own, `en/rejected.txt` and so on; the folder need not exist.
    pub templates: PathBuf,
}

/// Where notices go.
#[derive(Clone)]
pub enum Route {
    /// To a mail server: `smtp://…` (with `?tls=required` for STARTTLS) or `smtps://…`.
    Smtp(String),
    /// Into this folder, as `.eml` files.
    Folder(PathBuf),
}

/// A mail server's URL may hold a password: it is not shown.
impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Smtp(_) => f.write_str("Smtp(…)"),
            Self::Folder(path) => f.debug_tuple("Folder").field(path).finish(),
        }
    }
}

/// Why notices cannot leave as the settings say.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// The sender is no address.
    #[error("{0:?} is no sender: give an e-mail address, such as cpor@example.com or \"Claims <cpor@example.com>\"")]
    From(String),
    /// The URL of the mail server cannot be used.
    #[error("the mail server's URL cannot be used: give smtp://HOST:PORT?tls=required or smtps://USER:PASSWORD@HOST")]
    Url,
    /// A template of the operator's is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// What kept a delivery from being worded or handed over.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Send(#[from] SendError),
    #[error("a template: {0}")]
    Words(#[from] minijinja::Error),
}

impl From<crate::store::errors::StoreError> for Failure {
    fn from(error: crate::store::errors::StoreError) -> Self {
        Self::App(error.into())
    }
}

/// Pays the outbox. Clones share everything.
#[derive(Clone)]
pub struct Notifier {
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    templates: Templates,
    transport: Transport,
    from: Mailbox,
    public_url: String,
}

impl Notifier {
    /// Checks the settings and reads the operator's templates. Nothing is sent yet.
    ///
    /// # Errors
    /// [`NotifyError`], with what to do.
    pub fn new(app: App, settings: NotifySettings) -> Result<Self, NotifyError> {
        let from = settings.from.parse().map_err(|_| NotifyError::From(settings.from.clone()))?;
        let templates = Templates::load(&settings.templates, &settings.public_url)?;
        let transport = Transport::new(settings.route)?;
        let inner = Inner { app, templates, transport, from, public_url: settings.public_url };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Works out the recipients of notices that have none yet, up to a batch; `now` is real time. Answers how many notices it took.
    ///
    /// # Errors
    /// Our own failures only; a notice that cannot be worded for ever is set aside as dead.
    pub async fn address(&self, now: DateTime<Utc>) -> Result<usize, AppError> {
        let database = self.inner.app.database();
        let waiting = {
            let mut conn = database.read().await?;
            outbox::unaddressed(&mut conn, BATCH_NOTICES).await?
        };
        let mut taken = 0;
        for owed in &waiting {
            let mut tx = database.begin().await?;
            let recipients = match address::recipients(&mut tx, owed).await {
                Err(error @ crate::store::errors::StoreError::Corrupt(_)) => {
                    tracing::error!(%error, claim = %owed.claim, seq = owed.seq, "a notice cannot be addressed");
                    None
                }
                other => Some(other?),
            };
            if outbox::take(&mut tx, owed, recipients.is_some()).await? {
                deliveries::insert(&mut tx, owed, &recipients.unwrap_or_default(), now).await?;
                taken += 1;
            }
            tx.commit().await?;
        }
        Ok(taken)
    }

    /// Tries the next delivery that is due at `now`, real time. Answers whether there was one.
    ///
    /// # Errors
    /// Our own failures only; what a receiver says is written down with the delivery.
    pub async fn deliver_next(&self, now: DateTime<Utc>) -> Result<bool, AppError> {
        let database = self.inner.app.database();
        let leased = {
            let mut conn = database.write().await?;
            deliveries::lease(&mut conn, now, now + LEASE).await?
        };
        let Some(delivery) = leased else { return Ok(false) };
        let how = match self.deliver(&delivery).await {
            Ok(true) => Settlement::Sent,
            Ok(false) => Settlement::Obsolete,
            Err(failure) => settlement(&delivery, &failure, now),
        };
        let Delivery { id, attempt, .. } = delivery;
        match &how {
            Settlement::Dead { error } => tracing::error!(%id, attempt, error, "a notice could not be delivered and is given up"),
            Settlement::Retry { error, at } => {
                tracing::warn!(%id, attempt, error, next = %at, "a notice could not be delivered now")
            }
            Settlement::Sent | Settlement::Obsolete => tracing::debug!(%id, attempt, ?how, "settled a notice"),
        }
        let mut conn = database.write().await?;
        deliveries::settle(&mut conn, &delivery, &how, now).await?;
        Ok(true)
    }

    /// Words and sends; `false` if the delivery is obsolete.
    async fn deliver(&self, delivery: &Delivery) -> Result<bool, Failure> {
        let Inner { app, templates, transport, from, public_url } = &*self.inner;
        let owed = &delivery.owed;
        let (facts, is_obsolete) = {
            let mut conn = app.database().read().await?;
            let occasion = outbox::occasion(&mut conn, owed.claim, owed.seq).await?;
            let current = aggregate::load_many(&mut conn, &[owed.claim]).await?.pop();
            let is_obsolete = match &delivery.to.recipient {
                deliveries::Recipient::Person(id) => outbox::person(&mut conn, *id).await?.is_none(),
                _ => false,
            };
            let is_obsolete = is_obsolete || obsolete::is_obsolete(delivery, &occasion, current.as_ref(), app.now());
            let programme = facts::programme(app.database(), &mut conn).await?;
            let partner = outbox::organization_name(&mut conn, occasion.claim.organization).await?;
            let codes: Vec<_> = occasion.claim.products.iter().map(|line| line.product.clone()).collect();
            let products = outbox::product_names(&mut conn, &codes).await?;
            (Facts { occasion, calendar: programme.calendar.clone(), partner, products }, is_obsolete)
        };
        if is_obsolete {
            return Ok(false);
        }
        let link = match obsolete::link_contact(delivery) {
            Some(contact) => match app.mint_consent_link_to(owed.claim, contact, &delivery.to.email).await? {
                Some(token) => Some(format!("{public_url}/consent/{token}")),
                None => return Ok(false),
            },
            None => None,
        };
        let language = Language::of_tag(Some(&delivery.to.locale));
        let context = content::context(delivery, &facts, language, public_url, link.as_deref());
        let worded = templates.render(owed.notice, language, &context)?;
        let mail = mail::compose(delivery, &worded, from, app.now(), transport.is_folder())?;
        let name = mail::file_name(delivery, facts.occasion.claim.number);
        match tokio::time::timeout(SEND_TIMEOUT, transport.send(&mail, &name)).await {
            Ok(sent) => sent?,
            Err(_) => return Err(SendError::Failed(format!("no answer within {SEND_TIMEOUT:?}")).into()),
        }
        Ok(true)
    }
}

/// What a failure means: another try after a wait that doubles, or none.
fn settlement(delivery: &Delivery, failure: &Failure, now: DateTime<Utc>) -> Settlement {
    let error: String = failure.to_string().chars().take(MAX_ERROR_CHARS).collect();
    if delivery.attempt >= MAX_ATTEMPTS || matches!(failure, Failure::Send(SendError::Refused(_))) {
        return Settlement::Dead { error };
    }
    let doublings = u32::try_from(delivery.attempt - 1).unwrap_or(0).min(16);
    let wait = (FIRST_WAIT * 2_i32.pow(doublings)).min(LONGEST_WAIT);
    Settlement::Retry { at: now + wait, error }
}
