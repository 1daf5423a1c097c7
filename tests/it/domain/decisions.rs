//! T9 to T18: what each decision leaves behind, and what follows it. Who may take it and from where is the grid's matter.

use cpor::domain::clock::ClockKind;
use cpor::domain::command::Command;
use cpor::domain::event::What;
use cpor::domain::ids::UploadId;
use cpor::domain::notice::{Audience, NoticeKind};
use cpor::domain::reason::{PartnerReason, RejectionReason};
use cpor::domain::refusal::Code;
use cpor::domain::status::{Assessment, AssociationState, Consent, EndReason, Status};
use uuid::Uuid;

use super::cast::{RITA, ROLF, anna, carla, lena, rita, rolf, sam};
use super::moves::{
    answer, approve, assign, attach, decline, disassociate, dispute, document, reject, request_action, submit, withdraw,
};
use super::situations::{
    action_required, approved, business_draft, consented, disputed, disputed_with_rolf, rejected, submitted, under_review,
};
use super::transitions::{days_left, notices};
use super::world::UPLOAD;

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
fn t14_the_eligibility_system_hears_of_the_end_if_it_heard_of_the_claim() {
    let withdrawn = (NoticeKind::AssessmentWithdrawn, Audience::EligibilitySystem);
    assert!(!notices(approved(), &anna(), disassociate()).contains(&withdrawn));
    assert!(notices(consented(), &anna(), disassociate()).contains(&withdrawn));
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
    let mut story = rejected();
    let upload = UploadId(Uuid::from_u128(0xF11F));
    let file = story.world.facts.uploads[&UPLOAD].clone();
    story.world.facts.uploads.insert(upload, file);
    let mut other = document(3);
    other.upload = upload;
    let story = story.then(&anna(), Command::Dispute { justification: None, documents: vec![document(2), other] });
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
