//! JSON written straight from rows.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, Utc};
use uuid::Uuid;

/// A text in the making. The caller says where objects and lists begin and end.
#[derive(Default)]
pub struct Json {
    text: String,
}

impl Json {
    /// A text that begins so.
    pub fn new(text: &str) -> Self {
        let mut json = Self { text: String::with_capacity(1024) };
        json.text.push_str(text);
        json
    }

    /// Appends text as it is.
    pub fn raw(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends a comma unless a list or object just began.
    pub fn comma(&mut self) -> &mut Self {
        if !self.text.ends_with(['[', '{', ':']) {
            self.text.push(',');
        }
        self
    }

    /// Appends a member's name, whatever follows.
    pub fn key(&mut self, name: &str) -> &mut Self {
        self.comma();
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
        self
    }

    /// Appends a string.
    pub fn string(&mut self, value: &str) -> &mut Self {
        self.text.push('"');
        let mut plain = 0;
        for (at, byte) in value.bytes().enumerate().filter(|(_, byte)| *byte < 0x20 || matches!(byte, b'"' | b'\\')) {
            self.text.push_str(&value[plain..at]);
            self.text.push_str(&format!("\\u{byte:04x}"));
            plain = at + 1;
        }
        self.text.push_str(&value[plain..]);
        self.text.push('"');
        self
    }

    /// Appends a string or null.
    pub fn maybe(&mut self, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.string(value),
            None => self.raw("null"),
        }
    }

    /// Appends a number.
    pub fn number(&mut self, value: i64) -> &mut Self {
        self.text.push_str(&value.to_string());
        self
    }

    /// Appends an instant.
    pub fn at(&mut self, value: DateTime<Utc>) -> &mut Self {
        let text = value.to_rfc3339_opts(SecondsFormat::Micros, true);
        self.string(&text)
    }

    /// Appends a UUID or null.
    pub fn uuid(&mut self, value: Option<Uuid>) -> &mut Self {
        match value {
            Some(id) => self.string(id.hyphenated().encode_lower(&mut Uuid::encode_buffer())),
            None => self.raw("null"),
        }
    }

    /// Appends an id as the API shows it.
    pub fn id(&mut self, tag: u8, id: Uuid) -> &mut Self {
        let mut bytes = [tag; 17];
        bytes[1..].copy_from_slice(id.as_bytes());
        self.text.push('"');
        URL_SAFE_NO_PAD.encode_string(bytes, &mut self.text);
        self.text.push('"');
        self
    }

    /// Appends the number that people quote.
    pub fn quoted(&mut self, number: i64) -> &mut Self {
        self.string(&format!("CPOR-{number:06}"))
    }

    /// The text.
    pub fn end(&mut self, text: &str) -> String {
        self.text.push_str(text);
        std::mem::take(&mut self.text)
    }
}
