//! What would kill, hang or fill a server. After each the next request is answered.

use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Answer, Server};

/// Documents that abort a process or burn a core when they reach the parser or the executor.
pub fn documents() -> Vec<(&'static str, String)> {
    let bomb = |levels: usize| {
        let fragments = (0..levels).map(|n| format!("fragment F{n} on Query {{ ...F{0} ...F{0} }} ", n + 1));
        format!("{{ ...F0 }} {}fragment F{levels} on Query {{ __typename }}", fragments.collect::<String>())
    };
    let chain = |length: usize| {
        let fragments = (0..length).map(|n| format!("fragment F{n} on Query {{ ...F{} }} ", n + 1));
        format!("{{ ...F0 }} {}fragment F{length} on Query {{ __typename }}", fragments.collect::<String>())
    };
    let open = |bracket: &str, depth: usize| bracket.repeat(depth);
    vec![
        ("lists in an argument", format!("{{ hello(name: {}", open("[", 5_000))),
        ("closed lists in an argument", format!("{{ hello(name: {}{}) }}", open("[", 3_000), open("]", 3_000))),
        ("objects in an argument", format!("{{ hello(name: {}", open("{a:", 3_000))),
        ("lists in a default value", format!("query($a: Int = {}", open("[", 5_000))),
        ("lists in a directive", format!("{{ hello @include(if: {}", open("[", 5_000))),
        ("selection sets", open("{a", 20_000)),
        ("list types", format!("query($a: {}", open("[", 5_000))),
        ("inline fragments", format!("{{ {}", open("... {", 3_000))),
        ("a bomb of 22 fragments", bomb(22)),
        ("a bomb of 60 fragments", bomb(60)),
        ("a chain of fragments", chain(400)),
        ("a cycle of fragments", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".into()),
        ("a cycle that nobody uses", "{ hello } fragment A on Query { ...A }".into()),
        ("a bomb in an operation that does not run", format!("query Other {}", bomb(24).trim_start())),
        ("many equal fields", format!("{{ {} }}", "hello ".repeat(5_000))),
        ("a flood of aliases", format!("{{ {} }}", (0..2_000).map(|n| format!("a{n}: hello ")).collect::<String>())),
        ("a flood of directives", format!("{{ hello {} }}", "@skip(if: false) ".repeat(1_000))),
        ("unknown directives", format!("{{ hello {} }}", "@a ".repeat(5_000))),
        (
            "circular introspection",
            format!("{{ __schema {{ types {{ {} name {} }} }} }}", "fields { type { ".repeat(6), "} } ".repeat(6)),
        ),
        ("a long number", format!("{{ int(n: {}) }}", "9".repeat(50_000))),
        ("a number out of range", "{ int(n: 1e999999) }".into()),
        ("surrogates in a string", "{ hello(name: \"\\uD83D\\uDE00\") }".into()),
        ("a lone surrogate in a string", "{ hello(name: \"\\uD83D\") }".into()),
        ("NUL in the text", "{ hello \0 }".into()),
        ("NUL by an escape", "{ echo(text: \"a\\u0000b\") }".into()),
        ("a forged upload in a literal", "{ upload(file: \"#__graphql_file__:0\") }".into()),
        ("a string that does not end", "{ hello(name: \"abc".into()),
        ("a block string that does not end", "{ hello(name: \"\"\"abc".into()),
        ("a comment and nothing", "#".repeat(90_000)),
        ("nothing but commas", ",".repeat(90_000)),
        ("a byte order mark", "\u{feff}{ nosuch }".into()),
        ("a strange block string", "{ echo(text: \"\"\"\u{2003}a\n  \u{1F600}\n\t b\"\"\") nosuch }".into()),
        ("a long unknown name", format!("{{ {} }}", "a".repeat(90_000))),
        (
            "many unknown names",
            format!("{{ tree {{ {} }} }}", (0..3_500).map(|n| format!("unknown_name_{n} ")).collect::<String>()),
        ),
        (
            "many unknown arguments",
            format!("{{ hello({}) }}", (0..1_900).map(|n| format!("unknown_{n}: 1 ")).collect::<String>()),
        ),
        ("many variables", format!("query({}) {{ hello }}", (0..1_200).map(|n| format!("$v{n}: Int ")).collect::<String>())),
        (
            "many fragments",
            format!("{{ hello }} {}", (0..700).map(|n| format!("fragment F{n} on Query {{ hello }} ")).collect::<String>()),
        ),
        ("one fragment spread often", format!("{{ {} }} fragment F on Query {{ nosuch }}", "...F ".repeat(1_900))),
        ("many conflicting aliases", format!("{{ tree {{ {} }} }}", "a: leaf a: tree { leaf } ".repeat(49))),
        ("control characters", "{ hello\u{1} }".into()),
    ]
}

#[tokio::test]
async fn every_hostile_document_is_refused_by_post_and_the_server_lives() {
    let server = Server::start().await;
    for (name, document) in documents() {
        let answer = server.query(&document).await;
        assert_eq!(answer.status, 400, "{name}: {answer:?}");
        assert!(answer.code() != "none" && answer.code() != "INTERNAL_SERVER_ERROR", "{name}: {answer:?}");
        server.lives().await;
    }
}

#[tokio::test]
async fn every_hostile_document_is_refused_by_get() {
    let server = Server::with(|settings| settings.url_bytes_max = 1024 * 1024).await;
    for (name, document) in documents().into_iter().filter(|(_, document)| document.len() < 15_000) {
        let answer = Answer::of(server.get(&[("query", &document)])).await;
        assert_eq!(answer.status, 400, "{name}: {answer:?}");
    }
    server.lives().await;
}

#[tokio::test]
async fn hostile_variables_are_refused_and_the_server_lives() {
    let server = Server::start().await;
    let echo = "query($v: String!) { echo(text: $v) }";
    let upload = "query($v: Upload!) { upload(file: $v) }";
    for (query, variable) in [
        (echo, json!("a\0b")),
        (upload, json!("#__graphql_file__:0")),
        (upload, json!("#__graphql_file__:99")),
        ("query($v: Filter) { filtered(filter: $v) }", json!({ "size": 1, "__proto__": { "admin": true } })),
        ("query($v: Filter) { filtered(filter: $v) }", json!({ "size": 1, "a\0": 1 })),
        ("query($v: Int!) { int(n: $v) }", json!(1e300)),
    ] {
        let answer = server.ask(json!({ "query": query, "variables": { "v": variable } })).await;
        answer.refused(400, "BAD_USER_INPUT");
    }
    for body in [
        format!("{{\"query\":\"{echo}\",\"variables\":{{\"v\":{}", "[".repeat(100_000)),
        format!("{{\"query\":\"{echo}\",\"variables\":{{\"v\":1e999}}}}"),
        format!("{{\"query\":\"{echo}\",\"variables\":{{\"v\":\"\\ud83d\"}}}}"),
        "[".repeat(500_000),
        "{\"query\":".repeat(50_000),
    ] {
        Answer::of(server.post().body(body)).await.refused(400, "BAD_REQUEST");
    }
    let mut not_utf8 = b"{\"query\":\"{ hello(name: \\\"".to_vec();
    not_utf8.extend([0xff, 0xfe]);
    not_utf8.extend(b"\\\") }\"}");
    Answer::of(server.post().body(not_utf8)).await.refused(400, "BAD_REQUEST");
    let unused = json!({ "query": "{ hello }", "variables": { "__proto__": {}, "constructor": 1 } });
    assert_eq!(server.ask(unused).await.status, 200);
    server.lives().await;
}

#[tokio::test]
async fn a_slow_head_is_cut_off_while_others_are_served() {
    let server = Server::start().await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    slow.write_all(b"POST /graphql HTTP/1.1\r\nhost: x\r\n").await.unwrap();
    server.lives().await;
    let mut rest = Vec::new();
    // Ends only because the server closes; the answer, if any, is 408.
    let _ = slow.read_to_end(&mut rest).await;
    assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"));
}

#[tokio::test]
async fn a_client_that_says_nothing_or_half_a_greeting_is_cut_off() {
    let server = Server::start().await;
    for beginning in [&b""[..], b"P", b"PRI * HTTP/2.0\r\n\r\nSM"] {
        let mut silent = TcpStream::connect(server.address).await.unwrap();
        silent.write_all(beginning).await.unwrap();
        let mut rest = Vec::new();
        let _ = silent.read_to_end(&mut rest).await;
    }
    server.lives().await;
}

#[tokio::test]
async fn a_slow_body_is_refused_in_time() {
    let server = Server::with(|settings| settings.body_timeout = Duration::from_millis(100)).await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer token-a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    slow.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    slow.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    server.lives().await;
}

#[tokio::test]
async fn a_client_that_leaves_stops_what_it_asked_for() {
    let server = Server::start().await;
    let body = json!({ "query": "subscription { quiet }" }).to_string();
    let response = server.post().header("accept", "text/event-stream").body(body).send().await;
    while server.world.streams_open.load(SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    drop(response);
    while server.world.streams_open.load(SeqCst) != 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn nonsense_on_the_wire_is_answered_or_closed() {
    let server = Server::start().await;
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"GET /graphql HTTP/1.1\r\nhost: x\r\nx: \x01\r\n\r\n",
    ] {
        let mut connection = TcpStream::connect(server.address).await.unwrap();
        connection.write_all(bytes).await.unwrap();
        let _ = connection.shutdown().await;
        let mut rest = Vec::new();
        let _ = connection.read_to_end(&mut rest).await;
        assert!(rest.is_empty() || rest.starts_with(b"HTTP/1."), "{rest:?}");
    }
    server.lives().await;
}
