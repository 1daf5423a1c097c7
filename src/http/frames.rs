//! How events are written into a body: server-sent events (graphql-sse, distinct connections) and Apollo's multipart
//! subscriptions.

/// The form of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frames {
    /// `text/event-stream`.
    Sse,
    /// `multipart/mixed` with the subscription protocol 1.0.
    Multipart,
}

impl Frames {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Sse => "text/event-stream; charset=utf-8",
            Self::Multipart => "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0",
        }
    }

    /// Sent at once, so that a client knows that the stream is open.
    pub(super) fn open(self) -> &'static str {
        match self {
            Self::Sse => ":\n\n",
            Self::Multipart => "--graphql",
        }
    }

    pub(super) fn heartbeat(self) -> &'static str {
        match self {
            Self::Sse => ":\n\n",
            Self::Multipart => "\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql",
        }
    }

    /// One result. JSON in one line, so that one `data:` line holds it.
    pub(super) fn next(self, json: &[u8], cursor: Option<&str>) -> String {
        let json = String::from_utf8_lossy(json);
        match self {
            Self::Sse => {
                let id = cursor.map_or_else(String::new, |cursor| format!("id: {cursor}\n"));
                format!("event: next\n{id}data: {json}\n\n")
            }
            // The boundary that ends a part follows it at once: a client that waits for it is not an event behind.
            Self::Multipart => format!("\r\ncontent-type: application/json\r\n\r\n{{\"payload\":{json}}}\r\n--graphql"),
        }
    }

    pub(super) fn complete(self) -> &'static str {
        match self {
            Self::Sse => "event: complete\ndata: \n\n",
            Self::Multipart => "--\r\n",
        }
    }
}
