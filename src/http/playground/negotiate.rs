//! What a request for a file says in its headers, and what a file is called in ours.

use axum::http::header::{ACCEPT_ENCODING, HOST, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, Uri};

fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter();
    lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).map(str::trim)
}

/// Compares weakly, as RFC 9110 (13.1.2) has it for `If-None-Match`.
pub(super) fn has_tag(headers: &HeaderMap, tag: &str) -> bool {
    values(headers, &IF_NONE_MATCH).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

/// Whether `Accept-Encoding` names gzip, or else everything, with a quality above nothing (RFC 9110, 12.5.3).
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let quality = |coding: &str| {
        values(headers, &ACCEPT_ENCODING).find_map(|item| {
            let (name, rest) = item.split_once(';').unwrap_or((item, "q=1"));
            let weight = rest.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
            name.trim().eq_ignore_ascii_case(coding).then(|| weight.unwrap_or(0.0) > 0.0)
        })
    };
    quality("gzip").or_else(|| quality("*")).unwrap_or(false)
}

/// Whether the request names this machine as its host, on whatever port.
pub(in crate::http) fn names_loopback(uri: &Uri, headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let Some(authority) = host.or(uri.authority().map(|authority| authority.as_str())) else {
        return false;
    };
    let name = match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    };
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// The media type of a file of the bundle, by its name.
pub(super) fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("pdf") => "application/pdf",
        Some("ttf") => "font/ttf",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
