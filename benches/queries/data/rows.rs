//! The rows of a story, as lines for COPY.

use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use cpor::domain::actor::Author;
use cpor::domain::event::What;
use cpor::store::{codec, fold};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::story::Story;

/// The tables that stories fill, with the columns that are given; all others keep their default.
pub const TABLES: [(&str, &str); 8] = [
    (
        "claims",
        "id, number, organization_id, status, version, sequence, created_at, updated_at, last_event_at, policy, name, location, \
         tenant_id, customer_domain, customer_name, area, activities, customer_contact_name, customer_contact_title, \
         customer_contact_email, partner_contact_name, partner_contact_email, external_reference, tags, assignee_id, submitted_at, \
         due_at, overdue_from, search_text",
    ),
    ("claim_products", "id, claim_id, position, product_code"),
    ("claim_clocks", "claim_id, kind, laid_out_at, days, expires_at, overdue_recorded"),
    (
        "uploads",
        "id, organization_id, person_id, token_hash, name, state, created_at, expires_at, media_type, size_bytes, sha256",
    ),
    (
        "documents",
        "id, claim_id, organization_id, upload_id, position, name, media_type, size_bytes, sha256, kind, description, covers, \
         signed_on, attached_at, attached_by, in_dispute",
    ),
    ("history", "claim_id, seq, at, kind, by_kind, by_person, by_role, version, status, body, prev_hash, hash"),
    ("comments", "id, claim_id, seq, at, by_person, by_role, body"),
    ("feed", "position, claim_id, seq"),
];

/// Lines for each of [`TABLES`].
#[derive(Default)]
pub struct Lines(pub [String; TABLES.len()]);

/// A row in the making: values in the order of the columns.
struct Row<'a> {
    text: &'a mut String,
    is_first: bool,
}

impl Row<'_> {
    fn put(mut self, value: &str) -> Self {
        self.separate();
        for letter in value.chars() {
            match letter {
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\t' => self.text.push_str("\\t"),
                other => self.text.push(other),
            }
        }
        self
    }

    fn maybe(mut self, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.put(value),
            None => {
                self.separate();
                self.text.push_str("\\N");
                self
            }
        }
    }

    fn number(self, value: impl Into<i64>) -> Self {
        let value: i64 = value.into();
        self.put(&value.to_string())
    }

    fn id(self, value: Uuid) -> Self {
        self.put(&value.to_string())
    }

    fn at(self, value: DateTime<Utc>) -> Self {
        self.put(&instant(value))
    }

    fn bytes(mut self, value: &[u8]) -> Self {
        self.separate();
        self.text.push_str("\\\\x");
        for byte in value {
            let _infallible = write!(self.text, "{byte:02x}");
        }
        self
    }

    fn end(self) {
        self.text.push('\n');
    }

    fn separate(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.text.push('\t');
        }
    }
}

fn instant(value: DateTime<Utc>) -> String {
    value.to_rfc3339_opts(SecondsFormat::Micros, true)
}

