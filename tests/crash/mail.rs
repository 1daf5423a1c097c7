//! The letters that were written, as files.

use std::fs;
use std::path::Path;

use uuid::Uuid;

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The delivery it belongs to, from its `Message-ID`.
    pub delivery: Option<Uuid>,
    /// The file's name.
    pub name: String,
}

/// All letters of a folder.
pub fn letters(folder: &Path) -> Vec<Letter> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "eml"));
    let letter = |path: std::path::PathBuf| Letter {
        delivery: delivery(&String::from_utf8_lossy(&fs::read(&path).unwrap())),
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
    };
    paths.map(letter).collect()
}

fn delivery(text: &str) -> Option<Uuid> {
    let line = text.lines().find_map(|line| line.strip_prefix("Message-ID: <"))?;
    line.split('@').next()?.parse().ok()
}
