//! One operation of a socket: it runs in a task of its own and sends its messages through the socket's bounded outbox.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::message;
use crate::http::Wire;
use crate::http::events::{Event, Events};
use crate::http::gateway::Caller;
use crate::http::operation::Meta;
use crate::http::params::Params;

/// Where the messages of a socket wait; boxed, since the queue holds room for many of them in every socket.
pub(super) type Outbox = mpsc::Sender<Box<Outgoing>>;

/// One message on its way to the client.
pub(super) struct Outgoing {
    pub(super) id: String,
    pub(super) generation: u64,
    pub(super) text: String,
    pub(super) last: bool,
}

/// Where an operation's messages go.
pub(super) struct Reply {
    pub(super) id: String,
    pub(super) generation: u64,
    pub(super) outbox: Outbox,
}

impl Reply {
    /// Waits for room, which holds the operation's source back; `false` when the socket is gone.
    async fn send(&self, text: String, last: bool) -> bool {
        let (id, generation) = (self.id.clone(), self.generation);
        let outgoing = Outgoing { id, generation, text, last };
        self.outbox.send(Box::new(outgoing)).await.is_ok()
    }
}

/// Runs one operation to its end.
pub(super) async fn operate(wire: Arc<Wire>, meta: Meta, caller: Arc<dyn Caller>, params: Params, reply: Reply) {
    let mut events = match Events::begin(&wire, params, &*caller, &meta) {
        Ok(events) => events,
        Err(refusal) => {
            wire.metrics.refusal(refusal.code.as_str());
            let errors = [refusal.to_server_error(meta.id())];
            reply.send(message::error(&reply.id, &errors), true).await;
            return;
        }
    };
    while let Some(event) = events.next().await {
        let going_on = match event {
            Event::Next(telling) => reply.send(message::next(&reply.id, &telling), false).await,
            Event::Failed(errors) => {
                reply.send(message::error(&reply.id, &errors), true).await;
                false
            }
        };
        if !going_on {
            return;
        }
    }
    reply.send(message::complete(&reply.id), true).await;
}
