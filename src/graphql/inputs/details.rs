//! The fields and products of a claim, as partners write them.

use async_graphql::{ID, InputObject, MaybeUndefined};

use super::change::{becomes, change_inputs};
use crate::domain::command::{self, Command, Create, DetailsInput, Patch, ProductInput};
use crate::domain::ids::{ClaimId, ProductLineId};
use crate::graphql::enums::{Activity, SolutionArea};
use crate::graphql::errors::Failure;
use crate::graphql::id::decode;
use crate::graphql::scalars::Uuid;

/// A customer's contact. It replaces the former contact whole.
#[derive(InputObject, Clone, Debug)]
pub struct ContactInput {
    /// The name. Required at submission; 200 characters at most.
    pub name: Option<String>,
    /// The title. Required at submission; 200 characters at most.
    pub title: Option<String>,
    /// The e-mail address. Required at submission.
    pub email: Option<String>,
}

/// The partner's contact. It replaces the former contact whole.
#[derive(InputObject, Clone, Debug)]
pub struct PartnerContactInput {
    /// The name. Required at submission; 200 characters at most.
    pub name: Option<String>,
    /// The e-mail address. Required at submission.
    pub email: Option<String>,
}

/// A product to claim.
#[derive(InputObject, Clone, Debug)]
pub struct ClaimProductInput {
    /// The code of the catalogue entry, such as `EXCHANGE_ONLINE`.
    pub product: String,
    /// The subscription (a GUID); required at submission for Business Applications, and for them only.
    pub subscription_id: Option<String>,
}

/// A product that takes the place of another.
#[derive(InputObject, Clone, Debug)]
pub struct ClaimProductReplacement {
    /// The claimed product to replace. It keeps its id.
    pub product_id: ID,
    /// The code of the catalogue entry that takes its place.
    pub product: String,
    /// The subscription (a GUID); required at submission for Business Applications, and for them only.
    pub subscription_id: Option<String>,
}

/// A new claim. Only the location is required now; the rest is checked at submission, and what is given must be well-formed.
#[derive(InputObject, Clone, Debug)]
pub struct ClaimCreateInput {
    /// A key of your own for this mutation: sending it again with the same input creates nothing more and answers what the first time
    /// answered.
    pub idempotency_key: Option<Uuid>,
    /// The partner location that claims: its MPN id, one to twelve digits.
    pub location: String,
    /// Your own words for the claim. Required at submission, fixed by it; 200 characters at most.
    pub name: Option<String>,
    /// The customer's tenant id (a GUID). Required at submission, fixed by it.
    pub tenant_id: Option<String>,
    /// The customer's domain, such as `fabrikam.com`. Fixed by submission.
    pub customer_domain: Option<String>,
    /// The customer's name. Required at submission, fixed by it; 200 characters at most.
    pub customer_name: Option<String>,
    /// The solution area. Required at submission, fixed by it.
    pub area: Option<SolutionArea>,
    /// The activities. Required at submission, fixed by it. Business Applications: usage and/or pre-sales together, or revenue
    /// association alone. Microsoft 365: usage.
    pub activities: Option<Vec<Activity>>,
    /// The products; one at least is required at submission, 50 at most.
    pub products: Option<Vec<ClaimProductInput>>,
    /// The customer's contact, who gets the consent link. Required at submission.
    pub customer_contact: Option<ContactInput>,
    /// The customer's technical contact. Required at submission for Business Applications.
    pub technical_contact: Option<ContactInput>,
    /// The partner's contact. Required at submission.
    pub partner_contact: Option<PartnerContactInput>,
    /// Your own reference; 200 characters at most.
    pub external_reference: Option<String>,
    /// Your own tags, 20 at most.
    pub tags: Option<Vec<String>>,
}

change_inputs! {
    /// Changes fields of a claim. What is left out stays as it is; null clears a field.
    ClaimUpdateInput {
        /// The partner location that claims: its MPN id. Cannot be cleared.
        location: MaybeUndefined<String>,
        /// Your own words for the claim; 200 characters at most.
        name: MaybeUndefined<String>,
        /// The customer's tenant id (a GUID).
        tenant_id: MaybeUndefined<String>,
        /// The customer's domain.
        customer_domain: MaybeUndefined<String>,
        /// The customer's name; 200 characters at most.
        customer_name: MaybeUndefined<String>,
        /// The solution area.
        area: MaybeUndefined<SolutionArea>,
        /// The activities, all of them.
        activities: MaybeUndefined<Vec<Activity>>,
        /// The customer's contact, whole. In APPROVED a new consent link goes out and the old one is void.
        customer_contact: MaybeUndefined<ContactInput>,
        /// The customer's technical contact, whole.
        technical_contact: MaybeUndefined<ContactInput>,
        /// The partner's contact, whole.
        partner_contact: MaybeUndefined<PartnerContactInput>,
        /// Your own reference; 200 characters at most.
        external_reference: MaybeUndefined<String>,
        /// Your own tags, all of them, 20 at most.
        tags: MaybeUndefined<Vec<String>>,
    }

    /// Adds, replaces and removes products of a claim, all or nothing. After submission the claim is validated again.
    ClaimUpdateProductsInput {
        /// Products to add.
        add: Option<Vec<ClaimProductInput>>,
        /// Products to replace.
        replace: Option<Vec<ClaimProductReplacement>>,
        /// Claimed products to remove.
        remove: Option<Vec<ID>>,
    }
}

