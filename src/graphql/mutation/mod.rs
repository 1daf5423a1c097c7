//! The root of mutations: one intent each, noun first, a few lines each.

mod demo;
mod operator;
mod partner;
mod review;
mod settings;

use async_graphql::MergedObject;

use self::demo::DemoMutations;
use self::operator::OperatorMutations;
use self::partner::PartnerMutations;
use self::review::ReviewMutations;
use self::settings::SettingsMutations;

/// What can be done. Each mutation tells everything that is wrong at once in `userErrors`, and then does nothing.
#[derive(MergedObject, Default)]
pub struct Mutation(PartnerMutations, ReviewMutations, SettingsMutations, OperatorMutations);

/// What can be done in a demo: the same, and moving its time. Each mutation tells everything that is wrong at once in `userErrors`, and
/// then does nothing.
#[derive(MergedObject, Default)]
#[graphql(name = "Mutation")]
pub struct DemoMutation(PartnerMutations, ReviewMutations, SettingsMutations, OperatorMutations, DemoMutations);

/// Declares root fields that change a claim: the field, its input, its payload's mutation.
macro_rules! changes {
    ($group:ident { $($(#[$doc:meta])* $field:ident($input:ident) -> $mutation:ident;)+ } $($more:tt)*) => {
        #[async_graphql::Object]
        impl $group {
            $($(#[$doc])*
            async fn $field(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "What to do, and to which claim.")] input: $crate::graphql::inputs::$input,
            ) -> Option<async_graphql::Result<$crate::graphql::payload::Payload<$crate::graphql::payload::$mutation>>> {
                Some($crate::graphql::change::change(ctx, input).await)
            })+
            $($more)*
        }
    };
}
use changes;
