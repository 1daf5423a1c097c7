//! T1 to T8: what each transition up to the decision leaves behind. Who may take it and from where is the grid's matter.

use cpor::domain::actor::Actor;
use cpor::domain::clock::{ClockKind, ClockState};
use cpor::domain::command::Command;
use cpor::domain::notice::{Audience, NoticeKind};
use cpor::domain::reason::RejectionReason;
use cpor::domain::refusal::Code;
use cpor::domain::status::Status;

use super::cast::{NORTHWIND, RITA, ROLF, anna, lena, rita};
use super::moves::{add_product, assign, attach, comment, new_customer_contact, request_action, submit};
use super::situations::{action_required, draft, submitted, under_review};
use super::story::Story;
use super::world::{faultless, utc};

/// What one more command queues as notices.
pub fn notices(story: Story, actor: &Actor, command: Command) -> Vec<(NoticeKind, Audience)> {
    let before = story.history.len();
    story.then(actor, command).notices_since(before)
}

/// The whole days that a clock keeps while it stands still.
pub fn days_left(story: &Story, kind: ClockKind) -> u16 {
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
    let same = Command::Update(Box::new(faultless()));
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
    assert_eq!(rejection.at, utc("2021-09-21 00:00"));
    assert_eq!(rejection.disputable_until, Some(utc("2021-10-22 00:00")));
}
