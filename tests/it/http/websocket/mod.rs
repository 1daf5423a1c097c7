//! graphql-transport-ws, message by message, on a raw socket.

mod bounds;
mod fuzz;
mod protocol;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::Server;
use crate::support::leaks::leaks_nothing;

pub struct Socket(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

pub async fn upgrade(server: &Server, headers: &[(&'static str, &str)]) -> Result<Socket, u16> {
    let mut request = format!("ws://{}/graphql", server.address).into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(Socket(socket)),
        Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
        Err(tungstenite::Error::Protocol(_)) => Err(0),
        Err(error) => panic!("{error}"),
    }
}

impl Socket {
    /// Not yet initialised.
    pub async fn open(server: &Server) -> Self {
        upgrade(server, &[("sec-websocket-protocol", "graphql-transport-ws")]).await.unwrap()
    }

    pub async fn ready(server: &Server) -> Self {
        Self::of(server, "token-ada").await
    }

    pub async fn of(server: &Server, token: &str) -> Self {
        let mut socket = Self::open(server).await;
        let payload = json!({ "authorization": format!("Bearer {token}") });
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket
    }

    pub async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    pub async fn hear(&mut self) -> Value {
        match self.next().await {
            Ok(message) => message,
            Err(close) => panic!("closed with {close:?}"),
        }
    }

    pub async fn next(&mut self) -> Result<Value, (u16, String)> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => {
                    leaks_nothing(&text);
                    return Ok(serde_json::from_str(&text).unwrap());
                }
                Some(Ok(Message::Close(Some(frame)))) => {
                    leaks_nothing(&frame.reason);
                    return Err((frame.code.into(), frame.reason.to_string()));
                }
                Some(Ok(_)) => {}
                other => return Err((1006, format!("{other:?}"))),
            }
        }
    }

    pub async fn closed(mut self) -> (u16, String) {
        loop {
            if let Err(close) = self.next().await {
                return close;
            }
        }
    }
}
