//! What the client process is told to do: a file between two processes.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How events travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wire {
    /// graphql-transport-ws.
    WebSocket,
    /// graphql-sse, distinct connections.
    ServerSentEvents,
}

/// What to open, and where to write what was heard.
#[derive(Debug, Serialize, Deserialize)]
pub struct Plan {
    /// The server.
    pub address: SocketAddr,
    /// How.
    pub wire: Wire,
    /// Where to write what was heard.
    pub journal: PathBuf,
    /// One entry a socket.
    pub sockets: Vec<Watch>,
}

/// One socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Watch {
    /// Who watches.
    pub token: String,
    /// Which claim, as clients name it.
    pub claim: String,
}

/// What a frontend's list or page of claims asks for.
pub const SUBSCRIPTION: &str = "subscription ($ids: [ID!]!) { claimEvents(filter: { claimIds: $ids }) { \
    cursor kind claimVersion status claim { id number status updatedAt } } }";

impl Watch {
    /// The operation, as every transport carries it.
    pub fn operation(&self) -> serde_json::Value {
        serde_json::json!({ "query": SUBSCRIPTION, "variables": { "ids": [self.claim] } })
    }
}

/// An event as a client heard it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The socket, by its place in the plan.
    pub socket: u32,
    /// The claim's version after the event.
    pub version: i32,
    /// When its bytes were read, in nanoseconds since 1970.
    pub at: u64,
}

/// Bytes of one [`Heard`] in the journal.
pub const HEARD_BYTES: usize = 16;

impl Heard {
    /// As it is written.
    pub fn to_bytes(self) -> [u8; HEARD_BYTES] {
        let whole = (u128::from(self.socket) << 96) | (u128::from(self.version.cast_unsigned()) << 64) | u128::from(self.at);
        whole.to_be_bytes()
    }

    /// As it was written.
    pub fn from_bytes(bytes: [u8; HEARD_BYTES]) -> Self {
        let whole = u128::from_be_bytes(bytes);
        let [socket, version] = [96, 64].map(|shift| ((whole >> shift) & u128::from(u32::MAX)) as u32);
        Self { socket, version: version.cast_signed(), at: (whole & u128::from(u64::MAX)) as u64 }
    }
}
