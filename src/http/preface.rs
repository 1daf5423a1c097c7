//! The first bytes of a connection, within a time. hyper tells HTTP/1 from HTTP/2 by them and waits for ever where they do
//! not come: a client that says nothing, or half of HTTP/2's greeting, would hold its place until it leaves.

use std::io::Cursor;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, join};
use tokio::net::TcpStream;
use tokio::time;

/// How a client of HTTP/2 begins.
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The stream with its beginning put back, once it is known to be HTTP/2 or not. `None` if that took too long.
pub(super) async fn begun(
    mut stream: TcpStream,
    within: Duration,
) -> Option<impl AsyncRead + AsyncWrite + Unpin + Send + 'static> {
    let mut beginning = [0; HTTP2.len()];
    let mut length = 0;
    let read = async {
        while length < HTTP2.len() && beginning[..length] == HTTP2[..length] {
            match stream.read(&mut beginning[length..]).await {
                Ok(0) | Err(_) => return None,
                Ok(more) => length += more,
            }
        }
        Some(())
    };
    time::timeout(within, read).await.ok()??;
    let (reader, writer) = stream.into_split();
    let beginning = Cursor::new(beginning[..length].to_vec());
    Some(join(beginning.chain(reader), writer))
}
