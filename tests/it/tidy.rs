//! The house's rules about its own source, as plain tests.

use std::fs;
use std::path::{Path, PathBuf};

/// The longest a source file may be, in lines.
const MAX_LINES: usize = 300;

/// What the files of a room may never name.
const NEVER: &[(&str, &[&str])] = &[
    (
        "src/domain",
        &[
            "diesel",
            "serde",
            "serde_json",
            "tokio",
            "async_graphql",
            "axum",
            "Utc::now",
            "crate::auth",
            "crate::store",
            "crate::app",
            "crate::graphql",
            "crate::http",
            "crate::workers",
            "crate::notify",
            "crate::messages",
            "async fn",
        ],
    ),
    ("src/auth", &["diesel", "async_graphql", "axum", "crate::store", "crate::app", "crate::graphql", "crate::http"]),
    (
        "src/store",
        &[
            "axum",
            "async_graphql",
            "lettre",
            "crate::notify",
            "crate::app",
            "crate::graphql",
            "crate::http",
            "crate::workers",
            "Utc::now",
            " now()",
            "CURRENT_TIMESTAMP",
            "clock_timestamp",
        ],
    ),
    ("src/app", &["diesel", "axum", "async_graphql", "crate::graphql", "crate::http", "crate::workers"]),
    ("src/graphql", &["diesel", "axum", "crate::http", "crate::workers", "crate::store::sql", "crate::store::schema"]),
    ("src/http", &["diesel", "crate::store", "crate::domain::decide", "crate::workers"]),
    (
        "src/messages",
        &[
            "diesel",
            "serde",
            "tokio",
            "axum",
            "async_graphql",
            "crate::auth",
            "crate::store",
            "crate::app",
            "crate::graphql",
            "crate::http",
            "crate::workers",
            "crate::notify",
        ],
    ),
    ("src/notify", &["axum", "async_graphql", "diesel", "crate::graphql", "crate::http", "crate::workers"]),
    ("src/workers", &["axum", "async_graphql", "diesel", "crate::graphql", "crate::http"]),
];

/// Words of unfinished work.
const MARKS: &[&str] = &["todo!", "unimplemented!", "FIXME", "TODO", "XXX", "dbg!(", "allow(dead_code", "allow(unused"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => rust_files(&path),
            false if path.extension().is_some_and(|extension| extension == "rs") => vec![path],
            false => Vec::new(),
        })
        .collect()
}

/// The code of a file: without comments, and without what follows `#[cfg(test)]`.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// Whether the code names a crate, module or function: as a whole word at its beginning.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !is_word(before) && (!is_word(after) || word.ends_with('!')) && before != Some('.')
    })
}

#[test]
fn each_room_uses_only_what_the_map_allows() {
    let mut broken = Vec::new();
    for (room, never) in NEVER {
        for path in rust_files(&root().join(room)) {
            let code = code(&path);
            broken.extend(never.iter().filter(|word| names(&code, word)).map(|word| format!("{} names {word}", shown(&path))));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn viewers_are_made_by_authentication_alone() {
    let makers = ["Viewer::of_person", "Viewer::of_customer"];
    let files = rust_files(&root().join("src"));
    let elsewhere = files.iter().filter(|path| makers.iter().any(|maker| code(path).contains(maker)));
    let elsewhere: Vec<String> = elsewhere.map(|path| shown(path)).collect();
    assert_eq!(elsewhere, ["src/app/authenticate.rs"]);
}

#[test]
fn files_stay_small_enough_to_read() {
    let files = ["src", "tests"].iter().flat_map(|folder| rust_files(&root().join(folder)));
    let long = files.map(|path| (fs::read_to_string(&path).unwrap().lines().count(), shown(&path)));
    let long: Vec<_> = long.filter(|(lines, _)| *lines > MAX_LINES).collect();
    assert!(long.is_empty(), "longer than {MAX_LINES} lines: {long:?}");
}

#[test]
fn nothing_is_left_unfinished() {
    let files = rust_files(&root().join("src"));
    let marks = files.iter().flat_map(|path| {
        let text = code(path);
        MARKS.iter().filter(move |mark| text.contains(**mark)).map(|mark| format!("{}: {mark}", shown(path)))
    });
    let marks: Vec<String> = marks.collect();
    assert!(marks.is_empty(), "{}", marks.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let files = rust_files(&root().join("src"));
    let silent: Vec<String> =
        files.iter().filter(|path| !fs::read_to_string(path).unwrap().starts_with("//!")).map(|path| shown(path)).collect();
    assert!(silent.is_empty(), "without a first line of documentation: {silent:?}");
}
