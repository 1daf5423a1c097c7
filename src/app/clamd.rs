//! A virus scanner that speaks clamd's protocol: bytes in pieces, each after its length; one line back.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

/// How long a scan may take, from the connection to the answer.
pub const SCAN_TIME: Duration = Duration::from_secs(30);
/// Bytes sent in one piece.
const PIECE_BYTES: usize = 64 * 1024;
/// The longest answer, in bytes.
const MAX_ANSWER_BYTES: u64 = 4_096;

/// Where a scanner listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clamd {
    /// A host and a port.
    Tcp(String),
    /// A socket of this machine.
    Unix(PathBuf),
}

impl fmt::Display for Clamd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "tcp://{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// What a scanner says of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It knows nothing bad of them.
    Clean,
    /// It found this.
    Infected(String),
}

/// Why there is no verdict.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The scanner is away, or the connection broke off.
    #[error("the scanner is away: {0}")]
    Away(#[from] io::Error),
    /// It took longer than it may, in seconds.
    #[error("the scanner took longer than {0} seconds")]
    TooSlow(f32),
    /// It answered, but with no verdict: an error of its own, such as its limit of size, or nothing that can be read.
    #[error("the scanner gave no verdict: {0:?}")]
    NoVerdict(String),
}

impl Clamd {
    /// A scanner's address: `tcp://host:port` or `unix:/path`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("unix:") {
            return path.starts_with('/').then(|| Self::Unix(path.into()));
        }
        let address = text.strip_prefix("tcp://")?;
        let (host, port) = address.rsplit_once(':')?;
        let is_host = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte));
        (is_host && port.parse::<u16>().is_ok_and(|port| port > 0)).then(|| Self::Tcp(address.to_owned()))
    }

    /// Has bytes scanned.
    ///
    /// # Errors
    /// [`ScanError`]: there is no verdict, and what is unknown is not clean.
    pub async fn scan(&self, bytes: impl AsyncRead + Unpin) -> Result<Verdict, ScanError> {
        self.scan_within(SCAN_TIME, bytes).await
    }

    /// Has bytes scanned within a time of one's own.
    ///
    /// # Errors
    /// As [`Self::scan`].
    pub async fn scan_within(&self, time: Duration, bytes: impl AsyncRead + Unpin) -> Result<Verdict, ScanError> {
        tokio::time::timeout(time, self.ask(bytes)).await.map_err(|_| ScanError::TooSlow(time.as_secs_f32()))?
    }

    async fn ask(&self, bytes: impl AsyncRead + Unpin) -> Result<Verdict, ScanError> {
        let answer = match self {
            Self::Tcp(address) => converse(TcpStream::connect(address).await?, bytes).await?,
            Self::Unix(path) => converse(UnixStream::connect(path).await?, bytes).await?,
        };
        verdict(&answer).ok_or(ScanError::NoVerdict(answer))
    }
}

/// Sends the bytes and reads the answer. A scanner that has enough answers and hangs up: then its answer counts, not our broken pipe.
async fn converse(mut scanner: impl AsyncRead + AsyncWrite + Unpin, bytes: impl AsyncRead + Unpin) -> io::Result<String> {
    let sent = send(&mut scanner, bytes).await;
    let mut answer = Vec::new();
    let read = scanner.take(MAX_ANSWER_BYTES).read_to_end(&mut answer).await;
    if answer.is_empty() {
        sent?;
        read?;
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&answer).trim_end_matches(['\0', '\n']).to_owned())
}

async fn send(scanner: &mut (impl AsyncWrite + Unpin), mut bytes: impl AsyncRead + Unpin) -> io::Result<()> {
    scanner.write_all(b"zINSTREAM\0").await?;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let length = bytes.read(&mut piece).await?;
        // Not longer than a piece.
        scanner.write_all(&(length as u32).to_be_bytes()).await?;
        if length == 0 {
            return scanner.flush().await;
        }
        scanner.write_all(&piece[..length]).await?;
    }
}

fn verdict(answer: &str) -> Option<Verdict> {
    let said = answer.strip_prefix("stream: ")?;
    match said.strip_suffix(" FOUND") {
        Some(threat) => Some(Verdict::Infected(threat.to_owned())),
        None => (said == "OK").then_some(Verdict::Clean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_a_host_and_port_or_a_path() {
        assert_eq!(Clamd::parse("tcp://clamd:3310"), Some(Clamd::Tcp("clamd:3310".to_owned())));
        assert_eq!(Clamd::parse("tcp://[::1]:3310"), Some(Clamd::Tcp("[::1]:3310".to_owned())));
        assert_eq!(Clamd::parse("unix:/run/clamd.ctl"), Some(Clamd::Unix("/run/clamd.ctl".into())));
        for bad in
            ["", "clamd:3310", "tcp://clamd", "tcp://:3310", "tcp://clamd:0", "tcp://clamd:x", "unix:clamd.ctl", "http://clamd:1"]
        {
            assert_eq!(Clamd::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_the_two_verdicts_are_verdicts() {
        assert_eq!(verdict("stream: OK"), Some(Verdict::Clean));
        assert_eq!(verdict("stream: Eicar-Test FOUND"), Some(Verdict::Infected("Eicar-Test".to_owned())));
        for none in ["", "OK", "stream: OK\nstream: OK", "INSTREAM size limit exceeded. ERROR", "stream: OKAY"] {
            assert_eq!(verdict(none), None, "{none}");
        }
    }
}
