//! Files beside an operation: where they go, and what is refused with nothing left behind.

use std::sync::atomic::Ordering::SeqCst;

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{Answer, Server};

const ECHO: &str = "query($v: String!) { echo(text: $v) }";

/// The parts of a form, in order.
#[derive(Default)]
struct Form(Vec<u8>);

impl Form {
    fn of(operations: &Value, map: &Value) -> Self {
        Self::default().text("operations", &operations.to_string()).text("map", &map.to_string())
    }

    fn text(mut self, name: &str, text: &str) -> Self {
        self.0.extend(format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").into_bytes());
        self
    }

    fn file(mut self, name: &str, file: &str, bytes: &[u8]) -> Self {
        let head = format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n");
        self.0.extend([head.as_bytes(), bytes, b"\r\n"].concat());
        self
    }

    fn end(mut self) -> Vec<u8> {
        self.0.extend(b"--cut--\r\n");
        self.0
    }
}

fn post(server: &Server, body: Vec<u8>) -> RequestBuilder {
    let request = server.client.post(server.url("/graphql")).bearer_auth("token-ada").body(body);
    let request = request.header("content-type", "multipart/form-data; boundary=cut");
    request.header("accept", "application/graphql-response+json")
}

async fn send(server: &Server, body: Vec<u8>) -> Answer {
    Answer::of(post(server, body).header("graphql-preflight", "1")).await
}

fn echo() -> Form {
    Form::of(&json!({ "query": ECHO, "variables": { "v": null } }), &json!({ "0": ["variables.v"] }))
}

#[tokio::test]
async fn a_files_place_is_filled_with_its_upload() {
    let server = Server::start().await;
    let answer = send(&server, echo().file("0", "a.pdf", b"12345").end()).await;
    assert_eq!(answer.body, json!({ "data": { "echo": "a.pdf-5" } }));

    let large = vec![b'x'; 3 * 1024 * 1024];
    let answer = send(&server, echo().file("0", "a.pdf", &large).end()).await;
    assert_eq!(answer.body["data"]["echo"], format!("a.pdf-{}", large.len()));

    // Within lists and objects, in any order, one file in two places.
    let query = "query($f: Filter!, $v: String!) { filtered(filter: $f) echo(text: $v) }";
    let variables = json!({ "f": { "size": 0, "tags": [null, "x", null] }, "v": null });
    let map = json!({ "a": ["variables.f.tags.0", "variables.v"], "b": ["variables.f.tags.2"] });
    let form = Form::of(&json!({ "query": query, "variables": variables }), &map);
    let answer = send(&server, form.file("b", "b.pdf", b"").file("a", "a.pdf", b"1").end()).await;
    assert_eq!(answer.body, json!({ "data": { "filtered": 3, "echo": "a.pdf-1" } }));
    assert_eq!(server.world.uploads_open.load(SeqCst), 4, "what was used is kept");
}

#[tokio::test]
async fn a_form_that_a_foreign_page_could_send_is_refused() {
    let server = Server::start().await;
    let body = echo().file("0", "a.pdf", b"1").end();
    Answer::of(post(&server, body.clone())).await.refused(403, "CROSS_SITE_REFUSED");
    Answer::of(post(&server, body.clone()).header("graphql-preflight", "")).await.refused(403, "CROSS_SITE_REFUSED");
    for header in ["apollo-require-preflight", "x-requested-with"] {
        assert_eq!(Answer::of(post(&server, body.clone()).header(header, "true")).await.status, 200);
    }
    let foreign = post(&server, body).header("graphql-preflight", "1").header("origin", "https://evil.example");
    Answer::of(foreign).await.refused(403, "CROSS_SITE_REFUSED");
    assert_eq!(server.world.uploads_begun.load(SeqCst), 2);
}

#[tokio::test]
async fn a_map_that_does_not_fit_is_refused_before_a_file_is_taken() {
    let server = Server::start().await;
    let operations = json!({ "query": ECHO, "variables": { "v": null, "w": "taken", "n": 1 } });
    for map in [
        json!([]),
        json!({ "0": "variables.v" }),
        json!({ "0": [] }),
        json!({ "0": ["v"] }),
        json!({ "0": ["query"] }),
        json!({ "0": ["variables.w"] }),
        json!({ "0": ["variables.nosuch"] }),
        json!({ "0": ["variables.n.0"] }),
        json!({ "0": ["variables.v.0"] }),
        json!({ "0": ["variables.v", "variables.v"] }),
        json!({ "0": ["variables.v"], "1": ["variables.v"] }),
    ] {
        let body = Form::of(&operations, &map).file("0", "a.pdf", b"1").end();
        send(&server, body).await.refused(400, "BAD_REQUEST");
    }
    let many: Value = (0..11).map(|n| (n.to_string(), json!(["variables.v"]))).collect::<serde_json::Map<_, _>>().into();
    let answer = send(&server, Form::of(&operations, &many).end()).await;
    answer.refused(400, "LIMIT_EXCEEDED");
    assert_eq!(answer.extension("limit"), "files");
    let many = json!({ "0": vec!["variables.v"; 501] });
    send(&server, Form::of(&operations, &many).end()).await.refused(400, "LIMIT_EXCEEDED");
    assert_eq!(server.world.uploads_begun.load(SeqCst), 0);
    server.lives().await;
}

#[tokio::test]
async fn parts_that_are_missing_too_many_or_out_of_order_are_refused_and_leave_nothing() {
    let server = Server::start().await;
    let map = json!({ "0": ["variables.v"] }).to_string();
    for body in [
        Form::default().end(),
        Form::default().text("map", &map).text("operations", "{}").end(),
        Form::default().text("operations", "{}").file("0", "a.pdf", b"1").end(),
        echo().end(),
        echo().file("1", "a.pdf", b"1").end(),
        echo().file("0", "a.pdf", b"1").file("0", "a.pdf", b"1").end(),
        echo().file("0", "a.pdf", b"1").file("1", "a.pdf", b"1").end(),
        echo().text("0", "not a file").end(),
        echo().file("0", "a.pdf", b"1").0,
        Form::default().text("operations", "[{}]").text("map", "{}").end(),
        b"nothing like it".to_vec(),
    ] {
        send(&server, body).await.refused(400, "BAD_REQUEST");
        assert_eq!(server.world.uploads_open.load(SeqCst), 0);
    }
    let no_boundary = server.post().header("graphql-preflight", "1").header("content-type", "multipart/form-data").body("x");
    assert!([400, 415].contains(&no_boundary.send().await.unwrap().status().as_u16()));
}

#[tokio::test]
async fn an_operation_that_is_refused_takes_no_file() {
    let server = Server::with(|settings| {
        settings.budget.cost_max = 20;
        settings.budget.cost_per_second = 1;
    })
    .await;
    let forged = json!("#__graphql_file__:0");
    let deep = format!("query($v: String!) {{ echo(text: $v) {} leaf {} }}", "tree {".repeat(20), "}".repeat(20));
    for (query, variables, code) in [
        ("query($v: String!) {", json!({ "v": null }), "GRAPHQL_PARSE_FAILED"),
        ("query($v: Int!) { int(n: $v) }", json!({ "v": null }), "BAD_USER_INPUT"),
        (ECHO, json!({ "v": null, "w": forged }), "BAD_USER_INPUT"),
        (&deep, json!({ "v": null }), "LIMIT_EXCEEDED"),
    ] {
        let form = Form::of(&json!({ "query": query, "variables": variables }), &json!({ "0": ["variables.v"] }));
        send(&server, form.file("0", "a.pdf", b"1").end()).await.refused(400, code);
    }
    let answer = loop {
        let answer = send(&server, echo().file("0", "a.pdf", b"1").end()).await;
        if answer.status != 200 {
            break answer;
        }
    };
    answer.refused(429, "RATE_LIMITED");
    assert_eq!(server.world.uploads_begun.load(SeqCst), server.world.uploads_open.load(SeqCst));
}

#[tokio::test]
async fn a_file_that_is_not_taken_is_told_and_undoes_the_others() {
    let server = Server::start().await;
    let operations = json!({ "query": "query($v: String!, $w: String!) { a: echo(text: $v) b: echo(text: $w) }",
        "variables": { "v": null, "w": null } });
    let form = Form::of(&operations, &json!({ "0": ["variables.v"], "1": ["variables.w"] }));
    let answer = send(&server, form.file("0", "a.pdf", b"1").file("1", "b.exe", b"1").end()).await;
    answer.refused(400, "BAD_USER_INPUT");
    assert_eq!((answer.extension("file"), answer.extension("reason")), (&json!("1"), &json!("FILE_TYPE_NOT_ALLOWED")));
    assert_eq!((server.world.uploads_begun.load(SeqCst), server.world.uploads_open.load(SeqCst)), (2, 0));
}

#[tokio::test]
async fn endless_parts_are_cut_off_in_bounded_memory() {
    let server = Server::with(|settings| settings.body_bytes_max = 64 * 1024).await;
    let long = "x".repeat(128 * 1024);
    let operations = json!({ "query": ECHO, "variables": { "v": null, "w": long } });
    let answer = send(&server, Form::of(&operations, &json!({ "0": ["variables.v"] })).file("0", "a", b"1").end()).await;
    answer.refused(413, "BODY_TOO_LARGE");
    let wide = json!({ "0": ["variables.v".repeat(4_000)] });
    send(&server, Form::of(&json!({ "query": ECHO }), &wide).end()).await.refused(413, "BODY_TOO_LARGE");
    // The head of a part that does not end.
    let mut endless = echo().0;
    endless.extend(b"--cut\r\ncontent-disposition: form-data; name=\"0\"; filename=\"");
    endless.extend(vec![b'a'; 4 * 1024 * 1024]);
    let outcome = post(&server, endless).header("graphql-preflight", "1").send().await;
    // The answer may come while the rest is still sent; a client need not see it then.
    if let Ok(response) = outcome {
        assert_eq!(response.status().as_u16(), 400);
    }
    assert_eq!(server.world.uploads_open.load(SeqCst), 0);
    server.lives().await;
}

#[tokio::test]
async fn a_client_that_breaks_off_leaves_no_upload() {
    let server = Server::start().await;
    let mut body = echo().0;
    body.extend(b"--cut\r\ncontent-disposition: form-data; name=\"0\"; filename=\"a.pdf\"\r\n\r\nhalf of it");
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer token-ada\r\ngraphql-preflight: 1\r\n\
         content-type: multipart/form-data; boundary=cut\r\ncontent-length: {}\r\n\r\n",
        body.len() + 1_000
    );
    let mut connection = TcpStream::connect(server.address).await.unwrap();
    connection.write_all(&[head.as_bytes(), &body].concat()).await.unwrap();
    while server.world.uploads_open.load(SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    drop(connection);
    while server.world.uploads_open.load(SeqCst) != 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    server.lives().await;
}
