//! The demo's letter box: the messages that the server would have sent, for a person to read. Demo only.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path as Segment, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::playground::names_loopback;

/// Messages that the list shows, the latest first.
const MAX_SHOWN: usize = 500;
/// Files that are looked at to find them.
const MAX_FILES: usize = 100_000;
/// The longest message that is shown, in bytes.
const MAX_MESSAGE_BYTES: u64 = 1_048_576;
/// Nothing from anywhere: a message is read, not run.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
     pre{white-space:pre-wrap;overflow-wrap:anywhere}";

/// `/outbox`, a list of the messages in the folder, and `/outbox/NAME`, one of them.
///
/// Answered to requests that name this machine as their host and to no others: the messages hold consent links, and a foreign
/// site could otherwise read them by pointing a name of its own at the loopback address.
pub fn routes<S>(folder: PathBuf) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new().route("/outbox", get(list)).route("/outbox/{name}", get(message)).with_state(Arc::new(folder))
}

async fn list(State(folder): State<Arc<PathBuf>>, uri: Uri, headers: HeaderMap) -> Response {
    if !names_loopback(&uri, &headers) {
        return not_found();
    }
    match names(&folder).await {
        Ok(names) => {
            let item = |name: &String| format!("<li><a href=\"/outbox/{0}\">{0}</a></li>\n", escaped(name));
            let items: String = names.iter().map(item).collect();
            let empty = if names.is_empty() { "<p>Nothing has been sent yet.</p>" } else { "" };
            page(
                "Outbox",
                &format!("<h1>Outbox</h1>\n<p>What the server would have sent, the latest first.</p>{empty}\n<ul>\n{items}</ul>"),
            )
        }
        Err(error) => {
            tracing::error!(%error, "the outbox cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn message(State(folder): State<Arc<PathBuf>>, Segment(name): Segment<String>, uri: Uri, headers: HeaderMap) -> Response {
    if !names_loopback(&uri, &headers) || !is_name(&name) {
        return not_found();
    }
    let path = folder.join(&name);
    let is_short = tokio::fs::metadata(&path).await.is_ok_and(|facts| facts.is_file() && facts.len() <= MAX_MESSAGE_BYTES);
    match tokio::fs::read_to_string(&path).await {
        Ok(message) if is_short => {
            let body = format!(
                "<p><a href=\"/outbox\">Outbox</a></p>\n<h1>{}</h1>\n<pre>{}</pre>",
                escaped(&name),
                linked(text_part(&message))
            );
            page(&name, &body)
        }
        _ => not_found(),
    }
}

/// The names of the messages, the latest first: they begin with the time.
async fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    let mut entries = match tokio::fs::read_dir(folder).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(names),
        other => other?,
    };
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_name(&name) {
            names.push(name);
        }
        if names.len() == MAX_FILES {
            break;
        }
    }
    names.sort_unstable_by(|a, b| b.cmp(a));
    names.truncate(MAX_SHOWN);
    Ok(names)
}

/// A name as the notifier gives: it cannot lead out of the folder.
fn is_name(name: &str) -> bool {
    name.ends_with(".eml")
        && !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"@.-_".contains(&byte))
}

/// Up to the end of the first part, which is the text.
fn text_part(message: &str) -> &str {
    let Some(boundary) = message.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()) else { return message };
    let mark = format!("--{boundary}");
    let second = message.match_indices(&mark).nth(1).map_or(message.len(), |(at, _)| at);
    &message[..second]
}

/// The text as HTML, with addresses of the web as links.
fn linked(text: &str) -> String {
    let line = |line: &str| {
        let shown = escaped(line);
        if line.starts_with("http://") || line.starts_with("https://") {
            format!("<a href=\"{shown}\">{shown}</a>")
        } else {
            shown
        }
    };
    text.lines().map(|text| line(text.trim_end())).collect::<Vec<_>>().join("\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn page(title: &str, body: &str) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    let title = escaped(title);
    let head = format!(
        "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style>"
    );
    (headers, format!("<!doctype html>\n<html lang=\"en\"><head>{head}</head>\n<body>\n{body}\n</body></html>\n")).into_response()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "Not found\n").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_messages_are_opened() {
        assert!(is_name("20210913T100000Z-CPOR-100001-0012-rejected-paula@northwind.example.eml"));
        for name in ["../demo-key.eml", "a/b.eml", ".eml", "demo-key", "a\0.eml"] {
            assert!(!is_name(name), "{name:?}");
        }
    }

    #[test]
    fn the_text_is_shown_without_the_other_part_and_nothing_in_it_is_markup() {
        let message = "Subject: x\r\nContent-Type: multipart/alternative; boundary=\"b\"\r\n\r\n--b\r\n<i>hi</i>\r\nhttp://a/c\r\n--b\r\n<html>";
        let shown = linked(text_part(message));
        assert!(shown.contains("&lt;i&gt;hi") && shown.contains("<a href=\"http://a/c\">") && !shown.contains("html"), "{shown}");
    }
}
