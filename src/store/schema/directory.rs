//! What is known of customers' tenants.

diesel::table! {
    directory_tenants (tenant_id) {
        tenant_id -> Uuid,
        name -> Text,
    }
}

diesel::table! {
    directory_domains (domain) {
        domain -> Text,
        tenant_id -> Uuid,
    }
}

diesel::table! {
    directory_products (tenant_id, product_code) {
        tenant_id -> Uuid,
        product_code -> Text,
    }
}

diesel::table! {
    directory_subscriptions (subscription_id) {
        subscription_id -> Uuid,
        tenant_id -> Uuid,
        is_csp -> Bool,
        is_provisioned -> Bool,
        is_active -> Bool,
    }
}
