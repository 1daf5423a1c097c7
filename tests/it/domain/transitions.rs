//! T1 to T18: what each transition leaves behind. Who may take it and from where is the grid's matter.

use cpor::domain::clock::{ClockKind, ClockState};
use cpor::domain::command::Command;
use cpor::domain::event::What;
use cpor::domain::notice::{Audience, NoticeKind};
use cpor::domain::reason::{PartnerReason, RejectionReason};
use cpor::domain::refusal::Code;
use cpor::domain::status::{Assessment, AssociationState, Consent, EndReason, Status};

use super::cast::{NORTHWIND, RITA, ROLF, anna, carla, lena, rita, rolf, sam};
use super::moves::{
    add_product, answer, approve, assign, attach, comment, decline, disassociate, dispute, document, new_customer_contact,
    reject, request_action, submit, withdraw,
};
use super::situations::{
    action_required, approved, business_draft, consented, disputed, disputed_with_rolf, draft, rejected, submitted, under_review,
};
use super::story::Story;

/// What one more command queues as notices.
fn notices(story: Story, actor: &cpor::domain::actor::Actor, command: Command) -> Vec<(NoticeKind, Audience)> {
    let before = story.history.len();
    story.then(actor, command).notices_since(before)
}

fn days_left(story: &Story, kind: ClockKind) -> u16 {
    match story.clock(kind).state {
        ClockState::Paused { days_left } => days_left,
        ClockState::Running { .. } => panic!("{kind} runs"),
    }
}

#[test]
fn t1_a_new_claim_has_a_number_an_owner_and_no_clock() {
    let story = Story::new();
    assert_eq!(story.claim.status, Status::Editing);
    assert_eq!(story.claim.number.to_string(), "CPOR-100001");
    assert_eq!(story.claim.organization, NORTHWIND);
    assert_eq!((story.claim.version, story.claim.sequence), (1, 1));
    assert!(story.claim.clocks.is_empty());
}

#[test]
fn t2_submitting_starts_two_clocks_keeps_the_policy_and_sends_a_receipt() {
    let story = submitted();
    assert_eq!(story.clocks(), [ClockKind::PickUp, ClockKind::TotalDecision]);
    assert_eq!(story.claim.policy.as_deref(), Some("2020"));
    assert_eq!(story.claim.submitted_at, Some(story.now));
    assert_eq!(notices(draft(), &anna(), submit()), [(NoticeKind::SubmissionReceived, Audience::Partner)]);
}

#[test]
fn t3_a_dropped_draft_was_never_submitted() {
    let story = draft().then(&anna(), Command::Cancel);
    assert_eq!(story.claim.submitted_at, None);
    assert!(story.claim.clocks.is_empty());
}

#[test]
fn t4_an_edit_after_submission_leaves_the_clocks_alone() {
    let before = submitted();
    let after =
        before.clone().on("2021-09-14 09:00").then(&anna(), new_customer_contact()).then(&anna(), add_product(2, "TEAMS"));
    assert_eq!(after.claim.clocks, before.claim.clocks);
    assert_eq!(after.claim.products.len(), 2);
    assert_eq!(after.claim.version, before.claim.version + 2);
}

#[test]
fn t5_starting_the_review_takes_the_claim_and_tells_the_partner() {
    let story = under_review();
    assert_eq!(story.claim.assignee, Some(RITA));
    assert_eq!(story.clocks(), [ClockKind::Review, ClockKind::TotalDecision]);
    assert_eq!(notices(submitted(), &rita(), Command::StartReview), [(NoticeKind::ReviewStarted, Audience::Partner)]);
}

#[test]
fn t6_a_request_pauses_the_reviewers_time_and_tells_what_is_missing() {
    let story = action_required();
    assert_eq!(story.clocks(), [ClockKind::TotalDecision, ClockKind::PartnerResponse]);
    assert_eq!(days_left(&story, ClockKind::TotalDecision), 10);
    let request = story.claim.request.as_ref().unwrap();
    assert_eq!((request.comment.as_str(), request.findings.len()), ("The signature is missing.", 1));
    assert_eq!(notices(under_review(), &rita(), request_action()), [(NoticeKind::ActionRequired, Audience::Partner)]);
}

#[test]
fn t6_can_happen_again_and_each_time_asks_for_a_new_answer() {
    let again = action_required()
        .then(&anna(), attach(2))
        .then(&anna(), Command::Resubmit)
        .then(&rita(), Command::StartReview)
        .then(&rita(), request_action());
    assert_eq!(again.refuses(&anna(), &Command::Resubmit), [Code::NothingChanged]);
}

#[test]
fn t7_each_kind_of_answer_lets_the_partner_resubmit_to_the_same_reviewer() {
    for answer in [attach(2), new_customer_contact(), add_product(2, "TEAMS"), comment("It is on page 3.")] {
        let story = action_required().then(&anna(), answer).then(&anna(), Command::Resubmit);
        assert_eq!(story.claim.status, Status::Submitted);
        assert_eq!(story.claim.assignee, Some(RITA));
        assert_eq!(story.clocks(), [ClockKind::PickUp, ClockKind::TotalDecision]);
        assert!(story.clock(ClockKind::TotalDecision).expires_at().is_some());
    }
}

