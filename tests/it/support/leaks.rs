//! What no answer may tell: SQL, tables, files, addresses, the words of a panic, names of Rust. Each answer that a test is given is
//! scanned as it passes.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use axum::body::Body;
use axum::response::Response;
use http_body_util::BodyExt;

/// Words of the inside. `10.0.0.7` stands in an error of the tests' toy schema.
const INSIDE: [&str; 26] = [
    "SELECT ",
    "INSERT INTO",
    "DELETE FROM",
    " RETURNING ",
    "relation \"",
    "column \"",
    "violates ",
    "duplicate key value",
    "syntax error at or near",
    "SQLSTATE",
    "pg_catalog",
    "postgres://",
    "postgresql://",
    "tokio_postgres",
    "diesel",
    "panicked",
    "unwrap()",
    "RUST_BACKTRACE",
    ".rs:",
    ".rs\"",
    "src/",
    "serde",
    "async_graphql",
    "10.0.0.7",
    "/tmp/",
    env!("CARGO_MANIFEST_DIR"),
];

/// The tables whose names no sentence and no field has: those of two words.
static TABLES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let folders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("up.sql"));
    let texts: Vec<String> = folders.filter_map(|path| fs::read_to_string(path).ok()).collect();
    let names = texts.iter().flat_map(|text| text.lines()).filter_map(|line| line.strip_prefix("CREATE TABLE "));
    let names = names.filter_map(|rest| rest.split([' ', '(']).next()).filter(|name| name.contains('_'));
    names.map(str::to_owned).collect()
});

/// Panics if a text tells of the inside.
#[track_caller]
pub fn leaks_nothing(text: &str) {
    let words = INSIDE.iter().copied().chain(TABLES.iter().map(String::as_str));
    if let Some(word) = words.into_iter().find(|word| text.contains(word)) {
        let at = text.find(word).unwrap_or_default();
        let around: String = text[..at].chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect();
        panic!("an answer tells {word:?}: …{around}{}", text[at..].chars().take(200).collect::<String>());
    }
}

/// The same response, scanned as it is read.
pub fn scanned(response: Response) -> Response {
    response.map(|body| {
        Body::new(body.map_frame(|frame| {
            if let Some(text) = frame.data_ref().and_then(|data| std::str::from_utf8(data).ok()) {
                leaks_nothing(text);
            }
            frame
        }))
    })
}

#[test]
fn the_scan_finds_what_it_looks_for() {
    assert!(TABLES.iter().any(|table| table == "notice_deliveries"), "{:?}", *TABLES);
    for leak in ["ERROR: relation \"claims\" does not exist", "at src/store/page.rs:12", "from feed_pending"] {
        assert!(std::panic::catch_unwind(|| leaks_nothing(leak)).is_err(), "{leak}");
    }
    leaks_nothing("{\"data\":{\"claims\":{\"nodes\":[{\"name\":\"Documents, history and people\"}]}}}");
}
