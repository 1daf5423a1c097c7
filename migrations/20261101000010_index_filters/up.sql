-- The orders that partners' lists lacked, and what the filters of a dashboard look for.
CREATE INDEX claims_organization_submitted ON claims (organization_id, submitted_at, id);
CREATE INDEX claims_organization_decided ON claims (organization_id, decided_at, id);
CREATE INDEX claims_consent ON claims (consent, updated_at, id) WHERE consent IS NOT NULL;
CREATE INDEX claims_assessment ON claims (assessment, updated_at, id) WHERE assessment IS NOT NULL;
CREATE INDEX claims_reason ON claims (rejection_reason, updated_at, id) WHERE rejection_reason IS NOT NULL;
CREATE INDEX claims_reference ON claims (external_reference) WHERE external_reference IS NOT NULL;
CREATE INDEX claims_tags ON claims USING gin (tags);
CREATE INDEX claim_products_subscription ON claim_products (subscription_id, claim_id) WHERE subscription_id IS NOT NULL;
