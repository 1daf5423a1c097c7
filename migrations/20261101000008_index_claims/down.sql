DROP INDEX claims_organization_updated, claims_organization_created, claims_organization_status_updated, claims_organization_due,
    claims_updated, claims_created, claims_status_updated, claims_submitted, claims_decided, claims_due, claims_overdue,
    claims_assignee, claims_tenant, claims_domain, claims_location, claims_search;
