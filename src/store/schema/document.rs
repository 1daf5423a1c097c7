//! Uploads, documents, and the bytes behind them.

diesel::table! {
    uploads (id) {
        id -> Uuid,
        organization_id -> Uuid,
        person_id -> Uuid,
        token_hash -> Bytea,
        name -> Text,
        state -> Text,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        media_type -> Nullable<Text>,
        size_bytes -> Nullable<BigInt>,
        sha256 -> Nullable<Bytea>,
        flags -> Array<Text>,
        received_bytes -> BigInt,
        received_at -> Nullable<Timestamptz>,
        direct_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    blobs (sha256) {
        sha256 -> Bytea,
        size_bytes -> BigInt,
        state -> Text,
        touched_at -> Timestamptz,
    }
}

diesel::table! {
    blob_parts (sha256, multipart_id) {
        sha256 -> Bytea,
        multipart_id -> Text,
        begun_at -> Timestamptz,
    }
}

diesel::table! {
    documents (id) {
        id -> Uuid,
        claim_id -> Uuid,
        organization_id -> Uuid,
        upload_id -> Uuid,
        position -> Integer,
        name -> Text,
        media_type -> Text,
        size_bytes -> BigInt,
        sha256 -> Bytea,
        kind -> Text,
        description -> Nullable<Text>,
        covers -> Array<Uuid>,
        signed_on -> Nullable<Date>,
        attached_at -> Timestamptz,
        attached_by -> Uuid,
        in_dispute -> Bool,
        superseded_by -> Nullable<Uuid>,
    }
}
