//! The log: to standard error, as text or JSON, so that standard output holds answers alone.

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::cli::LogFormat;
use crate::config::Settings;
use crate::telemetry::Telemetry;

/// Libraries that write down what goes over their wires below `info`: headers, bytes, the values bound to statements.
const TALKATIVE: [&str; 9] =
    ["tokio_postgres", "hyper", "hyper_util", "h2", "tungstenite", "tokio_tungstenite", "lettre", "reqwest", "async_nats"];

/// Starts logging, and sending spans where that is configured; the answer ends it. The filter was checked with the settings.
///
/// # Errors
/// When spans cannot be sent.
pub fn start(settings: &Settings) -> anyhow::Result<Telemetry> {
    let filter = filter(&settings.log.filter);
    let lines = tracing_subscriber::fmt::layer::<Registry>().with_writer(std::io::stderr);
    let lines = match settings.log.format {
        LogFormat::Json => lines.json().with_filter(filter).boxed(),
        LogFormat::Text => lines.with_filter(filter).boxed(),
    };
    let telemetry = Telemetry::start(settings)?;
    tracing_subscriber::registry().with(lines).with(telemetry.layer()).init();
    Ok(telemetry)
}

/// A level alone is for this server and its quiet libraries: those that would write down what is nobody's business stay at `info`
/// unless they are named.
fn filter(text: &str) -> EnvFilter {
    let filter = EnvFilter::try_new(text).unwrap_or_default();
    if filter.max_level_hint().is_some_and(|level| level <= LevelFilter::INFO) {
        return filter;
    }
    let unnamed = TALKATIVE.iter().filter(|library| !text.contains(*library));
    let quiet = unnamed.filter_map(|library| format!("{library}=info").parse().ok());
    quiet.fold(filter, EnvFilter::add_directive)
}
