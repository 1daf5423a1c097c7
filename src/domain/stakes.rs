//! What a command touches outside its claim: what to lock and to look up before deciding it.

use std::collections::BTreeSet;

use super::claim::Claim;
use super::command::{Command, Create, ProductInput};
use super::form::guid;
use super::ids::{PersonId, ProductLineId, SubscriptionId, UploadId};
use super::poe::NewDocument;
use super::product::{Key, ProductCode, ProductLine, keys};

/// What a command may touch outside its claim; rather too much than too little.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stakes {
    /// The keys that the claim has or would have.
    pub keys: BTreeSet<Key>,
    /// The subscriptions of its lines.
    pub subscriptions: BTreeSet<SubscriptionId>,
    /// The uploads that the command names.
    pub uploads: BTreeSet<UploadId>,
    /// The person that the command names.
    pub assignee: Option<PersonId>,
}

impl Stakes {
    /// Of a command on a claim.
    #[must_use]
    pub fn of(claim: &Claim, command: &Command) -> Self {
        let mut lines = claim.products.clone();
        if let Command::UpdateProducts { add, replace, .. } = command {
            lines.extend(add.iter().chain(replace.iter().map(|(_, input)| input)).filter_map(line));
        }
        let tenant = claim.details.tenant;
        Self {
            keys: tenant.map(|tenant| keys(tenant, &lines, &claim.details.activities)).unwrap_or_default(),
            subscriptions: lines.iter().filter_map(|line| line.subscription).collect(),
            uploads: documents(command).iter().map(|document| document.upload).collect(),
            assignee: if let Command::Assign { to } = command { *to } else { None },
        }
    }

    /// Of a creation: drafts hold no key.
    #[must_use]
    pub fn of_creation(command: &Create) -> Self {
        let lines = command.products.iter().filter_map(line);
        Self { subscriptions: lines.filter_map(|line| line.subscription).collect(), ..Self::default() }
    }
}

fn line(input: &ProductInput) -> Option<ProductLine> {
    let subscription = match input.subscription_id.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(text) => Some(SubscriptionId(guid(text)?)),
    };
    let id: ProductLineId = input.id;
    Some(ProductLine { id, product: ProductCode(input.product.trim().to_owned()), subscription })
}

fn documents(command: &Command) -> &[NewDocument] {
    match command {
        Command::AttachDocument(document) => std::slice::from_ref(document),
        Command::Dispute { documents, .. } => documents,
        _ => &[],
    }
}
