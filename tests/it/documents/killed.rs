//! A server that is killed in the middle of uploads: after the next start nothing is left of what was half-way in.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;

use super::{hash, noise};
use crate::support::cluster::execute;
use crate::support::scratch::ScratchFolder;
use crate::support::world::World;

/// Uploads that are half-way in when the server is killed.
const HALF_WAY: usize = 8;
/// Bytes of each: more than the server buffers.
const BYTES: usize = 4 << 20;

/// `cpor serve` on the world's database; killed when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// What nothing needs is cleared away after so many seconds.
    fn start(world: &World, folder: &Path, unused_age: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cpor"))
            .args(["serve", "--listen", "127.0.0.1:0", "--demo=false", "--clean-every", "1", "--unused-age", unused_age])
            .args(["--database-url", world.database.url(), "--data-dir"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.by_ref().map(Result::unwrap).find(|line| line.contains("/graphql")).expect("ready");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address").to_owned();
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// Begins to send a file: all the headers, so many of the bytes.
    fn put(&self, token: &str, bytes: &[u8], sent: usize) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head =
            format!("PUT /uploads/{token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", bytes.len());
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&bytes[..sent]).unwrap();
        stream
    }

    fn put_whole(&self, token: &str, bytes: &[u8]) {
        let mut answer = String::new();
        self.put(token, bytes, bytes.len()).read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn document(seed: u64) -> Vec<u8> {
    [b"%PDF-1.7\n".to_vec(), noise(BYTES, seed), b"\n%%EOF\n".to_vec()].concat()
}

fn incoming(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("documents/incoming")).map_or(0, Iterator::count)
}

/// The names of the files that are kept.
fn kept(folder: &Path) -> BTreeSet<String> {
    let folders = std::fs::read_dir(folder.join("documents")).unwrap().map(Result::unwrap);
    let folders = folders.filter(|entry| entry.file_name() != "incoming");
    let files = folders.flat_map(|entry| std::fs::read_dir(entry.path()).unwrap().map(Result::unwrap));
    files.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

async fn names(world: &World, query: &'static str) -> BTreeSet<String> {
    let mut conn = world.app.database().read().await.unwrap();
    let rows: Vec<Name> = diesel::sql_query(query).load(&mut conn).await.unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..300 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("never: {what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_uploads_that_a_killed_server_had_half_way_in_and_each_takes_another_try() {
    let (world, folder) = (World::demo().await, ScratchFolder::new());
    let anna = world.viewer("anna").await;
    let mut tokens = Vec::new();
    for _ in 0..=HALF_WAY {
        tokens.push(world.app.upload_create(&anna, "statement.pdf").await.unwrap().token);
    }
    let server = Server::start(&world, folder.path(), "3600");
    server.put_whole(&tokens[HALF_WAY], &document(100));
    let half: Vec<TcpStream> = (0..HALF_WAY).map(|n| server.put(&tokens[n], &document(n as u64), BYTES / 2)).collect();
    until("all are half-way in", || incoming(folder.path()) == HALF_WAY);
    server.kill();
    drop(half);
    assert_eq!(incoming(folder.path()), HALF_WAY, "what a killed server leaves");
    // Killed a moment later, it would have left bytes that are kept already, but that no upload knows of yet.
    let orphan: String = hash(b"orphan").iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::create_dir_all(folder.path().join("documents").join(&orphan[..2])).unwrap();
    std::fs::write(folder.path().join("documents").join(&orphan[..2]).join(&orphan), "orphan").unwrap();
    let row = format!("INSERT INTO blobs VALUES ('\\x{orphan}', 6, 'ARRIVING', now())");
    execute(world.database.url(), &row).await.unwrap();

    let again = Server::start(&world, folder.path(), "5");
    until("nothing is half-way in", || incoming(folder.path()) == 0);
    until("the orphan is gone", || !kept(folder.path()).contains(&orphan));
    let blobs = names(&world, "SELECT encode(sha256, 'hex') AS name FROM blobs").await;
    let uploads = names(&world, "SELECT encode(sha256, 'hex') AS name FROM uploads WHERE sha256 IS NOT NULL").await;
    assert_eq!((kept(folder.path()).len(), kept(folder.path())), (1, blobs.clone()));
    assert_eq!(blobs, uploads);

    for (n, token) in tokens[..HALF_WAY].iter().enumerate() {
        again.put_whole(token, &document(n as u64));
    }
    let uploads = names(&world, "SELECT encode(sha256, 'hex') AS name FROM uploads WHERE sha256 IS NOT NULL").await;
    assert_eq!((kept(folder.path()).len(), kept(folder.path())), (HALF_WAY + 1, uploads));
    again.kill();
}
