//! The root of queries. Fields go to the store in boxes: the engine moves the future of each field, which is as large as the largest of
//! its type.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::assessment::AssessmentRequest;
use super::claim::Claim;
use super::claim_event::{ClaimChanges, ClaimEventFilter};
use super::claims::{ClaimsArgs, Whose, list};
use super::connection::Connection;
use super::context::{AskExt, Budget};
use super::dead_letter::DeadLetter;
use super::enums::SolutionArea;
use super::id::decode;
use super::inputs::{ClaimFilterInput, ClaimOrderInput};
use super::node::{self, Node};
use super::person::Person;
use super::programme::{Calendar, CatalogueEntry, Policy};
use super::rate_limit::RateLimit;
use super::scalars::{Cursor, Date};
use super::upload::PoeUploadStatus;
use super::viewer::Viewer;
use crate::domain::ids::ClaimNumber;
use crate::store::people;

/// The root of queries.
#[derive(Default)]
pub struct Query;

/// What can be asked. What the viewer may not see is answered like what does not exist.
#[Object]
impl Query {
    /// Who asks.
    async fn viewer(&self) -> Option<Viewer> {
        Some(Viewer)
    }

    /// What this request costs and what is left of the viewer's budget; null on a server without budgets.
    async fn rate_limit(&self, ctx: &Context<'_>) -> Option<RateLimit> {
        ctx.data_opt::<Budget>().copied().map(RateLimit)
    }

    /// Anything that has an id of its own.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<Node>> {
        Box::pin(node::node(ctx, &id)).await.transpose()
    }

    /// Things by their ids, in the order of the ids; null for each that does not exist or that the viewer may not see.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids, 100 at most.")] ids: Vec<ID>,
    ) -> Option<Result<Vec<Option<Node>>>> {
        Some(Box::pin(node::nodes(ctx, &ids)).await)
    }

    /// The claim with this number.
    async fn claim(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number as people write it, such as `CPOR-100001`; letter case does not matter.")] number: String,
    ) -> Option<Result<Claim>> {
        Box::pin(Claim::by_number(ctx, ClaimNumber::parse(&number)?)).await.transpose()
    }

    /// The claims that the viewer may read.
    #[allow(clippy::too_many_arguments)]
    async fn claims(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which claims.")] filter: Option<ClaimFilterInput>,
        #[graphql(desc = "In which order; unless said, what changed last comes first.")] order_by: Option<ClaimOrderInput>,
        #[graphql(desc = "Items from the beginning: 0 to 100, 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<Cursor>,
        #[graphql(desc = "Items from the end: 0 to 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<Cursor>,
    ) -> Option<Result<Connection<Claim>>> {
        let args = ClaimsArgs { filter, order_by, page: (first, after, last, before) };
        Some(Box::pin(list(ctx, args, Whose::All)).await)
    }

    /// How far an upload of the viewer's own is.
    async fn poe_upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id that `poeUploadCreate` gave.")] id: ID,
    ) -> Option<Result<PoeUploadStatus>> {
        let found = async {
            let ask = ctx.ask()?;
            let row = ask.app.upload(&ask.viewer, decode(&id, "id")?).await.map_err(|cause| ask.failed(&cause))?;
            Ok(row.map(PoeUploadStatus))
        };
        found.await.transpose()
    }

    /// What happened to the claims that the viewer may read since a cursor: the same events as `claimEvents` tells, for clients that
    /// poll. Begin without a cursor: then there are no events, but the cursor of now.
    async fn changes_since(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor of the last answer, or of an event; none means now.")] after: Option<Cursor>,
        #[graphql(desc = "Events at most: 0 to 100, 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Which events; none means all.")] filter: Option<ClaimEventFilter>,
    ) -> Option<Result<ClaimChanges>> {
        Some(ClaimChanges::since(ctx, after, first, filter).await)
    }

    /// The catalogue: what can be claimed, by solution area and name.
    async fn catalogue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only products of this solution area.")] area: Option<SolutionArea>,
        #[graphql(desc = "Only products that can be claimed on this day (UTC).")] on: Option<Date>,
    ) -> Option<Result<Vec<CatalogueEntry>>> {
        Some(Box::pin(CatalogueEntry::list(ctx, area, on)).await)
    }

    /// The policies that exist, by version.
    async fn policies(&self, ctx: &Context<'_>) -> Option<Result<Vec<Policy>>> {
        Some(Policy::list(ctx).await)
    }

    /// The business calendar.
    async fn calendar(&self, ctx: &Context<'_>) -> Option<Result<Calendar>> {
        Some(Calendar::load(ctx).await)
    }

    /// What was sent to the eligibility system, the oldest first: go on with `after: endCursor` to get each sending once. Empty for all but
    /// that system's account.
    async fn assessment_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items from the beginning: 0 to 100, 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<Cursor>,
    ) -> Option<Result<Connection<AssessmentRequest>>> {
        Some(Box::pin(AssessmentRequest::list(ctx, first, after)).await)
    }

    /// Notices that were given up after their last try, the latest first, 500 at most; `noticeRetry` tries them again. Empty for all but
    /// operators and auditors.
    async fn dead_letters(&self, ctx: &Context<'_>) -> Option<Result<Vec<DeadLetter>>> {
        Some(Box::pin(DeadLetter::list(ctx)).await)
    }

    /// The reviewers and leads to whom claims can be assigned, by name. Empty for all but leads, who alone assign.
    async fn reviewers(&self, ctx: &Context<'_>) -> Option<Result<Vec<Person>>> {
        let found = async {
            let ask = ctx.ask()?;
            let rows = people::reviewers(ask.app.database(), &ask.viewer).await.map_err(|cause| ask.failed(&cause))?;
            Ok(rows.into_iter().map(|row| Person(Arc::new(row))).collect())
        };
        Some(Box::pin(found).await)
    }
}
