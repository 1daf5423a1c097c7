//! The feed of the eligibility system: claims to assess, and claims to assess no longer.

use std::sync::Arc;

use async_graphql::{Context, Description, Enum, Object, Result};

use super::association::Association;
use super::claim::Claim;
use super::connection::{Connection, Count, page};
use super::context::AskExt;
use super::enums::{Activity, SolutionArea};
use super::scalars::{Cursor, DateTime, Uuid};
use crate::store::assessments::{self, AssessmentRow};

/// The name of the list, in its cursors.
const LIST: &str = "assessmentRequests";

/// What is asked of the eligibility system.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssessmentRequestKind {
    /// Assess the claim and answer with `assessmentAnswer`.
    Request,
    /// The claim's associations ended: what was asked before is withdrawn.
    Withdrawal,
}

/// Something that was sent to the eligibility system, once: its cursor is its identity. Carries what an evaluation needs.
#[derive(Description, Clone)]
pub struct AssessmentRequest(Arc<AssessmentRow>);

#[Object(use_type_description)]
impl AssessmentRequest {
    /// A request, or the withdrawal of one.
    async fn kind(&self) -> AssessmentRequestKind {
        match self.0.is_withdrawal {
            true => AssessmentRequestKind::Withdrawal,
            false => AssessmentRequestKind::Request,
        }
    }

    /// When it was sent: for a request, when the consent window closed.
    async fn sent_at(&self) -> DateTime {
        DateTime(self.0.sent_at)
    }

    /// The claim's number, such as `CPOR-100001`.
    async fn claim_number(&self) -> String {
        self.0.number.to_string()
    }

    /// The customer's tenant.
    async fn tenant_id(&self) -> Option<Uuid> {
        self.0.tenant.map(|id| Uuid(id.0))
    }

    /// The customer's name.
    async fn customer_name(&self) -> Option<&str> {
        self.0.customer.as_deref()
    }

    /// The MPN id of the partner location.
    async fn partner_location_mpn_id(&self) -> &str {
        self.0.location.as_str()
    }

    /// The solution area.
    async fn solution_area(&self) -> Option<SolutionArea> {
        self.0.area.map(Into::into)
    }

    /// The activities.
    async fn activities(&self) -> Vec<Activity> {
        self.0.activities.iter().map(|activity| (*activity).into()).collect()
    }

    /// When the claim was first submitted.
    async fn submitted_at(&self) -> Option<DateTime> {
        self.0.submitted_at.map(DateTime)
    }

    /// What the claim's approval created: product, subscription, activity and dates of each association, as they are now.
    async fn associations(&self, ctx: &Context<'_>) -> Option<Result<Vec<Association>>> {
        let found = async {
            let ask = ctx.ask()?;
            let rows = ask.loaded(ask.loaders().associations(self.0.claim).await)?;
            Ok(rows.iter().cloned().map(|row| Association(Arc::new(row))).collect())
        };
        Some(found.await)
    }

    /// The claim as it is now, redacted for the eligibility system.
    async fn claim(&self, ctx: &Context<'_>) -> Option<Result<Claim>> {
        Claim::load(ctx, self.0.claim).await.transpose()
    }
}

impl AssessmentRequest {
    /// A page of what was sent, the oldest first.
    ///
    /// # Errors
    /// Bad pages and cursors; our own failures.
    pub async fn list(ctx: &Context<'_>, first: Option<i32>, after: Option<Cursor>) -> Result<Connection<Self>> {
        let ask = ctx.ask()?;
        let page = page(ask, LIST, first, after, None, None)?;
        let slice = assessments::page(ask.app.database(), &ask.viewer, page).await.map_err(|cause| ask.failed(&cause))?;
        let count: Count = Box::new(|ctx| {
            Box::pin(async move {
                let ask = ctx.ask()?;
                assessments::count(ask.app.database(), &ask.viewer).await.map_err(|cause| ask.failed(&cause))
            })
        });
        Ok(Connection::new(LIST, &slice, |row| Self(Arc::clone(row)), count))
    }
}
