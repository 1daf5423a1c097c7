//! Where spans go.

use super::ConfigError;

/// A collector of spans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtlpSettings {
    /// Its address: scheme, host, perhaps a port and a path; no slash behind.
    pub endpoint: String,
    /// What this server calls itself there.
    pub service: String,
}

impl OtlpSettings {
    /// Checks what was given; an empty endpoint means: not given.
    ///
    /// # Errors
    /// [`ConfigError::OtlpEndpoint`].
    pub fn new(endpoint: Option<String>, service: String) -> Result<Option<Self>, ConfigError> {
        let Some(endpoint) = endpoint.filter(|endpoint| !endpoint.is_empty()) else { return Ok(None) };
        let host = endpoint.strip_prefix("https://").or_else(|| endpoint.strip_prefix("http://"));
        if host.is_none_or(|host| host.is_empty() || host.starts_with('/')) {
            return Err(ConfigError::OtlpEndpoint { endpoint });
        }
        Ok(Some(Self { endpoint: endpoint.trim_end_matches('/').to_owned(), service }))
    }
}
