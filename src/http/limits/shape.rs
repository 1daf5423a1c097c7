//! What a document would expand to, computed without expanding it.
//!
//! The engine walks every use of every fragment: 22 fragments that each spread the next one twice are four million
//! fields from 800 bytes. Here each fragment is measured once and remembered, so the work is that of the text.

use std::collections::HashMap;

use async_graphql::parser::types::{Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Name, Pos, Positioned, Value as ConstValue, Variables};
use async_graphql_value::Value;

use super::values::{check, check_literal};
use crate::http::error::{Code, Refusal};
use crate::http::settings::Limits;

/// Fields of introspection that lead from a type to other types.
const INTROSPECTION_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// Fields that hold the items of a page.
const PAGED: [&str; 3] = ["edges", "nodes", "events"];

/// Measures of a selection set with all its fragments expanded. Sums saturate.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shape {
    /// Selection sets within each other, fragments included: the recursion of whoever walks it.
    pub(super) height: usize,
    /// Fields within fields.
    pub(super) depth: u64,
    /// Fields at the top.
    pub(super) fields: u64,
    pub(super) selections: u64,
    pub(super) aliases: u64,
    pub(super) directives: u64,
    pub(super) cost: u64,
    /// The part of `cost` that is beneath [`PAGED`] fields at the top: what a page size multiplies.
    pub(super) paged_cost: u64,
    /// Lists of introspection within each other.
    pub(super) lists: u64,
    /// Whether `__schema` or `__type` occurs.
    pub(super) introspects: bool,
}

impl Shape {
    fn add(&mut self, other: Shape) {
        self.height = self.height.max(other.height);
        self.depth = self.depth.max(other.depth);
        self.lists = self.lists.max(other.lists);
        self.introspects |= other.introspects;
        for (sum, more) in [
            (&mut self.fields, other.fields),
            (&mut self.selections, other.selections),
            (&mut self.aliases, other.aliases),
            (&mut self.directives, other.directives),
            (&mut self.cost, other.cost),
            (&mut self.paged_cost, other.paged_cost),
        ] {
            *sum = sum.saturating_add(more);
        }
    }
}

enum Measured {
    InProgress,
    Done(Shape),
}

/// Measures the selection sets of one operation, or of fragments on their own.
pub(super) struct Measure<'a> {
    document: &'a ExecutableDocument,
    operation: Option<&'a OperationDefinition>,
    variables: &'a Variables,
    limits: &'a Limits,
    fragments: HashMap<&'a str, Measured>,
}

impl<'a> Measure<'a> {
    pub(super) fn new(
        document: &'a ExecutableDocument,
        operation: Option<&'a OperationDefinition>,
        variables: &'a Variables,
        limits: &'a Limits,
    ) -> Self {
        Self { document, operation, variables, limits, fragments: HashMap::new() }
    }

    pub(super) fn selection_set(&mut self, set: &'a SelectionSet, level: usize) -> Result<Shape, Refusal> {
        self.within_nesting(level)?;
        let mut shape = Shape::default();
        for selection in &set.items {
            shape.add(self.selection(&selection.node, level)?);
        }
        shape.height += 1;
        self.within_nesting(level + shape.height)?;
        Ok(shape)
    }

