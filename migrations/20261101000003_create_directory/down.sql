DROP TABLE directory_subscriptions, directory_products, directory_domains, directory_tenants;
