//! What was heard, in the order in which it was heard.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::json;

use crate::plan::Heard;

/// What all sockets heard.
#[derive(Default)]
pub struct Journal {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    heard: Vec<Heard>,
    /// Bytes of all events' messages.
    bytes: usize,
    /// Why sockets ended before they should, and how many.
    ended: BTreeMap<String, usize>,
}

/// What stands before the version in a message.
const VERSION: &str = "\"claimVersion\":";

impl Journal {
    /// Keeps an event; answers why not, if the text is none.
    pub fn hear(&self, socket: u32, text: &[u8], at: u64) -> Result<(), String> {
        let version = std::str::from_utf8(text).ok().and_then(version);
        let Some(version) = version else { return Err(String::from_utf8_lossy(text).into_owned()) };
        let mut inner = self.lock();
        inner.bytes += text.len();
        inner.heard.push(Heard { socket, version, at });
        Ok(())
    }

    /// A socket ended, and why.
    pub fn end(&self, why: String) {
        *self.lock().ended.entry(why).or_default() += 1;
    }

    /// Events so far.
    pub fn count(&self) -> usize {
        self.lock().heard.len()
    }

    /// The rest of what the parent wants to know, in one line.
    pub fn summary(&self) -> String {
        let inner = self.lock();
        json!({ "bytes": inner.bytes, "ended": inner.ended }).to_string()
    }

    /// Writes every event.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        for heard in &self.lock().heard {
            file.write_all(&heard.to_bytes())?;
        }
        Ok(file.flush()?)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The version in an event's message. The cheapest way that is exact: the name occurs once, and errors have none.
fn version(text: &str) -> Option<i32> {
    let (_, behind) = text.split_once(VERSION)?;
    let end = behind.find(|c: char| !c.is_ascii_digit())?;
    behind[..end].parse().ok()
}
