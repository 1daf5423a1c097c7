//! Organizations, locations, people.

diesel::table! {
    organizations (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
    }
}

diesel::table! {
    locations (mpn_id) {
        mpn_id -> Text,
        organization_id -> Uuid,
        name -> Text,
        country -> Text,
    }
}

diesel::table! {
    people (id) {
        id -> Uuid,
        issuer -> Text,
        subject -> Text,
        name -> Text,
        email -> Text,
        role -> Text,
        organization_id -> Nullable<Uuid>,
        is_limited -> Bool,
        locale -> Text,
        time_zone -> Text,
        is_active -> Bool,
        muted_notices -> Array<Text>,
    }
}

diesel::table! {
    person_locations (person_id, mpn_id) {
        person_id -> Uuid,
        organization_id -> Uuid,
        mpn_id -> Text,
    }
}
