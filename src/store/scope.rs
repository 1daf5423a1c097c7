//! What a viewer may read, as SQL: the only functions that open a query on claims or on what hangs on them.
//!
//! The same rule as [`ClaimScope::admits`], for what is not in memory yet; a test holds the two together.

use diesel::sql_types::{Array, BigInt, Text, Uuid as SqlUuid};
use uuid::Uuid;

use super::sql::Sql;
use crate::auth::viewer::{ClaimScope, Viewer};
use crate::domain::actor::Role;
use crate::domain::details::MpnId;
use crate::domain::ids::{ClaimId, ClaimNumber};

/// The tables that hang on claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Products,
    Documents,
    Comments,
    History,
    Notes,
    Findings,
    Clocks,
    Associations,
}

impl Relation {
    /// Its name.
    pub(super) fn table(self) -> &'static str {
        match self {
            Self::Products => "claim_products",
            Self::Documents => "documents",
            Self::Comments => "comments",
            Self::History => "history",
            Self::Notes => "notes",
            Self::Findings => "claim_findings",
            Self::Clocks => "claim_clocks",
            Self::Associations => "associations",
        }
    }

    /// Which rows of a claim that is in the scope the viewer may read; `None` means none.
    fn readable(self, viewer: &Viewer) -> Option<&'static str> {
        let all = |may: bool| may.then_some("true");
        match self {
            Self::Products | Self::Associations => all(true),
            Self::Documents | Self::Comments | Self::History | Self::Findings => all(viewer.reads_whole()),
            Self::Notes => all(viewer.reads_notes()),
            // Of the clocks, a customer is told until when to decline in the window.
            Self::Clocks => Some(if viewer.reads_whole() { "true" } else { "claim_clocks.kind = 'CONSENT'" }),
        }
    }
}

/// Which claims are meant; the scope narrows them further.
#[derive(Clone, Debug)]
pub(super) enum Chosen {
    /// Those with these identities.
    Ids(Vec<ClaimId>),
    /// The one with this number.
    Number(ClaimNumber),
}

impl Chosen {
    /// The identities, where they are what was chosen by.
    pub(super) fn ids(&self) -> &[ClaimId] {
        match self {
            Self::Ids(ids) => ids,
            Self::Number(_) => &[],
        }
    }

    /// Adds the condition over claims.
    pub(super) fn add_to(&self, sql: Sql<'static>) -> Sql<'static> {
        match self {
            Self::Ids(ids) if ids.len() == 1 => sql.push("claims.id = ").bind::<SqlUuid, _>(ids[0].0),
            Self::Ids(ids) => {
                let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
                sql.push("claims.id = ANY(").bind::<Array<SqlUuid>, _>(ids).push(")")
            }
            Self::Number(number) => sql.push("claims.number = ").bind::<BigInt, _>(number.0),
        }
    }
}

/// The condition over claims.
fn condition(viewer: &Viewer) -> Sql<'static> {
    match viewer.scope() {
        ClaimScope::Nothing => Sql::new("false"),
        ClaimScope::All => Sql::new("true"),
        ClaimScope::AllBut(own) => Sql::new("claims.organization_id <> ").bind::<SqlUuid, _>(own.0),
        ClaimScope::Organization { id, locations } => {
            let sql = Sql::new("claims.organization_id = ").bind::<SqlUuid, _>(id.0);
            match locations {
                None => sql,
                Some(some) => sql.push(" AND claims.location = ANY(").bind::<Array<Text>, _>(texts(&some)).push(")"),
            }
        }
        ClaimScope::Assessed => Sql::new("claims.assessment_sent_at IS NOT NULL"),
        ClaimScope::Customer { claim } => Sql::new("claims.id = ").bind::<SqlUuid, _>(claim.0),
    }
}

fn texts<'a>(ids: impl IntoIterator<Item = &'a MpnId>) -> Vec<String> {
    ids.into_iter().map(|id| id.as_str().to_owned()).collect()
}

