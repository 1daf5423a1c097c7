//! What clients write down: what they sent, what they were told, what they saw.

use uuid::Uuid;

/// A change that a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Create,
    Update,
    Attach,
    Submit,
    Resubmit,
    StartReview,
    RequestAction,
    Approve,
    Reject,
    Comment,
    Note,
}

impl Kind {
    /// The entry of history that it makes; a note makes none.
    pub fn entry(self) -> Option<&'static str> {
        Some(match self {
            Self::Create => "CREATED",
            Self::Update => "EDITED",
            Self::Attach => "DOCUMENT_ATTACHED",
            Self::Submit => "SUBMITTED",
            Self::Resubmit => "RESUBMITTED",
            Self::StartReview => "REVIEW_STARTED",
            Self::RequestAction => "ACTION_REQUESTED",
            Self::Approve => "APPROVED",
            Self::Reject => "REJECTED",
            Self::Comment => "COMMENTED",
            Self::Note => return None,
        })
    }

    /// Whether its words carry a mark by which the entry is known again.
    pub fn is_marked(self) -> bool {
        !matches!(self, Self::Submit | Self::Resubmit | Self::StartReview)
    }
}

/// What a client was told in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Done, with the claim.
    Accepted(Uuid),
    /// Refused, with these codes.
    Refused(Vec<String>),
    /// Nothing, however often it asked.
    Nothing,
}

/// One change that a client asked for, with all its retries.
#[derive(Clone, Debug)]
pub struct Op {
    /// Its idempotency key.
    pub key: Uuid,
    /// Who asked, by handle.
    pub actor: String,
    pub kind: Kind,
    /// The claim it was about; the one that was made, if that is known.
    pub claim: Option<Uuid>,
    pub told: Told,
    /// How often it was sent.
    pub sent: u32,
    /// Whether the last answer was a stored one.
    pub is_replay: bool,
}

impl Op {
    /// The words by which its entry is known again.
    pub fn mark(&self) -> String {
        mark(self.key)
    }
}

/// The words that carry a key.
pub fn mark(key: Uuid) -> String {
    format!("mark-{}", key.simple())
}

/// Which events a watcher wants.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub only_status_changes: bool,
    /// None named means all.
    pub kinds: Vec<&'static str>,
}

/// An event as a watcher saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub claim: Uuid,
    /// The number of the entry in the claim's history.
    pub seq: i32,
    pub kind: String,
}

/// All that a watcher saw, over all its connections.
#[derive(Clone, Debug)]
pub struct Watch {
    /// Who, by handle, and how.
    pub name: String,
    /// The organization whose claims alone the viewer may see; `None` sees all.
    pub organization: Option<&'static str>,
    pub filter: Filter,
    pub seen: Vec<Seen>,
    /// How often it connected.
    pub connections: u32,
}

/// Everything that clients wrote down.
#[derive(Clone, Debug, Default)]
pub struct Journals {
    pub ops: Vec<Op>,
    pub watches: Vec<Watch>,
    /// Claims that many reviewers wanted at once.
    pub races: Vec<Uuid>,
}
