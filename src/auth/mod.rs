//! Who is asking: a token proves who, tables say what. A [`Viewer`](viewer::Viewer) is made here and passed by all.

pub mod download;
pub mod token;
pub mod viewer;

/// Why a credential was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No credential at all.
    #[error("no credential was given")]
    Missing,
    /// A credential that does not hold; the text is for the log.
    #[error("the credential does not hold: {0}")]
    Invalid(String),
    /// It cannot be looked up now.
    #[error("who asks cannot be looked up now")]
    Unavailable,
}