impl Lines {
    fn row(&mut self, table: &str) -> Row<'_> {
        let at = TABLES.iter().position(|(name, _)| *name == table).unwrap_or_default();
        Row { text: &mut self.0[at], is_first: true }
    }

    /// Adds the rows of a story; `position` is the place of its first event in the feed.
    pub fn add(&mut self, story: &Story, position: i64) {
        self.claim(story);
        self.parts(story);
        self.documents(story);
        self.history(story, position);
    }

    fn claim(&mut self, story: &Story) {
        let claim = &story.claim;
        let (details, contact) = (&claim.details, |contact: &Option<_>| contact.clone().unwrap_or_default());
        let (customer, partner) = (contact(&details.customer_contact), contact(&details.partner_contact));
        let email = |contact: &cpor::domain::details::Contact| contact.email.as_ref().map(ToString::to_string);
        let codes: Vec<&str> = claim.products.iter().map(|line| line.product.0.as_str()).collect();
        let found_by = fold::search_text(claim.number, details.name.as_deref(), details.customer_name.as_deref(), codes);
        let row = self.row("claims").id(claim.id.0).number(claim.number.0).id(claim.organization.0).put(claim.status.code());
        let row = row.number(claim.version).number(claim.sequence).at(claim.created_at).at(claim.updated_at);
        let row = row.at(claim.last_event_at).maybe(claim.policy.as_deref()).maybe(details.name.as_deref());
        let row = row.put(details.location.as_str()).maybe(details.tenant.map(|id| id.to_string()).as_deref());
        let row =
            row.maybe(details.customer_domain.as_ref().map(|domain| domain.as_str())).maybe(details.customer_name.as_deref());
        let row = row.maybe(details.area.map(|area| area.code())).put("{USAGE}");
        let row = row.maybe(customer.name.as_deref()).maybe(customer.title.as_deref()).maybe(email(&customer).as_deref());
        let row =
            row.maybe(partner.name.as_deref()).maybe(email(&partner).as_deref()).maybe(details.external_reference.as_deref());
        let tags: Vec<&str> = details.tags.iter().map(String::as_str).collect();
        let row = row.put(&format!("{{{}}}", tags.join(","))).maybe(claim.assignee.map(|id| id.to_string()).as_deref());
        let row = row.maybe(claim.submitted_at.map(instant).as_deref()).maybe(claim.due_at().map(instant).as_deref());
        row.maybe(claim.overdue_from().map(instant).as_deref()).put(&found_by).end();
    }

    fn parts(&mut self, story: &Story) {
        let claim = &story.claim;
        for (position, line) in (0i64..).zip(&claim.products) {
            self.row("claim_products").id(line.id.0).id(claim.id.0).number(position).put(&line.product.0).end();
        }
        for clock in &claim.clocks {
            let row = self.row("claim_clocks").id(claim.id.0).put(clock.kind.code()).at(clock.laid_out_at);
            row.number(i64::from(clock.days)).maybe(clock.expires_at().map(instant).as_deref()).put("false").end();
        }
    }

    fn documents(&mut self, story: &Story) {
        let claim = &story.claim;
        for (position, document) in (0i64..).zip(&claim.documents) {
            let (file, at) = (&document.file, document.attached_at);
            let token: [u8; 32] = Sha256::digest(document.upload.0.as_bytes()).into();
            let row = self.row("uploads").id(document.upload.0).id(claim.organization.0).id(document.attached_by.0);
            let row = row.bytes(&token).put(&file.name).put("ATTACHED").at(at).at(at).put(&file.media_type);
            row.number(file.size_bytes).bytes(&file.sha256).end();
            let row = self.row("documents").id(document.id.0).id(claim.id.0).id(claim.organization.0).id(document.upload.0);
            let row = row.number(position).put(&file.name).put(&file.media_type).number(file.size_bytes).bytes(&file.sha256);
            let row = row.put(document.kind.code()).maybe(document.description.as_deref()).put("{}");
            let row = row.maybe(document.signed_on.map(|day| day.to_string()).as_deref()).at(at);
            row.id(document.attached_by.0).put("false").end();
        }
    }

    fn history(&mut self, story: &Story, position: i64) {
        let claim = story.claim.id;
        let mut previous = codec::FIRST_PREDECESSOR;
        for (seq, (event, version, status)) in (1i32..).zip(&story.events) {
            let Author::Person { id: person, role } = event.by else { continue };
            let body = codec::encode(event, claim, seq);
            let hash = codec::chain(previous, &body);
            let row = self.row("history").id(claim.0).number(seq).at(event.at).put(codec::kind(&event.what)).put("PERSON");
            let row = row.id(person.0).put(role.code()).number(*version).put(status).put(&body);
            row.bytes(&previous).bytes(&hash).end();
            previous = hash;
            if let What::Commented { id, body } = &event.what {
                let row = self.row("comments").id(id.0).id(claim.0).number(seq).at(event.at).id(person.0).put(role.code());
                row.put(body).end();
            }
            self.row("feed").number(position + i64::from(seq) - 1).id(claim.0).number(seq).end();
        }
    }
}
