//! A document: parsed once, and validated once where that says all there is to say.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use async_graphql::parser::types::{ExecutableDocument, VariableDefinition};
use async_graphql::{Name, Positioned, Value, Variables};

use super::error::Refusal;
use super::limits;
use super::settings::Limits;

type Definition = Positioned<VariableDefinition>;

/// A parsed document and its text.
#[derive(Debug)]
pub struct Document {
    pub(super) source: String,
    pub(super) parsed: ExecutableDocument,
    /// By operation, whether the engine found the document valid.
    valid: HashMap<Option<Name>, AtomicBool>,
}

impl Document {
    /// Scans and parses a text.
    ///
    /// # Errors
    /// What is wrong with it, or the limit it exceeds.
    pub(super) fn read(source: &str, limits: &Limits) -> Result<Self, Refusal> {
        let parsed = limits::parse(source, limits)?;
        let valid = parsed.operations.iter().map(|(name, _)| (name.cloned(), AtomicBool::default())).collect();
        Ok(Self { source: source.to_owned(), parsed, valid })
    }

    /// Whether the engine need not validate the operation again. Its rules look at the values of variables too: those are checked
    /// against their types before, but for a null in the place of a default value, which only the place of its use can judge.
    pub(super) fn is_valid(&self, operation: Option<&str>, variables: &Variables) -> bool {
        let is_valid = self.validity(operation).is_some_and(|valid| valid.load(Ordering::Relaxed));
        let replaces_default = |definition: &Definition| {
            definition.node.default_value.is_some() && variables.get(&definition.node.name.node) == Some(&Value::Null)
        };
        is_valid && !self.definitions(operation).iter().any(replaces_default)
    }

    /// Whether the engine's verdict on the operation with these variables is one for good: with a variable left out it does not look at
    /// the literals beside it.
    pub(super) fn covers(&self, operation: Option<&str>, variables: &Variables) -> bool {
        self.definitions(operation).iter().all(|definition| variables.contains_key(&definition.node.name.node))
    }

    /// Keeps that the engine found the operation valid.
    pub(super) fn found_valid(&self, operation: Option<&str>) {
        if let Some(valid) = self.validity(operation) {
            valid.store(true, Ordering::Relaxed);
        }
    }

    fn validity(&self, operation: Option<&str>) -> Option<&AtomicBool> {
        let mut all = self.valid.iter();
        all.find(|(name, _)| Option::as_ref(name).map(Name::as_str) == operation).map(|(_, valid)| valid)
    }

    fn definitions(&self, operation: Option<&str>) -> &[Definition] {
        let mut all = self.parsed.operations.iter();
        let found = all.find(|(name, _)| name.map(Name::as_str) == operation);
        found.map_or(&[] as &[Definition], |(_, operation)| operation.node.variable_definitions.as_slice())
    }
}
