//! Who gets a notice.

use crate::domain::details::Contact;
use crate::domain::ids::PersonId;
use crate::domain::notice::Audience;
use crate::domain::preferences::OptionalNotice;
use crate::domain::product::Area;
use crate::store::deliveries::{NewDelivery, Recipient};
use crate::store::errors::StoreError;
use crate::store::outbox::{self, Occasion, Owed, Reader};
use crate::store::settings;
use crate::store::transaction::Transaction;

/// The recipients of a notice; none if nobody with an address is there. Who has chosen to do without an optional notice gets none: a
/// person, and a contact whose address is a person's.
///
/// Contacts have no language of their own: they are written to in that of the person who submitted the claim.
pub(super) async fn recipients(tx: &mut Transaction, owed: &Owed) -> Result<Vec<NewDelivery>, StoreError> {
    let mut deliveries = addressed(tx, owed).await?;
    if let Some(optional) = OptionalNotice::of(owed.notice) {
        let addresses: Vec<&str> = deliveries.iter().map(|delivery| delivery.email.as_str()).collect();
        let muted = settings::muted_by(tx, optional, &addresses).await?;
        deliveries.retain(|delivery| !muted.contains(&delivery.email));
    }
    Ok(deliveries)
}

/// Whom a notice is for, whether they want it or not.
async fn addressed(tx: &mut Transaction, owed: &Owed) -> Result<Vec<NewDelivery>, StoreError> {
    let occasion = outbox::occasion(tx, owed.claim, owed.seq).await?;
    match owed.audience {
        Audience::Partner | Audience::Customer => {
            let submitter = match occasion.submitter {
                Some(id) => outbox::person(tx, id).await?,
                None => None,
            };
            let locale = submitter.map_or_else(|| "en".to_owned(), |person| person.locale);
            Ok(contacts(&occasion, owed.audience, &locale))
        }
        Audience::Assignee => match occasion.claim.assignee {
            Some(id) => Ok(outbox::person(tx, id).await?.into_iter().map(person).collect()),
            None => Ok(Vec::new()),
        },
        Audience::Leads => {
            let leads = outbox::leads_outside(tx, occasion.claim.organization).await?;
            Ok(leads.into_iter().map(person).collect())
        }
        Audience::EligibilitySystem => Ok(Vec::new()),
    }
}

fn person(reader: Reader) -> NewDelivery {
    let Reader { id, name, email, locale } = reader;
    NewDelivery { recipient: Recipient::Person(PersonId(id)), name, email, locale }
}

fn contacts(occasion: &Occasion, audience: Audience, locale: &str) -> Vec<NewDelivery> {
    let details = &occasion.claim.details;
    let technical = details.technical_contact.as_ref().filter(|_| details.area == Some(Area::BusinessApplications));
    let named = match audience {
        Audience::Partner => vec![(Recipient::Partner, details.partner_contact.as_ref())],
        _ => vec![(Recipient::Customer, details.customer_contact.as_ref()), (Recipient::Technical, technical)],
    };
    let mut deliveries: Vec<NewDelivery> = Vec::new();
    for (recipient, contact) in named {
        let Some(Contact { name, email: Some(email), .. }) = contact else { continue };
        // One person in both places hears it once.
        if deliveries.iter().all(|other| other.email != email.as_str()) {
            let name = name.clone().unwrap_or_default();
            deliveries.push(NewDelivery { recipient, name, email: email.to_string(), locale: locale.to_owned() });
        }
    }
    deliveries
}
