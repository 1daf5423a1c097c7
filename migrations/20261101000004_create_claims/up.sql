-- A claim as folding its history gives it. Each CHECK is a rule that the domain decides first: the second witness.
CREATE SEQUENCE claim_numbers START 100001;

CREATE TABLE claims (
    id uuid PRIMARY KEY,
    number bigint NOT NULL UNIQUE,
    organization_id uuid NOT NULL REFERENCES organizations,
    status text NOT NULL CHECK (status IN ('EDITING', 'SUBMITTED', 'UNDER_REVIEW', 'PARTNER_ACTION_REQUIRED', 'APPROVED',
        'REJECTED', 'DISPUTED', 'CANCELED')),
    version integer NOT NULL CHECK (version > 0),
    sequence integer NOT NULL CHECK (sequence > 0),
    created_at timestamptz NOT NULL,
    -- When the state last changed, and when the history last grew.
    updated_at timestamptz NOT NULL,
    last_event_at timestamptz NOT NULL CHECK (last_event_at >= created_at),
    policy text REFERENCES policies,
    name text,
    location text NOT NULL,
    tenant_id uuid,
    customer_domain text,
    customer_name text,
    area text CHECK (area IN ('BUSINESS_APPLICATIONS', 'MICROSOFT_365')),
    activities text[] NOT NULL DEFAULT '{}' CHECK (activities <@ ARRAY['PRESALES', 'USAGE', 'REVENUE_ASSOCIATION']),
    customer_contact_name text,
    customer_contact_title text,
    customer_contact_email text,
    technical_contact_name text,
    technical_contact_title text,
    technical_contact_email text,
    partner_contact_name text,
    partner_contact_email text,
    external_reference text,
    tags text[] NOT NULL DEFAULT '{}',
    assignee_id uuid REFERENCES people,
    excluded_reviewer_id uuid REFERENCES people,
    submitted_at timestamptz,
    decided_at timestamptz,
    requested_at timestamptz,
    requested_by uuid REFERENCES people,
    requested_role text,
    request_comment text,
    answered_since_request boolean NOT NULL DEFAULT false,
    rejected_at timestamptz,
    rejected_by_kind text CHECK (rejected_by_kind IN ('PERSON', 'CUSTOMER', 'CLOCK')),
    rejected_by uuid REFERENCES people,
    rejected_role text,
    rejection_reason text CHECK (rejection_reason IN ('PARTNER_REQUEST', 'CUSTOMER_DECLINED', 'INSUFFICIENT_POE',
        'MISSING_CUSTOMER_CONSENT_ON_POE', 'MISSING_PRODUCTS', 'NO_PARTNER_RESPONSE', 'POE_UNAVAILABLE', 'COMPETING_CLAIM_LOST')),
    rejection_partner_reason text CHECK (rejection_partner_reason IN ('WRONG_PARTNER_ID', 'WRONG_ACTIVITY',
        'NO_LONGER_WORKING_WITH_CUSTOMER', 'OTHER')),
    rejection_comment text,
    disputable_until timestamptz,
    disputed_at timestamptz,
    disputed_by uuid REFERENCES people,
    disputed_role text,
    dispute_justification text,
    consent text CHECK (consent IN ('OPEN', 'ELAPSED', 'DECLINED', 'CLOSED')),
    -- When it was sent to the eligibility system; kept when it is withdrawn.
    assessment_sent_at timestamptz,
    assessment text CHECK (assessment IN ('NOT_SENT', 'SENT', 'ELIGIBLE', 'INELIGIBLE', 'WITHDRAWN')),
    assessment_reason text,
    -- The earliest end of a running clock, and of a running reviewers' clock.
    due_at timestamptz,
    overdue_from timestamptz,
    -- Number, name, customer and products, folded to plain lower-case letters.
    search_text text NOT NULL,

    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, location) REFERENCES locations (organization_id, mpn_id),
    CHECK ((submitted_at IS NULL) = (status IN ('EDITING', 'CANCELED'))),
    CHECK ((submitted_at IS NULL) = (policy IS NULL)),
    CHECK (submitted_at IS NULL OR (num_nulls(name, tenant_id, customer_name, area, customer_contact_name, customer_contact_title,
        customer_contact_email, partner_contact_name, partner_contact_email) = 0 AND cardinality(activities) > 0)),
    CHECK (status NOT IN ('APPROVED', 'REJECTED', 'DISPUTED') OR decided_at IS NOT NULL),
    CHECK (status <> 'PARTNER_ACTION_REQUIRED' OR requested_at IS NOT NULL),
    CHECK (num_nulls(requested_at, requested_by, requested_role, request_comment) IN (0, 4)),
    CHECK (status NOT IN ('REJECTED', 'DISPUTED') OR rejected_at IS NOT NULL),
    CHECK (num_nulls(rejected_at, rejected_by_kind, rejection_reason) IN (0, 3)),
    CHECK ((rejected_by_kind = 'PERSON') = (rejected_by IS NOT NULL) OR rejected_by_kind IS NULL),
    CHECK (rejection_reason IS DISTINCT FROM 'PARTNER_REQUEST' OR rejection_partner_reason IS NOT NULL),
    CHECK (status <> 'DISPUTED' OR disputed_at IS NOT NULL),
    CHECK (num_nulls(disputed_at, disputed_by, disputed_role) IN (0, 3)),
    CHECK (num_nulls(consent, assessment) IN (0, 2)),
    CHECK (status <> 'APPROVED' OR consent IS NOT NULL),
    CHECK (assessment NOT IN ('SENT', 'ELIGIBLE', 'INELIGIBLE') OR (consent = 'ELAPSED' AND assessment_sent_at IS NOT NULL))
);

