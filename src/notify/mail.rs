//! A worded notice as a message (RFC 5322): text and HTML, with an identity that stays the same however often it is tried.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::content::one_line;
use super::templates::Worded;
use super::transport::SendError;
use crate::domain::ids::ClaimNumber;
use crate::store::deliveries::Delivery;

/// Tells other machines not to answer (RFC 3834).
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

/// The message. One for a file is readable as it lies there (8bit); one for the wire is encoded for it.
pub(super) fn compose(
    delivery: &Delivery,
    worded: &Worded,
    from: &Mailbox,
    date: DateTime<Utc>,
    is_for_file: bool,
) -> Result<Message, SendError> {
    let refused = |what: &dyn std::fmt::Display| SendError::Refused(what.to_string());
    let address: Address = delivery.to.email.parse().map_err(|error| refused(&error))?;
    let name = Some(one_line(&delivery.to.name)).filter(|name| !name.is_empty());
    let part = |kind: ContentType, text: &str| {
        let builder = SinglePart::builder().header(kind);
        if is_for_file {
            let body = Body::dangerous_pre_encoded(text.replace('\n', "\r\n").into_bytes(), ContentTransferEncoding::EightBit);
            builder.body(body)
        } else {
            builder.body(text.to_owned())
        }
    };
    let parts = MultiPart::alternative()
        .singlepart(part(ContentType::TEXT_PLAIN, &worded.text))
        .singlepart(part(ContentType::TEXT_HTML, &worded.html));
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, address))
        .subject(&*worded.subject)
        .date(SystemTime::from(date))
        .message_id(Some(message_id(delivery, from)))
        .raw_header(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()))
        .multipart(parts)
        .map_err(|error| refused(&error))
}

/// The same for every try of a delivery.
fn message_id(delivery: &Delivery, from: &Mailbox) -> String {
    format!("<{}@{}>", delivery.id, from.email.domain())
}

/// The name of the message as a file: sorted by time, and telling what it is.
pub(super) fn file_name(delivery: &Delivery, number: ClaimNumber) -> String {
    let owed = &delivery.owed;
    let address: String =
        delivery.to.email.chars().map(|c| if c.is_ascii_alphanumeric() || "@.-_".contains(c) { c } else { '_' }).collect();
    let notice = owed.notice.code().to_ascii_lowercase().replace('_', "-");
    format!("{}-{number}-{:04}-{notice}-{address}.eml", owed.queued_at.format("%Y%m%dT%H%M%SZ"), owed.seq)
}
