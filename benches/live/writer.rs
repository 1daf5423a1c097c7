//! Changes: at a steady pace, or as many as there can be.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

use crate::clock::now_nanos;
use crate::data::Stage;
use crate::http::Connection;
use crate::options::Subject;

/// Changes on their way at a time.
const LANES: usize = 16;
/// What a frontend sends and wants to know.
const MUTATION: &str =
    "mutation ($input: ClaimUpdateInput!) { claimUpdate(input: $input) { claim { version } userErrors { code } } }";
/// Length of a sealed cursor.
const CURSOR_CHARS: usize = 94;

/// A change that was acknowledged.
#[derive(Clone, Copy, Debug)]
pub struct Ack {
    /// The claim, by its place.
    pub claim: usize,
    /// Its version after the change.
    pub version: i32,
    /// When the answer was read, in nanoseconds since 1970.
    pub at: u64,
}

/// Writes to a server.
pub struct Writer {
    address: SocketAddr,
    subject: Subject,
    /// The claims that change, one after another: name and token.
    claims: Vec<(String, String)>,
    /// What tells this writer's changes from those of an earlier one: a change to what is there already would be none.
    mark: u64,
    /// Changes so far, so that each is another one.
    changes: AtomicU64,
}

/// How fast.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// So many a second.
    Steady(f64),
    /// Each lane as soon as its last one is acknowledged.
    Flood,
}

impl Writer {
    /// A writer of a scenario's claims.
    pub fn new(stage: &Stage, claims: usize, subject: Subject, address: SocketAddr) -> anyhow::Result<Arc<Self>> {
        let claims = (0..claims).map(|claim| Ok((stage.name(claim), stage.owner_token(claim)?)));
        let claims = claims.collect::<anyhow::Result<_>>()?;
        Ok(Arc::new(Self { address, subject, claims, mark: now_nanos(), changes: AtomicU64::new(0) }))
    }

    /// Writes for a while. Answers what was acknowledged, and how many changes were not (the database was cut off).
    pub async fn write(self: &Arc<Self>, pace: Pace, time: Duration) -> anyhow::Result<(Vec<Ack>, usize)> {
        let (begin, tickets) = (Instant::now(), Arc::new(AtomicU64::new(0)));
        let lanes = (0..LANES).map(|_| {
            let (writer, tickets) = (Arc::clone(self), Arc::clone(&tickets));
            tokio::spawn(async move { writer.lane(pace, begin, begin + time, &tickets).await })
        });
        let (mut acks, mut failed) = (Vec::new(), 0);
        for lane in try_join_all(lanes).await? {
            let (acknowledged, not) = lane?;
            acks.extend(acknowledged);
            failed += not;
        }
        Ok((acks, failed))
    }

    async fn lane(&self, pace: Pace, begin: Instant, end: Instant, tickets: &AtomicU64) -> anyhow::Result<(Vec<Ack>, usize)> {
        let mut connection = Connection::open(self.address).await?;
        let (mut acks, mut failed) = (Vec::new(), 0);
        loop {
            let ticket = tickets.fetch_add(1, Ordering::Relaxed);
            let at = match pace {
                Pace::Steady(rate) => begin + Duration::from_secs_f64(ticket as f64 / rate),
                Pace::Flood => Instant::now(),
            };
            if at >= end {
                return Ok((acks, failed));
            }
            sleep_until(at).await;
            let change = self.changes.fetch_add(1, Ordering::Relaxed);
            match self.change(&mut connection, change).await? {
                Some(ack) => acks.push(ack),
                None => failed += 1,
            }
        }
    }

    /// One change; none if the server could not do it now.
    async fn change(&self, connection: &mut Connection, change: u64) -> anyhow::Result<Option<Ack>> {
        let claim = (change % self.claims.len() as u64) as usize;
        match self.subject {
            Subject::Cpor(_) => self.mutate(connection, claim, change).await,
            Subject::Bare => self.publish(connection, claim, change).await.map(Some),
        }
    }

    async fn mutate(&self, connection: &mut Connection, claim: usize, change: u64) -> anyhow::Result<Option<Ack>> {
        let (name, token) = &self.claims[claim];
        let input = json!({ "claimId": name, "externalReference": format!("order {}/{change}", self.mark) });
        let body = json!({ "query": MUTATION, "variables": { "input": input } }).to_string();
        let headers = format!("content-type: application/json\r\naccept: application/json\r\nauthorization: Bearer {token}\r\n");
        let (status, answer) = connection.send("POST", "/graphql", &headers, &body).await?;
        let at = now_nanos();
        let answer: Value = serde_json::from_slice(&answer).with_context(|| format!("status {status}"))?;
        if let Some(version) = answer.pointer("/data/claimUpdate/claim/version").and_then(Value::as_i64) {
            let errors = answer.pointer("/data/claimUpdate/userErrors").and_then(Value::as_array).map_or(0, Vec::len);
            ensure!(errors == 0, "a change was refused: {answer}");
            return Ok(Some(Ack { claim, version: i32::try_from(version)?, at }));
        }
        let is_retryable = answer.pointer("/errors/0/extensions/retryable").and_then(Value::as_bool) == Some(true);
        ensure!(is_retryable, "a change failed ({status}): {answer}");
        Ok(None)
    }

    /// The same bytes as the server's message, to whoever watches.
    async fn publish(&self, connection: &mut Connection, claim: usize, change: u64) -> anyhow::Result<Ack> {
        let version = i32::try_from(change)?;
        let (name, cursor) = (&self.claims[claim].0, "x".repeat(CURSOR_CHARS));
        let event = json!({
            "cursor": cursor, "kind": "UPDATED", "claimVersion": version, "status": "EDITING",
            "claim": { "id": name, "number": "C-00000000", "status": "EDITING", "updatedAt": "2026-11-22T20:00:00.000000Z" },
        });
        let message = json!({ "id": "1", "type": "next", "payload": { "data": { "claimEvents": event } } });
        let (status, _) =
            connection.send("POST", &format!("/publish/{name}"), "content-type: text/plain\r\n", &message.to_string()).await?;
        ensure!(status == 200, "not published: {status}");
        Ok(Ack { claim, version, at: now_nanos() })
    }
}
