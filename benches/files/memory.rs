//! The memory of another process, looked at every few milliseconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often to look.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Looks on until stopped.
pub struct Watch {
    stop: Arc<AtomicBool>,
    looking: JoinHandle<f64>,
    before: f64,
}

impl Watch {
    pub fn start(process: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&stop);
        let looking = std::thread::spawn(move || {
            let mut most = 0.0_f64;
            while !theirs.load(Ordering::Relaxed) {
                most = most.max(resident_mib(process));
                std::thread::sleep(LOOK_EVERY);
            }
            most
        });
        Self { stop, looking, before: resident_mib(process) }
    }

    /// MiB before, and at most.
    pub fn stop(self) -> (f64, f64) {
        self.stop.store(true, Ordering::Relaxed);
        (self.before, self.looking.join().unwrap())
    }
}

fn resident_mib(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kib / 1024.0
}
