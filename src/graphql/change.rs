//! From a mutation's input to the one door, and back.

use async_graphql::{Context, Result, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::context::AskExt;
use super::inputs::{Change, ClaimCreateInput};
use super::payload::{ClaimCreate, Mutation, Payload, answer};
use crate::app::{Idempotency, Options};

/// The member of every input that is no part of what a client wants.
const KEY_MEMBER: &str = "idempotencyKey";

/// Runs a change of a claim and answers what came of it.
///
/// # Errors
/// Ids of a wrong kind, and our own failures; what a rule refuses is in the payload.
pub async fn change<M: Mutation>(ctx: &Context<'_>, input: impl Change) -> Result<Payload<M>> {
    let ask = ctx.ask()?;
    let head = input.head()?;
    let command = input.command()?;
    let options = Options {
        expected_version: head.expected_version,
        idempotency: head.idempotency_key.map(|key| idempotency(ctx, key)).transpose()?,
        dry_run: head.dry_run,
    };
    let outcome = ask.app.execute(&ask.viewer, head.claim, command, options).await.map_err(|cause| ask.failed(&cause))?;
    answer(ctx, outcome).await
}

/// Creates a claim and answers what came of it.
///
/// # Errors
/// Our own failures; what a rule refuses is in the payload.
pub async fn create(ctx: &Context<'_>, input: ClaimCreateInput) -> Result<Payload<ClaimCreate>> {
    let ask = ctx.ask()?;
    let key = input.idempotency_key;
    let idempotency = key.map(|key| idempotency(ctx, key.0)).transpose()?;
    let options = Options { expected_version: None, idempotency, dry_run: false };
    let outcome = ask.app.create(&ask.viewer, input.command()?, options).await.map_err(|cause| ask.failed(&cause))?;
    answer(ctx, outcome).await
}

/// The key with the fingerprint of the mutation as the client wrote it: its name and its input, without the key.
fn idempotency(ctx: &Context<'_>, key: Uuid) -> Result<Idempotency> {
    let field = ctx.field();
    let mut text = field.name().to_owned();
    for (name, value) in field.arguments()? {
        text.push_str(&name);
        write_canonical(&mut text, &value);
    }
    Ok(Idempotency { key, fingerprint: Sha256::digest(text.as_bytes()).into() })
}

/// One text per meaning: members sorted, no blanks; an enum value is the same whether it came as a variable or in the document.
fn write_canonical(text: &mut String, value: &Value) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().filter(|(name, _)| name.as_str() != KEY_MEMBER).collect();
            members.sort_unstable_by_key(|(name, _)| name.as_str());
            text.push('{');
            for (name, value) in members {
                text.push_str(name);
                text.push(':');
                write_canonical(text, value);
                text.push(',');
            }
            text.push('}');
        }
        Value::List(items) => {
            text.push('[');
            for item in items {
                write_canonical(text, item);
                text.push(',');
            }
            text.push(']');
        }
        Value::Enum(name) => write_string(text, name),
        Value::String(string) => write_string(text, string),
        other => text.push_str(&other.to_string()),
    }
}

/// Quoted by its length, so that no text can look like another value.
fn write_string(text: &mut String, string: &str) {
    text.push_str(&format!("{}\"{string}\"", string.len()));
}

#[cfg(test)]
mod tests {
    use async_graphql::{Name, value};

    use super::*;

    fn canonical(value: &Value) -> String {
        let mut text = String::new();
        write_canonical(&mut text, value);
        text
    }

    #[test]
    fn order_of_members_and_the_key_do_not_matter_but_values_do() {
        let one = value!({ "claimId": "a", "comment": "x", "idempotencyKey": "1" });
        let other = value!({ "idempotencyKey": "2", "comment": "x", "claimId": "a" });
        assert_eq!(canonical(&one), canonical(&other));
        assert_ne!(canonical(&one), canonical(&value!({ "claimId": "a", "comment": "y" })));
        assert_ne!(canonical(&value!({ "comment": null })), canonical(&value!({})));
        assert_ne!(canonical(&value!(["a", "b"])), canonical(&value!(["a\",1\"b"])));
    }

    #[test]
    fn an_enum_is_the_same_in_document_and_variables() {
        assert_eq!(canonical(&Value::Enum(Name::new("OTHER"))), canonical(&value!("OTHER")));
    }
}
