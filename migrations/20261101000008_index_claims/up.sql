-- Each order of the list of claims is a key and the id, within an organization (partners) and across all (reviewers).
CREATE INDEX claims_organization_updated ON claims (organization_id, updated_at, id);
CREATE INDEX claims_organization_created ON claims (organization_id, created_at, id);
CREATE INDEX claims_organization_status_updated ON claims (organization_id, status, updated_at, id);
CREATE INDEX claims_organization_due ON claims (organization_id, due_at, id);
CREATE INDEX claims_updated ON claims (updated_at, id);
CREATE INDEX claims_created ON claims (created_at, id);
CREATE INDEX claims_status_updated ON claims (status, updated_at, id);
CREATE INDEX claims_submitted ON claims (submitted_at, id);
CREATE INDEX claims_decided ON claims (decided_at, id);
CREATE INDEX claims_due ON claims (due_at, id);
CREATE INDEX claims_overdue ON claims (overdue_from) WHERE overdue_from IS NOT NULL;
CREATE INDEX claims_assignee ON claims (assignee_id, updated_at) WHERE assignee_id IS NOT NULL;
CREATE INDEX claims_tenant ON claims (tenant_id) WHERE tenant_id IS NOT NULL;
CREATE INDEX claims_domain ON claims (customer_domain) WHERE customer_domain IS NOT NULL;
CREATE INDEX claims_location ON claims (location);
CREATE INDEX claims_search ON claims USING gin (to_tsvector('simple', search_text));
