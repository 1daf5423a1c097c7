//! Policies, calendar, catalogue.

diesel::table! {
    policies (version) {
        version -> Text,
        pick_up_bd -> SmallInt,
        review_bd -> SmallInt,
        decision_bd -> SmallInt,
        partner_response_bd -> SmallInt,
        consent_days -> SmallInt,
        dispute_filing_days -> SmallInt,
        dispute_decision_bd -> SmallInt,
        edits_when_submitted -> Bool,
        poe_max_age_months -> SmallInt,
        is_in_force -> Bool,
    }
}

diesel::table! {
    calendar (singleton) {
        singleton -> Bool,
        time_zone -> Text,
        weekend -> Array<SmallInt>,
    }
}

diesel::table! {
    holidays (day) {
        day -> Date,
        name -> Text,
    }
}

diesel::table! {
    catalogue (code) {
        code -> Text,
        area -> Text,
        name -> Text,
        valid_from -> Date,
        valid_until -> Nullable<Date>,
    }
}
