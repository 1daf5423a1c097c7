//! The number of SQL statements of an operation does not depend on the number of rows.

use serde_json::{Value, json};

use super::walk::{WATCH, Walk, submit_a_candidate};

/// Statements of each operation of the playground, authentication included: changed on purpose or not at all.
const STATEMENTS: &[(&str, u64)] = &[
    ("00_welcome", 1),
    ("01_who_am_i", 4),
    ("02_dashboard", 17),
    ("03_create", 29),
    ("04_upload", 9),
    ("05_attach", 19),
    ("05_update", 20),
    ("06_submit", 41),
    ("07_start_review", 34),
    ("08_request_action", 22),
    ("09_resubmit", 34),
    ("10_approve", 45),
    ("11_claim_detail", 28),
    ("13_work_list", 8),
    ("14_reject", 35),
    ("15_dispute", 21),
    ("16_overdue", 5),
    ("17_assign", 17),
    ("18_programme", 4),
    ("19_search", 18),
    ("20_advance_the_clock", 2),
    ("21_assessment_feed", 2),
];

/// What an operation cost.
type Costs = Vec<(String, u64)>;

/// Walks through all operations; `between` grows what the next one meets.
async fn costs(walk: &mut Walk, between: impl AsyncFn(&Walk, &str, &Value)) -> Costs {
    let mut costs = Costs::new();
    for name in Walk::names().into_iter().filter(|name| name != WATCH) {
        let before = walk.api.world.app.database().statements();
        let data = walk.run(&name).await;
        costs.push((name.clone(), walk.api.world.app.database().statements() - before));
        between(walk, &name, &data).await;
    }
    costs
}

#[tokio::test(flavor = "multi_thread")]
async fn no_operation_costs_more_statements_when_there_are_more_rows() {
    let mut few = Walk::new().await;
    submit_a_candidate(&mut few).await;
    let few = costs(&mut few, async |_, _, _| {}).await;

    let mut walk = Walk::new().await;
    for _ in 0..12 {
        submit_a_candidate(&mut walk).await;
    }
    let many = costs(&mut walk, async |walk, name, data| grow(walk, name, data).await).await;
    assert_eq!(few, many, "few rows on the left, many on the right");
    let golden: Vec<_> = STATEMENTS.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    assert_eq!(few, golden);
}

/// After its creation the claim gets more products and tags, after its submission comments and documents.
async fn grow(walk: &Walk, name: &str, data: &Value) {
    let anna = walk.api.as_("anna");
    match name {
        "03_create" => {
            let codes = ["SHAREPOINT_ONLINE", "MICROSOFT_365_APPS", "YAMMER", "INTUNE", "AZURE_AD_PREMIUM"];
            let add: Vec<_> = codes.iter().map(|code| json!({ "product": code })).collect();
            let input = json!({ "claimId": data["claimCreate"]["claim"]["id"], "add": add });
            let more = "mutation ($input: ClaimUpdateProductsInput!) {
                claimUpdateProducts(input: $input) { claim { products { totalCount } } userErrors { code } } }";
            let done = anna.ask(more, json!({ "input": input })).await;
            assert_eq!(done["claimUpdateProducts"]["claim"]["products"]["totalCount"], 7, "{done}");
        }
        "06_submit" => {
            let say = "mutation ($input: CommentAddInput!) { commentAdd(input: $input) { userErrors { code } } }";
            for number in 0..15 {
                let input = json!({ "claimId": data["submit"]["claim"]["id"], "body": format!("More, {number}") });
                anna.ask(say, json!({ "input": input })).await;
            }
            for _ in 0..3 {
                attach_another(walk).await;
            }
        }
        _ => {}
    }
}

async fn attach_another(walk: &Walk) {
    let (anna, query, variables) = walk.prepared("04_upload");
    let upload = anna.ask(&query, variables).await["poeUploadCreate"]["upload"].take();
    assert_eq!(anna.put(upload["url"].as_str().unwrap(), "%PDF-1.7\nanother").await, 201);
    let (anna, query, mut variables) = walk.prepared("05_attach");
    variables["input"]["uploadId"] = upload["id"].clone();
    let done = anna.ask(&query, variables).await;
    assert!(done["poeAttach"]["document"].is_object(), "{done}");
}
