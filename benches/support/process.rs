//! CPU time and memory of processes, read from `/proc`.

use std::fs;
use std::io;
use std::ops::{Add, Sub};
use std::time::Duration;

/// What a process, or several together, used.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// CPU time since the start, user and system.
    pub cpu: Duration,
    /// Memory that is held now, in bytes; what several share is divided among them.
    pub memory_bytes: u64,
}

impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { cpu: self.cpu + other.cpu, memory_bytes: self.memory_bytes + other.memory_bytes }
    }
}

impl Sub for Usage {
    type Output = Self;

    /// What was used between two looks; the memory is that of the later one.
    fn sub(self, earlier: Self) -> Self {
        Self { cpu: self.cpu.saturating_sub(earlier.cpu), memory_bytes: self.memory_bytes }
    }
}

/// What a process used so far.
///
/// # Errors
/// If it is gone.
pub fn usage(process: u32) -> io::Result<Usage> {
    let stat = Stat::read(process)?;
    let per_second = rustix::param::clock_ticks_per_second();
    let cpu = Duration::from_micros(stat.cpu_ticks * 1_000_000 / per_second);
    Ok(Usage { cpu, memory_bytes: proportional_bytes(process)? })
}

/// The children of a process whose command line passes.
///
/// # Errors
/// If `/proc` cannot be read.
pub fn children(parent: u32, passes: impl Fn(&str) -> bool) -> io::Result<Vec<u32>> {
    let processes = fs::read_dir("/proc")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    // A process that ended meanwhile is no child any more.
    let is_child = |process: &u32| Stat::read(*process).is_ok_and(|stat| stat.parent == parent);
    let line = |process: u32| fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    Ok(processes.filter(is_child).filter(|process| passes(&String::from_utf8_lossy(&line(*process)))).collect())
}

/// The parent of a process.
///
/// # Errors
/// If it is gone.
pub fn parent(process: u32) -> io::Result<u32> {
    Stat::read(process).map(|stat| stat.parent)
}

struct Stat {
    parent: u32,
    cpu_ticks: u64,
}

impl Stat {
    /// Fields of `/proc/PID/stat`, counted behind the name, which may hold anything.
    fn read(process: u32) -> io::Result<Self> {
        let text = fs::read_to_string(format!("/proc/{process}/stat"))?;
        let fields: Vec<&str> = text.rsplit_once(") ").map_or("", |(_, rest)| rest).split(' ').collect();
        let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).ok_or(io::ErrorKind::InvalidData);
        let parent = u32::try_from(number(1)?).map_err(|_| io::ErrorKind::InvalidData)?;
        Ok(Self { parent, cpu_ticks: number(11)? + number(12)? })
    }
}

/// The proportional set size.
fn proportional_bytes(process: u32) -> io::Result<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let kib = text.lines().find_map(|line| line.strip_prefix("Pss:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    Ok(kib.ok_or(io::ErrorKind::InvalidData)? * 1024)
}
