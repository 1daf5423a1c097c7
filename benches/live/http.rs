//! The least of HTTP/1.1: one request after another on one connection.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Bytes of a head, at most.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// A connection that is kept.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    host: SocketAddr,
}

impl Connection {
    /// Connects.
    pub async fn open(host: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::new(), host })
    }

    /// Sends a request and answers status and body. `headers` are whole lines.
    pub async fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> anyhow::Result<(u16, Vec<u8>)> {
        let (host, length) = (self.host, body.len());
        let request = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
        self.stream.write_all(request.as_bytes()).await?;
        let head = head(&mut self.stream, &mut self.buffer).await?;
        let length = content_length(&head).context("an answer without content-length")?;
        while self.buffer.len() < length {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server closed the connection");
        }
        let body = self.buffer.drain(..length).collect();
        Ok((status(&head)?, body))
    }
}

/// Reads up to the empty line; what came behind it stays in `buffer`.
pub async fn head(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<String> {
    loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            let head: Vec<u8> = buffer.drain(..end + 4).collect();
            return Ok(String::from_utf8(head)?);
        }
        ensure!(buffer.len() < HEAD_BYTES_MAX, "a head without end");
        ensure!(stream.read_buf(buffer).await? > 0, "the server closed the connection");
    }
}

/// The status of an answer.
pub fn status(head: &str) -> anyhow::Result<u16> {
    head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("not an HTTP answer")
}

fn content_length(head: &str) -> Option<usize> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths.next().and_then(|(_, value)| value.trim().parse().ok())
}
