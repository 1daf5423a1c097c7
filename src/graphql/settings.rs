//! What people choose for themselves: language, time zone, notices.

use async_graphql::{Context, Enum, InputObject, Result, SimpleObject};

use super::context::AskExt;
use super::errors::Failure;
use super::user_error::UserError;
use crate::app::{PersonSettings, SettingsChange};

/// A notice that a person can do without; every other one is always sent.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::preferences::OptionalNotice")]
pub enum OptionalNotice {
    /// The receipt of a submission.
    SubmissionReceived,
    /// A reviewer started.
    ReviewStarted,
    /// Reminders before the time to answer or to dispute ends.
    Reminders,
    /// The consent window closed and the claim went to assessment.
    ConsentElapsed,
    /// To a reviewer: a claim was assigned.
    Assigned,
    /// To a reviewer: the partner replied.
    PartnerReplied,
}

/// What a person has chosen.
#[derive(SimpleObject, Clone)]
pub struct ViewerSettings {
    /// The language of notices and messages: `en` or `pl`.
    locale: String,
    /// The time zone in which notices write times (IANA name).
    time_zone: String,
    /// The optional notices that the person gets.
    optional_notices: Vec<OptionalNotice>,
}

impl From<PersonSettings> for ViewerSettings {
    fn from(settings: PersonSettings) -> Self {
        Self {
            locale: settings.locale,
            time_zone: settings.time_zone,
            optional_notices: settings.optional_notices.into_iter().map(Into::into).collect(),
        }
    }
}

/// Changes the viewer's own settings; what is left out stays.
#[derive(InputObject, Clone, Debug)]
pub struct ViewerUpdateInput {
    /// The language of notices and messages: `en` or `pl`.
    pub locale: Option<String>,
    /// The time zone in which notices write times (IANA name), such as `Europe/Warsaw`.
    pub time_zone: Option<String>,
    /// The optional notices that you want: all of them, since those not named are no longer sent.
    pub optional_notices: Option<Vec<OptionalNotice>>,
}

/// What came of `viewerUpdate`.
#[derive(SimpleObject)]
pub struct ViewerUpdatePayload {
    /// The settings as they are now; null when the mutation was refused.
    pub settings: Option<ViewerSettings>,
    /// Everything that is wrong; empty when the mutation was done.
    pub user_errors: Vec<UserError>,
}

/// Changes the viewer's settings.
///
/// # Errors
/// Lists that are too long; our own failures.
pub async fn update(ctx: &Context<'_>, input: ViewerUpdateInput) -> Result<ViewerUpdatePayload> {
    let maximum = crate::domain::preferences::OptionalNotice::ALL.len();
    if input.optional_notices.as_ref().is_some_and(|list| list.len() > maximum) {
        return Err(Failure::TooLong { argument: "input.optionalNotices", maximum }.into());
    }
    let ask = ctx.ask()?;
    let change = SettingsChange {
        locale: input.locale,
        time_zone: input.time_zone,
        optional_notices: input.optional_notices.map(|wanted| wanted.into_iter().map(Into::into).collect()),
    };
    let changed = ask.app.change_settings(&ask.viewer, change).await.map_err(|cause| ask.failed(&cause))?;
    let refusal = match changed {
        Ok(settings) => return Ok(ViewerUpdatePayload { settings: Some(settings.into()), user_errors: Vec::new() }),
        Err(refusal) => refusal,
    };
    let mut user_errors = Vec::new();
    for violation in &refusal.violations {
        user_errors.push(UserError::of(ctx, violation, None).await?);
    }
    Ok(ViewerUpdatePayload { settings: None, user_errors })
}
