//! Whose credential was checked just now: what a token proves is kept until it runs out, what the tables say of its holder for a
//! moment. Revocation stays in the tables: it is seen by every server within that moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::Utc;
use sha2::{Digest, Sha256};

use crate::auth::token::VerifiedToken;
use crate::auth::viewer::Viewer;

/// How old the answer of the tables to "who is this, and what may they do" may be.
pub const VIEWER_AGE_MAX: Duration = Duration::from_secs(1);
/// Tokens kept; when there are more, all are forgotten and checked anew.
const TOKENS_MAX: usize = 10_000;

/// The SHA-256 of a token: no token is kept.
pub(super) type Fingerprint = [u8; 32];

/// The fingerprint of a token.
pub(super) fn fingerprint(token: &str) -> Fingerprint {
    Sha256::digest(token.as_bytes()).into()
}

/// The tokens that were checked.
pub(super) struct Known {
    viewer_age_max: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tokens: HashMap<Fingerprint, Holder>,
    /// Counts how often what the tables say was changed from here.
    changes: u64,
}

struct Holder {
    verified: VerifiedToken,
    viewer: Arc<Viewer>,
    looked_up: Instant,
}

/// What is known of a token.
pub(super) enum Knowledge {
    /// Whose it is, as the tables said a moment ago.
    Viewer(Arc<Viewer>),
    /// What it proves. The tables must be asked; `changes` goes back to [`Known::keep`].
    Verified(VerifiedToken, u64),
    /// Nothing. The same goes for `changes`.
    Nothing(u64),
}

impl Known {
    /// Nobody yet; what the tables say is believed for so long.
    pub(super) fn new(viewer_age_max: Duration) -> Self {
        Self { viewer_age_max, state: Mutex::default() }
    }

    /// What is known of the token with this fingerprint.
    pub(super) fn of(&self, token: &Fingerprint) -> Knowledge {
        let state = self.state();
        // Once it has run out, the verifier says for how long it is still taken.
        match state.tokens.get(token).filter(|holder| Utc::now() < holder.verified.expires_at) {
            Some(holder) if holder.looked_up.elapsed() < self.viewer_age_max => Knowledge::Viewer(Arc::clone(&holder.viewer)),
            Some(holder) => Knowledge::Verified(holder.verified.clone(), state.changes),
            None => Knowledge::Nothing(state.changes),
        }
    }

    /// Keeps whose token it is, unless what the tables say was changed from here while they were asked.
    pub(super) fn keep(&self, token: Fingerprint, verified: VerifiedToken, viewer: &Arc<Viewer>, changes: u64) {
        let mut state = self.state();
        if state.changes != changes {
            return;
        }
        if state.tokens.len() >= TOKENS_MAX {
            state.tokens.clear();
        }
        state.tokens.insert(token, Holder { verified, viewer: Arc::clone(viewer), looked_up: Instant::now() });
    }

    /// Has everybody looked up anew: what the tables say of people was changed from here.
    pub(super) fn forget(&self) {
        let mut state = self.state();
        state.changes += 1;
        state.tokens.clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;
    use crate::auth::viewer::PersonRecord;
    use crate::domain::actor::Role;
    use crate::domain::ids::PersonId;

    fn holder(name: &str, seconds: i64) -> (Fingerprint, VerifiedToken, Arc<Viewer>) {
        let expires_at = Utc::now() + TimeDelta::seconds(seconds);
        let record = PersonRecord {
            id: PersonId(Uuid::from_u128(7)),
            name: name.to_owned(),
            email: String::new(),
            role: Role::Auditor,
            organization: None,
            locations: None,
            locale: "en".to_owned(),
            time_zone: "UTC".to_owned(),
            muted: Default::default(),
        };
        let verified = VerifiedToken { issuer: "us".to_owned(), subject: name.to_owned(), expires_at };
        (fingerprint(name), verified, Arc::new(Viewer::of_person(record, expires_at)))
    }

    fn keep(known: &Known, (token, verified, viewer): &(Fingerprint, VerifiedToken, Arc<Viewer>)) {
        let (Knowledge::Nothing(changes) | Knowledge::Verified(_, changes)) = known.of(token) else { return };
        known.keep(*token, verified.clone(), viewer, changes);
    }

    #[test]
    fn a_viewer_is_believed_for_a_moment_and_a_token_until_it_runs_out() {
        let (anna, over) = (holder("anna", 60), holder("ben", -1));
        let (lasting, momentary) = (Known::new(Duration::from_secs(600)), Known::new(Duration::ZERO));
        for known in [&lasting, &momentary] {
            keep(known, &anna);
            keep(known, &over);
            assert!(matches!(known.of(&over.0), Knowledge::Nothing(_)));
        }
        assert!(matches!(lasting.of(&anna.0), Knowledge::Viewer(viewer) if viewer == anna.2));
        assert!(matches!(momentary.of(&anna.0), Knowledge::Verified(verified, _) if verified == anna.1));
    }

    #[test]
    fn after_a_change_everybody_is_looked_up_anew_also_who_was_being_looked_up() {
        let (anna, known) = (holder("anna", 60), Known::new(Duration::from_secs(600)));
        keep(&known, &anna);
        known.forget();
        let Knowledge::Nothing(changes) = known.of(&anna.0) else { panic!("forgotten") };
        known.forget();
        known.keep(anna.0, anna.1.clone(), &anna.2, changes);
        assert!(matches!(known.of(&anna.0), Knowledge::Nothing(_)), "what was read before the change is not kept");
    }

    #[test]
    fn the_tokens_kept_are_bounded() {
        let known = Known::new(Duration::from_secs(600));
        let (_, verified, viewer) = holder("anna", 60);
        for number in 0..=TOKENS_MAX {
            known.keep(fingerprint(&number.to_string()), verified.clone(), &viewer, 0);
        }
        assert!(known.state().tokens.len() <= TOKENS_MAX);
    }
}
