//! From a bearer token to a viewer: the token proves who, the tables say what.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::App;
use super::known::{Knowledge, fingerprint};
use crate::auth::AuthError;
use crate::auth::download::DownloadGrant;
use crate::auth::viewer::Viewer;
use crate::store::errors::StoreError;
use crate::store::{links, people};

/// What a consent link's token begins with: no JWT does.
pub const CONSENT_TOKEN_PREFIX: &str = "cpl_";

impl App {
    /// Who asks, by an `Authorization: Bearer` token (without the word): a JWT, or the token of a consent link.
    ///
    /// # Errors
    /// [`AuthError::Missing`] without a token, [`AuthError::Invalid`] for one that proves nobody we know,
    /// [`AuthError::Unavailable`] when that cannot be looked up now.
    pub async fn authenticate(&self, bearer: Option<&str>) -> Result<Arc<Viewer>, AuthError> {
        let token = bearer.map(str::trim).filter(|token| !token.is_empty()).ok_or(AuthError::Missing)?;
        match token.strip_prefix(CONSENT_TOKEN_PREFIX) {
            Some(_) => self.customer(token).await.map(Arc::new),
            None => self.person(token).await,
        }
    }

    /// The viewer of a person who needs no token: for the demo's own people while it is loaded.
    ///
    /// # Errors
    /// [`AuthError::Invalid`] if there is no such person, [`AuthError::Unavailable`] when that cannot be looked up now.
    pub(super) async fn viewer_of(&self, issuer: &str, subject: &str) -> Result<Arc<Viewer>, AuthError> {
        let known = people::by_subject(self.database(), issuer, subject).await.map_err(unavailable)?;
        let record = known.ok_or_else(|| AuthError::Invalid(format!("nobody is called {subject} by {issuer}")))?;
        Ok(Arc::new(Viewer::of_person(record, DateTime::<Utc>::MAX_UTC)))
    }

    /// The viewer of a person for whom a link was made, with the rights that they have now; `None` if they may no longer act.
    pub(super) async fn viewer_of_link(&self, grant: &DownloadGrant) -> Result<Option<Arc<Viewer>>, StoreError> {
        let known = people::record(self.database(), grant.person).await?;
        Ok(known.map(|record| Arc::new(Viewer::of_person(record, grant.expires_at))))
    }

    async fn person(&self, token: &str) -> Result<Arc<Viewer>, AuthError> {
        let fingerprint = fingerprint(token);
        let (verified, changes) = match self.inner.known.of(&fingerprint) {
            Knowledge::Viewer(viewer) => return Ok(viewer),
            Knowledge::Verified(verified, changes) => (verified, changes),
            Knowledge::Nothing(changes) => {
                let verified = self.inner.tokens.verify(token);
                (verified.map_err(|error| AuthError::Invalid(error.to_string()))?, changes)
            }
        };
        let found = people::by_subject(self.database(), &verified.issuer, &verified.subject).await.map_err(unavailable)?;
        let record = found.ok_or_else(|| AuthError::Invalid("nobody here has this issuer and subject".to_owned()))?;
        let viewer = Arc::new(Viewer::of_person(record, verified.expires_at));
        self.inner.known.keep(fingerprint, verified, &viewer, changes);
        Ok(viewer)
    }

    /// Has everybody looked up anew at their next request: to be called by whoever changes people, after the change.
    pub fn people_changed(&self) {
        self.inner.known.forget();
    }

    async fn customer(&self, token: &str) -> Result<Viewer, AuthError> {
        let link = links::by_token_hash(self.database(), &fingerprint(token)).await.map_err(unavailable)?;
        let link = link.ok_or_else(|| AuthError::Invalid("no such consent link, or it is void".to_owned()))?;
        Ok(Viewer::of_customer(link))
    }
}

fn unavailable(error: StoreError) -> AuthError {
    tracing::error!(%error, "cannot look up who asks");
    AuthError::Unavailable
}
