//! The messages of graphql-transport-ws, read strictly and written.

use async_graphql::ServerError;
use serde_json::{Map, Value, json};

use crate::graphql::live::Telling;
use crate::http::response::append;

/// What a client may say.
#[derive(Debug)]
pub(super) enum Heard {
    Init(Map<String, Value>),
    Ping(Option<Value>),
    Pong,
    Subscribe { id: String, payload: Value },
    Complete { id: String },
}

impl Heard {
    /// Reads a message; an error is the reason to close with 4400.
    pub(super) fn parse(text: &str, id_bytes_max: usize) -> Result<Self, String> {
        let message: Value = serde_json::from_str(text).map_err(|_| "Message is not JSON")?;
        let Value::Object(mut message) = message else {
            return Err("Message must be an object".to_owned());
        };
        let kind = match message.remove("type") {
            Some(Value::String(kind)) => kind,
            _ => return Err("Message must have a type".to_owned()),
        };
        let payload = message.remove("payload").filter(|payload| !payload.is_null());
        let id = message.remove("id");
        match kind.as_str() {
            "connection_init" => Ok(Self::Init(match payload {
                None => Map::new(),
                Some(Value::Object(payload)) => payload,
                Some(_) => return Err("Payload of connection_init must be an object".to_owned()),
            })),
            "ping" | "pong" if payload.as_ref().is_some_and(|all| !all.is_object()) => {
                Err(format!("Payload of {kind} must be an object"))
            }
            "ping" => Ok(Self::Ping(payload)),
            "pong" => Ok(Self::Pong),
            "subscribe" => match payload {
                Some(payload @ Value::Object(_)) => Ok(Self::Subscribe { id: read_id(id, id_bytes_max)?, payload }),
                _ => Err("Payload of subscribe must be an object".to_owned()),
            },
            "complete" => Ok(Self::Complete { id: read_id(id, id_bytes_max)? }),
            _ => Err("Message has an unknown type".to_owned()),
        }
    }
}

fn read_id(id: Option<Value>, bytes_max: usize) -> Result<String, String> {
    match id {
        Some(Value::String(id)) if id.is_empty() => Err("Message id must not be empty".to_owned()),
        Some(Value::String(id)) if id.len() > bytes_max => Err(format!("Message id is longer than {bytes_max} bytes")),
        Some(Value::String(id)) => Ok(id),
        _ => Err("Message id must be a string".to_owned()),
    }
}

pub(super) fn ack() -> String {
    json!({ "type": "connection_ack" }).to_string()
}

pub(super) fn pong(payload: Option<Value>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
        None => json!({ "type": "pong" }).to_string(),
    }
}

pub(super) fn next(id: &str, telling: &Telling) -> String {
    let mut text = format!("{{\"id\":{},\"type\":\"next\",\"payload\":", Value::from(id));
    append(telling, &mut text);
    text.push('}');
    text
}

pub(super) fn error(id: &str, errors: &[ServerError]) -> String {
    json!({ "id": id, "type": "error", "payload": errors }).to_string()
}

pub(super) fn complete(id: &str) -> String {
    json!({ "id": id, "type": "complete" }).to_string()
}
