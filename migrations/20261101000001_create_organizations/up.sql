-- Who asks: organizations, their locations, people. A token proves who; these tables say what they may do.
CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    name text NOT NULL
);

CREATE TABLE locations (
    mpn_id text PRIMARY KEY CHECK (mpn_id ~ '^[0-9]{1,12}$'),
    organization_id uuid NOT NULL REFERENCES organizations,
    name text NOT NULL,
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    UNIQUE (organization_id, mpn_id)
);

CREATE TABLE people (
    id uuid PRIMARY KEY,
    issuer text NOT NULL,
    subject text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    role text NOT NULL CHECK (role IN ('INCENTIVES_USER', 'INCENTIVES_ADMIN', 'GLOBAL_ADMIN', 'BILLING_ADMIN', 'REVIEWER',
        'REVIEW_LEAD', 'AUDITOR', 'SERVICE_ACCOUNT', 'OPERATOR')),
    organization_id uuid REFERENCES organizations,
    -- A role may be limited to some locations; which ones stands in person_locations.
    is_limited boolean NOT NULL DEFAULT false,
    locale text NOT NULL DEFAULT 'en' CHECK (locale IN ('en', 'pl')),
    time_zone text NOT NULL DEFAULT 'UTC',
    is_active boolean NOT NULL DEFAULT true,
    UNIQUE (issuer, subject),
    CHECK (organization_id IS NOT NULL
        OR role NOT IN ('INCENTIVES_USER', 'INCENTIVES_ADMIN', 'GLOBAL_ADMIN', 'BILLING_ADMIN')),
    CHECK (organization_id IS NOT NULL OR NOT is_limited)
);
CREATE UNIQUE INDEX people_organization ON people (organization_id, id);

CREATE TABLE person_locations (
    person_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    mpn_id text NOT NULL,
    PRIMARY KEY (person_id, mpn_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES people (organization_id, id),
    FOREIGN KEY (organization_id, mpn_id) REFERENCES locations (organization_id, mpn_id)
);
