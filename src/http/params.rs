//! The parameters of a GraphQL request, strictly typed, from a JSON body, a query string or a WebSocket message.

use async_graphql::{Value as GraphqlValue, Variables};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::{Code, Refusal};
use super::limits::values::check_size;
use super::settings::Limits;

/// What a client asks to run.
#[derive(Default)]
pub struct Params {
    /// The document, unless it is asked for by hash or id.
    pub query: Option<String>,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// Raw variables.
    pub variables: Variables,
    /// Raw extensions.
    pub extensions: Map<String, Value>,
    /// Id of a trusted document.
    pub document_id: Option<String>,
}

/// As `Params`, before the types are looked at. Duplicate members are refused by the derive.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    query: Option<Value>,
    operation_name: Option<Value>,
    variables: Option<Value>,
    extensions: Option<Value>,
    document_id: Option<Value>,
}

impl Params {
    /// From a JSON text.
    ///
    /// # Errors
    /// `BAD_REQUEST` for what is not a JSON object with parameters of the right types, and for a batch.
    pub fn from_json(body: &[u8], limits: &Limits) -> Result<Self, Refusal> {
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        match first {
            None => return Err(bad("The request has no body.")),
            Some(b'[') => return Err(bad("Batches are not supported: send one request each.")),
            Some(_) => {}
        }
        let raw: Raw = serde_json::from_slice(body).map_err(|error| not_json(&error))?;
        Self::typed(raw, limits)
    }

    /// From a JSON value that was already read, as the payload of a message.
    ///
    /// # Errors
    /// `BAD_REQUEST` for parameters of wrong types.
    pub fn from_value(payload: Value, limits: &Limits) -> Result<Self, Refusal> {
        let raw: Raw = serde_json::from_value(payload).map_err(|error| not_json(&error))?;
        Self::typed(raw, limits)
    }

    /// From the query string of a URL, without `?`.
    ///
    /// # Errors
    /// `BAD_REQUEST` for a parameter given twice, and for variables or extensions that are not JSON objects.
    pub fn from_query_string(query: &str, limits: &Limits) -> Result<Self, Refusal> {
        let mut raw = Map::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = match &*name {
                "query" | "operationName" | "documentId" => Value::String(value.into_owned()),
                // An empty parameter is one that is not there: some clients always send all of them.
                "variables" | "extensions" if value.is_empty() => continue,
                "variables" | "extensions" => serde_json::from_str(&value).map_err(|error| not_json(&error))?,
                _ => continue,
            };
            if raw.insert(name.to_string(), value).is_some() {
                return Err(bad(format!("The parameter \"{name}\" is given twice.")));
            }
        }
        for name in ["operationName", "documentId"] {
            if raw.get(name).is_some_and(|value| value == "") {
                raw.remove(name);
            }
        }
        Self::from_value(Value::Object(raw), limits)
    }

    /// Whether there is a document to find.
    pub(super) fn names_a_document(&self) -> bool {
        let persisted = self.extensions.contains_key("persistedQuery");
        self.query.is_some() || self.document_id.is_some() || persisted
    }

    fn typed(raw: Raw, limits: &Limits) -> Result<Self, Refusal> {
        let variables = object("variables", raw.variables)?;
        check_size(json_bytes(&variables), limits)?;
        let variables = GraphqlValue::from_json(Value::Object(variables))
            .map(Variables::from_value)
            .map_err(|_| bad("The parameter \"variables\" cannot be read."))?;
        Ok(Self {
            query: string("query", raw.query)?,
            operation_name: string("operationName", raw.operation_name)?,
            variables,
            extensions: object("extensions", raw.extensions)?,
            document_id: string("documentId", raw.document_id)?,
        })
    }
}

fn string(name: &str, value: Option<Value>) -> Result<Option<String>, Refusal> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(bad(format!("The parameter \"{name}\" must be a string."))),
    }
}

fn object(name: &str, value: Option<Value>) -> Result<Map<String, Value>, Refusal> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members),
        Some(_) => Err(bad(format!("The parameter \"{name}\" must be an object."))),
    }
}

/// Bytes of the members as compact JSON, counted without writing them.
fn json_bytes(members: &Map<String, Value>) -> usize {
    struct Counter(usize);
    impl std::io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    match serde_json::to_writer(&mut counter, members) {
        Ok(()) => counter.0,
        Err(_) => usize::MAX,
    }
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::new(Code::BadRequest, message)
}

/// Says where, not what: the parser's own words name Rust types.
fn not_json(error: &serde_json::Error) -> Refusal {
    let (line, column) = (error.line(), error.column());
    if error.is_data() {
        return bad("The request must be a JSON object whose members occur once.");
    }
    bad(format!("The request is not JSON: line {line}, column {column}."))
}
