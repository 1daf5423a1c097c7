//! What happens, as it happens, over WebSockets to two servers of one database.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use cpor::app::App;
use cpor::domain::command::Command;
use cpor::domain::ids::{ClaimId, CommentId};
use cpor::graphql::{id::encode, schema};
use cpor::http::{BudgetSettings, HttpSettings, ServeSettings, router, serve};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::support::cluster::execute;
use crate::support::world::World;

const EVENTS: &str = "subscription ($after: Cursor, $filter: ClaimEventFilter) { claimEvents(after: $after, filter: $filter) {
    cursor kind status claimVersion changesStatus claim { id } entry { sequence text } } }";
const STATUS: &str = "subscription ($id: ID!) { claimStatusChanged(claimId: $id) { status changesStatus claim { id status } } }";
/// Changes written while somebody reads and reconnects.
const CHANGES: usize = 200;

/// A server on a port of its own, with its workers; both end with the test.
struct Server {
    app: App,
    address: SocketAddr,
    _ends: DropGuard,
}

impl Server {
    async fn start(world: &World, app: App) -> Self {
        let stop = CancellationToken::new();
        drop(world.start_workers(&app, &stop));
        let settings = HttpSettings {
            budget: BudgetSettings { cost_max: 0, ..BudgetSettings::default() },
            revalidate_interval: Duration::from_millis(100),
            ..HttpSettings::default()
        };
        let routes = router(app.clone(), schema(), settings, axum::Router::new());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = ServeSettings { readiness_grace: Duration::ZERO, ..ServeSettings::default() };
        tokio::spawn(serve(listener, routes, serving, stop.clone()));
        Self { app, address, _ends: stop.drop_guard() }
    }
}

/// A world with two servers.
struct Pair {
    world: World,
    one: Server,
    other: Server,
}

impl Pair {
    async fn new() -> Self {
        let world = World::new().await;
        let (one, other) =
            (Server::start(&world, world.app.clone()).await, Server::start(&world, world.another_app().await).await);
        Self { world, one, other }
    }

    /// A client of a server.
    async fn client(&self, server: &Server, token: &str) -> Client {
        let mut request = format!("ws://{}/graphql", server.address).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        let mut client = Client(connect_async(request).await.unwrap().0);
        let payload = json!({ "authorization": format!("Bearer {token}") });
        client.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(client.hear().await.unwrap()["type"], "connection_ack");
        client
    }

    /// The events that a person hears at a server.
    async fn events(&self, server: &Server, who: &str, variables: Value) -> Client {
        let mut client = self.client(server, &self.world.token(who)).await;
        client.subscribe(EVENTS, variables).await;
        client
    }

    /// The cursor of now, for a person.
    async fn now(&self, who: &str) -> String {
        let viewer = self.world.viewer(who).await;
        self.one.app.newest_cursor(&viewer).await.unwrap()
    }
}

/// A WebSocket on which one operation runs.
struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn subscribe(&mut self, query: &str, variables: Value) {
        self.say(json!({ "id": "1", "type": "subscribe", "payload": { "query": query, "variables": variables } })).await;
    }

    /// The next message; the close code when there is none.
    async fn hear(&mut self) -> Result<Value, u16> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(frame)))) => return Err(frame.code.into()),
                Some(Ok(_)) => {}
                _ => return Err(1006),
            }
        }
    }

    /// The next event.
    async fn event(&mut self) -> Value {
        let mut message = self.hear().await.unwrap();
        assert!(message["payload"].get("errors").is_none(), "{message:#}");
        let data = message["payload"]["data"].as_object_mut().unwrap_or_else(|| panic!("no event"));
        data.values_mut().next().unwrap().take()
    }

    /// The code with which the operation, or the socket, ends; events before it are passed over.
    async fn end(&mut self) -> String {
        loop {
            match self.hear().await {
                Ok(message) if message["type"] == "error" => {
                    return message["payload"][0]["extensions"]["code"].as_str().unwrap().to_owned();
                }
                Ok(message) if message["payload"].get("errors").is_some() => {
                    return message["payload"]["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned();
                }
                Ok(_) => {}
                Err(code) => return code.to_string(),
            }
        }
    }
}

