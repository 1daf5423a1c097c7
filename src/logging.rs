//! The log: to standard error, as text or JSON, so that standard output holds answers alone.

use tracing_subscriber::EnvFilter;

use crate::cli::LogFormat;
use crate::config::LogSettings;

/// Starts logging. The filter was checked with the settings.
pub fn start(settings: &LogSettings) {
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_default();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.format {
        LogFormat::Json => log.json().init(),
        LogFormat::Text => log.init(),
    }
}
