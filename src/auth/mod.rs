//! Stand-in for the real room: replaced at merge.
pub mod viewer;

/// Why a credential was not accepted.
#[derive(Debug, Clone)]
pub enum AuthError {
    /// No credential at all.
    Missing,
    /// A credential that does not hold; the text is for the log.
    Invalid(String),
    /// The issuer or the directory cannot be asked now.
    Unavailable,
}
