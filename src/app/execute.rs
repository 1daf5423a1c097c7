//! The one door: lock, replay?, expiries, decide, append, commit.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::outcome::{AppError, Options, Outcome};
use super::record::Recorder;
use super::{App, answer};
use crate::auth::viewer::{ClaimOwner, Viewer};
use crate::domain::claim::Claim;
use crate::domain::command::Command;
use crate::domain::facts::{Facts, Rules};
use crate::domain::ids::ClaimId;
use crate::domain::refusal::{Code, Detail, Refusal, Segment, Violation};
use crate::domain::{Decision, Stakes, decide};
use crate::store::errors::StoreError;
use crate::store::facts::Programme;
use crate::store::idempotency::Kept;
use crate::store::transaction::{Transaction, Writes};
use crate::store::{aggregate, facts, note_write};

/// How often a command is tried again when another transaction got in the way.
const MAX_TRIES: u32 = 4;

impl App {
    /// Gives a command on a claim.
    ///
    /// Goes on when the caller goes away: a request that is dropped half-way leaves nothing half done.
    ///
    /// # Errors
    /// Our own failures only; what the domain refuses is in the outcome.
    pub async fn execute(
        &self,
        viewer: &Arc<Viewer>,
        claim: ClaimId,
        command: Command,
        options: Options,
    ) -> Result<Outcome, AppError> {
        let (app, viewer) = (self.clone(), Arc::clone(viewer));
        let work = async move {
            let door = Door { app: &app, viewer: &viewer, options: &options };
            retried(|| door.pass(claim, &command).boxed()).await
        };
        tokio::spawn(work).await.map_err(|lost| AppError::Lost(lost.to_string()))?
    }
}

/// Runs a transaction again when another one got in the way, a bounded number of times.
pub(super) async fn retried<'a>(work: impl Fn() -> BoxFuture<'a, Result<Outcome, StoreError>>) -> Result<Outcome, AppError> {
    let mut tries = 1;
    loop {
        match work().await {
            Err(StoreError::Contention(_) | StoreError::Duplicate { .. } | StoreError::KeyHeld) if tries < MAX_TRIES => {
                tries += 1
            }
            other => return other.map_err(AppError::from),
        }
    }
}

/// One command on its way through the door.
struct Door<'a> {
    app: &'a App,
    viewer: &'a Viewer,
    options: &'a Options,
}

impl Door<'_> {
    async fn pass(&self, id: ClaimId, command: &Command) -> Result<Outcome, StoreError> {
        let key = self.options.idempotency.map(|ours| (self.viewer.id(), ours.key));
        let (mut tx, opened) = aggregate::open(self.app.database(), id, command.kind().extent(), key).await?;
        let Some(mut opened) = opened.filter(|opened| self.may_see(&opened.claim)) else {
            tx.roll_back().await?;
            return Ok(Outcome::not_found());
        };
        if let Some(earlier) = opened.kept.take().map(|kept| self.replay(id, kept)) {
            tx.roll_back().await?;
            return Ok(earlier);
        }
        // Read after the lock: whoever waited for it is judged by when it got its turn.
        let now = self.app.now().max(opened.claim.last_event_at);
        if opened.head.is_due(now) {
            opened.complete(&tx).await?;
        }
        let programme = facts::programme_of(self.app.database(), &tx, opened.head.programme).await?;
        let mut recorder = Recorder::of(opened.claim, opened.head.last_hash);
        recorder.expire(now, &programme.rules_for(recorder.claim()));
        let (mut outcome, decision) = self.judge(&mut tx, &recorder, command, now, &programme).await?;
        if let Some(decision) = decision.filter(|_| !self.options.dry_run) {
            recorder.take(decision.events);
            outcome.written = recorder.written();
            if let (Some(note), Some(person)) = (&decision.note, self.viewer.person()) {
                note_write::insert(&mut tx, id, note, person.id, person.role, now).await?;
            }
        }
        let mut writes = Writes::default();
        let grew = recorder.write(&mut writes, &programme.catalogue)?;
        if let Some(key) = self.options.idempotency.filter(|_| !self.options.dry_run) {
            answer::keep(&mut writes, self.viewer, key, Some(id), &outcome, now);
        }
        tx.commit_with(writes).await?;
        if grew {
            self.app.live().hint();
        }
        Ok(outcome)
    }

    fn may_see(&self, claim: &Claim) -> bool {
        self.viewer.scope().admits(&ClaimOwner::of(claim))
    }

    /// The stored answer, once the claim was found visible: keys are no oracle.
    fn replay(&self, claim: ClaimId, kept: Kept) -> Outcome {
        let same = self.options.idempotency.is_some_and(|ours| ours.fingerprint == kept.fingerprint) && kept.claim == Some(claim);
        let earlier = if same { answer::from_json(&kept.answer) } else { None };
        earlier.unwrap_or_else(|| Outcome::key_reused(Some(claim)))
    }

    async fn judge(
        &self,
        tx: &mut Transaction,
        recorder: &Recorder,
        command: &Command,
        now: DateTime<Utc>,
        programme: &Programme,
    ) -> Result<(Outcome, Option<Decision>), StoreError> {
        let claim = recorder.claim();
        if let Some(refusal) = version_conflict(claim, self.options.expected_version) {
            return Ok((Outcome::refused(Some(claim.id), refusal), None));
        }
        let stakes = Stakes::of(claim, command);
        facts::lock_keys(tx, &stakes.keys).await?;
        let known = facts::load(tx, claim, &stakes, programme, now).await?;
        let known = if self.options.dry_run { without_others(known) } else { known };
        let rules: Rules<'_> = programme.rules_for(claim);
        Ok(match decide(claim, command, &self.viewer.actor(), &known, now, &rules) {
            Ok(decision) => {
                let created = made_by(command);
                (Outcome::done(claim.id, decision.warnings.clone(), created), Some(decision))
            }
            Err(refusal) => (Outcome::refused(Some(claim.id), refusal), None),
        })
    }
}

/// A dry run never tells of another partner.
fn without_others(facts: Facts) -> Facts {
    Facts { competing_keys: Default::default(), held_keys: Default::default(), arbitration_open: false, ..facts }
}

pub(super) fn version_conflict(claim: &Claim, expected: Option<i32>) -> Option<Refusal> {
    let expected = expected.filter(|expected| *expected != claim.version)?;
    let detail = Detail::Version { expected, current: claim.version };
    let path = vec![Segment::Name("expectedVersion")];
    Some(Refusal { violations: vec![Violation::new(Code::VersionConflict, path).with(detail)] })
}

fn made_by(command: &Command) -> Option<uuid::Uuid> {
    match command {
        Command::Comment { id, .. } => Some(id.0),
        Command::AddNote { id, .. } => Some(id.0),
        Command::AttachDocument(document) => Some(document.id.0),
        _ => None,
    }
}
