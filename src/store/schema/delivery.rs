//! What leaves the server, and what servers share.

diesel::table! {
    feed_pending (claim_id, seq) {
        claim_id -> Uuid,
        seq -> Integer,
    }
}

diesel::table! {
    feed (position) {
        position -> BigInt,
        claim_id -> Uuid,
        seq -> Integer,
    }
}

diesel::table! {
    outbox (claim_id, seq) {
        claim_id -> Uuid,
        seq -> Integer,
        notice -> Text,
        audience -> Text,
        queued_at -> Timestamptz,
        state -> Text,
    }
}

diesel::table! {
    consent_links (id) {
        id -> Uuid,
        claim_id -> Uuid,
        contact -> Text,
        email -> Text,
        token_hash -> Bytea,
        created_at -> Timestamptz,
        voided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    idempotency (actor_id, key) {
        actor_id -> Uuid,
        key -> Uuid,
        fingerprint -> Bytea,
        claim_id -> Nullable<Uuid>,
        answer -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    server_secrets (name) {
        name -> Text,
        secret -> Bytea,
    }
}

diesel::table! {
    demo_clock (singleton) {
        singleton -> Bool,
        offset_micros -> BigInt,
    }
}
