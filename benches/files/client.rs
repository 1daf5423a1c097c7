//! A client that costs next to nothing: one connection, HTTP/1.1, bytes thrown away as they come.

use std::io::{Read, Write};
use std::net::TcpStream;

/// Bytes read at a time.
const READ_BYTES: usize = 256 << 10;

/// A connection that is used again.
pub struct Client {
    stream: TcpStream,
    host: String,
    buffer: Vec<u8>,
}

impl Client {
    pub fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, host: address.to_owned(), buffer: vec![0; READ_BYTES] }
    }

    /// Sends a file and waits for the answer.
    pub fn put(&mut self, path: &str, bytes: &[u8]) {
        let head = format!("PUT {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n", self.host, bytes.len());
        self.stream.write_all(head.as_bytes()).unwrap();
        self.stream.write_all(bytes).unwrap();
        self.answer();
    }

    /// Fetches a file.
    pub fn get(&mut self, path: &str) {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host);
        self.stream.write_all(head.as_bytes()).unwrap();
        assert_eq!(self.answer(), super::FILE_BYTES);
    }

    /// Reads an answer that says its length, and answers that.
    fn answer(&mut self) -> usize {
        let mut head = Vec::new();
        let beginning = loop {
            let read = self.stream.read(&mut self.buffer).unwrap();
            assert_ne!(read, 0, "{}", String::from_utf8_lossy(&head));
            head.extend_from_slice(&self.buffer[..read]);
            if let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = String::from_utf8_lossy(&head[..beginning]).to_ascii_lowercase();
        assert!(text.starts_with("http/1.1 2"), "{text}");
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
        let mut left = length - (head.len() - beginning);
        while left > 0 {
            let read = self.stream.read(&mut self.buffer).unwrap();
            assert_ne!(read, 0);
            left -= read;
        }
        length
    }
}
