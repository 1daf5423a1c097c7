//! Lists: pages in both directions while rows come in, cursors, limits, filters, search.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::Api;
use crate::reads::rows::{PEOPLE, Rows};
use crate::support::cluster::execute;
use crate::support::world::World;

const PAGE: &str =
    "query ($filter: ClaimFilterInput, $orderBy: ClaimOrderInput, $first: Int, $after: Cursor, $last: Int, $before: Cursor) {
    claims(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
        totalCount edges { cursor node { number } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
const FACTS: &str = "query ($filter: ClaimFilterInput) { claims(filter: $filter, first: 100) { totalCount nodes {
    number name status consent assessment area activities tenantId customerDomain customerName locationId externalReference tags
    organization { id } assignee { id } createdAt updatedAt submittedAt decidedAt rejection { reason } statusFacts { isOverdue }
    products { nodes { code subscriptionId } } } } }";
const ORDERS: [&str; 6] = ["CREATED_AT", "UPDATED_AT", "SUBMITTED_AT", "DECIDED_AT", "DUE_AT", "NUMBER"];

/// 96 claims in every state, behind the API.
async fn many() -> Api {
    let world = Rows::new().await.into_world();
    // The rows were given their numbers past the sequence.
    execute(world.database.url(), "SELECT setval('claim_numbers', 200000)").await.unwrap();
    Api::of(world)
}

