//! The closed lists of the domain as the API shows them. Each mirrors one list, value by value; a test holds the codes together.

mod action;
mod claim;
mod code;
mod people;
mod poe;
mod programme;

pub use action::{ClaimAction, ClaimField};
pub use claim::{
    AssessmentState, AssociationEndReason, AssociationState, ClaimStatus, ConsentState, PartnerReason, RejectionReason, WaitsFor,
};
pub use code::ErrorCode;
pub use people::{ActorKind, NoticeAudience, NoticeKind, Role};
pub use poe::{FindingKind, PoeFlagCode, PoeItemState, PoeKind, PoeRequirement, PoeScanState, PoeUploadState};
pub use programme::{Activity, ClockKind, DeadlineConsequence, SolutionArea, Weekday};

#[cfg(test)]
mod tests {
    use async_graphql::resolver_utils::EnumType;

    use super::*;
    use crate::domain;

    macro_rules! assert_mirrors {
        ($($mirror:ty => $domain:ty),+ $(,)?) => {$(
            let shown: Vec<_> = <$mirror as EnumType>::items().iter().map(|item| item.name).collect();
            let codes: Vec<_> = <$domain>::ALL.iter().map(|value| value.code()).collect();
            assert_eq!(shown, codes, stringify!($mirror));
        )+};
    }

    #[test]
    fn every_value_is_shown_under_the_code_of_the_domain() {
        assert_mirrors! {
            ClaimStatus => domain::status::Status,
            ConsentState => domain::status::Consent,
            AssessmentState => domain::status::Assessment,
            AssociationState => domain::status::AssociationState,
            AssociationEndReason => domain::status::EndReason,
            RejectionReason => domain::reason::RejectionReason,
            PartnerReason => domain::reason::PartnerReason,
            FindingKind => domain::reason::FindingKind,
            PoeKind => domain::poe::DocumentKind,
            PoeUploadState => domain::poe::UploadState,
            PoeFlagCode => domain::file::FileFlag,
            PoeItemState => domain::checklist::ItemState,
            PoeRequirement => domain::checklist::Requirement,
            PoeScanState => domain::file::ScanState,
            SolutionArea => domain::product::Area,
            Activity => domain::product::Activity,
            ClockKind => domain::clock::ClockKind,
            Role => domain::actor::Role,
            NoticeKind => domain::notice::NoticeKind,
            NoticeAudience => domain::notice::Audience,
            ClaimField => domain::details::Field,
            ClaimAction => domain::command::CommandKind,
            ErrorCode => domain::refusal::Code,
        }
    }
}
