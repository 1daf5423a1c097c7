//! The address of a database of the user's, which nothing prints with its password.

use std::fmt;

use tokio_postgres::config::Host;

use super::ConfigError;

/// A database's URL. Shown without the password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    url: String,
    shown: String,
}

impl DatabaseUrl {
    /// Checks a URL.
    ///
    /// # Errors
    /// [`ConfigError::DatabaseUrl`].
    pub fn parse(url: String) -> Result<Self, ConfigError> {
        let is_url = url.starts_with("postgresql://") || url.starts_with("postgres://");
        let config: tokio_postgres::Config = url.parse().ok().filter(|_| is_url).ok_or(ConfigError::DatabaseUrl)?;
        Ok(Self { shown: without_secrets(&config), url })
    }

    /// The URL with its password: to connect with, not to print.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.url
    }
}

/// Put together from the parts that may be seen, so that nothing else can slip through.
fn without_secrets(config: &tokio_postgres::Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        #[cfg(unix)]
        Some(Host::Unix(folder)) => folder.display().to_string(),
        None => "localhost".to_owned(),
    };
    let user = config.get_user().map_or_else(String::new, |user| format!("{user}@"));
    let port = config.get_ports().first().copied().unwrap_or(5432);
    format!("postgresql://{user}{host}:{port}/{}", config.get_dbname().unwrap_or_default())
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}
