-- What a virus scanner said of bytes, by their hash. Of the file, not of a claim: no part of any history, and it may change its mind.
CREATE TABLE file_scans (
    sha256 bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
    state text NOT NULL CHECK (state IN ('PENDING', 'CLEAN', 'INFECTED')),
    -- Real time, all of it: a scanner knows nothing of the claims' clock. When it entered its state:
    since timestamptz NOT NULL,
    threat text CHECK ((threat IS NOT NULL) = (state = 'INFECTED')),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_attempt_at timestamptz NOT NULL,
    last_error text
);
CREATE INDEX file_scans_due ON file_scans (next_attempt_at) WHERE state = 'PENDING';
CREATE INDEX uploads_sha256 ON uploads (sha256) WHERE sha256 IS NOT NULL;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cpor_server') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON file_scans TO cpor_server;
    END IF;
END
$$;
