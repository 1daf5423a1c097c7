//! Documents by hash: trusted documents from a manifest, automatically persisted ones, and the parsed documents kept.
//!
//! A document that ran is kept parsed under its SHA-256, which is also what a client may send in its place (APQ): one
//! bounded store serves both.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::parser::types::ExecutableDocument;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::error::{Code, Refusal};
use super::limits;
use super::params::Params;
use super::settings::{DocumentMode, HttpSettings, Limits};

type Hash = [u8; 32];

/// A parsed document and its text.
#[derive(Debug)]
pub struct Document {
    pub(super) source: String,
    pub(super) parsed: ExecutableDocument,
}

/// Documents that operators vouch for, by id and by hash of their text.
#[derive(Debug, Default)]
pub struct TrustedDocuments {
    by_id: HashMap<String, Arc<Document>>,
    by_hash: HashMap<Hash, Arc<Document>>,
}

impl TrustedDocuments {
    /// Reads a manifest: Relay's (`{ "<id>": "<document>" }`) or Apollo's (`{ "format":
    /// "apollo-persisted-query-manifest", "operations": [{ "id", "body" }] }`). The limits hold for these documents too.
    ///
    /// # Errors
    /// A sentence for operators: what in the manifest cannot be read.
    pub fn from_manifest(json: &str, limits: &Limits) -> Result<Self, String> {
        let manifest: Map<String, Value> = serde_json::from_str(json).map_err(|error| format!("not a JSON object: {error}"))?;
        let mut trusted = Self::default();
        match manifest.get("operations").and_then(Value::as_array) {
            Some(operations) => {
                for operation in operations {
                    let member = |name| operation.get(name).and_then(Value::as_str);
                    let (Some(id), Some(body)) = (member("id"), member("body")) else {
                        return Err("an operation without id or body".to_owned());
                    };
                    trusted.insert(id, body, limits)?;
                }
            }
            None => {
                for (id, body) in &manifest {
                    let body = body.as_str().ok_or_else(|| format!("the document {id} is not a string"))?;
                    trusted.insert(id, body, limits)?;
                }
            }
        }
        if trusted.by_id.is_empty() {
            return Err("it has no documents".to_owned());
        }
        Ok(trusted)
    }

    fn insert(&mut self, id: &str, source: &str, limits: &Limits) -> Result<(), String> {
        let parsed = limits::parse(source, limits).map_err(|refusal| format!("the document {id}: {}", refusal.message))?;
        let document = Arc::new(Document { source: source.to_owned(), parsed });
        self.by_id.insert(id.to_owned(), document.clone());
        self.by_hash.insert(hash(source), document);
        Ok(())
    }
}

/// Finds the document that a request means.
pub(super) struct Documents {
    mode: DocumentMode,
    limits: Limits,
    kept: Mutex<Kept>,
}

impl Documents {
    pub(super) fn new(settings: &HttpSettings) -> Self {
        Self {
            mode: settings.documents.clone(),
            limits: settings.limits.clone(),
            kept: Mutex::new(Kept {
                entries: HashMap::new(),
                bytes: 0,
                clock: 0,
                entries_max: settings.cached_documents_max,
                bytes_max: settings.cached_document_bytes_max,
            }),
        }
    }

    pub(super) fn find(&self, params: &Params) -> Result<Arc<Document>, Refusal> {
        if let Some(id) = &params.document_id {
            return self.trusted_by_id(id);
        }
        let asked = persisted_hash(&params.extensions)?;
        match (&params.query, asked) {
            (Some(query), asked) if !query.is_empty() => {
                let actual = hash(query);
                if asked.is_some_and(|asked| asked != actual) {
                    return Err(Refusal::new(Code::BadRequest, "The hash is not that of the document."));
                }
                self.by_text(query, actual)
            }
            (_, Some(asked)) => self.by_hash(&asked),
            _ => Err(Refusal::new(Code::BadRequest, "The parameter \"query\" is missing.")),
        }
    }

