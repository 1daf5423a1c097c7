//! Rows to read: claims in every state and what hangs on them, written past the door on purpose. What a reader must answer does not
//! depend on how the rows came to be, and the door would not make all of them.

use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use cpor::auth::viewer::Viewer;
use cpor::domain::ids::ClaimId;
use cpor::store::claim_filter::ClaimFilter;
use cpor::store::claim_order::ClaimOrder;
use cpor::store::claims::{self, ClaimRow};
use cpor::store::database::Database;
use cpor::store::loaders::Loaders;
use cpor::store::page::{MAX_PAGE_ROWS, Page};
use uuid::Uuid;

use crate::support::cluster::execute;
use crate::support::world::World;

/// Claims there are.
pub const CLAIMS: usize = 96;

/// Every person who can ask.
pub const PEOPLE: [&str; 10] = ["anna", "ben", "clara", "rita", "ravi", "nora", "lena", "aude", "elig", "otto"];

/// The world of people, with rows.
pub struct Rows(World);

impl Deref for Rows {
    type Target = World;

    fn deref(&self) -> &World {
        &self.0
    }
}

impl Rows {
    /// Rows of its own for a test.
    pub async fn new() -> Self {
        let world = World::new().await;
        execute(world.database.url(), CLAIM_ROWS).await.unwrap();
        execute(world.database.url(), PARTS).await.unwrap();
        Self(world)
    }

    /// The world alone.
    pub fn into_world(self) -> World {
        self.0
    }

    /// Where the rows are.
    pub fn store(&self) -> &Database {
        self.app.database()
    }

    /// Statements past everything.
    pub async fn execute(&self, statement: &str) {
        execute(self.database.url(), statement).await.unwrap();
    }

    /// The customer of a claim as a viewer, by a link made for this.
    pub async fn customer(&self, claim: ClaimId) -> Arc<Viewer> {
        let token = format!("cpl_{}", Uuid::new_v4().simple());
        let link = format!(
            "INSERT INTO consent_links VALUES (gen_random_uuid(), '{claim}', 'CUSTOMER', 'ada@contoso.example', sha256('{token}'), '{}')",
            self.now()
        );
        self.execute(&link).await;
        self.app.authenticate(Some(&token)).await.unwrap()
    }

    /// The loaders of a request of this person.
    pub async fn loaders(&self, who: &str) -> Loaders {
        Loaders::new(self.store().clone(), self.viewer(who).await)
    }

    /// All claims, as an auditor reads them, in the order of their numbers.
    pub async fn all(&self) -> Vec<ClaimRow> {
        self.list(&*self.viewer("aude").await, &ClaimFilter::default()).await
    }

    /// All claims that a viewer finds, in the order of their numbers.
    pub async fn list(&self, viewer: &Viewer, filter: &ClaimFilter) -> Vec<ClaimRow> {
        let page = Page { limit: MAX_PAGE_ROWS, ..Page::default() };
        let slice = claims::page(self.store(), viewer, filter, ClaimOrder::default(), page).await.unwrap();
        assert!(!slice.has_next);
        let mut rows: Vec<_> = slice.items.into_iter().map(|item| Arc::unwrap_or_clone(item.row)).collect();
        rows.sort_by_key(|row| row.number);
        rows
    }
}

/// The identity of the claim with this index, from 1.
pub fn claim(index: usize) -> ClaimId {
    ClaimId(Uuid::from_u128(0xc1a1_0000_0000_4000_8000_0000_0000_0000 + index as u128))
}

/// A day of the month in which the claims are.
pub fn day(day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2021, 9, day, 0, 0, 0).unwrap()
}

/// Claims in every state, three to each instant of a change, a fourth of them without a running clock.
const CLAIM_ROWS: &str = "
INSERT INTO claims (id, number, organization_id, location, status, version, sequence, created_at, updated_at, last_event_at, policy,
    name, tenant_id, customer_domain, customer_name, area, activities, customer_contact_name, customer_contact_title,
    customer_contact_email, partner_contact_name, partner_contact_email, external_reference, tags, assignee_id, submitted_at,
    decided_at, requested_at, requested_by, requested_role, request_comment, rejected_at, rejected_by_kind, rejection_reason,
    disputed_at, disputed_by, disputed_role, consent, assessment_sent_at, assessment, due_at, overdue_from, search_text)
