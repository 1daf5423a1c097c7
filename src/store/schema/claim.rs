//! A claim and its parts.

diesel::table! {
    claims (id) {
        id -> Uuid,
        number -> BigInt,
        organization_id -> Uuid,
        status -> Text,
        version -> Integer,
        sequence -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        last_event_at -> Timestamptz,
        policy -> Nullable<Text>,
        name -> Nullable<Text>,
        location -> Text,
        tenant_id -> Nullable<Uuid>,
        customer_domain -> Nullable<Text>,
        customer_name -> Nullable<Text>,
        area -> Nullable<Text>,
        activities -> Array<Text>,
        customer_contact_name -> Nullable<Text>,
        customer_contact_title -> Nullable<Text>,
        customer_contact_email -> Nullable<Text>,
        technical_contact_name -> Nullable<Text>,
        technical_contact_title -> Nullable<Text>,
        technical_contact_email -> Nullable<Text>,
        partner_contact_name -> Nullable<Text>,
        partner_contact_email -> Nullable<Text>,
        external_reference -> Nullable<Text>,
        tags -> Array<Text>,
        assignee_id -> Nullable<Uuid>,
        excluded_reviewer_id -> Nullable<Uuid>,
        submitted_at -> Nullable<Timestamptz>,
        decided_at -> Nullable<Timestamptz>,
        requested_at -> Nullable<Timestamptz>,
        requested_by -> Nullable<Uuid>,
        requested_role -> Nullable<Text>,
        request_comment -> Nullable<Text>,
        answered_since_request -> Bool,
        rejected_at -> Nullable<Timestamptz>,
        rejected_by_kind -> Nullable<Text>,
        rejected_by -> Nullable<Uuid>,
        rejected_role -> Nullable<Text>,
        rejection_reason -> Nullable<Text>,
        rejection_partner_reason -> Nullable<Text>,
        rejection_comment -> Nullable<Text>,
        disputable_until -> Nullable<Timestamptz>,
        disputed_at -> Nullable<Timestamptz>,
        disputed_by -> Nullable<Uuid>,
        disputed_role -> Nullable<Text>,
        dispute_justification -> Nullable<Text>,
        consent -> Nullable<Text>,
        assessment_sent_at -> Nullable<Timestamptz>,
        assessment -> Nullable<Text>,
        assessment_reason -> Nullable<Text>,
        due_at -> Nullable<Timestamptz>,
        overdue_from -> Nullable<Timestamptz>,
        search_text -> Text,
    }
}

diesel::table! {
    claim_products (id) {
        id -> Uuid,
        claim_id -> Uuid,
        position -> Integer,
        product_code -> Text,
        subscription_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    claim_findings (claim_id, belongs_to, position) {
        claim_id -> Uuid,
        belongs_to -> Text,
        position -> Integer,
        kind -> Text,
        product_line_id -> Nullable<Uuid>,
        words -> Nullable<Text>,
    }
}

diesel::table! {
    claim_clocks (claim_id, kind) {
        claim_id -> Uuid,
        kind -> Text,
        laid_out_at -> Timestamptz,
        days -> SmallInt,
        expires_at -> Nullable<Timestamptz>,
        days_left -> Nullable<SmallInt>,
        overdue_recorded -> Bool,
        reminders -> Array<Timestamptz>,
    }
}

diesel::table! {
    associations (id) {
        id -> Uuid,
        claim_id -> Uuid,
        organization_id -> Uuid,
        tenant_id -> Uuid,
        line_id -> Uuid,
        product_code -> Text,
        subscription_id -> Nullable<Uuid>,
        activity -> Text,
        state -> Text,
        started_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Nullable<Text>,
        key -> Text,
    }
}
