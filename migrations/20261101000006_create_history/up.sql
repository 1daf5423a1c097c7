-- Everything that happened to a claim, in one append-only list, numbered from 1 without gaps: each entry needs its predecessor.
CREATE TABLE history (
    claim_id uuid NOT NULL REFERENCES claims DEFERRABLE INITIALLY DEFERRED,
    seq integer NOT NULL CHECK (seq > 0),
    at timestamptz NOT NULL,
    kind text NOT NULL,
    by_kind text NOT NULL CHECK (by_kind IN ('PERSON', 'CUSTOMER', 'CLOCK')),
    by_person uuid REFERENCES people,
    by_role text,
    -- The claim's version and status after the entry.
    version integer NOT NULL,
    status text NOT NULL,
    -- The canonical encoding: what the hash covers, and what a fold reads.
    body text NOT NULL,
    prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    predecessor integer GENERATED ALWAYS AS (nullif(seq - 1, 0)) STORED,
    PRIMARY KEY (claim_id, seq),
    FOREIGN KEY (claim_id, predecessor) REFERENCES history (claim_id, seq),
    CHECK (num_nulls(by_person, by_role) = CASE WHEN by_kind = 'PERSON' THEN 0 ELSE 2 END)
);

CREATE TABLE comments (
    id uuid PRIMARY KEY,
    claim_id uuid NOT NULL,
    seq integer NOT NULL,
    at timestamptz NOT NULL,
    by_person uuid NOT NULL REFERENCES people,
    by_role text NOT NULL,
    body text NOT NULL,
    UNIQUE (claim_id, seq),
    FOREIGN KEY (claim_id, seq) REFERENCES history (claim_id, seq)
);

-- Internal notes of reviewers: a list of their own, with numbers of their own.
CREATE TABLE notes (
    id uuid PRIMARY KEY,
    claim_id uuid NOT NULL REFERENCES claims,
    seq integer NOT NULL CHECK (seq > 0),
    at timestamptz NOT NULL,
    by_person uuid NOT NULL REFERENCES people,
    by_role text NOT NULL,
    body text NOT NULL,
    prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    UNIQUE (claim_id, seq)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER history_is_append_only BEFORE UPDATE OR DELETE ON history FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER history_is_not_truncated BEFORE TRUNCATE ON history FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER comments_are_append_only BEFORE UPDATE OR DELETE ON comments FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER comments_are_not_truncated BEFORE TRUNCATE ON comments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER notes_are_append_only BEFORE UPDATE OR DELETE ON notes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER notes_are_not_truncated BEFORE TRUNCATE ON notes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
