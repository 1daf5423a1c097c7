//! How events are written into a body: server-sent events (graphql-sse, distinct connections) and Apollo's multipart
//! subscriptions.

use async_graphql::ServerError;

use super::response::{append, errors_to_json};
use crate::graphql::live::Telling;

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

    /// One result.
    pub(super) fn next(self, telling: &Telling) -> String {
        self.part(telling.cursor.as_deref(), |text| append(telling, text))
    }

    /// Errors without a result.
    pub(super) fn errors(self, errors: &[ServerError]) -> String {
        self.part(None, |text| text.push_str(&String::from_utf8_lossy(&errors_to_json(errors))))
    }

    /// JSON in one line, so that one `data:` line holds it.
    fn part(self, cursor: Option<&str>, json: impl FnOnce(&mut String)) -> String {
        match self {
            Self::Sse => {
                let mut text = "event: next\n".to_owned();
                if let Some(cursor) = cursor {
                    text.extend(["id: ", cursor, "\n"]);
                }
                text.push_str("data: ");
                json(&mut text);
                text.push_str("\n\n");
                text
            }
            // The boundary that ends a part follows it at once: a client that waits for it is not an event behind.
            Self::Multipart => {
                let mut text = "\r\ncontent-type: application/json\r\n\r\n{\"payload\":".to_owned();
                json(&mut text);
                text.push_str("}\r\n--graphql");
                text
            }
        }
    }

    pub(super) fn complete(self) -> &'static str {
        match self {
            Self::Sse => "event: complete\ndata: \n\n",
            Self::Multipart => "--\r\n",
        }
    }
}
