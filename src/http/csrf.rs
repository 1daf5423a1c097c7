//! No foreign web page reads or changes anything with somebody's rights.
//!
//! There are no cookies, so a browser adds no rights by itself. Still a request from a foreign page is refused before
//! it is looked at, and content types that a page can send without asking are not read (see `media`).

use std::time::Duration;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::error::{Code, Refusal};
use super::settings::HttpSettings;

/// Headers of ours that a page may read.
const EXPOSED: [HeaderName; 5] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("ratelimit-limit"),
    HeaderName::from_static("ratelimit-remaining"),
    HeaderName::from_static("ratelimit-reset"),
    header::RETRY_AFTER,
];

/// Headers that a page may send.
const ALLOWED: [HeaderName; 10] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    HeaderName::from_static("last-event-id"),
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("graphql-preflight"),
    HeaderName::from_static("apollo-require-preflight"),
    HeaderName::from_static("x-requested-with"),
];

/// How long a browser may remember a preflight.
const PREFLIGHT_AGE: Duration = Duration::from_secs(600);

/// Refuses what a browser says comes from a page of another origin, unless that origin is allowed.
///
/// # Errors
/// `CROSS_SITE_REFUSED`.
pub(super) fn check(parts: &Parts, settings: &HttpSettings) -> Result<(), Refusal> {
    let refuse = || Err(Refusal::new(Code::CrossSite, "Requests from this web page's origin are not allowed."));
    if let Some(origin) = parts.headers.get(header::ORIGIN) {
        let origin = origin.to_str().unwrap_or_default();
        if is_own(origin, &parts.headers, &parts.uri) || settings.allowed_origins.iter().any(|each| each == origin) {
            return Ok(());
        }
        return refuse();
    }
    // Browsers leave `Origin` out of plain GET requests, but not this.
    match text(&parts.headers, "sec-fetch-site") {
        Some("cross-site" | "same-site") => refuse(),
        _ => Ok(()),
    }
}

/// Whether a page of ours asks. The scheme is not compared: a proxy may have taken TLS off.
fn is_own(origin: &str, headers: &HeaderMap, uri: &Uri) -> bool {
    let host = text(headers, "host").or(uri.authority().map(|each| each.as_str()));
    let origin: Option<Uri> = origin.parse().ok();
    let authority = origin.as_ref().and_then(|origin| origin.authority());
    authority.zip(host).is_some_and(|(one, other)| one.as_str().eq_ignore_ascii_case(other))
}

/// Whether a form was sent by a page of ours, as far as the browser tells: one that tells nothing is believed, since there are no
/// ambient rights to abuse. A page without referrers sends its forms with the origin `null`; then `Sec-Fetch-Site` alone tells.
pub(super) fn is_from_own_page(headers: &HeaderMap, uri: &Uri) -> bool {
    match text(headers, "sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => match text(headers, header::ORIGIN.as_str()) {
            None | Some("null") => true,
            Some(origin) => is_own(origin, headers, uri),
        },
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// What other origins may do, for browsers.
pub(super) fn cors(settings: &HttpSettings) -> CorsLayer {
    let origins = settings.allowed_origins.iter();
    let origins: Vec<HeaderValue> = origins.filter_map(|origin| origin.parse().ok()).collect();
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(ALLOWED)
        .expose_headers(EXPOSED)
        .max_age(PREFLIGHT_AGE)
}
