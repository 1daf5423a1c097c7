//! Consent links: a random token for each contact and claim, of which only the hash is kept.

use sha2::{Digest, Sha256};

use super::App;
use super::authenticate::CONSENT_TOKEN_PREFIX;
use super::outcome::AppError;
use crate::domain::claim::Claim;
use crate::domain::ids::ConsentLinkId;
use crate::store::links::{self, LinkContact, NewLink};
use crate::store::secrets::random_token;

impl App {
    /// Makes a link for a contact of the claim and answers its token, which nobody can ask for again.
    /// `None` if the claim has no such contact with an address.
    ///
    /// # Errors
    /// Our own failures only.
    pub async fn mint_consent_link(&self, claim: &Claim, contact: LinkContact) -> Result<Option<String>, AppError> {
        let person = match contact {
            LinkContact::Customer => claim.details.customer_contact.as_ref(),
            LinkContact::Technical => claim.details.technical_contact.as_ref(),
        };
        let Some(email) = person.and_then(|person| person.email.as_ref()) else { return Ok(None) };
        let token = format!("{CONSENT_TOKEN_PREFIX}{}", random_token());
        let link = NewLink {
            id: ConsentLinkId::fresh(),
            claim: claim.id,
            contact,
            email: email.to_string(),
            token_hash: Sha256::digest(token.as_bytes()).into(),
            created_at: self.now(),
        };
        let mut conn = self.database().write().await?;
        links::insert(&mut conn, &link).await?;
        Ok(Some(token))
    }
}
