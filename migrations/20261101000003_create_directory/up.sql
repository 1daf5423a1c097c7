-- What is known of customers' tenants from outside. No row at all means that no directory is configured.
CREATE TABLE directory_tenants (
    tenant_id uuid PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE directory_domains (
    domain text PRIMARY KEY CHECK (domain = lower(domain)),
    tenant_id uuid NOT NULL REFERENCES directory_tenants
);
CREATE INDEX directory_domains_tenant ON directory_domains (tenant_id);

CREATE TABLE directory_products (
    tenant_id uuid NOT NULL REFERENCES directory_tenants,
    product_code text NOT NULL REFERENCES catalogue,
    PRIMARY KEY (tenant_id, product_code)
);

CREATE TABLE directory_subscriptions (
    subscription_id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES directory_tenants,
    is_csp boolean NOT NULL,
    is_provisioned boolean NOT NULL,
    is_active boolean NOT NULL
);
