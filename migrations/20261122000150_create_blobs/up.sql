-- The bytes that are kept, by their hash: written down before they are kept, so that nothing lies in a store that no row knows.
CREATE TABLE blobs (
    sha256 bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
    size_bytes bigint NOT NULL CHECK (size_bytes > 0),
    -- ARRIVING: on their way into the store, or left there by a server that died. REMOVING: nothing refers to them, and nothing may any more.
    state text NOT NULL CHECK (state IN ('ARRIVING', 'KEPT', 'REMOVING')),
    -- When they last came.
    touched_at timestamptz NOT NULL
);
CREATE INDEX blobs_touched ON blobs (touched_at);
INSERT INTO blobs (sha256, size_bytes, state, touched_at)
    SELECT sha256, max(size_bytes), 'KEPT', max(created_at) FROM uploads WHERE sha256 IS NOT NULL GROUP BY sha256;

-- Uploads in parts that a bucket has begun: a bucket keeps the parts of one that nobody ends.
CREATE TABLE blob_parts (
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    -- The bucket's name for it.
    multipart_id text NOT NULL,
    begun_at timestamptz NOT NULL,
    PRIMARY KEY (sha256, multipart_id)
);

-- How far the bytes of an upload have come, and when that was last seen.
ALTER TABLE uploads ADD COLUMN received_bytes bigint NOT NULL DEFAULT 0 CHECK (received_bytes >= 0);
ALTER TABLE uploads ADD COLUMN received_at timestamptz;
-- Until when a client may send the bytes to the bucket itself; null where it may not, and once what it left there is cleared away.
ALTER TABLE uploads ADD COLUMN direct_until timestamptz;
CREATE INDEX uploads_direct ON uploads (direct_until) WHERE direct_until IS NOT NULL;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cpor_server') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON blobs, blob_parts TO cpor_server;
    END IF;
END
$$;
