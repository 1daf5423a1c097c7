//! One subscriber: a raw connection, so that the client costs as little as it can.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::decode::{Piece, decode};
use super::journal::Journal;
use crate::clock::now_nanos;
use crate::http;
use crate::plan::{Watch, Wire};

/// Bytes read at a time, at first.
const BUFFER_BYTES: usize = 1024;
/// Opcodes of frames.
const TEXT: u8 = 0x1;
const PONG: u8 = 0xa;

/// An open subscription.
pub struct Socket {
    number: u32,
    wire: Wire,
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Socket {
    /// Connects and subscribes.
    pub async fn open(address: SocketAddr, wire: Wire, watch: &Watch, number: u32) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("socket {number} cannot connect"))?;
        stream.set_nodelay(true)?;
        let mut socket = Self { number, wire, stream, buffer: Vec::with_capacity(BUFFER_BYTES) };
        let subscribed = match wire {
            Wire::WebSocket => socket.subscribe(address, watch).await,
            Wire::ServerSentEvents => socket.request(address, watch).await,
        };
        subscribed.with_context(|| format!("socket {number} cannot subscribe"))?;
        Ok(socket)
    }

    /// Hears until the server ends it.
    pub async fn listen(mut self, journal: Arc<Journal>) {
        let why = match self.hear(&journal).await {
            Ok(why) => why,
            Err(error) => error.to_string(),
        };
        journal.end(why);
    }

    async fn hear(&mut self, journal: &Journal) -> anyhow::Result<String> {
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Ok("closed by the server".to_owned());
            }
            let (at, mut done) = (now_nanos(), 0);
            while let Some((piece, taken)) = decode(self.wire, &self.buffer[done..]) {
                let bytes = |range: std::ops::Range<usize>| &self.buffer[done + range.start..done + range.end];
                match piece {
                    Piece::Text(range) => {
                        if let Err(other) = journal.hear(self.number, bytes(range), at) {
                            return Ok(other);
                        }
                    }
                    Piece::Ping(range) => {
                        let pong = masked(PONG, bytes(range));
                        self.stream.write_all(&pong).await?;
                    }
                    Piece::Nothing => {}
                    Piece::End(range) => return Ok(format!("ended: {}", String::from_utf8_lossy(bytes(range)))),
                }
                done += taken;
            }
            self.buffer.drain(..done);
        }
    }

    async fn subscribe(&mut self, address: SocketAddr, watch: &Watch) -> anyhow::Result<()> {
        let upgrade = format!(
            "GET /graphql HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n"
        );
        self.stream.write_all(upgrade.as_bytes()).await?;
        let head = http::head(&mut self.stream, &mut self.buffer).await?;
        ensure!(http::status(&head)? == 101, "no upgrade: {head}");
        let authorization = format!("Bearer {}", watch.token);
        let init = json!({ "type": "connection_init", "payload": { "authorization": authorization } });
        self.stream.write_all(&masked(TEXT, init.to_string().as_bytes())).await?;
        self.acknowledged().await?;
        let subscribe = json!({ "id": "1", "type": "subscribe", "payload": watch.operation() });
        Ok(self.stream.write_all(&masked(TEXT, subscribe.to_string().as_bytes())).await?)
    }

    async fn acknowledged(&mut self) -> anyhow::Result<()> {
        loop {
            if let Some((piece, taken)) = decode(self.wire, &self.buffer) {
                let (Piece::Text(range) | Piece::End(range) | Piece::Ping(range)) = piece else { bail!("an unknown frame") };
                let text = String::from_utf8_lossy(&self.buffer[range]).into_owned();
                ensure!(text.contains("connection_ack"), "not acknowledged: {text}");
                self.buffer.drain(..taken);
                return Ok(());
            }
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "closed by the server");
        }
    }

    async fn request(&mut self, address: SocketAddr, watch: &Watch) -> anyhow::Result<()> {
        let body = watch.operation().to_string();
        let (token, length) = (&watch.token, body.len());
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\naccept: text/event-stream\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.stream.write_all(request.as_bytes()).await?;
        let head = http::head(&mut self.stream, &mut self.buffer).await?;
        ensure!(http::status(&head)? == 200, "no stream: {head}");
        Ok(())
    }
}

/// A client's frame. Its mask is of zeros, which leaves the bytes as they are.
fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match payload.len() {
        length @ ..126 => frame.push(0x80 | length as u8),
        length => {
            frame.push(0x80 | 126);
            frame.extend((length as u16).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}
