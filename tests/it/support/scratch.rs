//! Temporary folders that are removed when a test ends, and tools that may be missing.

use std::fs;
use std::path::{Path, PathBuf};

/// Set by the continuous integration, where every tool is there: a skipped test fails.
const NO_SKIPS: &str = "CPOR_TEST_NO_SKIPS";

/// A path for a new temporary folder; the folder is not made.
pub fn path() -> PathBuf {
    std::env::temp_dir().join(format!("cpor-test-{}", uuid::Uuid::now_v7().simple()))
}

/// A temporary folder, gone with everything inside when this is dropped.
pub struct ScratchFolder {
    path: PathBuf,
}

impl ScratchFolder {
    /// Makes a new empty one.
    pub fn new() -> Self {
        let path = path();
        fs::create_dir(&path).unwrap();
        Self { path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("{} is left behind: {error}", self.path.display());
        }
    }
}

/// Says loudly that a test is skipped, or fails where nothing may be skipped.
pub fn skip(test: &str, reason: &str) {
    assert!(std::env::var_os(NO_SKIPS).is_none(), "{test} was skipped: {reason}");
    eprintln!("SKIPPED: {test}: {reason}");
}