/// `SELECT … FROM claims WHERE …`: the viewer's claims; more conditions may follow, each after ` AND `.
pub(super) fn claims(viewer: &Viewer, columns: Sql<'static>) -> Sql<'static> {
    Sql::new("SELECT ").append(columns).push(" FROM claims WHERE (").append(condition(viewer)).push(")")
}

/// `SELECT … FROM claims JOIN … WHERE …`: rows of the viewer's claims; more conditions may follow, each after ` AND `.
///
/// `None` means that the viewer reads no such rows at all.
pub(super) fn rows(viewer: &Viewer, relation: Relation, columns: Sql<'static>) -> Option<Sql<'static>> {
    let readable = relation.readable(viewer)?;
    let sql = Sql::new("SELECT ").append(columns).push(" FROM claims JOIN ").push(relation.table());
    Some(
        sql.push(" ON ")
            .push(relation.table())
            .push(".claim_id = claims.id WHERE (")
            .append(condition(viewer))
            .push(") AND ")
            .push(readable),
    )
}

/// For each of the chosen claims that is the viewer's, its own page of rows. `part` ends the page's query (over the rows): more
/// conditions, each after ` AND `, then order and limit. `author` joins the people behind a column of the rows that are on the page (null
/// where the viewer may not know of them) and gives these columns of theirs after the others.
pub(super) fn pages(
    viewer: &Viewer,
    relation: Relation,
    chosen: &Chosen,
    columns: Sql<'static>,
    author: Option<(&'static str, Sql<'static>)>,
    part: Sql<'static>,
) -> Option<Sql<'static>> {
    let (readable, table) = (relation.readable(viewer)?, relation.table());
    let (shown, join) = match author {
        Some((column, columns)) => {
            let join = Sql::new(" LEFT JOIN people ON people.id = page.").push(column).push(" AND (");
            (Sql::new("page.*, ").append(columns), join.append(known_people(viewer)).push(")"))
        }
        None => (Sql::new("page.*"), Sql::new("")),
    };
    let page = Sql::new("SELECT ").append(columns).push(" FROM ").push(table).push(" WHERE ").push(table);
    let page = page.push(".claim_id = claims.id AND ").push(readable).append(part);
    let sql = Sql::new("SELECT ").append(shown).push(" FROM claims CROSS JOIN LATERAL (").append(page).push(") page");
    let sql = chosen.add_to(sql.append(join).push(" WHERE "));
    Some(sql.push(" AND (").append(condition(viewer)).push(")"))
}

/// Whether the viewer is of the programme's own staff, who see all people and organizations.
fn is_staff(viewer: &Viewer) -> bool {
    matches!(viewer.role(), Role::Reviewer | Role::ReviewLead | Role::Auditor | Role::Operator)
}

/// The organization to which a partner's sight is limited.
fn own_organization(viewer: &Viewer) -> Option<Uuid> {
    let person = viewer.person().filter(|person| person.role.is_partner())?;
    person.organization.map(|id| id.0)
}

/// The condition over people: partners see their colleagues and who reviews; customers and the service account see themselves.
fn known_people(viewer: &Viewer) -> Sql<'static> {
    if is_staff(viewer) {
        return Sql::new("true");
    }
    let sql = Sql::new("people.id = ").bind::<SqlUuid, _>(viewer.id());
    match own_organization(viewer) {
        Some(own) => {
            let sql = sql.push(" OR people.role IN ('REVIEWER', 'REVIEW_LEAD') OR people.organization_id = ");
            sql.bind::<SqlUuid, _>(own)
        }
        None => sql,
    }
}

/// `SELECT … FROM people WHERE …`: those whom the viewer may know of.
pub(super) fn people(viewer: &Viewer, columns: Sql<'static>) -> Sql<'static> {
    Sql::new("SELECT ").append(columns).push(" FROM people WHERE (").append(known_people(viewer)).push(")")
}

/// `SELECT … FROM organizations WHERE …`: partners see their own, customers and the service account those of claims they may read.
pub(super) fn organizations(viewer: &Viewer, columns: Sql<'static>) -> Sql<'static> {
    let sql = Sql::new("SELECT ").append(columns).push(" FROM organizations WHERE ");
    match own_organization(viewer) {
        _ if is_staff(viewer) => sql.push("true"),
        Some(own) => sql.push("organizations.id = ").bind::<SqlUuid, _>(own),
        None => {
            let sql = sql.push("EXISTS (SELECT FROM claims WHERE claims.organization_id = organizations.id AND (");
            sql.append(condition(viewer)).push("))")
        }
    }
}

/// `SELECT … FROM locations WHERE …`: partners see those to which their role extends, customers and the service account those of
/// claims they may read.
pub(super) fn locations(viewer: &Viewer, columns: Sql<'static>) -> Sql<'static> {
    let sql = Sql::new("SELECT ").append(columns).push(" FROM locations WHERE ");
    match own_organization(viewer) {
        _ if is_staff(viewer) => sql.push("true"),
        Some(own) => {
            let sql = sql.push("locations.organization_id = ").bind::<SqlUuid, _>(own);
            match viewer.person().and_then(|person| person.locations.as_ref()) {
                Some(some) => sql.push(" AND locations.mpn_id = ANY(").bind::<Array<Text>, _>(texts(some)).push(")"),
                None => sql,
            }
        }
        None => {
            let sql = sql
                .push("EXISTS (SELECT FROM claims WHERE claims.organization_id = locations.organization_id AND claims.location = locations.mpn_id AND (");
            sql.append(condition(viewer)).push("))")
        }
    }
}

/// `SELECT … FROM associations JOIN organizations …`: the living ones on the customer's own tenant; `None` unless a customer asks.
pub(super) fn tenant_associations(viewer: &Viewer, columns: Sql<'static>) -> Option<Sql<'static>> {
    let tenant = viewer.customer()?.tenant;
    let sql = Sql::new("SELECT ")
        .append(columns)
        .push(" FROM associations JOIN organizations ON organizations.id = associations.organization_id");
    Some(sql.push(" WHERE associations.state <> 'ENDED' AND associations.tenant_id = ").bind::<SqlUuid, _>(tenant.0))
}

/// `SELECT … FROM feed JOIN outbox … JOIN claims …`: what was sent to the eligibility system; `None` unless that system asks. More
/// conditions may follow, each after ` AND `.
pub(super) fn assessments(viewer: &Viewer, columns: Sql<'static>) -> Option<Sql<'static>> {
    let sql = (viewer.role() == Role::ServiceAccount).then(|| Sql::new("SELECT "))?;
    let sql = sql.append(columns).push(
        " FROM outbox JOIN feed ON feed.claim_id = outbox.claim_id AND feed.seq = outbox.seq JOIN claims ON claims.id = outbox.claim_id",
    );
    Some(sql.push(" WHERE outbox.audience = 'ELIGIBILITY_SYSTEM' AND (").append(condition(viewer)).push(")"))
}
