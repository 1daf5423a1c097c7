//! Viewers, temp
use cpor::auth::viewer::*;
use cpor::domain::ids::*;
use cpor::store::database::Database;
use std::sync::Arc;
pub async fn migrate(url: String) {
    cpor::store::migrations::migrate(&url).await.unwrap();
}
pub async fn person(database: &Database, name: &str) -> Arc<Viewer> {
    let record = cpor::store::people::by_subject(database, "https://issuer.example", name).await.unwrap().unwrap();
    Arc::new(cpor::scratch::person(record))
}
pub async fn customer(database: &Database, claim: ClaimId) -> Arc<Viewer> {
    let auditor = person(database, "auditor").await;
    let row = cpor::store::claims::by_ids(database, &auditor, &[claim]).await.unwrap().pop().unwrap();
    Arc::new(cpor::scratch::customer(LinkRecord {
        id: ConsentLinkId::fresh(),
        claim,
        tenant: row.details.tenant.unwrap(),
        email: "x@y.z".into(),
    }))
}
