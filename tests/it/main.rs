//! The tests that see the whole: one binary, a module for each promise.
#![allow(clippy::unwrap_used)]

mod api;
mod assessments;
#[cfg(feature = "nats")]
mod bus;
mod canary;
mod clients;
mod command_line;
mod consent;
mod consent_browser;
mod contract;
mod demo;
mod demo_clock;
mod documents;
mod domain;
mod door;
mod files_beside;
mod holidays;
mod http;
mod inspect;
mod live;
mod main_job;
mod metrics;
mod migrations;
mod notices;
mod operations;
mod outage;
mod postgres;
mod rate_limit;
mod reads;
mod scanner;
mod settings;
mod store_claims;
mod store_connections;
mod store_facts;
mod store_feed;
mod store_files;
mod store_heads;
mod store_verify;
mod support;
#[cfg(feature = "otel")]
mod telemetry;
mod tidy;
