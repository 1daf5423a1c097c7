//! Running a tool to its end, with its output, within a bounded time.

use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// How often a running tool is looked at.
pub(super) const POLL: Duration = Duration::from_millis(5);
/// How much of a failed tool's output goes into an error, in bytes.
const TAIL_BYTES: usize = 800;

/// How a tool ended, and what it said on stdout and stderr.
pub(super) struct Finished {
    pub(super) status: ExitStatus,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Finished {
    /// The end of what the tool said, or how it ended if it said nothing.
    pub(super) fn complaint(&self) -> String {
        let said = tail(if self.stderr.trim().is_empty() { &self.stdout } else { &self.stderr });
        if said.is_empty() { self.status.to_string() } else { said }
    }
}

/// Runs `command` to its end; after `limit` its whole process group is killed and the error is
/// `TimedOut`. `watch` is called again and again meanwhile, for a progress display.
pub(super) fn run(command: &mut Command, limit: Duration, mut watch: impl FnMut()) -> io::Result<Finished> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn()?;
    let stdout = child.stdout.take().map(read_in_background);
    let stderr = child.stderr.take().map(read_in_background);
    let status = wait(&mut child, limit, &mut watch)?;
    Ok(Finished { status, stdout: collect(stdout), stderr: collect(stderr) })
}

/// [`run`] without a display.
pub(super) fn run_quietly(command: &mut Command, limit: Duration) -> io::Result<Finished> {
    run(command, limit, || {})
}

fn wait(child: &mut Child, limit: Duration, watch: &mut impl FnMut()) -> io::Result<ExitStatus> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= deadline {
            if let Some(group) = Pid::from_raw(child.id().cast_signed()) {
                // Already gone is as good as killed.
                kill_process_group(group, Signal::KILL).ok();
            }
            child.wait()?;
            let text = format!("it had not ended after {} seconds", limit.as_secs());
            return Err(io::Error::new(io::ErrorKind::TimedOut, text));
        }
        watch();
        thread::sleep(POLL);
    }
}

fn read_in_background(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is still worth showing.
        pipe.read_to_end(&mut bytes).ok();
        bytes
    })
}

fn collect(reader: Option<JoinHandle<Vec<u8>>>) -> String {
    let bytes = reader.and_then(|reader| reader.join().ok()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The last lines of `text`, at most [`TAIL_BYTES`].
pub(super) fn tail(text: &str) -> String {
    let text = text.trim();
    let start = text.ceil_char_boundary(text.len().saturating_sub(TAIL_BYTES));
    text[start..].to_owned()
}
