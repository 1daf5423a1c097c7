//! A person's own settings: language, time zone, and the notices they want.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::App;
use super::outcome::AppError;
use crate::auth::viewer::{PersonRecord, Viewer};
use crate::domain::preferences::{LOCALES, OptionalNotice};
use crate::domain::refusal::{Code, Refusal, Segment, Violation};
use crate::store::{people, settings};

/// What a person wants to change; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsChange {
    /// The language, one of [`LOCALES`].
    pub locale: Option<String>,
    /// The time zone (IANA name).
    pub time_zone: Option<String>,
    /// The optional notices that are wanted, all of them.
    pub optional_notices: Option<BTreeSet<OptionalNotice>>,
}

/// What a person has chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonSettings {
    /// The language.
    pub locale: String,
    /// The time zone (IANA name).
    pub time_zone: String,
    /// The optional notices that are wanted.
    pub optional_notices: Vec<OptionalNotice>,
}

impl PersonSettings {
    /// Of a person.
    #[must_use]
    pub fn of(person: &PersonRecord) -> Self {
        let wanted = OptionalNotice::ALL.iter().copied().filter(|notice| !person.muted.contains(notice));
        Self { locale: person.locale.clone(), time_zone: person.time_zone.clone(), optional_notices: wanted.collect() }
    }
}

impl App {
    /// Changes the viewer's own settings and answers what they are now, or what is wrong with the change.
    /// Customers have none: they come by a link.
    ///
    /// # Errors
    /// Our own failures only.
    pub async fn change_settings(
        &self,
        viewer: &Viewer,
        change: SettingsChange,
    ) -> Result<Result<PersonSettings, Refusal>, AppError> {
        let forbidden = || Refusal { violations: vec![Violation::new(Code::Forbidden, Vec::new())] };
        let Some(person) = viewer.person() else { return Ok(Err(forbidden())) };
        let violations = violations(&change);
        if !violations.is_empty() {
            return Ok(Err(Refusal { violations }));
        }
        let muted = change
            .optional_notices
            .map(|wanted| OptionalNotice::ALL.iter().copied().filter(|notice| !wanted.contains(notice)).collect::<BTreeSet<_>>());
        let mut conn = self.database().write().await?;
        settings::update(&mut conn, person.id, change.locale.as_deref(), change.time_zone.as_deref(), muted.as_ref()).await?;
        drop(conn);
        self.people_changed();
        let now = people::record(self.database(), person.id).await?;
        Ok(now.as_ref().map(PersonSettings::of).ok_or_else(forbidden))
    }
}

fn violations(change: &SettingsChange) -> Vec<Violation> {
    let wrong = |field| Violation::new(Code::InvalidFormat, vec![Segment::Name(field)]);
    let locale = change.locale.as_deref().filter(|locale| !LOCALES.contains(locale)).map(|_| wrong("locale"));
    let zone = change.time_zone.as_deref().filter(|zone| zone.parse::<Tz>().is_err()).map(|_| wrong("timeZone"));
    locale.into_iter().chain(zone).collect()
}
