//! Variables against the types that the document declares, all of them before anything executes.
//!
//! The engine looks at a variable where it is used, so that a mutation could run before the one beside it finds its
//! variable wrong. Here the schema's own text says which values its input types take.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, ExecutableDocument, InputValueDefinition, Type, TypeKind, TypeSystemDefinition};
use async_graphql::{Value, Variables};

use super::error::{Code, Refusal};
use crate::graphql::scalars::is_valid as is_scalar;

/// The input types of the schema.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    objects: HashMap<String, InputObject>,
    enums: HashMap<String, HashSet<String>>,
}

#[derive(Debug)]
struct InputObject {
    one_of: bool,
    fields: HashMap<String, InputField>,
}

#[derive(Debug)]
struct InputField {
    ty: Type,
    optional: bool,
}

impl Inputs {
    /// Reads the schema's text. A text that cannot be read checks nothing: the engine still does, only later.
    pub(super) fn from_sdl(sdl: &str) -> Self {
        let mut inputs = Self::default();
        let document = match parse_schema(sdl) {
            Ok(document) => document,
            Err(error) => {
                tracing::error!(%error, "the schema's text cannot be read: variables are checked late");
                return inputs;
            }
        };
        for definition in document.definitions {
            let TypeSystemDefinition::Type(ty) = definition else {
                continue;
            };
            let name = ty.node.name.node.to_string();
            match ty.node.kind {
                TypeKind::Enum(kind) => {
                    let values = kind.values.into_iter().map(|value| value.node.value.node.to_string());
                    inputs.enums.insert(name, values.collect());
                }
                TypeKind::InputObject(kind) => {
                    let one_of = ty.node.directives.iter().any(|each| each.node.name.node == "oneOf");
                    let fields = kind.fields.into_iter().map(|field| input_field(field.node));
                    let fields = fields.collect();
                    inputs.objects.insert(name, InputObject { one_of, fields });
                }
                _ => {}
            }
        }
        inputs
    }

    /// Checks every variable of the operation.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` with the name of the first variable that does not fit and the path within it.
    pub(super) fn check(
        &self,
        document: &ExecutableDocument,
        operation: Option<&str>,
        variables: &Variables,
    ) -> Result<(), Refusal> {
        let mut operations = document.operations.iter();
        let chosen = operations.find(|(name, _)| name.map(|name| name.as_str()) == operation);
        let Some((_, chosen)) = chosen else {
            return Ok(());
        };
        for definition in &chosen.node.variable_definitions {
            let (name, ty) = (&definition.node.name.node, &definition.node.var_type.node);
            let wrong = match variables.get(name) {
                Some(value) => self.fits(value, ty, name).err(),
                None if ty.nullable || definition.node.default_value.is_some() => None,
                None => Some(format!("Variable \"${name}\" of required type \"{ty}\" was not provided.")),
            };
            if let Some(message) = wrong {
                return Err(Refusal::new(Code::BadUserInput, message).fact("variable", name.as_str()).at([definition.pos]));
            }
        }
        Ok(())
    }

    fn fits(&self, value: &Value, ty: &Type, path: &str) -> Result<(), String> {
        match (value, &ty.base) {
            (Value::Null, _) if ty.nullable => Ok(()),
            (Value::Null, _) => Err(format!("\"{path}\" of non-null type \"{ty}\" must not be null.")),
            (Value::List(items), BaseType::List(inner)) => {
                items.iter().enumerate().try_for_each(|(at, item)| self.fits(item, inner, &format!("{path}[{at}]")))
            }
            // A single value stands for a list of one.
            (value, BaseType::List(inner)) => self.fits(value, inner, path),
            (value, BaseType::Named(name)) => self.fits_named(value, name, path),
        }
    }

    fn fits_named(&self, value: &Value, name: &str, path: &str) -> Result<(), String> {
        let refuse = |what: &str| Err(format!("\"{path}\" {what}"));
        if let Some(object) = self.objects.get(name) {
            return self.fits_object(value, name, object, path);
        }
        if let Some(values) = self.enums.get(name) {
            return match value {
                Value::String(text) if values.contains(text) => Ok(()),
                Value::Enum(text) if values.contains(text.as_str()) => Ok(()),
                _ => refuse(&format!("is not a value of enum \"{name}\".")),
            };
        }
        let fits = match (name, value) {
            ("Int", Value::Number(number)) => is_int(number),
            ("Float", Value::Number(number)) => number.as_f64().is_some_and(f64::is_finite),
            ("String", Value::String(_)) | ("Boolean", Value::Boolean(_)) | ("ID", Value::String(_)) => true,
            ("ID", Value::Number(number)) => number.is_i64() || number.is_u64(),
            ("Int" | "Float" | "String" | "Boolean" | "ID", _) => false,
            (name, value) => is_scalar(name, value).unwrap_or(true),
        };
        if fits {
            return Ok(());
        }
        refuse(&format!("cannot represent this value as \"{name}\"."))
    }

    fn fits_object(&self, value: &Value, name: &str, object: &InputObject, path: &str) -> Result<(), String> {
        let Value::Object(members) = value else {
            return Err(format!("\"{path}\" must be an object of type \"{name}\"."));
        };
        for member in members.keys() {
            if !object.fields.contains_key(member.as_str()) {
                return Err(format!("\"{path}\" has a field \"{member}\" that type \"{name}\" does not have."));
            }
        }
        if object.one_of && (members.len() != 1 || members.values().any(|value| *value == Value::Null)) {
            return Err(format!("\"{path}\" must have exactly one field of \"{name}\", not null."));
        }
        for (field, InputField { ty, optional }) in &object.fields {
            match members.get(field.as_str()) {
                Some(value) => self.fits(value, ty, &format!("{path}.{field}"))?,
                None if *optional => {}
                None => {
                    return Err(format!("\"{path}.{field}\" of required type \"{ty}\" was not provided."));
                }
            }
        }
        Ok(())
    }
}

fn input_field(field: InputValueDefinition) -> (String, InputField) {
    let ty = field.ty.node;
    let optional = ty.nullable || field.default_value.is_some();
    (field.name.node.to_string(), InputField { ty, optional })
}

/// 32 bits. `1.0` is none: the engine does not take it either, and here it is refused before anything runs.
fn is_int(number: &async_graphql::Number) -> bool {
    number.as_i64().is_some_and(|whole| i32::try_from(whole).is_ok())
}