CREATE TABLE claim_products (
    id uuid PRIMARY KEY,
    claim_id uuid NOT NULL REFERENCES claims,
    position integer NOT NULL,
    product_code text NOT NULL REFERENCES catalogue,
    subscription_id uuid,
    UNIQUE (claim_id, position),
    UNIQUE NULLS NOT DISTINCT (claim_id, product_code, subscription_id)
);
CREATE INDEX claim_products_product ON claim_products (product_code, claim_id);

-- Product lines may be removed after a finding named them: no foreign key to the line.
CREATE TABLE claim_findings (
    claim_id uuid NOT NULL REFERENCES claims,
    belongs_to text NOT NULL CHECK (belongs_to IN ('REQUEST', 'REJECTION')),
    position integer NOT NULL,
    kind text NOT NULL,
    product_line_id uuid,
    words text CHECK (kind <> 'OTHER' OR words IS NOT NULL),
    PRIMARY KEY (claim_id, belongs_to, position)
);

CREATE TABLE claim_clocks (
    claim_id uuid NOT NULL REFERENCES claims,
    kind text NOT NULL CHECK (kind IN ('PICK_UP', 'REVIEW', 'TOTAL_DECISION', 'PARTNER_RESPONSE', 'CONSENT', 'DISPUTE_FILING',
        'DISPUTE_DECISION')),
    laid_out_at timestamptz NOT NULL,
    days smallint NOT NULL CHECK (days >= 0),
    expires_at timestamptz,
    days_left smallint CHECK (days_left >= 0),
    overdue_recorded boolean NOT NULL,
    PRIMARY KEY (claim_id, kind),
    CHECK (num_nulls(expires_at, days_left) = 1)
);
CREATE INDEX claim_clocks_due ON claim_clocks (expires_at) WHERE NOT overdue_recorded AND expires_at IS NOT NULL;

-- One partner of record per key: the database holds it over active associations.
CREATE TABLE associations (
    id uuid PRIMARY KEY,
    claim_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    line_id uuid NOT NULL,
    product_code text NOT NULL REFERENCES catalogue,
    subscription_id uuid,
    activity text NOT NULL CHECK (activity IN ('PRESALES', 'USAGE', 'REVENUE_ASSOCIATION')),
    state text NOT NULL CHECK (state IN ('PENDING', 'ACTIVE', 'ENDED')),
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text CHECK (end_reason IN ('CUSTOMER_DECLINED', 'PARTNER_REQUEST', 'SUPERSEDED')),
    key text NOT NULL GENERATED ALWAYS AS (tenant_id::text || '/' || coalesce(subscription_id::text, '-') || '/' || product_code
        || '/' || activity) STORED,
    FOREIGN KEY (organization_id, claim_id) REFERENCES claims (organization_id, id),
    CHECK ((state = 'ENDED') = (ended_at IS NOT NULL)),
    CHECK (num_nulls(ended_at, end_reason) IN (0, 2))
);
CREATE UNIQUE INDEX associations_one_active_per_key ON associations (key) WHERE state = 'ACTIVE';
CREATE INDEX associations_living_key ON associations (key) WHERE state <> 'ENDED';
CREATE INDEX associations_claim ON associations (claim_id);
CREATE INDEX associations_tenant ON associations (tenant_id);
