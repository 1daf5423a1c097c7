//! Media types: which form of answer `Accept` asks for, and whether a body is what it says.

use axum::http::{HeaderMap, header};

use super::error::{Code, Refusal};

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`: what a client gets that does not say.
    Json,
    /// `application/graphql-response+json`.
    GraphqlJson,
    /// `text/event-stream`: graphql-sse, distinct connections.
    EventStream,
    /// `multipart/mixed`: Apollo's subscriptions over HTTP.
    Multipart,
}

impl Media {
    pub(super) fn is_stream(self) -> bool {
        matches!(self, Self::EventStream | Self::Multipart)
    }

    /// The content type of an answer that is not a stream.
    pub(super) fn json_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlJson | Self::EventStream | Self::Multipart => "application/graphql-response+json; charset=utf-8",
        }
    }
}

/// What we can send; later ones lose among equals.
const OFFERED: [(&str, &str, Media); 4] = [
    ("application", "graphql-response+json", Media::GraphqlJson),
    ("application", "json", Media::Json),
    ("text", "event-stream", Media::EventStream),
    ("multipart", "mixed", Media::Multipart),
];

/// The forms that a client accepts, the best first.
#[derive(Debug)]
pub(super) struct Accepted(Vec<Media>);

impl Accepted {
    /// For an answer that comes at once. Never empty.
    pub(super) fn for_result(&self) -> Media {
        self.0.first().copied().unwrap_or(Media::Json)
    }

    /// For a subscription, if the client accepts a stream.
    pub(super) fn for_subscription(&self) -> Option<Media> {
        self.0.iter().copied().find(|media| media.is_stream())
    }

    /// For a refusal of the request as a whole, which is JSON even to a client that wants a stream.
    pub(super) fn for_refusal(&self) -> Media {
        let json = self.0.iter().copied().find(|media| !media.is_stream());
        json.unwrap_or(Media::GraphqlJson)
    }
}

/// Reads the qualities of `Accept`. Among equals JSON goes before streams (whoever subscribes gets the stream all the same),
/// and of the two JSON forms the newer, unless only a wildcard covers them: such a client knows neither and gets
/// `application/json`, as does one that sends no `Accept`. A wildcard does not accept a stream.
///
/// # Errors
/// `NOT_ACCEPTABLE` if none of ours is accepted.
pub(super) fn negotiate(headers: &HeaderMap) -> Result<Accepted, Refusal> {
    let mut ranges = Vec::new();
    for value in headers.get_all(header::ACCEPT) {
        let value = value.to_str().unwrap_or_default();
        ranges.extend(value.split(',').filter_map(Range::parse));
    }
    if ranges.is_empty() {
        return Ok(Accepted(vec![Media::Json]));
    }
    let mut accepted = Vec::new();
    for (kind, subtype, media) in OFFERED {
        let covering = ranges.iter().filter(|range| range.covers(kind, subtype));
        let Some(range) = covering.max_by_key(|range| range.precision()) else {
            continue;
        };
        let named = range.precision() == 2;
        if range.quality > 0 && (named || !media.is_stream()) {
            let older_to_wildcard = !named && media == Media::Json;
            accepted.push((range.quality, named || older_to_wildcard, media));
        }
    }
    // The sort is stable, so the order of the offer decides among equals.
    accepted.sort_by_key(|(quality, first, media)| std::cmp::Reverse((*quality, !media.is_stream(), *first)));
    if accepted.is_empty() {
        let message = "Accept application/graphql-response+json, application/json, text/event-stream or multipart/mixed.";
        return Err(Refusal::new(Code::NotAcceptable, message));
    }
    Ok(Accepted(accepted.into_iter().map(|(_, _, media)| media).collect()))
}

struct Range {
    kind: String,
    subtype: String,
    /// In thousandths.
    quality: u16,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let quality = parts
            .filter_map(|parameter| parameter.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            .map_or(1000, |(_, value)| quality(value.trim()));
        Some(Self { kind: kind.to_ascii_lowercase(), subtype: subtype.to_ascii_lowercase(), quality })
    }

    fn covers(&self, kind: &str, subtype: &str) -> bool {
        match (self.kind.as_str(), self.subtype.as_str()) {
            ("*", "*") => true,
            (kind_, "*") => kind_ == kind,
            (kind_, subtype_) => kind_ == kind && subtype_ == subtype,
        }
    }

    fn precision(&self) -> u8 {
        u8::from(self.kind != "*") + u8::from(self.subtype != "*")
    }
}

fn quality(text: &str) -> u16 {
    text.parse::<f32>().map_or(0, |quality| (quality.clamp(0.0, 1.0) * 1000.0) as u16)
}

/// What a POST carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// `application/json` in UTF-8.
    Json,
    /// `multipart/form-data`: files beside an operation.
    Form,
}

/// Reads the content type of a POST. Only exact types pass: everything that a web page could send without being asked
/// by its browser (`text/plain`, a form, nothing) is refused, which is half of the protection against cross-site requests.
///
/// # Errors
/// `UNSUPPORTED_MEDIA_TYPE`.
pub(super) fn content(headers: &HeaderMap) -> Result<Content, Refusal> {
    let refuse = |message| Err(Refusal::new(Code::UnsupportedMediaType, message));
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return refuse("Send the body without a content encoding.");
    }
    let mut all = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (all.next(), all.next()) else {
        return refuse("Send one content type: application/json.");
    };
    let value = value.to_str().unwrap_or_default().to_ascii_lowercase();
    let mut parts = value.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let charset =
        parts.filter_map(|parameter| parameter.strip_prefix("charset=")).map(|charset| charset.trim_matches('"')).next();
    match (kind, charset) {
        ("application/json", None | Some("utf-8" | "utf8")) => Ok(Content::Json),
        ("application/json", Some(_)) => refuse("Send the body in UTF-8."),
        ("multipart/form-data", _) => Ok(Content::Form),
        _ => refuse("Send the body as application/json."),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn accept(value: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_str(value).unwrap());
        negotiate(&headers).ok().map(|accepted| accepted.for_result())
    }

    #[test]
    fn accept_is_read_with_its_qualities() {
        for (value, expected) in [
            ("*/*", Some(Media::Json)),
            ("application/*", Some(Media::Json)),
            ("application/json", Some(Media::Json)),
            ("application/graphql-response+json", Some(Media::GraphqlJson)),
            ("application/graphql-response+json, application/json", Some(Media::GraphqlJson)),
            ("application/json, application/graphql-response+json", Some(Media::GraphqlJson)),
            ("application/graphql-response+json;q=0.5, application/json", Some(Media::Json)),
            ("application/graphql-response+json; charset=utf-8, application/json; q=0.9", Some(Media::GraphqlJson)),
            ("text/event-stream", Some(Media::EventStream)),
            ("multipart/mixed;subscriptionSpec=1.0, application/json;q=0.1", Some(Media::Multipart)),
            ("multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0,application/json;q=0.5", Some(Media::Multipart)),
            ("text/html, */*;q=0.1", Some(Media::Json)),
            ("*/*, application/json;q=0", Some(Media::GraphqlJson)),
            (
                "multipart/mixed;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9",
                Some(Media::GraphqlJson),
            ),
            ("text/html", None),
            ("application/json;q=0", None),
            ("APPLICATION/JSON", Some(Media::Json)),
        ] {
            assert_eq!(accept(value), expected, "{value}");
        }
    }
}
