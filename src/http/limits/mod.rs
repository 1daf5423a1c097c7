//! Bounds on what is asked, checked on every road in before anything executes.

mod scan;
mod shape;
pub(super) mod subscription;
pub(super) mod values;

use std::panic::catch_unwind;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Name, Positioned, Variables};

use self::shape::{Measure, Shape};
use super::error::{Code, Refusal};
use super::settings::Limits;

/// What is known of an operation that passed.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    pub(super) kind: OperationType,
    pub(super) name: Option<String>,
    /// The most values that the answer can hold.
    pub(super) cost: u64,
    /// Whether another cost may follow from other variables.
    pub(super) sized_by_variables: bool,
}

/// Scans and parses a document.
pub(super) fn parse(document: &str, limits: &Limits) -> Result<ExecutableDocument, Refusal> {
    scan::scan(document, limits)?;
    // The parser has `unwrap`s that a document might still find; that is a syntax error to its sender, not a crash to others.
    let parsed = catch_unwind(|| parse_query(document)).map_err(|_| {
        tracing::error!("the parser panicked");
        Refusal::new(Code::ParseFailed, "Syntax error.")
    })?;
    let document =
        parsed.map_err(|error| Refusal::new(Code::ParseFailed, syntax_error(&error.to_string())).at(error.positions()))?;
    let operations = document.operations.iter().len();
    if operations > limits.operations {
        let maximum = limits.operations as u64;
        return Err(Refusal::limit("operations", maximum, operations as u64));
    }
    Ok(document)
}

/// Checks a parsed document and its variables, and finds the operation that is to run.
pub(super) fn check(
    document: &ExecutableDocument,
    operation_name: Option<&str>,
    variables: &Variables,
    limits: &Limits,
    introspection: bool,
) -> Result<Checked, Refusal> {
    let (name, operation) = choose(document, operation_name)?;
    values::check_variables(variables, limits)?;
    check_others(document, operation, limits)?;
    let shape = measure(document, operation, variables, limits)?;
    if shape.cost > limits.cost {
        return Err(Refusal::limit("cost", limits.cost, shape.cost));
    }
    if shape.introspects && !introspection {
        return Err(Refusal::new(Code::ValidationFailed, "Introspection is switched off on this server."));
    }
    if operation.node.ty == OperationType::Subscription {
        subscription::check(operation, &shape)?;
    }
    let name = name.map(|name| name.as_str().to_owned());
    Ok(Checked { kind: operation.node.ty, name, cost: shape.cost, sized_by_variables: shape.sized_by_variables })
}

/// The operation that `operationName` means.
fn choose<'a>(
    document: &'a ExecutableDocument,
    wanted: Option<&str>,
) -> Result<(Option<&'a Name>, &'a Positioned<OperationDefinition>), Refusal> {
    let refuse = |message: String| Err(Refusal::new(Code::OperationResolution, message));
    let mut operations = document.operations.iter();
    match wanted {
        Some(wanted) => match operations.find(|(name, _)| name.is_some_and(|name| name == wanted)) {
            Some(found) => Ok(found),
            None => refuse(format!("Unknown operation named \"{wanted}\".")),
        },
        None => match (operations.next(), operations.next()) {
            (Some(only), None) => Ok(only),
            _ => refuse("Must provide operation name if query contains multiple operations.".into()),
        },
    }
}

/// The engine validates the whole document, so what does not run is bounded as well.
fn check_others(document: &ExecutableDocument, chosen: &Positioned<OperationDefinition>, limits: &Limits) -> Result<(), Refusal> {
    let none = Variables::default();
    if let DocumentOperations::Multiple(operations) = &document.operations {
        for operation in operations.values().filter(|each| !std::ptr::eq(*each, chosen)) {
            measure(document, operation, &none, limits)?;
        }
    }
    let mut fragments = Measure::new(document, None, &none, limits);
    for (name, fragment) in &document.fragments {
        fragments.fragment(name, fragment.pos, 1)?;
    }
    Ok(())
}

/// Measures an operation and holds it against every bound but cost.
fn measure<'a>(
    document: &'a ExecutableDocument,
    operation: &'a Positioned<OperationDefinition>,
    variables: &'a Variables,
    limits: &'a Limits,
) -> Result<Shape, Refusal> {
    let operation = &operation.node;
    let mut measure = Measure::new(document, Some(operation), variables, limits);
    let mut shape = measure.selection_set(&operation.selection_set.node, 1)?;
    shape.directives = shape.directives.saturating_add(measure.head(operation)?);
    for (name, maximum, value) in [
        ("depth", limits.depth, shape.depth),
        ("root_fields", limits.root_fields, shape.fields),
        ("aliases", limits.aliases, shape.aliases),
        ("directives", limits.directives, shape.directives),
        ("selections", limits.selections, shape.selections),
    ] {
        if value > maximum {
            return Err(Refusal::limit(name, maximum, value));
        }
    }
    Ok(shape)
}

/// The parser draws a picture of several lines; its last one says what was expected.
fn syntax_error(drawn: &str) -> String {
    let expected = drawn.lines().find_map(|line| line.trim_start().strip_prefix("= "));
    match expected {
        Some(expected) => format!("Syntax error: {expected}."),
        None => format!("Syntax error: {drawn}."),
    }
}
