//! The canonical form of what happened: `kind` and the fields of its variant.

use serde_json::Value;

use super::super::errors::StoreError;
use super::json::{Canon, Json, Object};
use crate::domain::event::What;

macro_rules! happenings {
    ($($code:literal = $variant:ident $({ $($field:ident = $key:literal),+ $(,)? })?),+ $(,)?) => {
        /// The stored kind of what happened, in capitals.
        #[must_use]
        pub fn kind(what: &What) -> &'static str {
            match what {
                $(What::$variant { .. } => $code),+
            }
        }

        impl Canon for What {
            fn write(&self) -> Json {
                match self {
                    $(Self::$variant $({ $($field),+ })? => Json::object([
                        ("kind", Json::text($code)),
                        $($(($key, $field.write()),)+)?
                    ])),+
                }
            }

            fn read(value: Value) -> Result<Self, StoreError> {
                let mut object = Object::of(value)?;
                let kind: String = object.read("kind")?;
                let made = match kind.as_str() {
                    $($code => Self::$variant $({ $($field: object.read($key)?),+ })?,)+
                    _ => return Err(StoreError::corrupt(format!("{kind:?} is nothing that happens"))),
                };
                object.end()?;
                Ok(made)
            }
        }
    };
}

happenings! {
    "CREATED" = Created {
        id = "id", number = "number", organization = "organization", details = "details", products = "products",
    },
    "EDITED" = Edited { changes = "changes" },
    "PRODUCTS_CHANGED" = ProductsChanged { added = "added", replaced = "replaced", removed = "removed" },
    "DOCUMENT_ATTACHED" = DocumentAttached { document = "document", supersedes = "supersedes" },
    "COMMENTED" = Commented { id = "id", body = "body" },
    "SUBMITTED" = Submitted { policy = "policy" },
    "RESUBMITTED" = Resubmitted,
    "CANCELED" = Canceled,
    "REVIEW_STARTED" = ReviewStarted { reviewer = "reviewer" },
    "ASSIGNED" = Assigned { from = "from", to = "to" },
    "ACTION_REQUESTED" = ActionRequested { comment = "comment", findings = "findings" },
    "APPROVED" = Approved { comment = "comment", associations = "associations" },
    "REJECTED" = Rejected {
        reason = "reason", partner_reason = "partnerReason", comment = "comment", findings = "findings", is_final = "isFinal",
    },
    "DISPUTED" = Disputed { justification = "justification", excluded = "excluded" },
    "CONSENT_ELAPSED" = ConsentElapsed,
    "ASSESSMENT_SENT" = AssessmentSent,
    "ASSESSMENT_ANSWERED" = AssessmentAnswered { eligible = "eligible", reason = "reason" },
    "DEADLINE_PASSED" = DeadlinePassed { kind = "clock" },
    "NOTICE_QUEUED" = NoticeQueued { notice = "notice", audience = "audience" },
}
