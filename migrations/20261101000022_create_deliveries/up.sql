-- Each recipient of a notice is a delivery of its own, so that one sick receiver delays no other.
CREATE TABLE notice_deliveries (
    -- Also what the Message-ID is made of: a receiver recognises a duplicate.
    id uuid PRIMARY KEY,
    claim_id uuid NOT NULL,
    seq integer NOT NULL,
    recipient text NOT NULL CHECK (recipient IN ('PARTNER', 'CUSTOMER', 'TECHNICAL', 'PERSON')),
    person_id uuid REFERENCES people CHECK ((person_id IS NOT NULL) = (recipient = 'PERSON')),
    name text NOT NULL,
    email text NOT NULL,
    locale text NOT NULL,
    state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'SENT', 'DEAD', 'OBSOLETE')),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- Real time, not the claims': the demo's clock does not make a mail server well again.
    next_attempt_at timestamptz NOT NULL,
    leased_until timestamptz,
    last_error text,
    settled_at timestamptz CHECK ((settled_at IS NULL) = (state = 'PENDING')),
    UNIQUE NULLS NOT DISTINCT (claim_id, seq, recipient, person_id),
    FOREIGN KEY (claim_id, seq) REFERENCES outbox (claim_id, seq)
);
CREATE INDEX notice_deliveries_due ON notice_deliveries (attempts, next_attempt_at) WHERE state = 'PENDING';
CREATE INDEX notice_deliveries_leased ON notice_deliveries (email) WHERE state = 'PENDING' AND leased_until IS NOT NULL;
CREATE INDEX notice_deliveries_dead ON notice_deliveries (settled_at, id) WHERE state = 'DEAD';

-- ADDRESSED: its recipients are known, each a delivery. What goes to the eligibility system has no recipients: it is a feed.
ALTER TABLE outbox DROP CONSTRAINT outbox_state_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_state_check CHECK (state IN ('PENDING', 'ADDRESSED', 'PAID', 'DEAD'));
CREATE INDEX outbox_unaddressed ON outbox (queued_at, claim_id, seq) WHERE state = 'PENDING' AND audience <> 'ELIGIBILITY_SYSTEM';

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cpor_server') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON notice_deliveries TO cpor_server;
    END IF;
END
$$;