#[test]
fn t7_a_reviewers_comment_and_an_edit_that_changes_nothing_are_no_answers() {
    let same = Command::Update(Box::new(super::world::faultless()));
    let story = action_required().then(&rita(), comment("Hurry.")).then(&lena(), assign(ROLF)).then(&anna(), same);
    assert_eq!(story.refuses(&anna(), &Command::Resubmit), [Code::NothingChanged]);
}

#[test]
fn t7_the_receipt_and_the_reply_are_told() {
    let answered = action_required().then(&anna(), attach(2));
    let told = [(NoticeKind::SubmissionReceived, Audience::Partner), (NoticeKind::PartnerReplied, Audience::Assignee)];
    assert_eq!(notices(answered, &anna(), Command::Resubmit), told);
}

#[test]
fn t8_silence_is_a_rejection_that_can_be_disputed() {
    let story = action_required().on("2021-12-24 10:00").swept();
    let rejection = story.claim.rejection.as_ref().unwrap();
    assert_eq!(rejection.reason, RejectionReason::NoPartnerResponse);
    assert_eq!(rejection.at, super::world::utc("2021-09-21 00:00"));
    assert_eq!(rejection.disputable_until, Some(super::world::utc("2021-10-22 00:00")));
}

#[test]
fn t9_an_approval_starts_an_association_per_product_and_activity() {
    let story = business_draft().then(&anna(), submit()).then(&rita(), Command::StartReview).then(&rita(), approve());
    let activities: Vec<_> = story.claim.associations.iter().map(|one| (one.product.to_string(), one.activity.code())).collect();
    assert_eq!(activities, [("SALES".to_owned(), "PRESALES"), ("SALES".to_owned(), "USAGE")]);
    assert!(story.claim.associations.iter().all(|one| one.state == AssociationState::Active && one.started_at == story.now));
    assert_ne!(story.claim.associations[0].id, story.claim.associations[1].id);
}

#[test]
fn t9_an_approval_opens_the_window_and_tells_partner_and_customer() {
    let story = approved();
    assert_eq!(story.clocks(), [ClockKind::Consent]);
    assert_eq!((story.claim.consent, story.claim.assessment), (Some(Consent::Open), Some(Assessment::NotSent)));
    assert_eq!(story.claim.decided_at, Some(story.now));
    let told = [(NoticeKind::Approved, Audience::Partner), (NoticeKind::ConsentRequest, Audience::Customer)];
    assert_eq!(notices(under_review(), &rita(), approve()), told);
}

#[test]
fn t10_a_rejection_says_why_and_opens_the_time_for_a_dispute() {
    let story = rejected();
    assert_eq!(story.clocks(), [ClockKind::DisputeFiling]);
    let rejection = story.claim.rejection.as_ref().unwrap();
    assert_eq!(rejection.comment.as_deref(), Some("The work is not described."));
    assert_eq!(rejection.disputable_until, Some(story.end_of(ClockKind::DisputeFiling)));
    assert!(!rejection.is_final(story.now));
    assert_eq!((story.claim.consent, story.claim.assessment), (None, None));
    assert_eq!(notices(under_review(), &rita(), reject()), [(NoticeKind::Rejected, Audience::Partner)]);
}

#[test]
fn t11_a_rejection_on_request_is_final() {
    for story in [submitted(), under_review(), action_required()] {
        let story = story.then(&anna(), withdraw());
        let rejection = story.claim.rejection.as_ref().unwrap();
        assert_eq!(rejection.reason, RejectionReason::PartnerRequest);
        assert_eq!(rejection.partner_reason, Some(PartnerReason::WrongPartnerId));
        assert!(rejection.is_final(story.now));
        assert!(story.claim.clocks.is_empty());
    }
}

#[test]
fn t12_a_decline_in_the_window_ends_everything() {
    let story = approved().then(&carla(), decline());
    assert_eq!(story.claim.rejection.as_ref().unwrap().reason, RejectionReason::CustomerDeclined);
    assert_eq!((story.claim.consent, story.claim.assessment), (Some(Consent::Declined), Some(Assessment::Withdrawn)));
    let association = &story.claim.associations[0];
    assert_eq!((association.state, association.end_reason), (AssociationState::Ended, Some(EndReason::CustomerDeclined)));
    assert_eq!(association.ended_at, Some(story.now));
    assert!(story.claim.clocks.is_empty());
    assert_eq!(notices(approved(), &carla(), decline()), [(NoticeKind::CustomerDeclined, Audience::Partner)]);
}

#[test]
fn t12_a_later_decline_also_withdraws_the_assessment() {
    for story in [consented(), consented().then(&sam(), answer(true)), consented().then(&sam(), answer(false))] {
        let told = notices(story.clone(), &carla(), decline());
        assert!(told.contains(&(NoticeKind::AssessmentWithdrawn, Audience::EligibilitySystem)));
        let story = story.then(&carla(), decline());
        assert_eq!((story.claim.consent, story.claim.assessment), (Some(Consent::Declined), Some(Assessment::Withdrawn)));
    }
}