fn numbers(page: &Value) -> Vec<String> {
    page["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["number"].as_str().unwrap().to_owned()).collect()
}

/// Reads all pages in one direction; between them claims come in.
async fn read_through(api: &Api, order: &Value, forward: bool) -> Vec<String> {
    let (size, at, page_end, more) = if forward {
        ("first", "after", "endCursor", "hasNextPage")
    } else {
        ("last", "before", "startCursor", "hasPreviousPage")
    };
    let (mut seen, mut cursor, mut count) = (Vec::new(), Value::Null, 0);
    loop {
        let page = api.as_("aude").ask(PAGE, json!({ "orderBy": order, size: 17, at: cursor })).await["claims"].take();
        let rows = numbers(&page);
        if forward {
            seen.extend(rows)
        } else {
            seen.splice(0..0, rows).for_each(drop)
        }
        if page["pageInfo"][more] != true {
            return seen;
        }
        cursor = page["pageInfo"][page_end].clone();
        api.world.draft("clara", 1_000 + count, &["TEAMS"]).await;
        count += 1;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_give_each_row_once_in_both_directions_of_every_order_while_rows_come_in() {
    let api = many().await;
    for (field, direction) in ORDERS.iter().flat_map(|field| [(field, "ASC"), (field, "DESC")]) {
        let order = json!({ "field": field, "direction": direction });
        let before =
            api.as_("aude").ask(PAGE, json!({ "orderBy": order, "first": 0 })).await["claims"]["totalCount"].as_u64().unwrap();
        let (forward, backward) = (read_through(&api, &order, true).await, read_through(&api, &order, false).await);
        for (seen, way) in [(&forward, "forward"), (&backward, "backward")] {
            let distinct: BTreeSet<_> = seen.iter().collect();
            assert_eq!(distinct.len(), seen.len(), "{field} {direction} {way}: a row came twice");
            assert!(seen.len() as u64 >= before, "{field} {direction} {way}: {} of {before} rows", seen.len());
        }
        let old: BTreeSet<_> = forward.iter().filter(|number| backward.contains(number)).cloned().collect();
        let in_order = |seen: &[String]| seen.iter().filter(|number| old.contains(*number)).cloned().collect::<Vec<_>>();
        assert_eq!(in_order(&forward), in_order(&backward), "{field} {direction}: one order, whichever way it is read");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claims_own_lists_have_pages_too() {
    let world = World::new().await;
    let id = world.submitted("anna", 1, &["TEAMS", "YAMMER", "INTUNE"]).await;
    for _ in 0..4 {
        world.attach("anna", id).await;
    }
    let api = Api::of(world);
    for (list, key) in [("products", "code"), ("documents", "id"), ("history", "sequence")] {
        let query = format!(
            "query ($after: Cursor, $before: Cursor, $first: Int, $last: Int) {{ claims {{ nodes {{
                list: {list}(after: $after, before: $before, first: $first, last: $last) {{
                    totalCount nodes {{ {key} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }} }}"
        );
        let ask = async |variables| api.as_("anna").ask(&query, variables).await["claims"]["nodes"][0]["list"].take();
        let all = ask(json!({})).await;
        let nodes = |page: &Value| page["nodes"].as_array().unwrap().clone();
        assert_eq!(all["totalCount"], nodes(&all).len(), "{list}");
        let (first, last) = (ask(json!({ "first": 2 })).await, ask(json!({ "last": 1 })).await);
        assert_eq!(nodes(&first), nodes(&all)[..2], "{list}");
        let rest = ask(json!({ "after": first["pageInfo"]["endCursor"] })).await;
        assert_eq!([nodes(&first), nodes(&rest)].concat(), nodes(&all), "{list}");
        let earlier = ask(json!({ "before": last["pageInfo"]["startCursor"] })).await;
        assert_eq!([nodes(&earlier), nodes(&last)].concat(), nodes(&all), "{list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_list_or_order_and_garbage_are_bad() {
    let api = many().await;
    let aude = api.as_("aude");
    let by = |field: &str, direction: &str| json!({ "field": field, "direction": direction });
    let page = aude.ask(PAGE, json!({ "orderBy": by("NUMBER", "ASC"), "first": 1 })).await;
    let cursor = &page["claims"]["edges"][0]["cursor"];
    let of_comments = "{ claims(first: 1) { nodes { comments(first: 1) { pageInfo { endCursor } } } } }";
    let of_comments = aude.ask(of_comments, json!({})).await["claims"]["nodes"][0]["comments"]["pageInfo"]["endCursor"].take();
    assert!(of_comments.is_string());
    for (bad, order) in [
        (cursor.clone(), by("NUMBER", "DESC")),
        (cursor.clone(), by("CREATED_AT", "ASC")),
        (of_comments, by("NUMBER", "ASC")),
        (json!(""), by("NUMBER", "ASC")),
        (json!("AAAA"), by("NUMBER", "ASC")),
        (json!("A".repeat(10_000)), by("NUMBER", "ASC")),
    ] {
        for at in ["after", "before"] {
            let code = aude.code(PAGE, json!({ "orderBy": order, at: bad })).await;
            assert_eq!(code, "BAD_CURSOR", "{at} {bad:.50} by {order}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn page_sizes_are_from_none_to_a_hundred_and_twenty_unless_said() {
    let api = many().await;
    let aude = api.as_("aude");
    for page in [
        json!({ "first": -1 }),
        json!({ "last": -1 }),
        json!({ "first": 101 }),
        json!({ "last": 101 }),
        json!({ "first": 1, "last": 1 }),
    ] {
        assert_eq!(aude.code(PAGE, page.clone()).await, "BAD_PAGE", "{page}");
    }
    for (page, rows) in [(json!({}), 20), (json!({ "first": 0 }), 0), (json!({ "last": 0 }), 0), (json!({ "first": 100 }), 96)] {
        let claims = aude.ask(PAGE, page.clone()).await["claims"].take();
        assert_eq!((claims["edges"].as_array().unwrap().len(), &claims["totalCount"]), (rows, &json!(96)), "{page}");
    }
    let items = json!(vec!["0"; 51]);
    assert_eq!(aude.code(PAGE, json!({ "filter": { "tags": items } })).await, "ARGUMENT_TOO_LONG");
    assert_eq!(aude.code(PAGE, json!({ "filter": { "search": "a".repeat(201) } })).await, "ARGUMENT_TOO_LONG");
}

/// A filter, and the same as a plain condition over what the API shows.
type Case = (Value, Box<dyn Fn(&Value) -> bool>);

fn case(filter: Value, holds: impl Fn(&Value) -> bool + 'static) -> Case {
    (filter, Box::new(holds))
}

fn has(list: &Value, item: &str) -> bool {
    list.as_array().unwrap().iter().any(|one| one == item)
}

fn cases(rita: Value, fabrikam: Value) -> Vec<Case> {
    let within = |field: &'static str| {
        move |claim: &Value| claim[field].as_str().is_some_and(|at| ("2021-09-03".."2021-09-06").contains(&at))
    };
    let range = json!({ "from": "2021-09-03T00:00:00Z", "to": "2021-09-06T00:00:00Z" });
    let (someone, organization) = (rita.clone(), fabrikam.clone());
    vec![
        case(json!({}), |_| true),
        case(json!({ "statuses": ["EDITING", "APPROVED"] }), |claim| {
            claim["status"] == "EDITING" || claim["status"] == "APPROVED"
        }),
        case(json!({ "consents": ["OPEN"] }), |claim| claim["consent"] == "OPEN"),
        case(json!({ "assessments": ["SENT"] }), |claim| claim["assessment"] == "SENT"),
        case(json!({ "areas": ["BUSINESS_APPLICATIONS"] }), |claim| claim["area"] == "BUSINESS_APPLICATIONS"),
        case(json!({ "activities": ["PRESALES"] }), |claim| has(&claim["activities"], "PRESALES")),
        case(json!({ "products": ["INTUNE", "SALES"] }), |claim| {
            let lines = claim["products"]["nodes"].as_array().unwrap();
            lines.iter().any(|line| line["code"] == "INTUNE" || line["code"] == "SALES")
        }),
        case(json!({ "subscriptionId": "5b000000-0000-4000-8000-000000000004" }), |claim| {
            let lines = claim["products"]["nodes"].as_array().unwrap();
            lines.iter().any(|line| line["subscriptionId"] == "5b000000-0000-4000-8000-000000000004")
        }),
        case(json!({ "tenantIds": ["7e4a0000-0000-4000-8000-000000000003"] }), |claim| {
            claim["tenantId"] == "7e4a0000-0000-4000-8000-000000000003"
        }),
        case(json!({ "customerDomain": "CONTOSO.com" }), |claim| claim["customerDomain"] == "contoso.com"),
        case(json!({ "locations": ["1000002", "2000001"] }), |claim| {
            claim["locationId"] == "1000002" || claim["locationId"] == "2000001"
        }),
        case(json!({ "organizationIds": [fabrikam] }), move |claim| claim["organization"]["id"] == organization),
        case(json!({ "assigneeIds": [rita] }), move |claim| claim["assignee"]["id"] == someone),
        case(json!({ "isUnassigned": true }), |claim| claim["assignee"].is_null()),
        case(json!({ "isOverdue": true }), |claim| claim["statusFacts"]["isOverdue"] == true),
        case(json!({ "isOverdue": false }), |claim| claim["statusFacts"]["isOverdue"] == false),
        case(json!({ "rejectionReasons": ["INSUFFICIENT_POE"] }), |claim| claim["rejection"]["reason"] == "INSUFFICIENT_POE"),
        case(json!({ "tags": ["big", "small"] }), |claim| has(&claim["tags"], "big")),
        case(json!({ "externalReference": "REF-6" }), |claim| claim["externalReference"] == "REF-6"),
        case(json!({ "created": range }), within("createdAt")),
        case(json!({ "updated": range }), within("updatedAt")),
        case(json!({ "submitted": range }), within("submittedAt")),
        case(json!({ "decided": range }), within("decidedAt")),
        case(json!({ "search": "77 MIGRATION żab" }), |claim| claim["name"] == "Migration 77"),
        case(json!({ "statuses": ["APPROVED"], "areas": ["MICROSOFT_365"], "locations": ["1000001"] }), |claim| {
            claim["status"] == "APPROVED" && claim["area"] == "MICROSOFT_365" && claim["locationId"] == "1000001"
        }),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_finds_what_it_says_and_no_more_whoever_asks() {
    let api = many().await;
    let person = "{ viewer { person { id } organization { id } } }";
    let rita = api.as_("rita").ask(person, json!({})).await["viewer"]["person"]["id"].take();
    let fabrikam = api.as_("clara").ask(person, json!({})).await["viewer"]["organization"]["id"].take();
    let cases = cases(rita, fabrikam);
    for who in PEOPLE.into_iter().filter(|who| *who != "elig") {
        let client = api.as_(who);
        let all = client.ask(FACTS, json!({})).await["claims"]["nodes"].take();
        for (filter, holds) in &cases {
            let found = client.ask(FACTS, json!({ "filter": filter })).await["claims"].take();
            let expected: Vec<_> = all.as_array().unwrap().iter().filter(|claim| holds(claim)).collect();
            let found_rows: Vec<_> = found["nodes"].as_array().unwrap().iter().collect();
            assert_eq!(found_rows, expected, "{who}: {filter}");
            assert_eq!(found["totalCount"], expected.len(), "{who}: {filter}");
            let some = !expected.is_empty() || who != "aude" || filter["isOverdue"] == true;
            assert!(some, "{filter} finds nothing at all: the test tells nothing");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_minds_neither_accents_nor_letter_case_nor_order() {
    let world = World::new().await;
    let id = world.draft("anna", 1, &["TEAMS"]).await;
    let update = "mutation ($id: ID!) { claimUpdate(input: { claimId: $id, name: \"Łódź: wdrożenie\", customerName: \"Bäckerei Größler\" }) {
        claim { number } userErrors { code } } }";
    world.draft("anna", 2, &["YAMMER"]).await;
    let api = Api::of(world);
    let anna = api.as_("anna");
    let number = anna.ask(update, json!({ "id": cpor::graphql::id::encode(id) })).await["claimUpdate"]["claim"]["number"].take();
    let number = number.as_str().unwrap();
    let lower = number.to_lowercase();
    for search in ["lodz", "ŁÓDŹ", "wdroz", "backerei groessler", "Grossler", "größ", "teams lodz", number, &lower, " ", ""]
    {
        let found = anna.ask(PAGE, json!({ "filter": { "search": search } })).await["claims"].take();
        let all = search.trim().is_empty();
        let hits = numbers(&found);
        let is_right = hits.contains(&number.to_owned()) && hits.len() == if all { 2 } else { 1 };
        // Umlauts are folded to their letter: what is spelled with an e is another word.
        assert_eq!(is_right, search != "backerei groessler", "{search:?} finds {hits:?}");
    }
    for search in ["odz", "lodz yammer", "'", "a & !b", "%", "\\", "(", ":*", "łódź'; DROP TABLE claims; --"] {
        let found = anna.ask(PAGE, json!({ "filter": { "search": search } })).await["claims"].take();
        assert_eq!(found["totalCount"], 0, "{search:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_due_before_an_instant_are_those_with_an_earlier_deadline() {
    let world = World::new().await;
    let first = world.submitted("anna", 1, &["TEAMS"]).await;
    world.pass(TimeDelta::days(2));
    world.submitted("anna", 2, &["TEAMS"]).await;
    let api = Api::of(world);
    let due = "query ($at: DateTime!) { claims(filter: { dueBefore: $at }) { nodes { id } } }";
    for (at, expected) in [("2021-09-21T00:00:00Z", 0), ("2021-09-21T00:00:00.000001Z", 1), ("2021-09-30T00:00:00Z", 2)] {
        let found = api.as_("anna").ask(due, json!({ "at": at })).await["claims"]["nodes"].take();
        assert_eq!(found.as_array().unwrap().len(), expected, "{at}");
        if expected == 1 {
            assert_eq!(found[0]["id"], json!(cpor::graphql::id::encode(first)));
        }
    }
}
