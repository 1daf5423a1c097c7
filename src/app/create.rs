//! Creating a claim: the door for what is not there yet.

use std::sync::Arc;

use futures_util::FutureExt;

use super::execute::retried;
use super::outcome::{AppError, Options, Outcome};
use super::record::Recorder;
use super::{App, answer};
use crate::auth::viewer::Viewer;
use crate::domain::command::Create;
use crate::domain::{Stakes, create};
use crate::store::errors::StoreError;
use crate::store::transaction::Writes;
use crate::store::{aggregate, facts, idempotency};

impl App {
    /// Creates a claim. Like [`App::execute`], it goes on when the caller goes away.
    ///
    /// # Errors
    /// Our own failures only; what the domain refuses is in the outcome.
    pub async fn create(&self, viewer: &Arc<Viewer>, command: Create, options: Options) -> Result<Outcome, AppError> {
        let (app, viewer) = (self.clone(), Arc::clone(viewer));
        let work = async move { retried(|| create_once(&app, &viewer, &command, &options).boxed()).await };
        tokio::spawn(work).await.map_err(|lost| AppError::Lost(lost.to_string()))?
    }
}

async fn create_once(app: &App, viewer: &Viewer, command: &Create, options: &Options) -> Result<Outcome, StoreError> {
    let mut tx = app.database().begin().await?;
    if let Some(ours) = options.idempotency
        && let Some(kept) = idempotency::find(&tx, viewer.id(), ours.key).await?
    {
        tx.roll_back().await?;
        let same = kept.fingerprint == ours.fingerprint;
        let earlier = answer::from_json(&kept.answer).filter(|_| same);
        return Ok(earlier.unwrap_or_else(|| Outcome::key_reused(None)));
    }
    let now = app.now();
    let programme = facts::programme(app.database(), &mut tx).await?;
    let organization = viewer.person().and_then(|person| person.organization);
    let known = facts::load_for_creation(&tx, organization, &Stakes::of_creation(command), &programme).await?;
    let number = aggregate::next_number(&mut tx).await?;
    let mut writes = Writes::default();
    let outcome = match create(command, number, &viewer.actor(), &known, now) {
        Ok(decision) => {
            let mut events = decision.events.into_iter();
            let recorder = events.next().and_then(Recorder::of_creation);
            if let Some(mut recorder) = recorder {
                recorder.take(events.collect());
                recorder.write(&mut writes, &programme.catalogue)?;
            }
            Outcome::done(command.id, decision.warnings, None)
        }
        Err(refusal) => Outcome::refused(None, refusal),
    };
    if let Some(key) = options.idempotency {
        answer::keep(&mut writes, viewer, key, outcome.claim, &outcome, now);
    }
    tx.commit_with(writes).await?;
    app.live().hint();
    Ok(outcome)
}