#[test]
fn t13_the_window_closes_once_and_the_status_stays() {
    let story = approved().on("2022-01-01 00:00").swept().swept();
    assert_eq!(story.claim.status, Status::Approved);
    assert_eq!((story.claim.consent, story.claim.assessment), (Some(Consent::Elapsed), Some(Assessment::Sent)));
    assert_eq!(story.history.iter().filter(|event| event.what == What::AssessmentSent).count(), 1);
    assert!(story.claim.clocks.is_empty());
}

#[test]
fn the_assessment_is_answered_once_and_changes_no_status() {
    let story = consented().then(&sam(), answer(false));
    assert_eq!(story.claim.assessment, Some(Assessment::Ineligible));
    assert_eq!(story.claim.assessment_reason.as_deref(), Some("No usage yet."));
    assert_eq!(story.claim.status, Status::Approved);
    assert_eq!(story.refuses(&sam(), &answer(true)), [Code::StateConflict]);
}

#[test]
fn t14_disassociating_closes_an_open_window_and_keeps_an_elapsed_one() {
    for (story, consent) in [(approved(), Consent::Closed), (consented(), Consent::Elapsed)] {
        assert!(notices(story.clone(), &anna(), disassociate()).contains(&(NoticeKind::AssociationEnded, Audience::Customer)));
        let story = story.then(&anna(), disassociate());
        assert_eq!((story.claim.consent, story.claim.assessment), (Some(consent), Some(Assessment::Withdrawn)));
        assert_eq!(story.claim.associations[0].end_reason, Some(EndReason::PartnerRequest));
        assert!(story.claim.rejection.as_ref().unwrap().is_final(story.now));
    }
}

#[test]
fn t15_a_dispute_clears_the_assignment_and_excludes_who_rejected() {
    let story = disputed();
    assert_eq!((story.claim.assignee, story.claim.excluded_reviewer), (None, Some(RITA)));
    assert_eq!(story.clocks(), [ClockKind::DisputeDecision]);
    assert_eq!(notices(rejected(), &anna(), dispute()), [(NoticeKind::DisputeFiled, Audience::Leads)]);
    assert_eq!(story.refuses(&lena(), &assign(RITA)), [Code::AssigneeNotEligible]);
}

#[test]
fn t15_new_proof_alone_carries_a_dispute() {
    let command = Command::Dispute {
        justification: None,
        documents: vec![document(2), {
            let mut other = document(3);
            other.upload = cpor::domain::ids::UploadId(uuid::Uuid::from_u128(0xF11F));
            other
        }],
    };
    let mut story = rejected();
    let file = story.world.facts.uploads[&super::world::UPLOAD].clone();
    story.world.facts.uploads.insert(cpor::domain::ids::UploadId(uuid::Uuid::from_u128(0xF11F)), file);
    let story = story.then(&anna(), command);
    let in_dispute: Vec<_> = story.claim.documents.iter().map(|document| document.in_dispute).collect();
    assert_eq!(in_dispute, [false, true, true]);
}

#[test]
fn t16_an_approval_after_a_dispute_opens_a_new_window() {
    let story = disputed_with_rolf().then(&rolf(), approve());
    assert_eq!((story.claim.status, story.claim.consent), (Status::Approved, Some(Consent::Open)));
    assert_eq!(story.clocks(), [ClockKind::Consent]);
    let told = [(NoticeKind::DisputeDecided, Audience::Partner), (NoticeKind::ConsentRequest, Audience::Customer)];
    assert_eq!(notices(disputed_with_rolf(), &rolf(), approve()), told);
}

#[test]
fn t17_an_answer_to_a_question_in_a_dispute_goes_back_to_the_dispute() {
    let asked = disputed_with_rolf().then(&rolf(), request_action());
    assert_eq!(asked.clocks(), [ClockKind::PartnerResponse, ClockKind::DisputeDecision]);
    assert_eq!(days_left(&asked, ClockKind::DisputeDecision), 5);
    let story = asked.then(&anna(), attach(2)).then(&anna(), Command::Resubmit);
    assert_eq!((story.claim.status, story.claim.assignee), (Status::Disputed, Some(ROLF)));
    assert_eq!(story.clocks(), [ClockKind::DisputeDecision]);
}

#[test]
fn t17_silence_in_a_dispute_is_final() {
    let story = disputed_with_rolf().then(&rolf(), request_action()).on("2021-09-21 00:00").swept();
    let rejection = story.claim.rejection.as_ref().unwrap();
    assert_eq!((story.claim.status, rejection.reason), (Status::Rejected, RejectionReason::NoPartnerResponse));
    assert!(rejection.is_final(rejection.at));
    assert!(story.claim.clocks.is_empty());
}

#[test]
fn t18_a_lost_dispute_is_final_whatever_the_reason() {
    let story = disputed_with_rolf().then(&rolf(), reject());
    assert!(story.claim.rejection.as_ref().unwrap().is_final(story.now));
    assert!(story.claim.clocks.is_empty());
    assert_eq!(notices(disputed_with_rolf(), &rolf(), reject()), [(NoticeKind::DisputeDecided, Audience::Partner)]);
}
