//! Who and what the data is about. Everything follows from numbers alone, so that the bench knows it without asking the database.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::{Builder, Uuid};

/// Claims of one organization.
const CLAIMS_PER_ORGANIZATION: u64 = 2_000;
/// People of one organization.
pub const PEOPLE_PER_ORGANIZATION: u64 = 20;
/// Locations of one organization.
pub const LOCATIONS_PER_ORGANIZATION: u64 = 3;
/// Reviewers.
pub const REVIEWERS: u64 = 40;
/// The number of the first claim.
const FIRST_NUMBER: u64 = 100_001;
/// When the first claim was created, in seconds since 1970: 2026-01-05T08:00:00Z.
const BEGINNING_SECONDS: i64 = 1_767_600_000;
/// The days over which the claims were created.
const SPAN_DAYS: i64 = 200;

const GIVEN: [&str; 12] = ["Anna", "Ben", "Clara", "Dmitri", "Emma", "Felix", "Grace", "Hugo", "Inès", "Jan", "Kaja", "Łukasz"];
const FAMILY: [&str; 10] =
    ["Kowalska", "Nowak", "Jones", "Volkov", "Meyer", "Tremblay", "Okafor", "Lindqvist", "Żurek", "Delgado"];

/// How a claim stands, which tells how much hangs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Under review: 6 products, 5 documents, 10 comments, 18 entries of history.
    UnderReview,
    /// Submitted: 2 products, a document, 3 comments, 6 entries.
    Submitted,
    /// Not submitted: 2 products, a document, 2 entries.
    Editing,
}

/// The measure of the data.
#[derive(Clone, Copy, Debug)]
pub struct Cast {
    /// Claims.
    pub claims: u64,
}

/// What identities are of.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    Organization,
    Person,
    Reviewer,
    Claim,
    Tenant,
    Line,
    Document,
    Upload,
    Comment,
}

impl Cast {
    /// Organizations.
    pub fn organizations(self) -> u64 {
        (self.claims / CLAIMS_PER_ORGANIZATION).max(1)
    }

    /// The organization of a claim: claims of all kinds for each, in turn.
    pub fn organization_of(self, claim: u64) -> u64 {
        (claim / 4) % self.organizations()
    }

    /// How a claim stands: of four, one is under review and two are submitted.
    pub fn kind(self, claim: u64) -> Kind {
        match claim % 4 {
            0 => Kind::UnderReview,
            1 | 2 => Kind::Submitted,
            _ => Kind::Editing,
        }
    }

    /// A person of an organization: which, of all people.
    pub fn person_of(self, organization: u64, draw: u64) -> u64 {
        organization * PEOPLE_PER_ORGANIZATION + draw % PEOPLE_PER_ORGANIZATION
    }

    /// When a claim was created.
    pub fn created_at(self, claim: u64) -> DateTime<Utc> {
        let claim = i64::try_from(claim).unwrap_or(i64::MAX);
        let claims = i64::try_from(self.claims).unwrap_or(i64::MAX).max(1);
        let span = TimeDelta::days(SPAN_DAYS).num_milliseconds();
        beginning() + TimeDelta::milliseconds(claim.saturating_mul(span) / claims)
    }

    /// An identity as the server draws them: ordered by time, the rest random.
    pub fn id(self, of: Of, number: u64) -> Uuid {
        let age = match of {
            Of::Claim => number,
            Of::Line | Of::Document | Of::Upload | Of::Comment => number / PARTS,
            _ => 0,
        };
        let at = self.created_at(age).timestamp_millis();
        let draw = mixed(number ^ ((of as u64) << 56));
        let mut random = [0; 10];
        random[..8].copy_from_slice(&draw.to_be_bytes());
        random[8..].copy_from_slice(&mixed(draw).to_be_bytes()[..2]);
        Builder::from_unix_timestamp_millis(u64::try_from(at).unwrap_or_default(), &random).into_uuid()
    }
}

/// Numbers set aside for the parts of one claim, of each kind.
pub const PARTS: u64 = 16;

/// The number that people quote.
pub fn quoted(claim: u64) -> u64 {
    FIRST_NUMBER + claim
}

/// When all began.
fn beginning() -> DateTime<Utc> {
    DateTime::from_timestamp(BEGINNING_SECONDS, 0).unwrap_or_default()
}

/// What the tokens of a person name.
pub fn subject(person: u64) -> String {
    format!("person-{person}")
}

/// The name of somebody.
pub fn name(number: u64) -> String {
    let (given, family) = (pick(&GIVEN, number), pick(&FAMILY, number / 12));
    format!("{given} {family}")
}

/// The MPN id of a location.
pub fn location(organization: u64, draw: u64) -> String {
    (7_000_000 + organization * 10 + draw % LOCATIONS_PER_ORGANIZATION).to_string()
}

/// One of some.
pub fn pick<'a>(some: &[&'a str], draw: u64) -> &'a str {
    let at = draw % (some.len() as u64);
    some[usize::try_from(at).unwrap_or_default()]
}

/// A number that looks random and follows from another (SplitMix64).
pub fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
