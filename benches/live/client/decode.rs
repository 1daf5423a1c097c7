//! Messages out of bytes, for both wires, without copying.

use std::ops::Range;

use crate::plan::Wire;

/// What bytes say.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// A message, without what surrounds it.
    Text(Range<usize>),
    /// A question for a sign of life, with what to answer.
    Ping(Range<usize>),
    /// A sign of life.
    Nothing,
    /// The end, with what was said about it.
    End(Range<usize>),
}

/// The first piece in the buffer and the bytes that it takes up; `None` while it is not whole.
pub fn decode(wire: Wire, buffer: &[u8]) -> Option<(Piece, usize)> {
    match wire {
        Wire::WebSocket => frame(buffer),
        Wire::ServerSentEvents => chunk(buffer),
    }
}

/// A frame of a server: whole messages, unmasked.
fn frame(buffer: &[u8]) -> Option<(Piece, usize)> {
    let (&first, &second) = (buffer.first()?, buffer.get(1)?);
    let (length, start) = match second & 0x7f {
        126 => (usize::from(u16::from_be_bytes(buffer.get(2..4)?.try_into().ok()?)), 4),
        127 => (usize::try_from(u64::from_be_bytes(buffer.get(2..10)?.try_into().ok()?)).ok()?, 10),
        short => (usize::from(short), 2),
    };
    let end = start + length;
    if buffer.len() < end {
        return None;
    }
    let piece = match first & 0x0f {
        0x1 => Piece::Text(start..end),
        0x9 => Piece::Ping(start..end),
        0xa => Piece::Nothing,
        _ => Piece::End(start..end),
    };
    Some((piece, end))
}

/// A chunk of a body: the server writes each event as one.
fn chunk(buffer: &[u8]) -> Option<(Piece, usize)> {
    let line = buffer.windows(2).position(|two| two == b"\r\n")?;
    let length = std::str::from_utf8(&buffer[..line]).ok().and_then(|hex| usize::from_str_radix(hex, 16).ok());
    let (start, Some(length)) = (line + 2, length) else { return Some((Piece::End(0..line), buffer.len())) };
    let end = start + length;
    if buffer.len() < end + 2 {
        return None;
    }
    let piece = match buffer.get(start) {
        _ if length == 0 => Piece::End(start..end),
        Some(b':') => Piece::Nothing,
        _ => Piece::Text(start..end),
    };
    Some((piece, end + 2))
}
