//! A small mail server that a test can watch and put into a mood. Loopback, plain TCP, RFC 5321 as far as a client needs it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Lines that a message may have.
const MAX_LINES: usize = 10_000;

/// How the server treats a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Refuses for now (451).
    Busy,
    /// Refuses for good (550).
    Gone,
    /// Says nothing until told to, and then refuses for now.
    Silent,
}

/// A message that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    pub to: String,
    /// Headers and parts, unstuffed.
    pub message: String,
}

impl Taken {
    /// The value of a header, unfolded.
    pub fn header(&self, name: &str) -> String {
        let head = self.message.split("\n\n").next().unwrap().replace("\n ", " ");
        let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{}:", name.to_ascii_lowercase())));
        line.unwrap_or_default().split_once(':').map_or("", |(_, value)| value).trim().to_owned()
    }
}

#[derive(Default)]
struct Shared {
    moods: Mutex<HashMap<String, Mood>>,
    taken: Mutex<Vec<Taken>>,
    asked_silent: Notify,
    speak: Notify,
}

/// The server; dropped, it stops.
pub struct SmtpServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl SmtpServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&theirs);
                // A client that hangs up ends its conversation; nothing else does.
                tokio::spawn(async move { converse(stream, &shared).await.unwrap_or_default() });
            }
        });
        Self { address, shared, task }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// How a receiver is treated from now on; `None` is well.
    pub fn treat(&self, receiver: &str, mood: Option<Mood>) {
        let mut moods = self.shared.moods.lock().unwrap();
        match mood {
            Some(mood) => moods.insert(receiver.to_owned(), mood),
            None => moods.remove(receiver),
        };
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.shared.taken.lock().unwrap().clone()
    }

    /// Waits until a message to a silent receiver is on the line.
    pub async fn silent_was_asked(&self) {
        self.shared.asked_silent.notified().await;
    }

    /// Lets a silent receiver answer.
    pub fn speak(&self) {
        self.shared.speak.notify_one();
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 test.example ESMTP\r\n").await?;
    let mut to = String::new();
    loop {
        let Some(line) = line(&mut stream).await? else { return Ok(()) };
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-test.example\r\n250 8BITMIME",
            "HELO" | "MAIL" | "RSET" | "NOOP" => "250 ok",
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                receiver(shared, &to).await
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let message = message(&mut stream).await?;
                shared.taken.lock().unwrap().push(Taken { to: std::mem::take(&mut to), message });
                "250 taken"
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "502 what?",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

async fn receiver(shared: &Shared, to: &str) -> &'static str {
    let mood = shared.moods.lock().unwrap().get(to).copied();
    match mood {
        None => "250 ok",
        Some(Mood::Busy) => "451 later, please",
        Some(Mood::Gone) => "550 nobody here",
        Some(Mood::Silent) => {
            shared.asked_silent.notify_one();
            shared.speak.notified().await;
            "451 still not well"
        }
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let read = stream.read_until(b'\n', &mut bytes).await?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned()))
}

async fn message(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut lines = Vec::new();
    while let Some(line) = line(stream).await? {
        if line == "." || lines.len() == MAX_LINES {
            break;
        }
        lines.push(line.strip_prefix('.').map_or(line.clone(), str::to_owned));
    }
    Ok(lines.join("\n"))
}
