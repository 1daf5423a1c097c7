//! The demo: people that anybody may be, on loopback only.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use chrono::Utc;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::app::App;
use crate::app::demo::{self, DemoPerson};
use crate::auth::token::DemoKey;
use crate::store::demo_clock;

/// How often the progress is drawn.
const DRAW_EVERY: Duration = Duration::from_millis(100);

/// A demo person with a token to be them.
pub(super) struct Persona {
    pub person: DemoPerson,
    pub token: String,
}

/// Loads the demo's people and claims, once for a database.
pub(super) async fn load_once(app: &App) -> anyhow::Result<()> {
    let is_loaded = {
        let mut conn = app.database().read().await?;
        demo_clock::offset_micros(&mut conn).await?.is_some()
    };
    if !is_loaded {
        let bar = progress_bar();
        demo::load(app, |done, all| {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        })
        .await
        .context("the demo data cannot be loaded")?;
        let mut conn = app.database().write().await?;
        demo_clock::set_offset_micros(&mut conn, 0).await?;
        bar.finish_and_clear();
    }
    Ok(app.read_demo_clock().await?)
}

fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        eprintln!("loading the demo data, once …");
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0).with_message("loading the demo data, once");
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} claims") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(DRAW_EVERY);
    bar
}

/// Every demo person, with a fresh token.
pub(super) fn personas(key: &DemoKey) -> anyhow::Result<Vec<Persona>> {
    let signed = demo::people().into_iter().map(|person| {
        let token = key.sign(&person.handle, Utc::now())?;
        Ok(Persona { person, token })
    });
    signed.collect()
}

/// What the playground's menu of people is made of.
pub(super) fn people_json(personas: &[Persona]) -> Bytes {
    let people: Vec<_> = personas
        .iter()
        .map(|Persona { person, token }| {
            json!({
                "name": person.name,
                "handle": person.handle,
                "role": person.role.code(),
                "organization": person.organization,
                "token": token,
            })
        })
        .collect();
    Bytes::from(json!(people).to_string())
}
