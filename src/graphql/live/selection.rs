//! Selections: what a subscription asks of each event, known once for all streams that ask the same.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_graphql::parser::types::{Directive, ExecutableDocument, Selection as Selected, SelectionSet};
use async_graphql::{Name, Pos, Positioned, Request, ServerError, Variables};
use async_graphql_value::Value;
use sha2::{Digest, Sha256};

use super::sharing::is_shared;

/// Selections known before the first look for those that nobody asks any more.
const SWEEP_FROM: usize = 64;

/// What an operation asks of each event. Arguments of the root field are no part of it: they say which events, not what of them.
pub(super) struct Selection {
    /// Tells it from all others of this server.
    pub(super) number: u64,
    /// The response key of the root field.
    pub(super) root: String,
    /// Where the root field stands.
    pub(super) pos: Pos,
    /// Whether whoever has the same rights gets the same answer.
    pub(super) is_shared: bool,
    document: ExecutableDocument,
    operation: Option<String>,
    variables: Variables,
}

impl Selection {
    /// The operation once more.
    pub(super) fn request(&self) -> Request {
        let mut request = Request::new("").variables(self.variables.clone());
        request.operation_name.clone_from(&self.operation);
        request.set_parsed_query(self.document.clone());
        request
    }
}

/// The selections that streams of this server ask, by what makes them the same.
#[derive(Default)]
pub(super) struct Selections {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    by_hash: HashMap<[u8; 32], Weak<Selection>>,
    next: u64,
    sweep_at: usize,
}

impl Selections {
    /// The selection of a request.
    pub(super) fn find(&self, request: &mut Request) -> Result<Arc<Selection>, ServerError> {
        let document = request.parsed_query()?.clone();
        let found = Found::in_operation(&document, request.operation_name.as_deref())?;
        let hash = hash(request, &found);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(selection) = known.by_hash.get(&hash).and_then(Weak::upgrade) {
            return Ok(selection);
        }
        known.next += 1;
        let selection = Arc::new(Selection {
            number: known.next,
            root: found.root,
            pos: found.pos,
            is_shared: found.is_shared,
            document,
            operation: request.operation_name.clone(),
            variables: request.variables.clone(),
        });
        if known.by_hash.len() >= known.sweep_at {
            known.by_hash.retain(|_, selection| selection.strong_count() > 0);
            known.sweep_at = SWEEP_FROM.max(2 * known.by_hash.len());
        }
        known.by_hash.insert(hash, Arc::downgrade(&selection));
        Ok(selection)
    }
}

/// What makes selections the same: the text, the operation, and the variables that are used beneath the root field.
fn hash(request: &Request, found: &Found) -> [u8; 32] {
    let used: BTreeMap<_, _> = found.variables.iter().map(|name| (name.as_str(), request.variables.get(name))).collect();
    let (operation, used) = (request.operation_name.as_deref().unwrap_or_default(), format!("{used:?}"));
    let mut hash = Sha256::new();
    for part in [request.query.as_str(), operation, used.as_str()] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// What is found on a walk through an operation.
struct Found {
    root: String,
    pos: Pos,
    is_shared: bool,
    variables: HashSet<Name>,
}

impl Found {
    fn in_operation(document: &ExecutableDocument, name: Option<&str>) -> Result<Self, ServerError> {
        let mut operations = document.operations.iter();
        let operation = operations.find(|(known, _)| name.is_none() || known.map(|known| known.as_str()) == name);
        let root = operation.and_then(|(_, operation)| match &operation.node.selection_set.node.items.first()?.node {
            Selected::Field(root) => Some(root),
            _ => None,
        });
        let root = root.ok_or_else(|| ServerError::new("A subscription needs a root field.", None))?;
        let key = root.node.response_key().node.to_string();
        let mut found = Self { root: key, pos: root.pos, is_shared: true, variables: HashSet::new() };
        found.directives(&root.node.directives);
        found.walk(document, &root.node.selection_set.node, &mut HashSet::new());
        Ok(found)
    }

    /// Goes through a selection set, each fragment once.
    fn walk<'a>(&mut self, document: &'a ExecutableDocument, set: &'a SelectionSet, spread: &mut HashSet<&'a str>) {
        for selection in &set.items {
            self.directives(selection.node.directives());
            let beneath = match &selection.node {
                Selected::Field(field) => {
                    self.is_shared &= is_shared(&field.node.name.node);
                    field.node.arguments.iter().for_each(|(_, value)| self.value(&value.node));
                    Some(&field.node.selection_set.node)
                }
                Selected::InlineFragment(inline) => Some(&inline.node.selection_set.node),
                Selected::FragmentSpread(of) => match document.fragments.get(&of.node.fragment_name.node) {
                    Some(fragment) if spread.insert(of.node.fragment_name.node.as_str()) => {
                        self.directives(&fragment.node.directives);
                        Some(&fragment.node.selection_set.node)
                    }
                    _ => None,
                },
            };
            if let Some(beneath) = beneath {
                self.walk(document, beneath, spread);
            }
        }
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) {
        for (_, value) in directives.iter().flat_map(|directive| &directive.node.arguments) {
            self.value(&value.node);
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Variable(name) => {
                self.variables.insert(name.clone());
            }
            Value::List(items) => items.iter().for_each(|item| self.value(item)),
            Value::Object(members) => members.values().for_each(|member| self.value(member)),
            _ => {}
        }
    }
}
