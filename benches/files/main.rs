//! Documents in and out against plain axum, and the server's memory meanwhile: prints figures, asserts nothing.
//!
//! `cargo bench --bench files`. Everything runs on this machine, each server in a process of its own; runs alternate, so that a busy
//! moment hits all of them. The plain server is the least that could do the job: it streams a body into a file and flushes that to disk
//! as the real one does, or streams a file; and beside, what never touches a disk.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod client;
mod memory;
mod plain;
mod server;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use client::Client;
use memory::Watch;
use server::Server;

/// Bytes of a file: the largest that is taken.
const FILE_BYTES: usize = 25 << 20;
/// Files in each run.
const FILES: usize = 20;
/// Runs, of which the median counts.
const RUNS: usize = 5;

fn main() {
    if let Some(folder) = std::env::args().skip_while(|arg| arg != "--plain").nth(1) {
        return plain::serve(PathBuf::from(folder));
    }
    let folder = std::env::temp_dir().join(format!("cpor-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (server, plain) = (Server::start(&folder.join("cpor")), plain::Plain::start(&folder.join("plain")));
    uploads(&server, &plain);
    downloads(&server, &plain);
    parallel(&server);
    drop((server, plain));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A document of its own: none is kept already.
fn document(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut bytes = b"%PDF-1.7\n".to_vec();
    while bytes.len() < FILE_BYTES - 7 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_be_bytes());
    }
    bytes.truncate(FILE_BYTES - 7);
    bytes.extend_from_slice(b"\n%%EOF\n");
    bytes
}

fn mib_per_second(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / f64::from(1 << 20) / time.as_secs_f64()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn timed(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

fn compare(what: &str, ours: &[Duration], theirs: &[(&str, Vec<Duration>)]) {
    let ours = mib_per_second(FILES * FILE_BYTES, median(ours.to_vec()));
    println!("{what}: cpor {ours:.0} MiB/s");
    for (name, times) in theirs {
        let plain = mib_per_second(FILES * FILE_BYTES, median(times.clone()));
        println!("  plain axum, {name}: {plain:.0} MiB/s, ratio {:.2}", ours / plain);
    }
}

fn uploads(server: &Server, plain: &plain::Plain) {
    let (mut ours, mut file, mut nowhere) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..RUNS {
        let documents: Vec<_> = (0..FILES).map(|n| document((run * FILES + n + 1) as u64)).collect();
        let urls: Vec<_> = documents.iter().map(|_| server.upload().url).collect();
        let mut client = Client::connect(&server.address);
        ours.push(timed(|| documents.iter().zip(&urls).for_each(|(bytes, url)| client.put(url, bytes))));
        let mut client = Client::connect(&plain.address);
        file.push(timed(|| documents.iter().for_each(|bytes| client.put("/file", bytes))));
        nowhere.push(timed(|| documents.iter().for_each(|bytes| client.put("/nowhere", bytes))));
    }
    compare("upload", &ours, &[("into a file, flushed", file), ("thrown away", nowhere)]);
}

fn downloads(server: &Server, plain: &plain::Plain) {
    let (mut ours, mut file, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    let path = server.document(&document(999_983));
    let mut client = Client::connect(&plain.address);
    client.put("/file", &document(999_983));
    for _ in 0..RUNS {
        let mut client = Client::connect(&server.address);
        ours.push(timed(|| (0..FILES).for_each(|_| client.get(&path))));
        let mut client = Client::connect(&plain.address);
        file.push(timed(|| (0..FILES).for_each(|_| client.get("/file"))));
        memory.push(timed(|| (0..FILES).for_each(|_| client.get("/memory"))));
    }
    compare("download", &ours, &[("from a file", file), ("from memory", memory)]);
}

/// Twenty at once, as the largest claim could send them.
fn parallel(server: &Server) {
    let documents: Vec<_> = (0..FILES).map(|n| document(n as u64 + 1_000_003)).collect();
    let urls: Vec<_> = documents.iter().map(|_| server.upload().url).collect();
    let watch = Watch::start(server.process());
    let time = timed(|| {
        std::thread::scope(|scope| {
            for (bytes, url) in documents.iter().zip(&urls) {
                scope.spawn(move || Client::connect(&server.address).put(url, bytes));
            }
        });
    });
    let (before, most) = watch.stop();
    println!(
        "{FILES} uploads of {} MiB at once: {:.0} MiB/s, memory {before:.0} MiB before, {most:.0} MiB at most",
        FILE_BYTES >> 20,
        mib_per_second(FILES * FILE_BYTES, time)
    );
}