    fn trusted(&self) -> Option<&TrustedDocuments> {
        match &self.mode {
            DocumentMode::Any => None,
            DocumentMode::Prefer(trusted) | DocumentMode::Only(trusted) => Some(trusted),
        }
    }

    fn trusted_by_id(&self, id: &str) -> Result<Arc<Document>, Refusal> {
        let trusted = self.trusted();
        let by_id = trusted.and_then(|trusted| trusted.by_id.get(id));
        let by_hash = || trusted?.by_hash.get(&from_hex(id.strip_prefix("sha256:")?)?);
        by_id.or_else(by_hash).cloned().ok_or_else(not_found)
    }

    fn by_hash(&self, asked: &Hash) -> Result<Arc<Document>, Refusal> {
        if let Some(document) = self.trusted().and_then(|all| all.by_hash.get(asked)) {
            return Ok(document.clone());
        }
        if matches!(self.mode, DocumentMode::Only(_)) {
            return Err(not_found());
        }
        self.kept().get(asked).ok_or_else(not_found)
    }

    fn by_text(&self, source: &str, actual: Hash) -> Result<Arc<Document>, Refusal> {
        if let Some(document) = self.trusted().and_then(|all| all.by_hash.get(&actual)) {
            return Ok(document.clone());
        }
        if matches!(self.mode, DocumentMode::Only(_)) {
            return Err(Refusal::new(Code::DocumentNotTrusted, "Only trusted documents are run on this server."));
        }
        let known = self.kept().get(&actual);
        if let Some(document) = known {
            return Ok(document);
        }
        let document = Arc::new(Document { parsed: limits::parse(source, &self.limits)?, source: source.to_owned() });
        self.kept().insert(actual, document.clone());
        Ok(document)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A least-recently-used store, small enough that finding the oldest entry by looking at all is cheap.
struct Kept {
    entries: HashMap<Hash, (Arc<Document>, u64)>,
    bytes: usize,
    clock: u64,
    entries_max: usize,
    bytes_max: usize,
}

impl Kept {
    fn get(&mut self, hash: &Hash) -> Option<Arc<Document>> {
        self.clock += 1;
        let (document, used) = self.entries.get_mut(hash)?;
        *used = self.clock;
        Some(document.clone())
    }

    fn insert(&mut self, hash: Hash, document: Arc<Document>) {
        self.clock += 1;
        self.bytes += document.source.len();
        if let Some((old, _)) = self.entries.insert(hash, (document, self.clock)) {
            self.bytes -= old.source.len();
        }
        while self.entries.len() > self.entries_max || self.bytes > self.bytes_max {
            let oldest = self.entries.iter().min_by_key(|(_, (_, used))| *used);
            let Some(oldest) = oldest.map(|(hash, _)| *hash) else {
                return;
            };
            if let Some((old, _)) = self.entries.remove(&oldest) {
                self.bytes -= old.source.len();
            }
        }
    }
}

/// The hash in `extensions.persistedQuery`, as Apollo's clients send it.
fn persisted_hash(extensions: &Map<String, Value>) -> Result<Option<Hash>, Refusal> {
    let Some(persisted) = extensions.get("persistedQuery") else {
        return Ok(None);
    };
    let version = persisted.get("version").and_then(Value::as_u64);
    let hash = persisted.get("sha256Hash").and_then(Value::as_str);
    match (version, hash.and_then(from_hex)) {
        (Some(1), Some(hash)) => Ok(Some(hash)),
        _ => Err(Refusal::new(
            Code::BadRequest,
            "The extension \"persistedQuery\" must have version 1 and a SHA-256 in hexadecimal.",
        )),
    }
}

fn not_found() -> Refusal {
    // The message is what Apollo's older clients compare with.
    Refusal::new(Code::PersistedQueryNotFound, "PersistedQueryNotFound")
}

fn hash(source: &str) -> Hash {
    Sha256::digest(source.as_bytes()).into()
}

fn from_hex(text: &str) -> Option<Hash> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut hash = [0; 32];
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(hash)
}
