//! The lives of the demo's claims, as a table: what happens, to how many, how long ago.

use crate::domain::product::Area;
use crate::domain::reason::{FindingKind, PartnerReason as Why, RejectionReason as For};

use super::paper::Paper;
use super::scenario::{Act, Rivalry, Scenario, Step};

use Act::{
    Approve, Ask, Assess, Assign, AssignDispute, Attach, Cancel, ChangeContact, Decline, Disassociate, Dispute, DisputeWith,
    DropProduct, LeadNote, Note, Reassign, Reject, Replace, Request, Resubmit, Start, Submit, SubmitAgainstRival, Tag, Tell,
    Withdraw,
};
use FindingKind::{
    MissingAllPoe, MissingCustomerAcknowledgment, MissingOrOldDates, MissingPartnerService, MissingProducts, Other,
};
use Paper::{Contract, CustomerMail, Disclosure, HoursSheet, Minutes, OldStatement, PartialStatement, Report, Statement};
use Paper::{ThinStatement, UnrelatedFile, UnsignedStatement};

const fn step(least: u16, most: u16, act: Act) -> Step {
    Step { gap: (least, most), act }
}

type Phase = &'static [Step];

const PREPARED: Phase = &[step(0, 2, Attach(Statement))];
const FILED: Phase = &[step(0, 3, Attach(Statement)), step(0, 0, Submit)];
const FILED_WELL: Phase = &[step(0, 2, Attach(Statement)), step(0, 0, Attach(CustomerMail)), step(0, 0, Tag), step(0, 1, Submit)];
const FILED_CONTRACT: Phase = &[step(0, 2, Attach(Contract)), step(0, 0, Attach(HoursSheet)), step(0, 0, Submit)];
const FILED_PUBLIC: Phase = &[step(0, 2, Attach(Disclosure)), step(0, 0, Attach(Report)), step(0, 1, Submit)];
const FILED_UNSIGNED: Phase = &[step(0, 2, Attach(UnsignedStatement)), step(0, 0, Submit)];
const FILED_OLD: Phase = &[step(0, 2, Attach(OldStatement)), step(0, 0, Submit)];
const FILED_THIN: Phase = &[step(0, 2, Attach(ThinStatement)), step(0, 0, Submit)];
const FILED_PARTIAL: Phase = &[step(0, 2, Attach(PartialStatement)), step(0, 0, Submit)];
const FILED_WRONG: Phase = &[step(0, 2, Attach(UnrelatedFile)), step(0, 0, Submit)];
const TAKEN: Phase = &[step(1, 3, Start)];
const ASSIGNED: Phase = &[step(1, 2, Assign), step(0, 0, LeadNote)];
const ASSIGNED_AND_TAKEN: Phase = &[step(1, 2, Assign), step(1, 2, Start)];
const ASKED_BACK_AND_FORTH: Phase = &[step(0, 1, Ask), step(1, 2, Tell)];
const NOTED: Phase = &[step(0, 1, Note)];
const APPROVED: Phase = &[step(1, 3, Approve)];
const ASKED_SIGNATURE: Phase = &[step(1, 2, Request(MissingCustomerAcknowledgment))];
const ASKED_DATES: Phase = &[step(1, 2, Request(MissingOrOldDates))];
const ASKED_SERVICE: Phase = &[step(1, 2, Request(MissingPartnerService))];
const ASKED_PRODUCTS: Phase = &[step(1, 2, Request(MissingProducts))];
const ASKED_ALL: Phase = &[step(0, 1, Note), step(0, 1, Request(MissingAllPoe))];
const ASKED_OTHER: Phase = &[step(1, 2, Request(Other))];
const ANSWERED: Phase = &[step(1, 3, Replace(Statement)), step(0, 0, Tell), step(0, 0, Resubmit)];
const ANSWERED_BY_DROPPING: Phase = &[step(1, 3, DropProduct), step(0, 0, Tell), step(0, 0, Resubmit)];
const ANSWERED_IN_WORDS: Phase = &[step(1, 3, Tell), step(0, 0, Resubmit)];
const TAKEN_AGAIN: Phase = &[step(1, 2, Start)];
/// Longer than any consent window.
const ELIGIBLE: Phase = &[step(8, 14, Assess(true))];
const INELIGIBLE: Phase = &[step(8, 14, Assess(false))];
const DISPUTED: Phase = &[step(2, 12, DisputeWith(Statement))];
const DISPUTED_IN_WORDS: Phase = &[step(2, 10, Dispute)];
const DISPUTE_ASSIGNED: Phase = &[step(1, 2, AssignDispute), step(0, 0, LeadNote)];

