//! The root of a subscription: one field, which the engine finds only where it stands directly in the operation.
//!
//! It answers a field within a fragment with silence, and two fields with two streams in one. So two are refused, and
//! a fragment at the root is opened.

use std::collections::HashSet;

use async_graphql::Positioned;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};

use super::shape::Shape;
use crate::http::error::{Code, Refusal};

/// Refuses a subscription without exactly one root field, fragments expanded.
pub(super) fn check(operation: &Positioned<OperationDefinition>, shape: &Shape) -> Result<(), Refusal> {
    if shape.fields == 1 && !shape.introspects {
        return Ok(());
    }
    let message = "A subscription must select exactly one root field.";
    Err(Refusal::new(Code::ValidationFailed, message).at([operation.pos]))
}

/// Puts the root field of a checked subscription in the place of the fragment that holds it.
pub(in crate::http) fn open_root(document: &mut ExecutableDocument, name: Option<&str>) {
    let mut opened = HashSet::new();
    let Some(operation) = find(document, name) else {
        return;
    };
    let set = &operation.node.selection_set.node;
    let direct = set.items.iter().all(|item| matches!(item.node, Selection::Field(_)));
    if operation.node.ty != OperationType::Subscription || direct {
        return;
    }
    let Some(field) = root_field(document, set, &mut opened).cloned() else {
        return;
    };
    let operation = match &mut document.operations {
        DocumentOperations::Single(operation) => Some(operation),
        DocumentOperations::Multiple(operations) => name.and_then(|name| operations.get_mut(name)),
    };
    if let Some(operation) = operation {
        let field = Positioned::new(Selection::Field(field.clone()), field.pos);
        operation.node.selection_set.node.items = vec![field];
    }
    // What nobody spreads any more would be refused as unused.
    let kept = still_spread(document, &opened);
    document.fragments.retain(|name, _| !opened.contains(name.as_str()) || kept.contains(name.as_str()));
}

/// Names that operations still reach, or fragments that were not opened.
fn still_spread(document: &ExecutableDocument, opened: &HashSet<String>) -> HashSet<String> {
    let mut next = HashSet::new();
    for (_, operation) in document.operations.iter() {
        spreads(&operation.node.selection_set.node, &mut next);
    }
    for (_, fragment) in document.fragments.iter().filter(|(name, _)| !opened.contains(name.as_str())) {
        spreads(&fragment.node.selection_set.node, &mut next);
    }
    let mut reached = HashSet::new();
    while let Some(name) = next.iter().next().cloned() {
        next.remove(&name);
        if let Some(fragment) = document.fragments.get(name.as_str()).filter(|_| !reached.contains(&name)) {
            spreads(&fragment.node.selection_set.node, &mut next);
        }
        reached.insert(name);
    }
    reached
}

fn find<'a>(document: &'a ExecutableDocument, wanted: Option<&str>) -> Option<&'a Positioned<OperationDefinition>> {
    let mut operations = document.operations.iter();
    operations.find(|(name, _)| name.map(|name| name.as_str()) == wanted).map(|(_, operation)| operation)
}

/// The only field there is. Terminates because fragments were measured, which refuses circles.
fn root_field<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    opened: &mut HashSet<String>,
) -> Option<&'a Positioned<Field>> {
    set.items.iter().find_map(|item| match &item.node {
        Selection::Field(field) => Some(field),
        Selection::InlineFragment(inline) => root_field(document, &inline.node.selection_set.node, opened),
        Selection::FragmentSpread(spread) => {
            let name = spread.node.fragment_name.node.as_str();
            let fragment = document.fragments.get(name)?;
            opened.insert(name.to_owned());
            root_field(document, &fragment.node.selection_set.node, opened)
        }
    })
}

/// Names of all fragments spread in a selection set, without following them.
fn spreads(set: &SelectionSet, names: &mut HashSet<String>) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => spreads(&field.node.selection_set.node, names),
            Selection::InlineFragment(inline) => spreads(&inline.node.selection_set.node, names),
            Selection::FragmentSpread(spread) => {
                names.insert(spread.node.fragment_name.node.to_string());
            }
        }
    }
}
