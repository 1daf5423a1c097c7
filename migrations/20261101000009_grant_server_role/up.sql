-- The server's role owns nothing: history, comments, notes and the feed it may only read and append to.
-- Where the migrating role may not create roles, the server runs as the owner, and only the triggers stand in the way.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cpor_server') THEN
        CREATE ROLE cpor_server NOLOGIN;
    END IF;
    IF NOT pg_has_role(current_user, 'cpor_server', 'MEMBER') THEN
        EXECUTE format('GRANT cpor_server TO %I', current_user);
    END IF;
    GRANT USAGE ON SCHEMA public TO cpor_server;
    GRANT SELECT, INSERT ON history, comments, notes, feed TO cpor_server;
    GRANT SELECT, INSERT, UPDATE, DELETE ON organizations, locations, people, person_locations, policies, calendar, holidays, catalogue,
        directory_tenants, directory_domains, directory_products, directory_subscriptions, claims, claim_products, claim_findings,
        claim_clocks, associations, uploads, documents, feed_pending, outbox, consent_links, idempotency, server_secrets, demo_clock
        TO cpor_server;
    GRANT USAGE ON SEQUENCE claim_numbers TO cpor_server;
EXCEPTION
    WHEN insufficient_privilege OR unique_violation OR duplicate_object THEN
        RAISE NOTICE 'no role of its own for the server: %', SQLERRM;
END
$$;
