-- What leaves the server: the feed of events, the outbox of notices, consent links, and answers kept for retries.

-- Filled in the transaction that writes history; emptied into the feed after commit, by one sequencer.
CREATE TABLE feed_pending (
    claim_id uuid NOT NULL,
    seq integer NOT NULL,
    PRIMARY KEY (claim_id, seq),
    FOREIGN KEY (claim_id, seq) REFERENCES history (claim_id, seq)
);

-- Positions are contiguous from 1, so that a reader can see a gap.
CREATE TABLE feed (
    position bigint PRIMARY KEY CHECK (position > 0),
    claim_id uuid NOT NULL,
    seq integer NOT NULL,
    UNIQUE (claim_id, seq),
    FOREIGN KEY (claim_id, seq) REFERENCES history (claim_id, seq)
);

CREATE TABLE outbox (
    claim_id uuid NOT NULL,
    seq integer NOT NULL,
    notice text NOT NULL,
    audience text NOT NULL CHECK (audience IN ('PARTNER', 'CUSTOMER', 'ASSIGNEE', 'LEADS', 'ELIGIBILITY_SYSTEM')),
    queued_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'PAID', 'DEAD')),
    PRIMARY KEY (claim_id, seq),
    FOREIGN KEY (claim_id, seq) REFERENCES history (claim_id, seq)
);
CREATE INDEX outbox_pending ON outbox (queued_at) WHERE state = 'PENDING';

-- Only the hash of a link's token is stored.
CREATE TABLE consent_links (
    id uuid PRIMARY KEY,
    claim_id uuid NOT NULL REFERENCES claims,
    contact text NOT NULL CHECK (contact IN ('CUSTOMER', 'TECHNICAL')),
    email text NOT NULL,
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    voided_at timestamptz
);
CREATE INDEX consent_links_claim ON consent_links (claim_id);

-- Answers to mutations that carried a key, kept for retries.
CREATE TABLE idempotency (
    -- The person, or the consent link.
    actor_id uuid NOT NULL,
    key uuid NOT NULL,
    fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
    claim_id uuid,
    answer jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (actor_id, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

-- Secrets that all servers of a database share: the key that seals cursors and signs download links.
CREATE TABLE server_secrets (
    name text PRIMARY KEY,
    secret bytea NOT NULL
);

-- How far the demo's clock runs ahead of the real one; a row only in a demo.
CREATE TABLE demo_clock (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    offset_micros bigint NOT NULL CHECK (offset_micros >= 0)
);
