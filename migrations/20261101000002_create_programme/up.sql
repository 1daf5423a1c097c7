-- The programme's numbers and words, as data: policies, calendar, catalogue.
CREATE TABLE policies (
    version text PRIMARY KEY,
    pick_up_bd smallint NOT NULL CHECK (pick_up_bd > 0),
    review_bd smallint NOT NULL CHECK (review_bd > 0),
    decision_bd smallint NOT NULL CHECK (decision_bd > 0),
    partner_response_bd smallint NOT NULL CHECK (partner_response_bd > 0),
    consent_days smallint NOT NULL CHECK (consent_days > 0),
    dispute_filing_days smallint NOT NULL CHECK (dispute_filing_days > 0),
    dispute_decision_bd smallint NOT NULL CHECK (dispute_decision_bd > 0),
    edits_when_submitted boolean NOT NULL,
    poe_max_age_months smallint NOT NULL CHECK (poe_max_age_months > 0),
    -- The policy that first submissions come under.
    is_in_force boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX policies_one_in_force ON policies (is_in_force) WHERE is_in_force;

CREATE TABLE calendar (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    time_zone text NOT NULL,
    -- ISO 8601 weekday numbers, 1 for Monday to 7 for Sunday.
    weekend smallint[] NOT NULL CHECK (weekend <@ ARRAY[1, 2, 3, 4, 5, 6, 7]::smallint[] AND cardinality(weekend) < 7)
);

CREATE TABLE holidays (
    day date PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE catalogue (
    code text PRIMARY KEY CHECK (code ~ '^[A-Z0-9_]{1,60}$'),
    area text NOT NULL CHECK (area IN ('BUSINESS_APPLICATIONS', 'MICROSOFT_365')),
    name text NOT NULL,
    valid_from date NOT NULL,
    valid_until date CHECK (valid_until > valid_from)
);

INSERT INTO policies VALUES
    ('2020', 5, 5, 10, 5, 7, 30, 5, true, 12, true),
    ('2023', 5, 14, 10, 14, 7, 30, 5, false, 12, false);

INSERT INTO calendar (time_zone, weekend) VALUES ('UTC', '{6,7}');

INSERT INTO catalogue (code, area, name, valid_from) VALUES
    ('EXCHANGE_ONLINE', 'MICROSOFT_365', 'Exchange Online', '2018-07-01'),
    ('SHAREPOINT_ONLINE', 'MICROSOFT_365', 'SharePoint Online', '2018-07-01'),
    ('TEAMS', 'MICROSOFT_365', 'Teams', '2018-07-01'),
    ('MICROSOFT_365_APPS', 'MICROSOFT_365', 'Microsoft 365 Apps', '2018-07-01'),
    ('YAMMER', 'MICROSOFT_365', 'Yammer', '2018-07-01'),
    ('INTUNE', 'MICROSOFT_365', 'Intune', '2018-07-01'),
    ('AZURE_AD_PREMIUM', 'MICROSOFT_365', 'Azure AD Premium', '2018-07-01'),
    ('AZURE_INFORMATION_PROTECTION', 'MICROSOFT_365', 'Azure Information Protection', '2018-07-01'),
    ('DEFENDER_FOR_OFFICE_365', 'MICROSOFT_365', 'Defender for Office 365', '2018-07-01'),
    ('DEFENDER_FOR_IDENTITY', 'MICROSOFT_365', 'Defender for Identity', '2018-07-01'),
    ('BUSINESS_CENTRAL', 'BUSINESS_APPLICATIONS', 'Business Central', '2018-07-01'),
    ('COMMERCE', 'BUSINESS_APPLICATIONS', 'Commerce', '2018-07-01'),
    ('CUSTOMER_INSIGHTS', 'BUSINESS_APPLICATIONS', 'Customer Insights', '2018-07-01'),
    ('CUSTOMER_SERVICE', 'BUSINESS_APPLICATIONS', 'Customer Service', '2018-07-01'),
    ('FIELD_SERVICE', 'BUSINESS_APPLICATIONS', 'Field Service', '2018-07-01'),
    ('FINANCE', 'BUSINESS_APPLICATIONS', 'Finance', '2018-07-01'),
    ('FRAUD_PROTECTION', 'BUSINESS_APPLICATIONS', 'Fraud Protection', '2018-07-01'),
    ('HUMAN_RESOURCES', 'BUSINESS_APPLICATIONS', 'Human Resources', '2018-07-01'),
    ('MARKETING', 'BUSINESS_APPLICATIONS', 'Marketing', '2018-07-01'),
    ('POWER_APPS', 'BUSINESS_APPLICATIONS', 'Power Apps', '2018-07-01'),
    ('POWER_AUTOMATE', 'BUSINESS_APPLICATIONS', 'Power Automate', '2018-07-01'),
    ('POWER_BI', 'BUSINESS_APPLICATIONS', 'Power BI', '2018-07-01'),
    ('POWER_VIRTUAL_AGENTS', 'BUSINESS_APPLICATIONS', 'Power Virtual Agents', '2018-07-01'),
    ('PROJECT_OPERATIONS', 'BUSINESS_APPLICATIONS', 'Project Operations', '2018-07-01'),
    ('SALES', 'BUSINESS_APPLICATIONS', 'Sales', '2018-07-01'),
    ('SUPPLY_CHAIN_MANAGEMENT', 'BUSINESS_APPLICATIONS', 'Supply Chain Management', '2018-07-01');
