//! Whether a credential still holds, asked again while a stream lives.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::Utc;

use super::App;
use crate::auth::viewer::{PersonRecord, Viewer};
use crate::domain::ids::PersonId;
use crate::store::{links, people};

/// People remembered before those whom nobody asked about lately are forgotten.
const REMEMBERED_PEOPLE: usize = 4_096;

/// What the tables said of people lately, for those who have many streams open.
#[derive(Default)]
pub(super) struct Lately {
    said: Mutex<HashMap<PersonId, (Instant, Option<PersonRecord>)>>,
}

impl Lately {
    fn of(&self, person: PersonId, within: Duration) -> Option<Option<PersonRecord>> {
        let said = self.said();
        let (at, record) = said.get(&person)?;
        (at.elapsed() < within).then(|| record.clone())
    }

    fn note(&self, person: PersonId, record: Option<PersonRecord>, within: Duration) {
        let mut said = self.said();
        if said.len() >= REMEMBERED_PEOPLE {
            said.retain(|_, (at, _)| at.elapsed() < within);
        }
        said.insert(person, (Instant::now(), record));
    }

    fn said(&self) -> MutexGuard<'_, HashMap<PersonId, (Instant, Option<PersonRecord>)>> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Whether what the viewer was authenticated with still holds, and gives the same rights. A database that is away revokes nobody.
    pub async fn revalidate(&self, viewer: &Viewer) -> bool {
        self.still_holds(viewer, Duration::ZERO).await
    }

    /// The same, where an answer that is no older will do: the streams of one person ask together.
    pub async fn still_holds(&self, viewer: &Viewer, within: Duration) -> bool {
        if viewer.expires_at().is_some_and(|end| Utc::now() >= end) {
            return false;
        }
        if let Some(person) = viewer.person() {
            let known = match self.inner.lately.of(person.id, within) {
                Some(known) => known,
                None => match people::record(self.database(), person.id).await {
                    Ok(record) => {
                        self.inner.lately.note(person.id, record.clone(), within);
                        record
                    }
                    Err(_) => return true,
                },
            };
            return known.is_some_and(|record| record.has_rights_of(person));
        }
        match viewer.customer() {
            Some(link) => links::is_valid(self.database(), link.id).await.unwrap_or(true),
            None => false,
        }
    }
}
