//! What happened, and what was said.

diesel::table! {
    history (claim_id, seq) {
        claim_id -> Uuid,
        seq -> Integer,
        at -> Timestamptz,
        kind -> Text,
        by_kind -> Text,
        by_person -> Nullable<Uuid>,
        by_role -> Nullable<Text>,
        version -> Integer,
        status -> Text,
        body -> Text,
        prev_hash -> Bytea,
        hash -> Bytea,
        predecessor -> Nullable<Integer>,
    }
}

diesel::table! {
    comments (id) {
        id -> Uuid,
        claim_id -> Uuid,
        seq -> Integer,
        at -> Timestamptz,
        by_person -> Uuid,
        by_role -> Text,
        body -> Text,
    }
}

diesel::table! {
    notes (id) {
        id -> Uuid,
        claim_id -> Uuid,
        seq -> Integer,
        at -> Timestamptz,
        by_person -> Uuid,
        by_role -> Text,
        body -> Text,
        prev_hash -> Bytea,
        hash -> Bytea,
    }
}
