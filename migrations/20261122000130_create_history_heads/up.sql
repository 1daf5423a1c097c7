-- Signed heads: each lists the entries of history and notes that came since the one before it, is chained to it by a hash, and is
-- signed with a key that the database does not hold. Whoever changes history afterwards cannot make a head that agrees.
CREATE TABLE history_heads (
    number bigint PRIMARY KEY CHECK (number > 0),
    -- The last position of the feed that is covered, by this head and those before it.
    position bigint NOT NULL CHECK (position >= 0),
    -- 53 bytes each: list, claim, number, hash.
    entries bytea NOT NULL CHECK (octet_length(entries) > 0 AND octet_length(entries) % 53 = 0),
    signed_at timestamptz NOT NULL,
    prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    -- Ed25519.
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    signature bytea NOT NULL CHECK (octet_length(signature) = 64)
);
CREATE TRIGGER history_heads_are_append_only BEFORE UPDATE OR DELETE ON history_heads FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER history_heads_are_not_truncated BEFORE TRUNCATE ON history_heads FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Notes have no feed: those that no head lists yet wait here.
CREATE TABLE notes_unsigned (
    claim_id uuid NOT NULL,
    seq integer NOT NULL,
    PRIMARY KEY (claim_id, seq),
    FOREIGN KEY (claim_id, seq) REFERENCES notes (claim_id, seq)
);
CREATE FUNCTION await_signature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notes_unsigned VALUES (NEW.claim_id, NEW.seq);
    RETURN NULL;
END
$$;
CREATE TRIGGER notes_await_signature AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION await_signature();
INSERT INTO notes_unsigned SELECT claim_id, seq FROM notes;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cpor_server') THEN
        GRANT SELECT, INSERT ON history_heads TO cpor_server;
        GRANT SELECT, INSERT, DELETE ON notes_unsigned TO cpor_server;
    END IF;
END
$$;
