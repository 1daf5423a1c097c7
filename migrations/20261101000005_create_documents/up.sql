-- Proof of execution: bytes by their hash, uploads that bring them, documents that bind them to a claim.
CREATE TABLE uploads (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations,
    person_id uuid NOT NULL REFERENCES people,
    -- Of the single-use address to which the bytes are sent.
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    name text NOT NULL,
    state text NOT NULL CHECK (state IN ('WAITING', 'COMPLETE', 'ATTACHED')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    media_type text,
    size_bytes bigint CHECK (size_bytes > 0),
    sha256 bytea CHECK (octet_length(sha256) = 32),
    CHECK (num_nulls(media_type, size_bytes, sha256) = CASE WHEN state = 'WAITING' THEN 3 ELSE 0 END)
);
CREATE INDEX uploads_expiry ON uploads (expires_at) WHERE state <> 'ATTACHED';

CREATE TABLE documents (
    id uuid PRIMARY KEY,
    claim_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    upload_id uuid NOT NULL UNIQUE REFERENCES uploads,
    position integer NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes > 0),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    kind text NOT NULL CHECK (kind IN ('STATEMENT_OF_WORK', 'TEMPLATE', 'CUSTOMER_EMAIL', 'CONTRACT', 'PROJECT_REPORT',
        'PUBLIC_SECTOR_DISCLOSURE', 'OTHER')),
    description text,
    covers uuid[] NOT NULL,
    signed_on date,
    attached_at timestamptz NOT NULL,
    attached_by uuid NOT NULL REFERENCES people,
    in_dispute boolean NOT NULL,
    superseded_by uuid REFERENCES documents DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (claim_id, position),
    FOREIGN KEY (organization_id, claim_id) REFERENCES claims (organization_id, id)
);
CREATE INDEX documents_sha256 ON documents (sha256);