fn comment(number: usize) -> Command {
    Command::Comment { id: CommentId::fresh(), body: number.to_string() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_committed_through_one_server_is_heard_at_the_other() {
    let pair = Pair::new().await;
    let claim = pair.world.submitted("anna", 1, &["TEAMS"]).await;
    let after = pair.now("anna").await;
    let mut client = pair.events(&pair.other, "anna", json!({ "after": after, "filter": { "onlyStatusChanges": true } })).await;
    pair.world.done("rita", claim, Command::StartReview).await;
    let mut event = client.event().await;
    // What was not numbered yet when the cursor was taken comes first.
    while event["status"] != "UNDER_REVIEW" {
        event = client.event().await;
    }
    assert_eq!((&event["kind"], &event["changesStatus"]), (&json!("REVIEW_STARTED"), &json!(true)));
    assert_eq!(event["claim"]["id"], json!(encode(claim)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_one_claims_status_is_heard_by_who_may_see_it() {
    let pair = Pair::new().await;
    let (claim, unheard) = (pair.world.submitted("anna", 1, &["TEAMS"]).await, pair.world.submitted("anna", 2, &["TEAMS"]).await);
    let mut clients = Vec::new();
    for who in ["anna", "clara"] {
        let mut client = pair.client(&pair.other, &pair.world.token(who)).await;
        client.subscribe(STATUS, json!({ "id": encode(claim) })).await;
        // Answered after the subscription was taken up: both are read in order.
        client.say(json!({ "type": "ping" })).await;
        assert_eq!(client.hear().await.unwrap()["type"], "pong");
        clients.push(client);
    }
    let [anna, clara] = clients.as_mut_slice() else { panic!("two") };
    // From now on: until the stream stands, changes go by unheard, so that another one follows.
    let heard = tokio::select! {
        event = anna.event() => event,
        () = back_and_forth(&pair.world, claim, unheard) => panic!("ends never"),
    };
    assert_eq!(heard["claim"]["id"], json!(encode(claim)));
    assert_eq!(heard["changesStatus"], true);
    clara.say(json!({ "type": "ping" })).await;
    assert_eq!(clara.hear().await.unwrap()["type"], "pong", "nothing ever comes to who may not see the claim");
}

/// Takes claims through review and back, for ever.
async fn back_and_forth(world: &World, claim: ClaimId, other: ClaimId) {
    use cpor::domain::reason::{Finding, FindingKind};
    loop {
        for id in [claim, other] {
            world.done("rita", id, Command::StartReview).await;
            let findings = vec![Finding { kind: FindingKind::MissingAllPoe, product: None, words: None }];
            world.done("rita", id, Command::RequestAction { comment: "More".to_owned(), findings }).await;
            world.done("anna", id, comment(0)).await;
            world.done("anna", id, Command::Resubmit).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_and_nothing_comes_twice_over_reconnects_while_others_write() {
    let pair = Arc::new(Pair::new().await);
    let mut claims = Vec::new();
    for customer in 1..=4 {
        claims.push(pair.world.submitted("anna", customer, &["TEAMS"]).await);
    }
    let mut after = pair.now("anna").await;
    let writers: Vec<_> = (0..4).map(|part| tokio::spawn(write(Arc::clone(&pair), claims.clone(), part))).collect();
    let mut heard = Vec::new();
    let mut connections = 0;
    while heard.len() < CHANGES {
        let server = if connections % 2 == 0 { &pair.one } else { &pair.other };
        let filter = json!({ "kinds": ["COMMENTED"] });
        let mut client = pair.events(server, "anna", json!({ "after": after, "filter": filter })).await;
        for _ in 0..30.min(CHANGES - heard.len()) {
            let event = client.event().await;
            after = event["cursor"].as_str().unwrap().to_owned();
            heard.push((
                event["entry"]["text"].as_str().unwrap().to_owned(),
                event["entry"]["sequence"].clone(),
                event["claim"].clone(),
            ));
        }
        connections += 1;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let distinct: BTreeSet<_> = heard.iter().map(|(text, _, _)| text.clone()).collect();
    assert_eq!(distinct.len(), CHANGES, "each once");
    for claim in claims {
        let of_claim = heard.iter().filter(|(_, _, of)| of["id"] == json!(encode(claim)));
        let sequences: Vec<_> = of_claim.map(|(_, sequence, _)| sequence.as_i64().unwrap()).collect();
        assert!(sequences.is_sorted() && !sequences.is_empty(), "in the order of the claim's history: {sequences:?}");
    }
}

/// A fourth of the changes, by turns through both servers.
async fn write(pair: Arc<Pair>, claims: Vec<ClaimId>, part: usize) {
    let viewer = pair.world.viewer("anna").await;
    for number in (0..CHANGES).skip(part).step_by(4) {
        let app = if number / 4 % 2 == 0 { &pair.one.app } else { &pair.other.app };
        let claim = claims[number / 4 % claims.len()];
        let outcome = app.execute(&viewer, claim, comment(number), cpor::app::Options::default()).await.unwrap();
        assert_eq!(outcome.refusal, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_of_a_person_who_was_revoked_ends() {
    let pair = Pair::new().await;
    let mut client = pair.events(&pair.one, "clara", json!({})).await;
    execute(pair.world.database.url(), "UPDATE people SET is_active = false WHERE subject = 'clara'").await.unwrap();
    let end = client.end().await;
    assert!(["4403", "4401", "CREDENTIAL_ENDED", "UNAUTHENTICATED"].contains(&end.as_str()), "{end}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_opens_nothing_for_another_viewer_and_garbage_opens_nothing_at_all() {
    let pair = Pair::new().await;
    let annas = pair.now("anna").await;
    for cursor in [annas.as_str(), "AAAA", ""] {
        let mut client = pair.events(&pair.other, "ben", json!({ "after": cursor })).await;
        assert_eq!(client.end().await, "BAD_CURSOR", "{cursor}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_tells_each_person_of_their_own_claims_alone() {
    let pair = Pair::new().await;
    let (anna, clara) = (pair.now("anna").await, pair.now("clara").await);
    let theirs = pair.world.submitted("clara", 1, &["TEAMS"]).await;
    let own = pair.world.submitted("anna", 2, &["TEAMS"]).await;
    for (who, after, claim) in [("anna", anna, own), ("clara", clara, theirs)] {
        let mut client = pair.events(&pair.other, who, json!({ "after": after })).await;
        let mut status = json!("EDITING");
        while status != "SUBMITTED" {
            let event = client.event().await;
            assert_eq!(event["claim"]["id"], json!(encode(claim)), "{who}");
            status = event["status"].clone();
        }
    }
}
