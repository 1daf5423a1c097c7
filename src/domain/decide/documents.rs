//! Attaching proof of execution.

use super::{Case, Decision, decided};
use crate::domain::event::{Event, What};
use crate::domain::form::{Reader, item, name};
use crate::domain::poe::{Document, MAX_CURRENT_DOCUMENTS, MAX_DOCUMENTS, NewDocument};
use crate::domain::refusal::{Code, Detail, Path, Refusal, Segment, Violation};
use crate::domain::status::Status;

pub(super) fn attach(case: &Case<'_>, new: &NewDocument) -> Result<Decision, Refusal> {
    case.in_time_and_status_is(&[Status::Editing, Status::Submitted, Status::PartnerActionRequired, Status::Approved])?;
    let mut reader = Reader::default();
    let event = read(case, &mut reader, new, &[], false);
    reader.violations.extend(limits(case, std::slice::from_ref(new), &[]));
    Refusal::unless_empty(reader.violations)?;
    decided(event.into_iter().collect())
}

/// The documents of a dispute, each under `documents` in the input.
pub(super) fn attach_all(case: &Case<'_>, reader: &mut Reader, new: &[NewDocument]) -> Vec<Event> {
    let list = "documents";
    let events = new.iter().enumerate().filter_map(|(index, document)| {
        let path = item(list, index);
        let used_before = new[..index].iter().any(|other| {
            other.upload == document.upload || (other.supersedes.is_some() && other.supersedes == document.supersedes)
        });
        if used_before {
            reader.refuse(Code::UploadNotFound, path.clone());
        }
        read(case, reader, document, &path, true)
    });
    let events = events.collect();
    reader.violations.extend(limits(case, new, &name(list)));
    events
}

fn read(case: &Case<'_>, reader: &mut Reader, new: &NewDocument, path: &[Segment], in_dispute: bool) -> Option<Event> {
    let at = |field: &'static str| -> Path { path.iter().cloned().chain([Segment::Name(field)]).collect() };
    let description = reader.prose(new.description.as_deref(), at("description"));
    let file = case.facts.uploads.get(&new.upload);
    if file.is_none() {
        reader.refuse(Code::UploadNotFound, at("uploadId"));
    } else if case.facts.infected.contains(&new.upload) {
        reader.refuse(Code::FileInfected, at("uploadId"));
    }
    for (index, line) in new.covers.iter().enumerate() {
        if case.claim.line(*line).is_none() {
            let mut path = at("covers");
            path.push(Segment::Index(index));
            reader.refuse(Code::UnknownReference, path);
        }
    }
    let superseded = new.supersedes.map(|old| case.claim.document(old).filter(|old| old.superseded_by.is_none()));
    if superseded == Some(None) {
        reader.refuse(Code::UnknownReference, at("supersedes"));
    }
    let today = case.rules.calendar.date_of(case.now);
    if new.signed_on.is_some_and(|day| day > today) {
        reader.refuse(Code::InvalidFormat, at("signedOn"));
    }
    let document = Document {
        id: new.id,
        upload: new.upload,
        file: file?.clone(),
        kind: new.kind,
        description,
        covers: new.covers.clone(),
        signed_on: new.signed_on,
        attached_at: case.now,
        attached_by: case.actor.person()?.id,
        in_dispute,
        superseded_by: None,
    };
    Some(case.event(What::DocumentAttached { document: Box::new(document), supersedes: new.supersedes }, Vec::new()))
}

fn limits(case: &Case<'_>, new: &[NewDocument], path: &[Segment]) -> Option<Violation> {
    let superseding = new.iter().filter(|document| document.supersedes.is_some()).count();
    let current = (case.claim.current_documents().count() + new.len()).saturating_sub(superseding);
    let limit = if current > MAX_CURRENT_DOCUMENTS {
        Some(MAX_CURRENT_DOCUMENTS)
    } else {
        (case.claim.documents.len() + new.len() > MAX_DOCUMENTS).then_some(MAX_DOCUMENTS)
    };
    limit.map(|limit| Violation::new(Code::PoeLimitReached, path.to_vec()).with(Detail::Limit(limit)))
}
