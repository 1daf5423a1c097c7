//! Files beside an operation: the GraphQL multipart request specification.
//!
//! The parts come in order: `operations` (what a POST of JSON has for a body), `map` (which file goes where), then the files. The operation
//! is checked, and holds its place, before a byte of a file is taken. Each file goes the way of `PUT /uploads/…`, streamed and looked
//! at; then the id of its upload stands in the variables where the map says, in the place of a null. If anything goes wrong, nothing is
//! executed and no upload is left.

mod map;
mod meter;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Variables;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use multer::{Constraints, Field, Multipart, SizeLimit};

use self::map::{Place, Places};
use self::meter::Meter;
use super::error::{Code, Refusal};
use super::gateway::{Arrived, BrokenOff, Caller, Sent};
use super::params::Params;
use super::settings::HttpSettings;
use crate::app::{MAX_UPLOAD_BYTES, UploadError};
use crate::domain::file::FileRefusal;
use crate::messages::{Language, Words};

/// Headers of which one must be there: a page of another origin cannot send them without being asked about first.
const PREFLIGHT_HEADERS: [&str; 3] = ["graphql-preflight", "apollo-require-preflight", "x-requested-with"];
/// Bytes of the part `map`.
const MAP_BYTES_MAX: u64 = 16 * 1024;
/// How long all files of a request may take to arrive.
const FILES_TIMEOUT: Duration = Duration::from_secs(600);

/// The files of a request, still on their way.
pub(super) struct Files {
    parts: Multipart<'static>,
    meter: Arc<Meter>,
    /// Where each file goes, by the name of its part.
    places: HashMap<String, Vec<Place>>,
    /// In which it is said why one is not taken.
    language: Language,
}

/// Reads the parts before the files, and fills their places with what stands for them until they have arrived.
///
/// # Errors
/// `CROSS_SITE_REFUSED` without a header that says who sends it; `BAD_REQUEST`, `BODY_TOO_LARGE`, `BODY_TIMEOUT` or `LIMIT_EXCEEDED` for
/// parts that are not as they should be.
pub(super) async fn read(headers: &HeaderMap, body: Body, settings: &HttpSettings) -> Result<(Params, Files), Refusal> {
    if !PREFLIGHT_HEADERS.iter().any(|name| headers.get(*name).is_some_and(|value| !value.is_empty())) {
        let message = format!("Send one of the headers {} with a file.", PREFLIGHT_HEADERS.join(", "));
        return Err(Refusal::new(Code::CrossSite, message));
    }
    let boundary = headers.get(header::CONTENT_TYPE).and_then(|value| multer::parse_boundary(value.to_str().ok()?).ok());
    let boundary = boundary.ok_or_else(|| bad("The content type has no boundary."))?;
    let meter = Arc::new(Meter::default());
    let limits = SizeLimit::new()
        .whole_stream(settings.body_bytes_max as u64 + settings.files_max as u64 * (MAX_UPLOAD_BYTES + MAP_BYTES_MAX))
        .for_field("operations", settings.body_bytes_max as u64)
        .for_field("map", MAP_BYTES_MAX);
    let bytes = meter::metered(body.into_data_stream(), meter.clone());
    let mut parts = Multipart::with_constraints(bytes, boundary, Constraints::new().size_limit(limits));
    let heads = tokio::time::timeout(settings.body_timeout, heads(&mut parts, &meter)).await;
    let (operations, map) = heads.map_err(|_| Refusal::new(Code::BodyTimeout, "The body came too slowly."))??;
    let mut params = Params::from_json(&operations, &settings.limits)?;
    let Places(places) = Places::read(&map, settings)?;
    for place in places.values().flatten() {
        place.prepare(&mut params.variables)?;
    }
    let language = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| Language::accepted(value.to_str().ok()?));
    Ok((params, Files { parts, meter, places, language: language.unwrap_or_default() }))
}

async fn heads(parts: &mut Multipart<'static>, meter: &Meter) -> Result<(Vec<u8>, Vec<u8>), Refusal> {
    Ok((text(parts, meter, "operations").await?, text(parts, meter, "map").await?))
}

/// The next part, which must be of this name.
async fn text(parts: &mut Multipart<'static>, meter: &Meter, name: &str) -> Result<Vec<u8>, Refusal> {
    let part = parts.next_field().await.map_err(|error| broken(&error))?;
    let mut part = part.filter(|part| part.name() == Some(name)).ok_or_else(|| out_of_order(name))?;
    let mut text = Vec::new();
    while let Some(bytes) = part.chunk().await.map_err(|error| broken(&error))? {
        meter.given(bytes.len());
        text.extend_from_slice(&bytes);
    }
    Ok(text)
}

