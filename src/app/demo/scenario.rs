//! The words in which scenarios are told: acts, steps, lives of claims.

use crate::domain::product::Area;
use crate::domain::reason::{FindingKind, PartnerReason, RejectionReason};

use super::paper::Paper;

/// Something that somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// The partner attaches a document.
    Attach(Paper),
    /// The partner attaches a document in place of the latest one.
    Replace(Paper),
    /// The partner changes the customer's contact.
    ChangeContact,
    /// The partner tags the claim and notes the own reference.
    Tag,
    /// The partner removes the last product.
    DropProduct,
    /// The partner submits.
    Submit,
    /// The partner submits and hears that somebody else claims the same.
    SubmitAgainstRival,
    /// A lead assigns the claim to its reviewer.
    Assign,
    /// A lead gives the claim to another reviewer.
    Reassign,
    /// The reviewer starts.
    Start,
    /// The assignee writes an internal note.
    Note,
    /// A lead writes an internal note.
    LeadNote,
    /// The partner comments.
    Tell,
    /// The assignee comments.
    Ask,
    /// The assignee asks for more.
    Request(FindingKind),
    /// The partner resubmits.
    Resubmit,
    /// The assignee approves.
    Approve,
    /// The assignee rejects.
    Reject(RejectionReason),
    /// The partner asks for the rejection.
    Withdraw(PartnerReason),
    /// The partner ends the association.
    Disassociate(PartnerReason),
    /// The partner disputes, in words alone.
    Dispute,
    /// The partner disputes with a new document.
    DisputeWith(Paper),
    /// A lead assigns the dispute to somebody who has not decided the claim before.
    AssignDispute,
    /// The customer declines, by consent link.
    Decline,
    /// The eligibility system answers.
    Assess(bool),
    /// The partner drops the draft.
    Cancel,
}

/// On whose side somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Partner,
    Programme,
    Customer,
}

impl Act {
    pub fn side(self) -> Side {
        match self {
            Self::Assign | Self::Reassign | Self::Start | Self::Note | Self::LeadNote | Self::Ask | Self::Request(_) => {
                Side::Programme
            }
            Self::Approve | Self::Reject(_) | Self::AssignDispute | Self::Assess(_) => Side::Programme,
            Self::Decline => Side::Customer,
            _ => Side::Partner,
        }
    }
}

/// An act and the business days after the one before, at least and at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub gap: (u16, u16),
    pub act: Act,
}

/// What a claim has to do with another partner's claim on the same products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rivalry {
    /// The other one is partner of record, or under review.
    Contested,
    /// The other one's association is over.
    Succession,
}

/// A life that several claims have, with what differs drawn anew for each.
pub(super) struct Scenario {
    pub name: &'static str,
    /// How many claims have it.
    pub count: usize,
    /// Business days from the last step to now, at least and at most.
    pub ago: (u16, u16),
    /// What happens after the creation, in phases that scenarios share.
    pub phases: &'static [&'static [Step]],
    /// The solution area, if it must be one.
    pub area: Option<Area>,
    pub rivalry: Option<Rivalry>,
}

impl Scenario {
    /// Everything that happens after the creation.
    pub fn steps(&self) -> impl Iterator<Item = &'static Step> + use<> {
        self.phases.iter().copied().flatten()
    }

    /// Whether products are removed on the way: the claim begins with more than one then.
    pub fn drops_product(&self) -> bool {
        self.steps().any(|step| step.act == Act::DropProduct)
    }
}
