//! A document: parsed once, and measured and validated once where that says all there is to say.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use async_graphql::parser::types::{ExecutableDocument, VariableDefinition};
use async_graphql::{Name, Positioned, Value, Variables};

use super::error::Refusal;
use super::limits::values::check_variables;
use super::limits::{self, Checked};
use super::settings::Limits;

type Definition = Positioned<VariableDefinition>;

/// A parsed document and its text.
#[derive(Debug)]
pub struct Document {
    pub(super) source: String,
    pub(super) parsed: ExecutableDocument,
    operations: Vec<Operation>,
}

/// What was found out of an operation.
#[derive(Debug, Default)]
struct Operation {
    name: Option<Name>,
    /// What the limits say of it, whatever its variables are.
    checked: OnceLock<Checked>,
    /// Whether the engine found it valid.
    is_valid: AtomicBool,
}

impl Document {
    /// Scans and parses a text.
    ///
    /// # Errors
    /// What is wrong with it, or the limit it exceeds.
    pub(super) fn read(source: &str, limits: &Limits) -> Result<Self, Refusal> {
        let parsed = limits::parse(source, limits)?;
        let operations = parsed.operations.iter().map(|(name, _)| Operation { name: name.cloned(), ..Operation::default() });
        Ok(Self { source: source.to_owned(), operations: operations.collect(), parsed })
    }

    /// Holds the operation that is wanted, and its variables, against the limits.
    ///
    /// # Errors
    /// The limit that is exceeded, or that there is no such operation.
    pub(super) fn check(
        &self,
        wanted: Option<&str>,
        variables: &Variables,
        limits: &Limits,
        introspection: bool,
    ) -> Result<Checked, Refusal> {
        if let Some(checked) = self.operation(wanted).and_then(|operation| operation.checked.get()) {
            check_variables(variables, limits)?;
            return Ok(checked.clone());
        }
        let checked = limits::check(&self.parsed, wanted, variables, limits, introspection)?;
        match self.operation(checked.name.as_deref()) {
            Some(operation) if !checked.sized_by_variables => Ok(operation.checked.get_or_init(|| checked).clone()),
            _ => Ok(checked),
        }
    }

    /// Whether the engine need not validate the operation again. Its rules look at the values of variables too: those are checked
    /// against their types before, but for a null in the place of a default value, which only the place of its use can judge.
    pub(super) fn is_valid(&self, operation: Option<&str>, variables: &Variables) -> bool {
        let is_valid = self.operation(operation).is_some_and(|found| found.is_valid.load(Ordering::Relaxed));
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
        if let Some(found) = self.operation(operation) {
            found.is_valid.store(true, Ordering::Relaxed);
        }
    }

    /// The operation of this name, or the only one if none is named.
    fn operation(&self, name: Option<&str>) -> Option<&Operation> {
        match (name, self.operations.as_slice()) {
            (None, [only]) => Some(only),
            _ => self.operations.iter().find(|operation| operation.name.as_ref().map(Name::as_str) == name),
        }
    }

    fn definitions(&self, operation: Option<&str>) -> &[Definition] {
        let mut all = self.parsed.operations.iter();
        let found = all.find(|(name, _)| name.map(Name::as_str) == operation);
        found.map_or(&[] as &[Definition], |(_, operation)| operation.node.variable_definitions.as_slice())
    }
}
