//! Uploads and documents.

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
