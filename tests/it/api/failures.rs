//! What goes wrong within an answer: every failure of a field, produced and documented.

use cpor::graphql::errors::Failure;
use serde_json::json;

use super::Api;
use crate::support::cluster::execute;

/// One of each.
const ALL: [Failure; 8] = [
    Failure::BadId { argument: "id" },
    Failure::BadCursor { argument: "after" },
    Failure::BadPage { argument: "first" },
    Failure::TooLong { argument: "ids", maximum: 100 },
    Failure::SlowConsumer,
    Failure::CredentialEnded,
    Failure::Unavailable,
    Failure::Internal,
];

/// A query that ends so; none for what only streams and lost databases do, of which `live` and `outage` tell.
fn query(failure: Failure) -> Option<&'static str> {
    match failure {
        Failure::BadId { .. } => Some("{ node(id: \"nosuch\") { id } }"),
        Failure::BadCursor { .. } => Some("{ claims(after: \"nosuch\") { nodes { id } } }"),
        Failure::BadPage { .. } => Some("{ claims(first: 101) { nodes { id } } }"),
        Failure::TooLong { .. } => Some("{ claims(filter: { tags: [\"a\",\"a\",\"a\"], search: \"LONG\" }) { nodes { id } } }"),
        Failure::Internal => Some("{ policies { consentDays } }"),
        Failure::SlowConsumer | Failure::CredentialEnded | Failure::Unavailable => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failure_of_a_field_comes_about_and_tells_nothing_of_the_inside() {
    let api = Api::new().await;
    // What nobody can foresee.
    execute(api.world.database.url(), "ALTER TABLE policies RENAME TO policies_elsewhere").await.unwrap();
    for failure in ALL {
        let Some(query) = query(failure) else { continue };
        let query = query.replace("LONG", &"a".repeat(201));
        assert_eq!(api.as_("anna").code(&query, json!({})).await, failure.code(), "{query}");
    }
}

#[test]
fn every_failure_is_documented() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/http.md")).unwrap();
    for failure in ALL {
        assert!(page.contains(&format!("| `{}` |", failure.code())), "{} has no row", failure.code());
    }
}
