//! The trace that a request belongs to, as `traceparent` tells it (W3C Trace Context).

use axum::http::{HeaderMap, HeaderName};
use tracing::Span;
use uuid::Uuid;

use crate::telemetry;

/// The header's name.
pub(super) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Where a request stands in a trace. All members are hexadecimal digits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trace {
    /// 32 digits.
    pub(super) id: String,
    /// 16 digits: this request.
    span: String,
    /// Two digits.
    flags: String,
}

/// What a caller said.
struct Parent<'h> {
    trace: &'h str,
    span: &'h str,
    flags: &'h str,
}

impl Trace {
    /// Goes on with the caller's trace, or begins one that is not sampled. Where spans are exported, `span` becomes the child of the
    /// caller's and names itself.
    pub(super) fn of(headers: &HeaderMap, span: &Span) -> Self {
        let sent = headers.get(TRACEPARENT).and_then(|value| value.to_str().ok()).and_then(Parent::parse);
        if let Some(parent) = &sent {
            telemetry::join(span, parent.trace, parent.span, parent.flags);
        }
        if let Some((id, span, flags)) = telemetry::identity(span) {
            return Self { id, span, flags };
        }
        let (trace, flags) = sent.map_or_else(|| (digits(32), "00"), |parent| (parent.trace.to_owned(), parent.flags));
        Self { id: trace, span: digits(16), flags: flags.to_owned() }
    }

    /// The same trace with this request as the parent of what follows.
    pub(super) fn header(&self) -> String {
        format!("00-{}-{}-{}", self.id, self.span, self.flags)
    }
}

fn digits(count: usize) -> String {
    let mut digits = Uuid::new_v4().simple().to_string();
    digits.truncate(count);
    digits
}

impl<'h> Parent<'h> {
    fn parse(text: &'h str) -> Option<Self> {
        let mut parts = text.split('-');
        let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let hex = |part: &str, length| {
            let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
            part.len() == length && part.bytes().all(digit)
        };
        let null = |part: &str| part.bytes().all(|byte| byte == b'0');
        let whole = hex(version, 2) && hex(trace, 32) && hex(span, 16) && hex(flags, 2);
        let valid = whole && version != "ff" && !null(trace) && !null(span);
        valid.then_some(Self { trace, span, flags })
    }
}
