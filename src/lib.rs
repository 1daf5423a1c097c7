//! cpor: claims of partners of record over GraphQL.
//!
//! One sentence: **a change enters by one door, is decided by a pure function, and is written in one transaction; a read can only be
//! asked through a viewer.**
//!
//! ```text
//!  request ─► http ─► graphql ─► app ─► store ─► PostgreSQL
//!                                │ ▲
//!                                ▼ │  data in, data out
//!                               domain            auth: who is asking; passed by all, made in one place
//!  workers, notify ────────────► app, store       boot: puts it together, starts and stops it in order
//! ```
//!
//! # What lives where
//!
//! | module | what | may never name |
//! |---|---|---|
//! | [`domain`] | the rules: [`domain::decide()`] turns a claim and a command into events, [`domain::claim::Claim::apply`] folds them, [`domain::expiries`] tells what time did | anything but data and arithmetic: no IO, no async, no clock, no serialization |
//! | [`auth`] | tokens are verified here; a [`auth::viewer::Viewer`] is made from them and from what the tables say | the store, frameworks |
//! | [`store`] | the only code that speaks SQL; every read takes a viewer | the layers above |
//! | [`app`] | the door ([`app::App::execute`], [`app::App::create`]), uploads and what is inside them ([`app::inspect`]), the virus scanner, live events, import, the demo's data | diesel, axum, async-graphql |
//! | [`graphql`] | the contract: one file per noun, inputs, payloads, errors | diesel, axum |
//! | [`http`] | the wire: GraphQL over HTTP, WebSocket and SSE, limits, files, the playground | diesel, the rules |
//! | [`messages`] | words and sentences for every code, in each language | everything but the domain |
//! | [`notify`] | notices: who gets them, in which words, by SMTP or as files | diesel, axum, async-graphql |
//! | [`workers`] | sequencer (numbers the feed), follower (tells the streams), sweeper (records deadlines and reminders), sealer (signs history), notifier (pays the outbox), scanner (asks again about files), janitor | frameworks |
//! | [`postgres`] | a PostgreSQL of our own: find or fetch, initialise, start, revive, stop | everything else |
//! | [`boot`], [`cli`], [`config`], [`logging`], [`telemetry`] | the command line, settings, start and stop, log and spans | |
//!
//! The same noun bears the same file name in every layer. A test reads each file's words and holds this table.
//!
//! # Invariants
//!
//! 1. `decide(claim, command, actor, facts, now, rules)` is the whole life cycle. It is pure and cannot fail for outside reasons: it
//!    answers events, or a refusal with everything that is wrong.
//! 2. Only the door changes a claim. Row, history, stored answer, outbox and pending feed move in one transaction.
//! 3. No query without a viewer. Who may not see a thing gets the very answer for a thing that does not exist.
//! 4. What is offered (`availableActions`) and what is refused come from the same `decide`.
//! 5. Time is [`app::clock`]: read after the claim's row is locked, in whole microseconds, never below the claim's last event, bound
//!    as a parameter; no `now()` in SQL. A late act is refused even if no worker runs: the door records due expiries first and commits
//!    them even when the command is then refused.
//! 6. History is append-only, numbered per claim without gaps, chained by hashes, and signed with a key that the database does not
//!    hold; folding it gives the row.
//! 7. No type crosses a layer by deriving: a domain type is neither a row nor a GraphQL object.
//! 8. Every queue, page, body, retry and wait has a bound with a name and a unit.
//! 9. An error is a code with facts; prose is made at the edge. Nothing internal reaches a client; the log has it, under the request id.
//! 10. The feed's table is the truth; a wake-up is only a hint to look. Positions are given after commit, contiguously, by one
//!     sequencer at a time; clients see sealed cursors, never positions.
//!
//! # How to add a mutation
//!
//! 1. `domain/command.rs`: the kind and the command; `domain/actor.rs`: who may ever give it.
//! 2. `domain/event.rs`, `domain/evolve.rs`: what happens and what it does to the claim; `domain/decide/`: when, and why not.
//! 3. `domain/actions.rs`: an exemplar with faultless input, so that it can be offered.
//! 4. `store/codec/`: the event's canonical form (it is for ever); a column and its CHECK if the row grows.
//! 5. `graphql/inputs/`, `graphql/mutation/`: the input and a few lines that hand it to the door.
//! 6. `UPDATE_GOLDEN=1 cargo test`, and read what changed in the grid and in `schema.graphql`.

pub mod app;
pub mod auth;
pub mod boot;
pub mod cli;
pub mod config;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod logging;
pub mod messages;
pub mod notify;
pub mod postgres;
pub mod store;
#[cfg_attr(feature = "otel", path = "telemetry/otlp.rs")]
#[cfg_attr(not(feature = "otel"), path = "telemetry/off.rs")]
pub mod telemetry;
pub mod workers;