impl Files {
    /// Takes every file and puts the ids of their uploads into the variables.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` with the name of the part and the `reason` why that file is not taken; `BODY_TOO_LARGE`, `BODY_TIMEOUT`,
    /// `BAD_REQUEST` when files are missing or too many, `UNAVAILABLE`.
    pub(super) async fn receive(mut self, caller: &dyn Caller, variables: &mut Variables) -> Result<(), Refusal> {
        let arrived = tokio::time::timeout(FILES_TIMEOUT, self.arrive(caller)).await;
        let arrived = arrived.map_err(|_| Refusal::new(Code::BodyTimeout, "The files came too slowly."))??;
        for (upload, places) in arrived {
            let id = upload.keep();
            for place in places {
                place.fill(variables, &id);
            }
        }
        Ok(())
    }

    async fn arrive(&mut self, caller: &dyn Caller) -> Result<Vec<(Arrived, Vec<Place>)>, Refusal> {
        let mut arrived = Vec::new();
        while let Some(part) = self.parts.next_field().await.map_err(|error| broken(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            let places = self.places.remove(&name);
            let places = places.ok_or_else(|| bad("A file came that the map does not name, or a second time."))?;
            let file = part.file_name().ok_or_else(|| bad("A file has no name."))?.to_owned();
            let declared = part.content_type().map(|kind| kind.essence_str().to_owned());
            let bytes = bytes(part, self.meter.clone());
            let upload = caller.upload(Sent { name: &file, media_type: declared.as_deref(), bytes }).await;
            arrived.push((upload.map_err(|error| refused(&name, &error, self.language))?, places));
        }
        match self.places.keys().min() {
            Some(missing) => Err(bad(format!("The file \"{missing}\" of the map did not come."))),
            None => Ok(arrived),
        }
    }
}

fn bytes(part: Field<'static>, meter: Arc<Meter>) -> BoxStream<'static, Result<Bytes, BrokenOff>> {
    let given = move |chunk: multer::Result<Bytes>| match chunk {
        Ok(bytes) => {
            meter.given(bytes.len());
            Ok(bytes)
        }
        Err(_) => Err(BrokenOff),
    };
    part.map(given).boxed()
}

/// A file that is not taken.
fn refused(part: &str, error: &UploadError, language: Language) -> Refusal {
    let said = |reason: &str, words: &str| {
        let message = format!("The file \"{part}\" is not taken: {words}");
        Refusal::new(Code::BadUserInput, message).fact("file", part).fact("reason", reason)
    };
    match error {
        UploadError::File(FileRefusal::TooLarge) => {
            let message = format!("The limit of file_bytes is {MAX_UPLOAD_BYTES}; the file \"{part}\" is larger.");
            Refusal::new(Code::BodyTooLarge, message).fact("limit", "file_bytes").fact("maximum", MAX_UPLOAD_BYTES)
        }
        UploadError::File(refusal) => said(refusal.code(), refusal.words(language)),
        UploadError::Broken => bad("The body broke off."),
        UploadError::App(cause) => {
            tracing::error!(error = %cause, "a file could not be taken");
            Refusal::new(Code::Unavailable, "The file cannot be taken now; try again.")
        }
        UploadError::BadName => said("FILE_NAME", "its name cannot be used."),
        UploadError::Forbidden => said("FORBIDDEN", "this role attaches no documents."),
        UploadError::TooMany => said("TOO_MANY_UPLOADS", "too many uploads are open."),
        UploadError::NotFound => said("UPLOAD_NOT_FOUND", "its time is over."),
    }
}

fn out_of_order(name: &str) -> Refusal {
    bad(format!("The part \"{name}\" is missing: send operations, map and the files in this order."))
}

/// What the reader of parts found wrong; its own words name bytes of the body.
fn broken(error: &multer::Error) -> Refusal {
    let too_large = |limit: &u64| {
        let message = format!("The limit of body_bytes is {limit} here; this part is larger.");
        Refusal::new(Code::BodyTooLarge, message).fact("limit", "body_bytes").fact("maximum", *limit)
    };
    match error {
        multer::Error::FieldSizeExceeded { limit, .. } | multer::Error::StreamSizeExceeded { limit } => too_large(limit),
        _ => bad("The parts of the body cannot be read, or the body broke off."),
    }
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::new(Code::BadRequest, message)
}
