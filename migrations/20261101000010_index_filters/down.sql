DROP INDEX claim_products_subscription, claims_tags, claims_reference, claims_reason, claims_assessment, claims_consent,
    claims_organization_decided, claims_organization_submitted;