const CONTESTED: Phase = &[step(0, 1, Attach(Statement)), step(0, 0, SubmitAgainstRival), step(1, 1, Start), step(0, 0, Note)];
const REPORTED: Phase = &[step(3, 20, Attach(Report)), step(0, 0, Tell)];

const fn life(name: &'static str, count: usize, ago: (u16, u16), phases: &'static [Phase]) -> Scenario {
    Scenario { name, count, ago, phases, area: None, rivalry: None }
}

const fn rival(rivalry: Rivalry, scenario: Scenario) -> Scenario {
    Scenario { rivalry: Some(rivalry), ..scenario }
}

const fn within(area: Area, scenario: Scenario) -> Scenario {
    Scenario { area: Some(area), ..scenario }
}

/// Every life. Those with rivals come last: they are planned when the others are.
pub(super) const SCENARIOS: &[Scenario] = &[
    // Drafts.
    life("a draft just begun", 7, (0, 40), &[]),
    life("a draft with its proof", 10, (0, 25), &[PREPARED]),
    life("a draft that was dropped", 7, (20, 240), &[PREPARED, &[step(2, 20, Cancel)]]),
    // Submitted.
    life("waits for a reviewer", 10, (0, 3), &[FILED_WELL]),
    life("assigned, not started", 5, (0, 2), &[FILED, ASSIGNED]),
    life("corrected while it waits", 3, (0, 2), &[FILED, &[step(1, 1, ChangeContact)]]),
    life("waits for too long", 4, (8, 12), &[FILED]),
    life("resubmitted", 5, (0, 3), &[FILED_UNSIGNED, TAKEN, ASKED_SIGNATURE, ANSWERED]),
    // Under review.
    life("under review", 8, (0, 3), &[FILED_WELL, TAKEN, NOTED]),
    life("talked about under review", 6, (0, 2), &[FILED_CONTRACT, ASSIGNED_AND_TAKEN, ASKED_BACK_AND_FORTH]),
    life("handed to another reviewer", 3, (0, 2), &[FILED, TAKEN, &[step(1, 2, Reassign), step(0, 0, LeadNote)]]),
    life("under review for too long", 4, (8, 11), &[FILED, TAKEN, NOTED]),
    // The partner is asked for more.
    life("asked for a signature", 6, (0, 2), &[FILED_UNSIGNED, TAKEN, ASKED_SIGNATURE]),
    life("asked for newer dates", 4, (0, 2), &[FILED_OLD, TAKEN, ASKED_DATES]),
    life("asked about products", 4, (0, 2), &[FILED_PARTIAL, TAKEN, ASKED_PRODUCTS]),
    life("asked for the right file", 3, (0, 2), &[FILED_WRONG, TAKEN, ASKED_ALL]),
    life("asked, and answering", 3, (0, 1), &[FILED, TAKEN, ASKED_OTHER, &[step(1, 1, Tell)]]),
    life("asked twice", 3, (0, 2), &[FILED_UNSIGNED, TAKEN, ASKED_SIGNATURE, ANSWERED, TAKEN_AGAIN, ASKED_SERVICE]),
    life(
        "asked within a dispute",
        3,
        (0, 2),
        &[FILED_OLD, TAKEN, &[step(1, 2, Reject(For::InsufficientPoe))], DISPUTED_IN_WORDS, DISPUTE_ASSIGNED, ASKED_DATES],
    ),
    // Approved, the customer's window open.
    life("just approved", 12, (0, 3), &[FILED_WELL, TAKEN, APPROVED]),
    life("approved after an answer", 5, (0, 3), &[FILED_UNSIGNED, TAKEN, ASKED_SIGNATURE, ANSWERED, TAKEN_AGAIN, APPROVED]),
    life("approved, contact changed since", 3, (0, 2), &[FILED, TAKEN, APPROVED, &[step(0, 1, ChangeContact)]]),
    // Approved, the window over.
    life("sent to assessment", 10, (6, 20), &[FILED_WELL, TAKEN, ASKED_BACK_AND_FORTH, APPROVED]),
    life("eligible at once", 22, (10, 280), &[FILED_WELL, TAKEN, ASKED_BACK_AND_FORTH, NOTED, APPROVED, ELIGIBLE]),
    within(
        Area::BusinessApplications,
        life(
            "eligible by contract",
            11,
            (5, 280),
            &[FILED_CONTRACT, ASSIGNED_AND_TAKEN, ASKED_BACK_AND_FORTH, APPROVED, ELIGIBLE],
        ),
    ),
    life("eligible in the public sector", 7, (10, 280), &[FILED_PUBLIC, TAKEN, APPROVED, ELIGIBLE]),
    life(
        "eligible after a signature",
        9,
        (10, 270),
        &[FILED_UNSIGNED, TAKEN, ASKED_SIGNATURE, ANSWERED, TAKEN_AGAIN, APPROVED, ELIGIBLE],
    ),
    life("eligible after newer dates", 6, (10, 270), &[FILED_OLD, TAKEN, ASKED_DATES, ANSWERED, TAKEN_AGAIN, APPROVED, ELIGIBLE]),
    life(
        "eligible with fewer products",
        6,
        (10, 270),
        &[FILED_PARTIAL, TAKEN, ASKED_PRODUCTS, ANSWERED_BY_DROPPING, TAKEN_AGAIN, APPROVED, ELIGIBLE],
    ),
    life(
        "eligible after an explanation",
        6,
        (10, 270),
        &[FILED_THIN, TAKEN, ASKED_SERVICE, ANSWERED_IN_WORDS, TAKEN_AGAIN, APPROVED, ELIGIBLE, REPORTED],
    ),
    life("not eligible", 8, (5, 240), &[FILED, TAKEN, APPROVED, INELIGIBLE]),
    life(
        "dispute won, window open",
        3,
        (0, 3),
        &[FILED_THIN, TAKEN, &[step(1, 3, Reject(For::InsufficientPoe))], DISPUTED, DISPUTE_ASSIGNED, APPROVED],
    ),
    life(
        "dispute won",
        6,
        (10, 220),
        &[
            FILED_UNSIGNED,
            TAKEN,
            &[step(1, 3, Reject(For::MissingCustomerConsentOnPoe))],
            DISPUTED,
            DISPUTE_ASSIGNED,
            APPROVED,
            ELIGIBLE,
        ],
    ),
    // Rejected, and still to be disputed.
    life("rejected for its proof", 5, (0, 15), &[FILED_THIN, TAKEN, NOTED, &[step(1, 3, Reject(For::InsufficientPoe))]]),
    life(
        "rejected for the customer's consent",
        3,
        (0, 15),
        &[FILED_UNSIGNED, TAKEN, &[step(1, 3, Reject(For::MissingCustomerConsentOnPoe))]],
    ),
    life("rejected for its products", 3, (0, 15), &[FILED_PARTIAL, TAKEN, &[step(1, 3, Reject(For::MissingProducts))]]),
    life(
        "rejected for an unreadable file",
        2,
        (0, 15),
        &[FILED_WRONG, TAKEN, &[step(1, 3, Reject(For::PoeUnavailable)), step(1, 1, Tell)]],
    ),
    life("no answer came", 5, (10, 20), &[FILED_UNSIGNED, TAKEN, ASKED_SIGNATURE]),
    // Rejected for good.
    life(
        "rejected for its proof, long ago",
        6,
        (30, 230),
        &[FILED_THIN, TAKEN, ASKED_SERVICE, ANSWERED_IN_WORDS, TAKEN_AGAIN, &[step(1, 3, Reject(For::InsufficientPoe))]],
    ),
    life(
        "rejected for consent, long ago",
        4,
        (30, 230),
        &[FILED_UNSIGNED, TAKEN, &[step(1, 3, Reject(For::MissingCustomerConsentOnPoe))]],
    ),
    life(
        "rejected for its products, long ago",
        3,
        (30, 230),
        &[FILED_PARTIAL, TAKEN, &[step(1, 3, Reject(For::MissingProducts))]],
    ),
    life("no answer came, long ago", 6, (40, 230), &[FILED_OLD, TAKEN, ASKED_DATES]),
    life(
        "silence within a dispute",
        2,
        (12, 150),
        &[FILED_OLD, TAKEN, &[step(1, 2, Reject(For::InsufficientPoe))], DISPUTED_IN_WORDS, DISPUTE_ASSIGNED, ASKED_DATES],
    ),
    life(
        "dispute lost",
        5,
        (3, 200),
        &[
            FILED_THIN,
            TAKEN,
            &[step(1, 3, Reject(For::InsufficientPoe))],
            DISPUTED_IN_WORDS,
            DISPUTE_ASSIGNED,
            &[step(1, 3, Reject(For::InsufficientPoe))],
        ],
    ),
    life("withdrawn: wrong partner id", 3, (0, 230), &[FILED, &[step(0, 2, Withdraw(Why::WrongPartnerId))]]),
    life("withdrawn: wrong activity", 2, (0, 230), &[FILED, TAKEN, &[step(0, 1, Withdraw(Why::WrongActivity))]]),
    life(
        "withdrawn: customer lost",
        2,
        (0, 230),
        &[FILED_UNSIGNED, TAKEN, ASKED_SIGNATURE, &[step(1, 3, Withdraw(Why::NoLongerWorkingWithCustomer))]],
    ),
    life("withdrawn: another reason", 2, (0, 230), &[FILED_WELL, &[step(0, 2, Withdraw(Why::Other))]]),
    life(
        "disassociated in the window",
        3,
        (20, 200),
        &[FILED, TAKEN, APPROVED, &[step(1, 3, Disassociate(Why::WrongPartnerId))]],
    ),
    life(
        "disassociated later",
        4,
        (20, 120),
        &[FILED_WELL, TAKEN, APPROVED, ELIGIBLE, &[step(20, 60, Disassociate(Why::NoLongerWorkingWithCustomer))]],
    ),
    life("declined in the window", 4, (20, 200), &[FILED, TAKEN, APPROVED, &[step(1, 3, Decline)]]),
    life("declined just now", 2, (0, 2), &[FILED_WELL, TAKEN, APPROVED, &[step(1, 2, Decline)]]),
    life("declined later", 3, (20, 120), &[FILED_WELL, TAKEN, APPROVED, ELIGIBLE, &[step(15, 50, Decline)]]),
    // Disputed.
    life("disputed", 4, (0, 2), &[FILED_THIN, TAKEN, &[step(1, 3, Reject(For::InsufficientPoe))], DISPUTED]),
    life("disputed after silence", 2, (0, 2), &[FILED_UNSIGNED, TAKEN, ASKED_SIGNATURE, &[step(11, 18, DisputeWith(Statement))]]),
    life(
        "dispute assigned",
        4,
        (0, 2),
        &[FILED_UNSIGNED, TAKEN, &[step(1, 3, Reject(For::MissingCustomerConsentOnPoe))], DISPUTED, DISPUTE_ASSIGNED],
    ),
    life(
        "dispute undecided for too long",
        2,
        (8, 10),
        &[FILED_OLD, TAKEN, &[step(1, 3, Reject(For::InsufficientPoe))], DISPUTED_IN_WORDS, DISPUTE_ASSIGNED],
    ),
    life(
        "dispute, resubmitted",
        2,
        (0, 2),
        &[
            FILED_OLD,
            TAKEN,
            &[step(1, 2, Reject(For::InsufficientPoe))],
            DISPUTED_IN_WORDS,
            DISPUTE_ASSIGNED,
            ASKED_DATES,
            &[step(1, 3, Attach(Minutes)), step(0, 0, Resubmit)],
        ],
    ),
    // Two partners and the same products.
    rival(Rivalry::Contested, life("contested", 5, (1, 3), &[CONTESTED])),
    rival(Rivalry::Succession, life("a successor, window open", 3, (0, 2), &[FILED_WELL, TAKEN, APPROVED])),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_some_three_hundred_claims() {
        let count: usize = SCENARIOS.iter().map(|scenario| scenario.count).sum();
        assert!((290..=320).contains(&count), "{count}");
    }
}
