//! An answer as text, with holes for the cursors of its readers.

use async_graphql::{Response, Value};

/// Bytes of an answer that is kept for others; a longer one is made for each reader.
pub(super) const RENDERING_BYTES_MAX: usize = 32 * 1024;

/// The JSON of an answer without errors, cut where cursors go.
#[derive(Debug, PartialEq, Eq)]
pub struct Rendering {
    pieces: Box<[Box<str>]>,
}

impl Rendering {
    /// The rendering of an answer; `None` for one that cannot be shared: with errors or extensions, or too long.
    pub(super) fn of(response: &Response, hole: &str) -> Option<Self> {
        if !response.errors.is_empty() || !response.extensions.is_empty() {
            return None;
        }
        let json = serde_json::to_string(&response.data).ok().filter(|json| json.len() <= RENDERING_BYTES_MAX)?;
        let json = format!("{{\"data\":{json}}}");
        Some(Self { pieces: json.split(hole).map(Box::from).collect() })
    }

    /// Writes the answer for one reader.
    pub fn append_to(&self, text: &mut String, cursor: &str) {
        text.reserve(self.pieces.iter().map(|piece| piece.len() + cursor.len()).sum());
        for (place, piece) in self.pieces.iter().enumerate() {
            if place > 0 {
                text.push_str(cursor);
            }
            text.push_str(piece);
        }
    }
}

/// Puts a cursor into the holes of an answer that is not shared.
pub(super) fn fill(value: &mut Value, hole: &str, cursor: &str) {
    match value {
        Value::String(text) if text == hole => cursor.clone_into(text),
        Value::List(items) => items.iter_mut().for_each(|item| fill(item, hole, cursor)),
        Value::Object(members) => members.values_mut().for_each(|member| fill(member, hole, cursor)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use async_graphql::value;

    use super::*;

    fn written(rendering: &Rendering, cursor: &str) -> String {
        let mut text = String::new();
        rendering.append_to(&mut text, cursor);
        text
    }

    #[test]
    fn each_reader_gets_the_answer_with_their_own_cursor() {
        let response = Response::new(value!({ "e": { "cursor": "HOLE", "again": "HOLE", "text": "\"a\n" } }));
        let rendering = Rendering::of(&response, "HOLE").unwrap();
        for cursor in ["abc", "xyz"] {
            let mut own = response.data.clone();
            fill(&mut own, "HOLE", cursor);
            let own = serde_json::to_string(&own).unwrap();
            assert_eq!(written(&rendering, cursor), format!("{{\"data\":{own}}}"));
        }
    }

    #[test]
    fn an_answer_without_cursors_is_the_same_for_all() {
        let rendering = Rendering::of(&Response::new(value!({ "e": 1 })), "HOLE").unwrap();
        assert_eq!(written(&rendering, "abc"), "{\"data\":{\"e\":1}}");
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        let text = "x".repeat(RENDERING_BYTES_MAX);
        assert_eq!(Rendering::of(&Response::new(value!({ "e": text })), "HOLE"), None);
    }
}
