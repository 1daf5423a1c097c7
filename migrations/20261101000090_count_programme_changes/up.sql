-- Counts the changes of the programme: a server keeps policies, calendar and catalogue in memory for as long as this number stands,
-- and each transaction that needs them reads the number.
CREATE TABLE programme_version (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    version bigint NOT NULL
);
INSERT INTO programme_version (version) VALUES (1);

-- As its owner: whoever may change the programme need not be allowed to touch the number.
CREATE FUNCTION count_programme_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE programme_version SET version = version + 1;
    RETURN NULL;
END
$$;

CREATE TRIGGER policies_are_counted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON policies
    FOR EACH STATEMENT EXECUTE FUNCTION count_programme_change();
CREATE TRIGGER calendar_is_counted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON calendar
    FOR EACH STATEMENT EXECUTE FUNCTION count_programme_change();
CREATE TRIGGER holidays_are_counted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON holidays
    FOR EACH STATEMENT EXECUTE FUNCTION count_programme_change();
CREATE TRIGGER catalogue_is_counted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON catalogue
    FOR EACH STATEMENT EXECUTE FUNCTION count_programme_change();

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cpor_server') THEN
        GRANT SELECT ON programme_version TO cpor_server;
    END IF;
END
$$;