SELECT ('c1a10000-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 100000 + i,
    CASE WHEN i % 3 = 0 THEN '00000000-0000-4000-8000-000000000002' ELSE '00000000-0000-4000-8000-000000000001' END::uuid,
    CASE i % 3 WHEN 0 THEN '2000001' WHEN 1 THEN '1000001' ELSE '1000002' END,
    status, 1, 3, at, at + i / 3 * interval '1 hour', at + i / 3 * interval '1 hour', CASE WHEN submitted THEN '2020' END,
    'Migration ' || i, ('7e4a0000-0000-4000-8000-00000000000' || i % 5)::uuid, CASE WHEN i % 2 = 0 THEN 'contoso.com' END,
    'Żabka ' || i % 5, CASE WHEN i % 2 = 0 THEN 'MICROSOFT_365' ELSE 'BUSINESS_APPLICATIONS' END,
    CASE WHEN i % 4 = 1 THEN ARRAY['PRESALES', 'USAGE'] ELSE ARRAY['USAGE'] END, 'Ada', 'CIO', 'ada@contoso.com', 'Bob',
    'bob@adatum.com', CASE WHEN i % 6 = 0 THEN 'REF-' || i % 12 END, CASE WHEN i % 5 = 0 THEN ARRAY['green', 'big'] ELSE '{}' END,
    CASE WHEN status IN ('UNDER_REVIEW', 'DISPUTED') THEN (SELECT id FROM people WHERE subject = 'rita') END,
    CASE WHEN submitted THEN at + interval '1 day' END,
    CASE WHEN status IN ('APPROVED', 'REJECTED', 'DISPUTED') THEN at + interval '2 days' END,
    CASE WHEN asked THEN at END, CASE WHEN asked THEN (SELECT id FROM people WHERE subject = 'rita') END,
    CASE WHEN asked THEN 'REVIEWER' END, CASE WHEN asked THEN 'More, please' END,
    CASE WHEN rejected THEN at END, CASE WHEN rejected THEN 'CLOCK' END,
    CASE WHEN rejected THEN CASE WHEN i % 3 = 0 THEN 'INSUFFICIENT_POE' ELSE 'NO_PARTNER_RESPONSE' END END,
    CASE WHEN status = 'DISPUTED' THEN at END, CASE WHEN status = 'DISPUTED' THEN (SELECT id FROM people WHERE subject = 'anna') END,
    CASE WHEN status = 'DISPUTED' THEN 'INCENTIVES_ADMIN' END,
    CASE WHEN status = 'APPROVED' THEN CASE WHEN i / 8 % 5 = 0 THEN 'OPEN' ELSE 'ELAPSED' END END,
    CASE WHEN status = 'APPROVED' AND i / 8 % 5 > 0 THEN at END,
    CASE WHEN status = 'APPROVED' THEN (ARRAY['NOT_SENT', 'SENT', 'ELIGIBLE', 'INELIGIBLE', 'WITHDRAWN'])[1 + i / 8 % 5] END,
    CASE WHEN i % 4 > 0 THEN at + i % 7 * interval '1 day' END, CASE WHEN i % 4 = 1 THEN at + i % 7 * interval '1 day' END,
    'cpor ' || 100000 + i || ' migration ' || i || ' zabka ' || i % 5 || ' exchange online'
FROM (SELECT i, status, timestamptz '2021-09-01 00:00Z' + i % 10 * interval '1 day' AS at, status NOT IN ('EDITING', 'CANCELED') AS submitted,
        status = 'PARTNER_ACTION_REQUIRED' AS asked, status IN ('REJECTED', 'DISPUTED') AS rejected
    FROM (SELECT i, (ARRAY['EDITING', 'SUBMITTED', 'UNDER_REVIEW', 'PARTNER_ACTION_REQUIRED', 'APPROVED', 'REJECTED', 'DISPUTED',
        'CANCELED'])[1 + i % 8] AS status FROM generate_series(1, 96) i) AS counted) AS claim;
";

/// What hangs on claims: from none to six of each, by the claim's number.
const PARTS: &str = "
INSERT INTO claim_products SELECT gen_random_uuid(), claims.id, p, (ARRAY['TEAMS', 'YAMMER', 'INTUNE', 'SALES', 'FINANCE', 'COMMERCE'])[1 + p],
    CASE WHEN p > 2 THEN ('5b000000-0000-4000-8000-00000000000' || number % 10)::uuid END
FROM claims, generate_series(0, 5) p WHERE p < number % 7;
INSERT INTO claim_findings SELECT id, 'REQUEST', 0, 'OTHER', NULL, 'A signature' FROM claims WHERE requested_at IS NOT NULL;
INSERT INTO claim_clocks SELECT id, CASE WHEN status = 'APPROVED' THEN 'CONSENT' ELSE 'REVIEW' END, created_at, 5, due_at, NULL, false
FROM claims WHERE due_at IS NOT NULL;
INSERT INTO associations (id, claim_id, organization_id, tenant_id, line_id, product_code, activity, state, started_at)
SELECT gen_random_uuid(), id, organization_id, tenant_id, gen_random_uuid(), 'TEAMS', 'USAGE', 'PENDING', decided_at
FROM claims WHERE status = 'APPROVED';
WITH uploaded AS (
    INSERT INTO uploads SELECT gen_random_uuid(), organization_id, (SELECT id FROM people WHERE subject = 'anna'),
        sha256(number::text::bytea), 'work ' || number, 'ATTACHED', created_at, created_at, 'application/pdf', 3, sha256('abc')
    FROM claims WHERE number % 2 = 0 RETURNING *)
INSERT INTO documents SELECT gen_random_uuid(), claims.id, claims.organization_id, uploaded.id, 0, uploaded.name, media_type, size_bytes, sha256,
    'CONTRACT', NULL, '{}', NULL, claims.created_at, person_id, false, NULL
FROM uploaded JOIN claims ON uploaded.name = 'work ' || number;
INSERT INTO history (claim_id, seq, at, kind, by_kind, by_person, by_role, version, status, body, prev_hash, hash)
SELECT claims.id, seq, created_at, 'COMMENTED', 'PERSON', people.id, people.role, 1, status, 'not read', sha256(''), sha256('')
FROM claims, people, generate_series(1, 3) seq WHERE people.subject = 'anna' ORDER BY seq;
INSERT INTO comments SELECT gen_random_uuid(), claim_id, seq, at, by_person, by_role, 'Comment ' || seq FROM history;
INSERT INTO notes SELECT gen_random_uuid(), claims.id, 1, created_at, people.id, people.role, 'Note', sha256(''), sha256('')
FROM claims, people WHERE people.subject = 'rita';
";
