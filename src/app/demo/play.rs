//! Playing a story: each step a command through the door, at its time.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream;

use super::DemoError;
use super::act::create_command;
use super::cast::{Cast, Partner};
use super::customers::Customer;
use super::paper::File;
use super::plan::Story;
use super::random::Random;
use super::scenario::{Act, Step};
use super::words::Names;
use crate::app::{App, Clock, Options, Outcome};
use crate::auth::viewer::Viewer;
use crate::domain::command::Command;
use crate::domain::ids::{DocumentId, ProductLineId, UploadId};
use crate::domain::product::Catalogue;
use crate::domain::reason::FindingKind;
use crate::domain::refusal::Code;
use crate::store::aggregate;
use crate::store::links::LinkContact;

/// What all stories share.
pub(super) struct Stage<'a> {
    pub app: &'a App,
    pub cast: Cast,
    pub customers: Vec<Customer>,
    pub catalogue: Catalogue,
    /// When the stories end.
    pub now: DateTime<Utc>,
}

impl Stage<'_> {
    /// Creates the story's claim.
    pub async fn create(&self, story: &Story) -> Result<(), DemoError> {
        let scene = Scene::of(self, story);
        scene.at(0)?;
        let (viewer, command) = create_command(&scene);
        let outcome = scene.app.create(&viewer, command, Options::default()).await?;
        scene.expect(0, &"Create", &outcome)
    }

    /// Plays what follows the creation, and what the clocks did since.
    pub async fn play(&self, story: &Story) -> Result<(), DemoError> {
        let mut scene = Scene::of(self, story);
        for (index, Step { act, .. }) in story.scenario.steps().enumerate() {
            scene.at(index + 1)?;
            scene.step(index + 1, *act).await?;
        }
        scene.clock.set(self.now);
        scene.app.record_expiries(story.claim()).await?;
        Ok(())
    }
}

/// What the programme wants to hear from the partner.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked {
    Nothing,
    /// One of the questions.
    Question(usize),
    /// More, by a request for action.
    More(FindingKind),
}

/// A story being played.
pub(super) struct Scene<'a> {
    pub stage: &'a Stage<'a>,
    pub story: &'a Story,
    /// On the story's own clock.
    app: App,
    clock: Clock,
    pub random: Random,
    /// Those who may review the claim, the assignee first.
    pub reviewers: Vec<Arc<Viewer>>,
    pub lead: Arc<Viewer>,
    pub lines: Vec<ProductLineId>,
    pub documents: Vec<DocumentId>,
    /// What the programme wants to hear from the partner.
    pub asked: Asked,
    /// How many identities were made.
    made: usize,
}

impl<'a> Scene<'a> {
    fn of(stage: &'a Stage<'a>, story: &'a Story) -> Self {
        let clock = Clock::manual(stage.now);
        let mut random = story.random();
        let mut reviewers = stage.cast.reviewers_for(&stage.cast.partners[story.partner]);
        random.shuffle(&mut reviewers);
        let lead = Arc::clone(&stage.cast.leads[random.below(stage.cast.leads.len())]);
        let lines = (0..story.lines.len()).map(|index| ProductLineId(story.id(&format!("line/{index}")))).collect();
        let app = stage.app.with_clock(clock.clone());
        Self { stage, story, app, clock, random, reviewers, lead, lines, documents: Vec::new(), asked: Asked::Nothing, made: 0 }
    }

    pub fn partner(&self) -> &'a Partner {
        &self.stage.cast.partners[self.story.partner]
    }

    pub fn customer(&self) -> &'a Customer {
        &self.stage.customers[self.story.customer]
    }

    pub fn reviewer(&self) -> Arc<Viewer> {
        Arc::clone(&self.reviewers[0])
    }

    /// The claim's product names, of the lines that are still there.
    pub fn products(&self) -> Vec<&'a str> {
        let codes = self.story.lines.iter().take(self.lines.len()).map(|(code, _)| code);
        codes.map(|code| self.stage.catalogue.get(code).map_or(code.0.as_str(), |entry| entry.name.as_str())).collect()
    }

    /// What phrases name: the last product, which is the one that findings are about.
    pub fn names(&self) -> Names<'a> {
        let product = self.products().last().copied().unwrap_or_default();
        Names { customer: &self.customer().name, product, partner: &self.partner().name }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// An identity that is the same each time.
    pub fn identity(&mut self) -> uuid::Uuid {
        self.made += 1;
        self.story.id(&format!("made/{}", self.made))
    }

    fn at(&self, step: usize) -> Result<(), DemoError> {
        let at = self.story.times.get(step).ok_or_else(|| self.failed(step, &"", "it has no time"))?;
        self.clock.set(*at);
        Ok(())
    }

    async fn step(&mut self, step: usize, act: Act) -> Result<(), DemoError> {
        if matches!(act, Act::Assess(_)) {
            // As the sweeper would have done: the eligibility system sees only what was sent to it.
            self.app.record_expiries(self.story.claim()).await?;
        }
        let (viewer, command) = match act {
            Act::Decline => (self.customer_viewer().await?, self.decline()),
            _ => self.command(act).await?,
        };
        let outcome = self.app.execute(&viewer, self.story.claim(), command, Options::default()).await?;
        self.expect(step, &act, &outcome)?;
        let is_contested = outcome.warnings.iter().any(|warning| warning.code == Code::CompetingClaim);
        if is_contested == (act == Act::SubmitAgainstRival) || matches!(act, Act::Resubmit) {
            Ok(())
        } else {
            Err(self.failed(step, &act, format!("the warnings were {:?}", outcome.warnings)))
        }
    }

    fn expect(&self, step: usize, act: &dyn std::fmt::Debug, outcome: &Outcome) -> Result<(), DemoError> {
        match &outcome.refusal {
            None => Ok(()),
            Some(refusal) => Err(self.failed(step, act, format!("{:?}", refusal.violations))),
        }
    }

    fn failed(&self, step: usize, act: &dyn std::fmt::Debug, why: impl Into<String>) -> DemoError {
        let Story { number, scenario, .. } = self.story;
        DemoError::Step { number: *number, scenario: scenario.name, step, act: format!("{act:?}"), why: why.into() }
    }

    /// Sends a file as a partner would.
    pub async fn upload(&self, viewer: &Viewer, file: &File) -> Result<UploadId, DemoError> {
        let ticket = self.app.upload_create(viewer, &file.name).await?;
        let bytes = Bytes::from(file.bytes.clone());
        let whole = stream::iter([Ok::<_, std::convert::Infallible>(bytes)]);
        self.app.upload_receive(&ticket.token, None, whole).await?;
        Ok(ticket.id)
    }

    /// The customer, who comes by a link.
    async fn customer_viewer(&self) -> Result<Arc<Viewer>, DemoError> {
        let mut conn = self.app.database().read().await?;
        let claims = aggregate::load_many(&mut conn, &[self.story.claim()]).await?;
        drop(conn);
        let claim = claims.first().ok_or_else(|| self.failed(0, &Act::Decline, "there is no claim"))?;
        let token = self.app.mint_consent_link(claim, LinkContact::Customer).await?;
        Ok(self.app.authenticate(token.as_deref()).await?)
    }

    fn decline(&mut self) -> Command {
        let names = self.names();
        Command::Decline { reason: Some(names.say(&mut self.random, super::words::DECLINES)) }
    }
}
