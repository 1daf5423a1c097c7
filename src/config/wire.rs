//! The wire: who is believed, which documents run, where the counters are, and every bound.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ipnet::IpNet;

use super::bounds::{BoundError, Bounds};
use crate::cli::{MetricsPlace, TrustedDocumentsMode, WireArgs};
use crate::http::{DocumentMode, Limits, TrustedDocuments};

/// Why the wire cannot be as the settings say.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Not an origin.
    #[error("{origin:?} is not an origin: give scheme and host, such as https://app.example or http://localhost:3000")]
    CorsOrigin {
        /// What was given.
        origin: String,
    },
    /// Not a network.
    #[error("--trusted-proxy {0:?} is no network: give one such as 10.0.0.0/8 or fd00::/8, or one address")]
    TrustedProxy(String),
    /// Not a bound.
    #[error(transparent)]
    Bound(#[from] BoundError),
    /// Sockets are connections.
    #[error("--limit sockets={sockets} needs --limit connections={sockets} or more: every WebSocket holds a connection")]
    SocketsBeyondConnections {
        /// Sockets asked for.
        sockets: usize,
    },
    /// A mode without documents.
    #[error("--trusted-documents needs --documents-manifest: the file that has them")]
    NoManifest,
    /// Documents without a mode.
    #[error("--documents-manifest needs --trusted-documents=prefer, or only")]
    NoDocumentMode,
    /// The manifest cannot be read.
    #[error("the documents in {path} cannot be read: {source}", path = .path.display())]
    ManifestFile {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The manifest holds something else.
    #[error("{path} is no manifest of Relay's or Apollo's form: {what}", path = .path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

/// The wire.
#[derive(Debug)]
pub struct WireSettings {
    /// Every bound; among them what is switched on and off.
    pub bounds: Bounds,
    /// Where the counters are served.
    pub metrics: MetricsPlace,
}

impl WireSettings {
    /// Checks what was given; empty texts mean: not given.
    ///
    /// # Errors
    /// A [`WireError`] whose text says what to do.
    pub fn new(args: WireArgs) -> Result<Self, WireError> {
        let mut bounds = Bounds::default();
        for limit in args.limit.iter().filter(|limit| !limit.trim().is_empty()) {
            bounds.set(limit)?;
        }
        let sockets = bounds.http.sockets.total_max;
        if sockets > bounds.transport.connections_max {
            return Err(WireError::SocketsBeyondConnections { sockets });
        }
        let origins = args.cors_origin.into_iter().filter(|origin| !origin.is_empty());
        bounds.http.allowed_origins = origins.map(origin).collect::<Result<_, _>>()?;
        bounds.http.introspection = args.introspection;
        bounds.http.metrics = args.metrics == MetricsPlace::Beside;
        bounds.http.documents = documents(args.trusted_documents, args.documents_manifest.as_deref(), &bounds.http.limits)?;
        let proxies = args.trusted_proxy.into_iter().filter(|network| !network.is_empty());
        bounds.transport.trusted_proxies = proxies.map(network).collect::<Result<_, _>>()?;
        Ok(Self { bounds, metrics: args.metrics })
    }
}

/// An origin as browsers send it: scheme, host and perhaps a port, nothing behind.
fn origin(text: String) -> Result<String, WireError> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain =
        |host: &str| !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    if host.is_some_and(plain) { Ok(text.to_ascii_lowercase()) } else { Err(WireError::CorsOrigin { origin: text }) }
}

/// A network, or an address alone.
fn network(text: String) -> Result<IpNet, WireError> {
    let alone = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| alone()).map_err(|_| WireError::TrustedProxy(text))
}

fn documents(mode: TrustedDocumentsMode, manifest: Option<&Path>, limits: &Limits) -> Result<DocumentMode, WireError> {
    let manifest = manifest.filter(|path| !path.as_os_str().is_empty());
    match (mode, manifest) {
        (TrustedDocumentsMode::Off, None) => Ok(DocumentMode::Any),
        (TrustedDocumentsMode::Off, Some(_)) => Err(WireError::NoDocumentMode),
        (_, None) => Err(WireError::NoManifest),
        (TrustedDocumentsMode::Prefer, Some(path)) => Ok(DocumentMode::Prefer(read_manifest(path, limits)?)),
        (TrustedDocumentsMode::Only, Some(path)) => Ok(DocumentMode::Only(read_manifest(path, limits)?)),
    }
}

fn read_manifest(path: &Path, limits: &Limits) -> Result<Arc<TrustedDocuments>, WireError> {
    let text = fs::read_to_string(path).map_err(|source| WireError::ManifestFile { path: path.to_owned(), source })?;
    let documents = TrustedDocuments::from_manifest(&text, limits);
    documents.map(Arc::new).map_err(|what| WireError::Manifest { path: path.to_owned(), what })
}
