//! Consent links: a random token for each contact and claim, of which only the hash is kept.

use sha2::{Digest, Sha256};

use super::App;
use super::authenticate::CONSENT_TOKEN_PREFIX;
use super::outcome::AppError;
use crate::domain::Extent;
use crate::domain::claim::Claim;
use crate::domain::details::EmailAddress;
use crate::domain::ids::{ClaimId, ConsentLinkId};
use crate::store::aggregate;
use crate::store::links::{self, LinkContact, NewLink};
use crate::store::secrets::random_token;

impl App {
    /// Makes a link for a contact of the claim and answers its token, which nobody can ask for again.
    /// `None` if the claim has no such contact with an address.
    ///
    /// # Errors
    /// Our own failures only.
    pub async fn mint_consent_link(&self, claim: &Claim, contact: LinkContact) -> Result<Option<String>, AppError> {
        let Some(email) = address(claim, contact) else { return Ok(None) };
        let (token, link) = self.new_link(claim.id, contact, email.as_str());
        let mut conn = self.database().write().await?;
        links::insert(&mut conn, &link).await?;
        Ok(Some(token))
    }

    /// As [`Self::mint_consent_link`], for a link that goes to `email`: `None` if the contact has another address by now, or nothing
    /// is associated any more.
    ///
    /// Decided under the claim's lock, so that no link comes to be after the correction of an address voided those before it.
    ///
    /// # Errors
    /// Our own failures only.
    pub async fn mint_consent_link_to(&self, id: ClaimId, contact: LinkContact, email: &str) -> Result<Option<String>, AppError> {
        let (mut tx, opened) = aggregate::open(self.database(), id, Extent::Whole, None).await?;
        let claim = opened.map(|opened| opened.claim).filter(Claim::has_living_association);
        let address = claim.as_ref().and_then(|claim| address(claim, contact)).filter(|address| address.as_str() == email);
        if address.is_none() {
            tx.roll_back().await?;
            return Ok(None);
        }
        let (token, link) = self.new_link(id, contact, email);
        links::insert(&mut tx, &link).await?;
        tx.commit().await?;
        Ok(Some(token))
    }

    fn new_link(&self, claim: ClaimId, contact: LinkContact, email: &str) -> (String, NewLink) {
        let token = format!("{CONSENT_TOKEN_PREFIX}{}", random_token());
        let token_hash = Sha256::digest(token.as_bytes()).into();
        let email = email.to_owned();
        let link = NewLink { id: ConsentLinkId::fresh(), claim, contact, email, token_hash, created_at: self.now() };
        (token, link)
    }
}

fn address(claim: &Claim, contact: LinkContact) -> Option<&EmailAddress> {
    let person = match contact {
        LinkContact::Customer => claim.details.customer_contact.as_ref(),
        LinkContact::Technical => claim.details.technical_contact.as_ref(),
    };
    person.and_then(|person| person.email.as_ref())
}