    fn selection(&mut self, selection: &'a Selection, level: usize) -> Result<Shape, Refusal> {
        let mut shape = match selection {
            Selection::Field(field) => self.field(&field.node, level)?,
            Selection::InlineFragment(inline) => self.selection_set(&inline.node.selection_set.node, level + 1)?,
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name;
                self.fragment(&name.node, name.pos, level)?
            }
        };
        shape.selections = shape.selections.saturating_add(1);
        let directives = self.directives(selection.directives())?;
        shape.directives = shape.directives.saturating_add(directives);
        Ok(shape)
    }

    /// A fragment that the document does not have measures nothing: validation names it.
    pub(super) fn fragment(&mut self, name: &'a Name, pos: Pos, level: usize) -> Result<Shape, Refusal> {
        let key = name.as_str();
        match self.fragments.get(key) {
            Some(Measured::Done(shape)) => {
                self.within_nesting(level + shape.height)?;
                return Ok(*shape);
            }
            Some(Measured::InProgress) => return Err(cycle(name, pos)),
            None => {}
        }
        let document = self.document;
        let Some(fragment) = document.fragments.get(key) else {
            return Ok(Shape::default());
        };
        self.fragments.insert(key, Measured::InProgress);
        let mut shape = self.selection_set(&fragment.node.selection_set.node, level + 1)?;
        let directives = self.directives(&fragment.node.directives)?;
        shape.directives = shape.directives.saturating_add(directives);
        self.fragments.insert(key, Measured::Done(shape));
        Ok(shape)
    }

    fn field(&mut self, field: &'a Field, level: usize) -> Result<Shape, Refusal> {
        for (_, value) in &field.arguments {
            check_literal(&value.node, self.limits)?;
        }
        let inner = if field.selection_set.node.items.is_empty() {
            Shape::default()
        } else {
            self.selection_set(&field.selection_set.node, level + 1)?
        };
        let name = field.name.node.as_str();
        let introspects = matches!(name, "__schema" | "__type");
        if introspects && inner.lists > self.limits.introspection_lists {
            let maximum = self.limits.introspection_lists;
            return Err(Refusal::limit("introspection_lists", maximum, inner.lists));
        }
        let cost = self.cost(field, &inner).saturating_add(1);
        Ok(Shape {
            height: inner.height,
            depth: inner.depth + 1,
            fields: 1,
            selections: inner.selections,
            aliases: inner.aliases.saturating_add(u64::from(field.alias.is_some())),
            directives: inner.directives,
            cost,
            paged_cost: if PAGED.contains(&name) { cost } else { 0 },
            lists: inner.lists + u64::from(INTROSPECTION_LISTS.contains(&name)),
            introspects: introspects || inner.introspects,
        })
    }

    /// The cost beneath a field: a page multiplies what is beneath [`PAGED`] (or all, where there are none), `ids` multiply all.
    fn cost(&self, field: &Field, inner: &Shape) -> u64 {
        if let Some(ids) = field.get_argument("ids").and_then(|ids| self.length(&ids.node)) {
            return inner.cost.saturating_mul(ids);
        }
        let asked =
            ["first", "last"].iter().filter_map(|name| field.get_argument(name)).filter_map(|size| self.number(&size.node)).max();
        match (asked, inner.paged_cost) {
            (None, 0) => inner.cost,
            (Some(page), 0) => inner.cost.saturating_mul(page),
            (page, paged) => {
                let page = page.unwrap_or(self.limits.page_size_default);
                (inner.cost - paged).saturating_add(paged.saturating_mul(page))
            }
        }
    }

    /// A page size; what a resolver will refuse anyway counts as the largest one or as none.
    fn number(&self, value: &Value) -> Option<u64> {
        let number = match value {
            Value::Number(number) => number.clone(),
            Value::Variable(name) => match self.variable(name)? {
                ConstValue::Number(number) => number.clone(),
                _ => return None,
            },
            _ => return None,
        };
        let page = number.as_i64().map_or(u64::MAX, |n| u64::try_from(n).unwrap_or(0));
        Some(page.min(self.limits.page_size_max))
    }

    fn length(&self, value: &Value) -> Option<u64> {
        match value {
            Value::List(items) => Some(items.len() as u64),
            Value::Variable(name) => match self.variable(name)? {
                ConstValue::List(items) => Some(items.len() as u64),
                _ => None,
            },
            _ => None,
        }
    }

    fn variable(&self, name: &Name) -> Option<&ConstValue> {
        self.variables.get(name).or_else(|| {
            let definitions = &self.operation?.variable_definitions;
            let found = definitions.iter().find(|each| each.node.name.node == *name)?;
            found.node.default_value()
        })
    }

    /// Counts directives and checks their arguments.
    pub(super) fn directives(&self, directives: &[Positioned<Directive>]) -> Result<u64, Refusal> {
        for (_, value) in directives.iter().flat_map(|each| &each.node.arguments) {
            check_literal(&value.node, self.limits)?;
        }
        Ok(directives.len() as u64)
    }

    /// Counts the directives of an operation and its variables, and checks default values.
    pub(super) fn head(&self, operation: &OperationDefinition) -> Result<u64, Refusal> {
        let mut directives = self.directives(&operation.directives)?;
        for definition in &operation.variable_definitions {
            directives += self.directives(&definition.node.directives)?;
            if let Some(value) = &definition.node.default_value {
                check(&value.node, 1, self.limits)?;
            }
        }
        Ok(directives)
    }

    fn within_nesting(&self, level: usize) -> Result<(), Refusal> {
        if level > self.limits.nesting {
            let (maximum, value) = (self.limits.nesting as u64, level as u64);
            return Err(Refusal::limit("nesting", maximum, value));
        }
        Ok(())
    }
}

fn cycle(name: &Name, pos: Pos) -> Refusal {
    let message = format!("Cannot spread fragment \"{name}\" within itself.");
    Refusal::new(Code::ValidationFailed, message).at([pos])
}
