//! A client in Rust whose types are made from `schema.graphql` at compile time.

use futures_util::{SinkExt, StreamExt};
use graphql_client::{GraphQLQuery, QueryBody, Response};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::served;

// The names of the contract's scalars.
type Cursor = String;
type Date = String;
type DateTime = String;
#[allow(clippy::upper_case_acronyms)]
type URL = String;
#[allow(clippy::upper_case_acronyms)]
type UUID = String;

// What formats code moves the attribute further with each run.
#[rustfmt::skip]
macro_rules! operation {
    ($name:ident, $path:tt, $derives:tt) => {
        #[derive(GraphQLQuery)]
        #[graphql(
            schema_path = "schema.graphql",
            query_path = $path,
            variables_derives = $derives,
            response_derives = "Debug",
            skip_serializing_none
        )]
        struct $name;
    };
}

operation!(Page, "tests/clients/documents/page.graphql", "Debug");
operation!(Create, "tests/clients/documents/create.graphql", "Default");
operation!(Upload, "tests/clients/documents/upload.graphql", "Default");
operation!(Attach, "tests/clients/documents/attach.graphql", "Debug");
operation!(Change, "tests/clients/documents/change.graphql", "Default");
operation!(Watch, "tests/clients/documents/watch.graphql", "Default");

/// Somebody who asks over HTTP.
struct Anna {
    http: Client,
    url: String,
    token: String,
}

impl Anna {
    async fn ask<Q: GraphQLQuery>(&self, variables: Q::Variables) -> Q::ResponseData {
        let body: QueryBody<Q::Variables> = Q::build_query(variables);
        let sent = self.http.post(&self.url).bearer_auth(&self.token).json(&body).send().await.unwrap();
        let answer: Response<Q::ResponseData> = sent.json().await.unwrap();
        assert!(answer.errors.is_none(), "{:?}", answer.errors);
        answer.data.unwrap()
    }

    async fn change(&self, claim: &str, reference: &str) -> i64 {
        let input = change::ClaimUpdateInput {
            claim_id: claim.to_owned(),
            external_reference: Some(reference.to_owned()),
            ..change::ClaimUpdateInput::default()
        };
        let changed = self.ask::<Change>(change::Variables { input }).await.claim_update.unwrap();
        assert!(changed.user_errors.is_empty(), "{:?}", changed.user_errors);
        changed.claim.unwrap().version
    }

    /// Events of a claim after a cursor, over a socket of their own.
    async fn watch(&self, claim: &str, after: Option<Cursor>) -> Events {
        let mut request = self.url.replace("http://", "ws://").into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        request.headers_mut().insert("authorization", format!("Bearer {}", self.token).parse().unwrap());
        let mut events = Events(connect_async(request).await.unwrap().0);
        events.say(&json!({ "type": "connection_init" })).await;
        assert_eq!(events.hear().await["type"], "connection_ack");
        let filter = watch::ClaimEventFilter { claim_ids: Some(vec![claim.to_owned()]), ..watch::ClaimEventFilter::default() };
        let body = Watch::build_query(watch::Variables { filter: Some(filter), after });
        events.say(&json!({ "id": "1", "type": "subscribe", "payload": body })).await;
        events
    }
}

/// A socket on which one subscription runs.
struct Events(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Events {
    async fn say(&mut self, message: &Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn hear(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.0.next().await.unwrap().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    async fn next(&mut self) -> watch::WatchClaimEvents {
        let mut message = self.hear().await;
        let answer: Response<watch::ResponseData> = serde_json::from_value(message["payload"].take()).unwrap();
        answer.data.unwrap().claim_events
    }
}

async fn pages(anna: &Anna) -> Vec<String> {
    let (mut numbers, mut after) = (Vec::new(), None);
    loop {
        let claims = anna.ask::<Page>(page::Variables { first: 2, after }).await.claims.unwrap();
        numbers.extend(claims.edges.into_iter().map(|edge| edge.node.number));
        if !claims.page_info.has_next_page {
            return numbers;
        }
        after = claims.page_info.end_cursor;
    }
}

async fn create(anna: &Anna) -> String {
    let input = create::ClaimCreateInput { location: "1000001".to_owned(), ..create::ClaimCreateInput::default() };
    anna.ask::<Create>(create::Variables { input }).await.claim_create.unwrap().claim.unwrap().id
}

/// Uploads a document and attaches it; answers its media type.
async fn attach(anna: &Anna, claim: &str) -> String {
    let input = upload::PoeUploadCreateInput { file_name: "work.pdf".to_owned(), ..upload::PoeUploadCreateInput::default() };
    let upload = anna.ask::<Upload>(upload::Variables { input }).await.poe_upload_create.unwrap().upload.unwrap();
    let address = reqwest::Url::parse(&anna.url).unwrap().join(&upload.url).unwrap();
    let sent = anna.http.put(address).bearer_auth(&anna.token).body("%PDF-1.7\n%%EOF\n").send().await.unwrap();
    assert!(sent.status().is_success(), "{}", sent.status());
    let input = attach::PoeAttachInput {
        claim_id: claim.to_owned(),
        upload_id: upload.id,
        kind: attach::PoeKind::CONTRACT,
        covers: None,
        description: None,
        expected_version: None,
        idempotency_key: None,
        signed_on: None,
        supersedes: None,
    };
    let attached = anna.ask::<Attach>(attach::Variables { input }).await.poe_attach.unwrap();
    attached.document.unwrap().media_type
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rust_client_with_generated_types_does_a_partners_work() {
    let (world, server) = served().await;
    let anna = Anna { http: Client::new(), url: server.url("/graphql"), token: world.token("anna") };
    let mut numbers = pages(&anna).await;
    assert_eq!(numbers.len(), 5);
    numbers.dedup();
    assert_eq!(numbers.len(), 5, "each claim once");

    let claim = create(&anna).await;
    assert_eq!(attach(&anna, &claim).await, "application/pdf");

    let mut events = anna.watch(&claim, None).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let version = anna.change(&claim, "first").await;
    let first = events.next().await;
    assert_eq!(first.claim_version, version);
    drop(events);
    let missed = anna.change(&claim, "while away").await;
    let mut events = anna.watch(&claim, Some(first.cursor)).await;
    assert_eq!(events.next().await.claim_version, missed);
    let latest = anna.change(&claim, "back again").await;
    let last = events.next().await;
    assert_eq!((last.claim_version, last.claim.unwrap().external_reference.as_deref()), (latest, Some("back again")));
}
