//! Open files: each socket is one, on both sides.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Files that a process of the benchmark needs beside its sockets.
const FILES_BESIDE: u64 = 1_000;

/// Lets this process and those it starts open so many sockets each.
///
/// # Errors
/// A sentence that says what to do.
pub fn allow(sockets: usize) -> anyhow::Result<()> {
    let needed = sockets as u64 + FILES_BESIDE;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|files| files >= needed) {
        return Ok(());
    }
    let allowed = limit.maximum;
    limit.current = Some(needed);
    limit.maximum = allowed.map(|files| files.max(needed));
    setrlimit(Resource::Nofile, limit).map_err(|error| {
        anyhow::anyhow!(
            "{sockets} sockets need {needed} open files in each process, and this machine allows {}: {error}. \
             Raise the limit (`ulimit -Hn {needed}` as root, or LimitNOFILE), or choose another --scenario",
            allowed.map_or_else(|| "less".to_owned(), |files| files.to_string())
        )
    })
}
