//! The tests that see the whole: one binary, a module for each promise.
#![allow(clippy::unwrap_used)]

mod api;
mod assessments;
mod clients;
mod command_line;
mod consent;
mod consent_browser;
mod contract;
mod demo;
mod demo_clock;
mod domain;
mod door;
mod holidays;
mod http;
mod main_job;
mod migrations;
mod notices;
mod operations;
mod outage;
mod postgres;
mod reads;
mod settings;
mod store_claims;
mod store_connections;
mod store_facts;
mod store_feed;
mod store_files;
mod store_verify;
mod support;
mod tidy;
