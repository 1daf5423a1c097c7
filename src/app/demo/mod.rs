//! The demo: people by an import file, and some three hundred claims that went through the door with a clock that moves.
//!
//! `plan` draws who claims what, `table` says what happens to it, `play` gives the commands.

mod act;
mod cast;
mod customers;
mod days;
mod paper;
mod pdf;
mod plan;
mod play;
mod random;
mod scenario;
mod table;
mod words;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures_util::{StreamExt, TryStreamExt, stream};

use self::cast::Cast;
use self::customers::customers;
use self::plan::{Story, plan};
use self::play::Stage;
use super::App;
use super::import::{ImportError, ImportFile, import};
use super::outcome::AppError;
use super::uploads::UploadError;
use crate::auth::AuthError;
use crate::domain::actor::Role;
use crate::domain::ids::ClaimId;
use crate::domain::status::Status;
use crate::store::errors::StoreError;
use crate::store::{aggregate, facts};

/// The demo's people, customers and calendar, as `cpor import` takes them.
const PEOPLE_JSON: &str = include_str!("people.json");
/// Claims that are played at a time.
const MAX_AT_ONCE: usize = 8;

/// A person of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// The short name by which tokens are asked for; the subject of the token.
    pub handle: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The organization's name; `None` for the programme's own people.
    pub organization: Option<String>,
}

/// What loading did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DemoReport {
    /// Claims that there are now.
    pub claims: usize,
    /// Claims that were created by this loading.
    pub created: usize,
    /// Claims that were played by this loading.
    pub played: usize,
}

/// Why the demo could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Its people could not be imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// Nobody in the file has this role.
    #[error("the demo has no {0}")]
    Nobody(&'static str),
    /// One of its people cannot act.
    #[error("a person of the demo cannot act: {0}")]
    Person(#[from] AuthError),
    /// A document was not taken.
    #[error("a document of the demo was not taken: {0}")]
    Upload(#[from] UploadError),
    /// A step went otherwise than planned.
    #[error("demo claim {number} ({scenario}), step {step} ({act}): {why}")]
    Step {
        /// The claim's number in the plan.
        number: usize,
        /// Its scenario.
        scenario: &'static str,
        /// Which step; 0 is the creation.
        step: usize,
        /// What was done.
        act: String,
        /// The refusal, or what was missing.
        why: String,
    },
    /// Our own failure.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<StoreError> for DemoError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

/// The demo's people, partners first.
#[must_use]
pub fn people() -> Vec<DemoPerson> {
    let file = ImportFile::parse(PEOPLE_JSON).unwrap_or_default();
    let organizations = file.organizations.iter();
    let members = organizations.flat_map(|one| one.people.iter().map(|person| (person, Some(one.name.clone()))));
    let everybody = members.chain(file.people.iter().map(|person| (person, None)));
    everybody
        .map(|(person, organization)| DemoPerson {
            handle: person.subject.clone(),
            name: person.name.clone(),
            role: person.role,
            organization,
        })
        .collect()
}

/// Loads the demo: people, then claims with a past that ends now. `progress` hears how many claims of how many are there.
///
/// Loading again changes nothing. Broken off and loaded again, it goes on with the claims that were not played.
///
/// # Errors
/// A [`DemoError`], with the claim and the step where it went wrong.
pub async fn load(app: &App, progress: impl Fn(usize, usize) + Send + Sync) -> Result<DemoReport, DemoError> {
    let now = app.now();
    import(app.database(), PEOPLE_JSON).await?;
    let file = ImportFile::parse(PEOPLE_JSON)?;
    let cast = Cast::of(app, &file, now).await?;
    let customers = customers(&file.tenants);
    let calendar = file.calendar.map(|entry| entry.calendar).unwrap_or_default();
    let stories = plan(&cast, &customers, &calendar, now);
    let conn = app.database().write().await?;
    let catalogue = facts::catalogue(&conn).await?;
    drop(conn);
    let stage = Stage { app, cast, customers, catalogue, now };
    let found = found(app, &stories).await?;
    let mut report = DemoReport { claims: stories.len(), ..DemoReport::default() };
    report.created = create_missing(&stage, &stories, &found).await?;
    report.played = play_untouched(&stage, &stories, &found, progress).await?;
    Ok(report)
}

/// The demo's claims that are there already, and whether nothing has happened to them since their creation.
async fn found(app: &App, stories: &[Story]) -> Result<HashMap<ClaimId, bool>, DemoError> {
    let ids: Vec<ClaimId> = stories.iter().map(Story::claim).collect();
    let mut conn = app.database().read().await?;
    let claims = aggregate::load_many(&mut conn, &ids).await?;
    Ok(claims.iter().map(|claim| (claim.id, claim.status == Status::Editing && claim.sequence == 1)).collect())
}

/// One after another, in the order of their dates: numbers are given so.
async fn create_missing(stage: &Stage<'_>, stories: &[Story], found: &HashMap<ClaimId, bool>) -> Result<usize, DemoError> {
    let mut missing: Vec<&Story> = stories.iter().filter(|story| !found.contains_key(&story.claim())).collect();
    missing.sort_by_key(|story| story.times.first().copied().unwrap_or(DateTime::<Utc>::MAX_UTC));
    for story in &missing {
        stage.create(story).await?;
    }
    Ok(missing.len())
}

/// Those that claim what others have come after these.
async fn play_untouched(
    stage: &Stage<'_>,
    stories: &[Story],
    found: &HashMap<ClaimId, bool>,
    progress: impl Fn(usize, usize),
) -> Result<usize, DemoError> {
    let mut done = stories.len();
    let waits =
        |story: &&Story| found.get(&story.claim()).is_none_or(|untouched| *untouched) && story.scenario.steps().next().is_some();
    let (rivals, first): (Vec<&Story>, Vec<&Story>) =
        stories.iter().filter(waits).partition(|story| story.scenario.rivalry.is_some());
    let played = rivals.len() + first.len();
    done -= played;
    for batch in [first, rivals] {
        let mut plays = stream::iter(batch).map(|story| stage.play(story)).buffer_unordered(MAX_AT_ONCE);
        while plays.try_next().await?.is_some() {
            done += 1;
            progress(done, stories.len());
        }
    }
    Ok(played)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_the_people_is_right_and_everybody_is_in_it() {
        ImportFile::parse(PEOPLE_JSON).unwrap_or_else(|error| panic!("{error}"));
        let people = people();
        let missing: Vec<_> = Role::ALL.iter().filter(|role| people.iter().all(|person| person.role != **role)).collect();
        assert_eq!(missing, [&Role::Customer]);
    }
}
