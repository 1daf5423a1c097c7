-- Roles belong to the whole cluster: other databases may use it, so it stays; its rights here go.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cpor_server') THEN
        REVOKE ALL ON ALL TABLES IN SCHEMA public FROM cpor_server;
        REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM cpor_server;
        REVOKE ALL ON SCHEMA public FROM cpor_server;
    END IF;
END
$$;
