//! The data: made once, by COPY, and kept; the same for everybody who asks for as many claims.

pub mod cast;
mod rows;
mod story;

use std::path::{Path, PathBuf};
use std::pin::pin;

use anyhow::Context;
use bytes::Bytes;
use cpor::store::migrations;
use futures_util::{SinkExt, future};
use indicatif::{ProgressBar, ProgressStyle};
use tokio_postgres::Client;

use self::cast::{Cast, LOCATIONS_PER_ORGANIZATION, Of, PEOPLE_PER_ORGANIZATION, REVIEWERS, location, name, quoted, subject};
use self::rows::{Lines, TABLES};
use crate::support::cluster::{self, Cluster};
use crate::support::token::ISSUER;

/// Changes when the data does: a folder of another form is left alone.
const FORM: u32 = 2;
/// Claims written at a time.
const BATCH_CLAIMS: u64 = 1_000;
/// Connections that write.
const WRITERS: u64 = 2;
/// Memory for PostgreSQL's own cache, as an operator would give it.
const SETTINGS: &str = "ALTER SYSTEM SET shared_buffers = '1GB'";

/// The folder of the data.
pub fn folder(cast: Cast) -> PathBuf {
    cluster::folder().join(format!("queries-{}-form{FORM}", cast.claims))
}

/// Starts the PostgreSQL with the data; makes the data first if it is not there.
pub async fn start(cast: Cast) -> anyhow::Result<Cluster> {
    let folder = folder(cast);
    let complete = folder.join("complete");
    if !complete.exists() {
        // What was left behind half-way is begun anew.
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        make(cast, &folder).await.context("the data cannot be made")?;
        std::fs::write(&complete, "")?;
    }
    Cluster::start(&folder.join("postgres")).await
}

async fn make(cast: Cast, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let cluster = Cluster::start(&folder.join("postgres")).await?;
    migrations::migrate(cluster.url()).await?;
    let client = cluster::connect(cluster.url()).await?;
    client.batch_execute(SETTINGS).await?;
    people(&client, cast).await?;
    let bar = progress_bar(cast.claims);
    let writers = (0..WRITERS).map(|writer| write(cluster.url(), cast, writer, &bar));
    future::try_join_all(writers).await?;
    bar.set_message("tidying up");
    client.batch_execute(&format!("SELECT setval('claim_numbers', {})", quoted(cast.claims))).await?;
    client.batch_execute("VACUUM ANALYZE").await?;
    client.batch_execute("CHECKPOINT").await?;
    bar.finish_and_clear();
    drop(client);
    cluster.stop().await
}

fn progress_bar(claims: u64) -> ProgressBar {
    let bar = ProgressBar::new(claims).with_message("making the data, once");
    match ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} claims, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Organizations, locations, people.
async fn people(client: &Client, cast: Cast) -> anyhow::Result<()> {
    let (mut organizations, mut locations, mut people) = (String::new(), String::new(), String::new());
    let mut person = |id, number: u64, subject: String, role: &str, organization: &str| {
        let email = format!("{subject}@people.example");
        people.push_str(&format!("{id}\t{ISSUER}\t{subject}\t{}\t{email}\t{role}\t{organization}\n", name(number)));
    };
    for organization in 0..cast.organizations() {
        let id = cast.id(Of::Organization, organization);
        organizations.push_str(&format!("{id}\tpartner-{organization}\tPartner {organization}\n"));
        for number in 0..LOCATIONS_PER_ORGANIZATION {
            locations.push_str(&format!("{}\t{id}\tOffice {number}\tPL\n", location(organization, number)));
        }
        for draw in 0..PEOPLE_PER_ORGANIZATION {
            let number = cast.person_of(organization, draw);
            person(cast.id(Of::Person, number), number, subject(number), "INCENTIVES_ADMIN", &id.to_string());
        }
    }
    for number in 0..REVIEWERS {
        person(cast.id(Of::Reviewer, number), number, format!("reviewer-{number}"), "REVIEWER", "\\N");
    }
    copy(client, "organizations", "id, slug, name", organizations).await?;
    copy(client, "locations", "mpn_id, organization_id, name, country", locations).await?;
    copy(client, "people", "id, issuer, subject, name, email, role, organization_id", people).await
}

/// Writes every [`WRITERS`]th batch of claims.
async fn write(url: &str, cast: Cast, writer: u64, bar: &ProgressBar) -> anyhow::Result<()> {
    let client = cluster::connect(url).await?;
    // The rows come from the domain's own fold: foreign keys hold, and need not be looked up a million times.
    client.batch_execute("SET session_replication_role = replica").await?;
    let batches = (0..cast.claims.div_ceil(BATCH_CLAIMS)).filter(|batch| batch % WRITERS == writer);
    for batch in batches {
        let claims = batch * BATCH_CLAIMS..((batch + 1) * BATCH_CLAIMS).min(cast.claims);
        let written = claims.end - claims.start;
        let lines = tokio::task::spawn_blocking(move || tell(cast, claims)).await?;
        for ((table, columns), text) in TABLES.iter().zip(lines.0) {
            copy(&client, table, columns, text).await?;
        }
        bar.inc(written);
    }
    Ok(())
}

fn tell(cast: Cast, claims: std::ops::Range<u64>) -> Lines {
    let mut lines = Lines::default();
    for claim in claims {
        if let Some(story) = story::story(cast, claim) {
            lines.add(&story, 1 + events_before(claim));
        }
    }
    lines
}

/// Events of the claims before this one: of four claims, 18, 6, 6 and 2.
fn events_before(claim: u64) -> i64 {
    let within = [0, 18, 24, 30][usize::try_from(claim % 4).unwrap_or_default()];
    i64::try_from(claim / 4 * 32 + within).unwrap_or(i64::MAX)
}

async fn copy(client: &Client, table: &str, columns: &str, text: String) -> anyhow::Result<()> {
    let mut sink = pin!(client.copy_in::<_, Bytes>(&format!("COPY {table} ({columns}) FROM STDIN")).await?);
    sink.send(Bytes::from(text)).await.with_context(|| table.to_owned())?;
    sink.close().await.with_context(|| table.to_owned())?;
    Ok(())
}
