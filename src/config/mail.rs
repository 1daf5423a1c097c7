//! How notices leave: the mail server, the sender, and what links in them begin with.

use std::fmt;
use std::net::SocketAddr;

/// The sender where nobody configured one: only of messages that become files.
const LOCAL_SENDER: &str = "cpor@localhost";

/// Why notices cannot leave as the settings say. Never shows a URL: it may hold a password.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MailError {
    /// The mail server's URL is not one.
    #[error("CPOR_SMTP_URL (or --smtp-url) cannot be read: give smtp://HOST:PORT?tls=required or smtps://USER:PASSWORD@HOST")]
    SmtpUrl,
    /// A password would go over the network for everybody to read.
    #[error("CPOR_SMTP_URL (or --smtp-url) has a password but no encryption: use smtps://, or add ?tls=required for STARTTLS")]
    PasswordInClear,
    /// Receivers must know who writes.
    #[error("--smtp-url needs --mail-from: the address that notices come from")]
    NoSender,
    /// Links would lead nowhere.
    #[error("--public-url {0:?} is no address of a server: give scheme and host, such as https://claims.example")]
    PublicUrl(String),
}

/// How notices leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSettings {
    /// The mail server; without one, messages become files.
    pub smtp: Option<SmtpUrl>,
    /// The sender.
    pub from: String,
    /// What links begin with; no slash behind.
    pub public_url: String,
}

/// The URL of a mail server. Its text is shown to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl(String);

impl SmtpUrl {
    /// Checks a URL.
    ///
    /// # Errors
    /// [`MailError::SmtpUrl`], [`MailError::PasswordInClear`].
    pub fn parse(url: String) -> Result<Self, MailError> {
        let is_encrypted = url.starts_with("smtps://") || (url.starts_with("smtp://") && url.contains("?tls=required"));
        let rest = url.strip_prefix("smtps://").or_else(|| url.strip_prefix("smtp://")).ok_or(MailError::SmtpUrl)?;
        let authority = rest.split(['/', '?']).next().filter(|authority| !authority.is_empty()).ok_or(MailError::SmtpUrl)?;
        if authority.contains('@') && !is_encrypted {
            return Err(MailError::PasswordInClear);
        }
        Ok(Self(url))
    }

    /// The URL with its password: to connect with, not to print.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpUrl(…)")
    }
}

impl MailSettings {
    /// Checks what was given; empty texts mean: not given.
    ///
    /// # Errors
    /// [`MailError`].
    pub fn new(
        smtp_url: Option<String>,
        from: Option<String>,
        public_url: Option<String>,
        listen: SocketAddr,
    ) -> Result<Self, MailError> {
        let [smtp_url, from, public_url] = [smtp_url, from, public_url].map(|text| text.filter(|text| !text.trim().is_empty()));
        let smtp = smtp_url.map(SmtpUrl::parse).transpose()?;
        let from = match (from, &smtp) {
            (Some(from), _) => from,
            (None, None) => LOCAL_SENDER.to_owned(),
            (None, Some(_)) => return Err(MailError::NoSender),
        };
        let public_url = public_url.unwrap_or_else(|| format!("http://{listen}"));
        Ok(Self { smtp, from, public_url: checked(&public_url).ok_or(MailError::PublicUrl(public_url))? })
    }
}

/// Scheme, host, perhaps a port and a path; nothing that would end a link early.
fn checked(url: &str) -> Option<String> {
    let url = url.trim().trim_end_matches('/');
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]/_~".contains(&byte);
    (!rest.is_empty() && rest.bytes().all(plain)).then(|| url.to_owned())
}