/// Items a list of an input may have before the domain counts them by its own rules.
pub(super) const MAX_INPUT_ITEMS: usize = 500;

/// A list within [`MAX_INPUT_ITEMS`].
pub(super) fn bounded<T>(list: Option<Vec<T>>, argument: &'static str) -> Result<Vec<T>, Failure> {
    let list = list.unwrap_or_default();
    if list.len() > MAX_INPUT_ITEMS { Err(Failure::TooLong { argument, maximum: MAX_INPUT_ITEMS }) } else { Ok(list) }
}

impl From<ContactInput> for command::ContactInput {
    fn from(input: ContactInput) -> Self {
        Self { name: input.name, title: input.title, email: input.email }
    }
}

impl From<PartnerContactInput> for command::ContactInput {
    fn from(input: PartnerContactInput) -> Self {
        Self { name: input.name, title: None, email: input.email }
    }
}

impl From<ClaimProductInput> for ProductInput {
    fn from(input: ClaimProductInput) -> Self {
        Self { id: ProductLineId::fresh(), product: input.product, subscription_id: input.subscription_id }
    }
}

/// A patch of the domain: left out, null, or a value.
fn patch<T, U: From<T>>(member: MaybeUndefined<T>) -> Patch<U> {
    match member {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value.into())),
    }
}

/// A member whose cleared form is its empty one.
fn emptied<T: Default>(member: MaybeUndefined<T>) -> Option<T> {
    match member {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(T::default()),
        MaybeUndefined::Value(value) => Some(value),
    }
}

/// A patch that only sets: of what is not there yet.
fn set<T, U: From<T>>(member: Option<T>) -> Patch<U> {
    member.map(|value| Some(value.into()))
}

impl ClaimCreateInput {
    /// The command.
    ///
    /// # Errors
    /// [`Failure::TooLong`] if a list is beyond all bounds.
    pub fn command(self) -> Result<Create, Failure> {
        let details = DetailsInput {
            name: set(self.name),
            location: Some(self.location),
            tenant_id: set(self.tenant_id),
            customer_domain: set(self.customer_domain),
            customer_name: set(self.customer_name),
            area: set(self.area),
            activities: self.activities.map(|some| some.into_iter().map(Into::into).collect()),
            customer_contact: set(self.customer_contact),
            technical_contact: set(self.technical_contact),
            partner_contact: set(self.partner_contact),
            external_reference: set(self.external_reference),
            tags: self.tags,
        };
        let products = bounded(self.products, "input.products")?.into_iter().map(Into::into).collect();
        Ok(Create { id: ClaimId::fresh(), details, products })
    }
}

impl ClaimUpdateInput {
    fn details(self) -> DetailsInput {
        DetailsInput {
            name: patch(self.name),
            // Null is read as no text, and refused like it.
            location: emptied(self.location),
            tenant_id: patch(self.tenant_id),
            customer_domain: patch(self.customer_domain),
            customer_name: patch(self.customer_name),
            area: patch(self.area),
            activities: emptied(self.activities).map(|some| some.into_iter().map(Into::into).collect()),
            customer_contact: patch(self.customer_contact),
            technical_contact: patch(self.technical_contact),
            partner_contact: patch(self.partner_contact),
            external_reference: patch(self.external_reference),
            tags: emptied(self.tags),
        }
    }
}

fn replacement(input: ClaimProductReplacement) -> Result<(ProductLineId, ProductInput), Failure> {
    let id = decode(&input.product_id, "input.replace.productId")?;
    Ok((id, ProductInput { id, product: input.product, subscription_id: input.subscription_id }))
}

becomes! {
    ClaimUpdateInput => |input| Command::Update(Box::new(input.details()));
    ClaimUpdateProductsInput => |input| Command::UpdateProducts {
        add: bounded(input.add, "input.add")?.into_iter().map(Into::into).collect(),
        replace: bounded(input.replace, "input.replace")?.into_iter().map(replacement).collect::<Result<_, _>>()?,
        remove: bounded(input.remove, "input.remove")?
            .iter()
            .map(|id| decode(id, "input.remove"))
            .collect::<Result<_, _>>()?,
    };
}
