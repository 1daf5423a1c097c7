//! What deciding a command looks at: how much of its claim, and what outside the claim is to be locked and looked up before.

use std::collections::BTreeSet;

use super::claim::Claim;
use super::command::{Command, CommandKind, Create, ProductInput};
use super::form::guid;
use super::ids::{PersonId, ProductLineId, SubscriptionId, UploadId};
use super::poe::NewDocument;
use super::product::{Key, ProductCode, ProductLine, keys};

/// How much of a claim deciding looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What the claim itself is and where it stands, without products, documents, findings, clocks and associations.
    Row,
    /// Everything.
    Whole,
}

/// The one list of what deciding looks at, by kind of command.
impl CommandKind {
    /// How much of the claim, as long as no deadline has passed that is not recorded yet.
    #[must_use]
    pub fn extent(self) -> Extent {
        match self {
            Self::Comment | Self::AddNote => Extent::Row,
            _ => Extent::Whole,
        }
    }

    /// Whether the claim's fields and products are judged: by the catalogue, the directory, the organization's locations.
    #[must_use]
    pub fn judges_content(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::UpdateProducts | Self::Submit | Self::Resubmit)
    }

    /// Whether it matters who else has the claim's keys.
    #[must_use]
    pub fn weighs_keys(self) -> bool {
        matches!(self, Self::Update | Self::UpdateProducts | Self::Submit | Self::Resubmit | Self::Dispute | Self::Approve)
    }
}

/// What a command may touch outside its claim; rather too much than too little.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stakes {
    /// Whether the claim's content is judged.
    pub content: bool,
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
        let kind = command.kind();
        let mut lines = claim.products.clone();
        if let Command::UpdateProducts { add, replace, .. } = command {
            lines.extend(add.iter().chain(replace.iter().map(|(_, input)| input)).filter_map(line));
        }
        let tenant = claim.details.tenant.filter(|_| kind.weighs_keys());
        let subscriptions = lines.iter().filter_map(|line| line.subscription).filter(|_| kind.judges_content());
        Self {
            content: kind.judges_content(),
            subscriptions: subscriptions.collect(),
            keys: tenant.map(|tenant| keys(tenant, &lines, &claim.details.activities)).unwrap_or_default(),
            uploads: documents(command).iter().map(|document| document.upload).collect(),
            assignee: if let Command::Assign { to } = command { *to } else { None },
        }
    }

    /// Of every command that could be given on a claim, as far as the claim alone tells.
    #[must_use]
    pub fn of_any(claim: &Claim) -> Self {
        Self {
            content: true,
            keys: claim.keys().into_iter().collect(),
            subscriptions: claim.products.iter().filter_map(|line| line.subscription).collect(),
            ..Self::default()
        }
    }

    /// Of a creation: drafts hold no key.
    #[must_use]
    pub fn of_creation(command: &Create) -> Self {
        let lines = command.products.iter().filter_map(line);
        Self { content: true, subscriptions: lines.filter_map(|line| line.subscription).collect(), ..Self::default() }
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
