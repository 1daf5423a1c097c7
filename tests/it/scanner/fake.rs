//! A scanner that a test can put into a mood, on a port of its own.

use std::sync::{Arc, Mutex};

use cpor::app::clamd::Clamd;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How the scanner treats who comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Takes everything, then says this.
    Says(&'static str),
    /// Says this after the first piece, and hangs up.
    HasEnough(&'static str),
    /// Takes everything and says nothing.
    Hangs,
    /// Hangs up at once.
    Away,
}

pub const CLEAN: Mood = Mood::Says("stream: OK\0");
pub const INFECTED: Mood = Mood::Says("stream: Cpor.Test FOUND\0");

/// The scanner; dropped, it stops.
pub struct FakeClamd {
    pub clamd: Clamd,
    mood: Arc<Mutex<Mood>>,
    seen: Arc<Mutex<Vec<u8>>>,
    task: JoinHandle<()>,
}

impl FakeClamd {
    pub async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let clamd = Clamd::parse(&format!("tcp://{}", listener.local_addr().unwrap())).unwrap();
        let (mood, seen) = (Arc::new(Mutex::new(mood)), Arc::default());
        let (moods, sees) = (Arc::clone(&mood), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (mood, seen) = (*moods.lock().unwrap(), Arc::clone(&sees));
                // Whoever hangs up ends the conversation.
                tokio::spawn(async move { converse(stream, mood, &seen).await.unwrap_or_default() });
            }
        });
        Self { clamd, mood, seen, task }
    }

    pub fn feels(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// The bytes of the latest file that was sent whole.
    pub fn seen(&self) -> Vec<u8> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for FakeClamd {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(mut stream: TcpStream, mood: Mood, seen: &Mutex<Vec<u8>>) -> std::io::Result<()> {
    if mood == Mood::Away {
        return Ok(());
    }
    let mut command = [0; 10];
    stream.read_exact(&mut command).await?;
    assert_eq!(&command, b"zINSTREAM\0");
    let mut bytes = Vec::new();
    loop {
        let length = stream.read_u32().await?;
        if length == 0 {
            break;
        }
        let mut piece = vec![0; length as usize];
        stream.read_exact(&mut piece).await?;
        bytes.extend(piece);
        if let Mood::HasEnough(answer) = mood {
            return stream.write_all(answer.as_bytes()).await;
        }
    }
    *seen.lock().unwrap() = bytes;
    match mood {
        Mood::Says(answer) => stream.write_all(answer.as_bytes()).await,
        // Until the other side hangs up.
        _ => stream.read_u8().await.map(drop),
    }
}
