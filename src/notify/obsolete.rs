//! Which deliveries are no longer worth sending.

use chrono::{DateTime, Utc};

use crate::domain::claim::Claim;
use crate::domain::details::Contact;
use crate::domain::notice::NoticeKind;
use crate::store::deliveries::{Delivery, Recipient};
use crate::store::links::LinkContact;
use crate::store::outbox::Occasion;

/// Whether what the delivery is about is over: a reminder whose clock has ended, a question about an association that is none.
pub(super) fn is_obsolete(delivery: &Delivery, then: &Occasion, current: Option<&Claim>, now: DateTime<Utc>) -> bool {
    let Some(current) = current else { return true };
    if let Some(kind) = delivery.owed.notice.reminds_of() {
        let laid_out = then.claim.clock(kind).map(|clock| clock.laid_out_at);
        let still_runs = current.clock(kind).is_some_and(|clock| Some(clock.laid_out_at) == laid_out && !clock.has_run_out(now));
        return !still_runs;
    }
    if delivery.owed.notice != NoticeKind::ConsentRequest {
        return false;
    }
    // Where the address was corrected, another notice goes to the new one.
    let contact = match delivery.to.recipient {
        Recipient::Technical => current.details.technical_contact.as_ref(),
        _ => current.details.customer_contact.as_ref(),
    };
    let address = |contact: &Contact| contact.email.as_ref().map(|email| email.as_str().to_owned());
    !current.has_living_association() || contact.and_then(address).as_deref() != Some(delivery.to.email.as_str())
}

/// Whose consent link the delivery carries.
pub(super) fn link_contact(delivery: &Delivery) -> Option<LinkContact> {
    match (delivery.owed.notice, delivery.to.recipient) {
        (NoticeKind::ConsentRequest, Recipient::Customer) => Some(LinkContact::Customer),
        (NoticeKind::ConsentRequest, Recipient::Technical) => Some(LinkContact::Technical),
        _ => None,
    }
}
