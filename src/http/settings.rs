//! Every bound of the wire, by name, with its unit and its default.

use std::sync::Arc;
use std::time::Duration;

use super::persisted::TrustedDocuments;

/// How the server behaves on the wire. `HttpSettings::default()` is what a public server should start from.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Bytes of a request body that is not an upload.
    pub body_bytes_max: usize,
    /// Time to read a whole body; a client slower than this gets 408.
    pub body_timeout: Duration,
    /// Files beside one operation.
    pub files_max: usize,
    /// Bytes of the query string of a GET request.
    pub url_bytes_max: usize,
    /// Time for one query or mutation to execute; subscriptions have none.
    pub request_timeout: Duration,
    /// Requests of one viewer that execute at the same time.
    pub requests_per_viewer_max: usize,
    /// Errors in one answer; the rest is left out.
    pub errors_max: usize,
    /// Bounds of documents and variables, on every road in.
    pub limits: Limits,
    /// WebSockets.
    pub sockets: SocketSettings,
    /// Server-sent events and multipart streams.
    pub streams: StreamSettings,
    /// Budget of each viewer, in cost.
    pub budget: BudgetSettings,
    /// Whether a credential still holds is asked this often while a stream or socket is open; what was said of the same viewer for
    /// another one may be half as old.
    pub revalidate_interval: Duration,
    /// Origins, as in `https://app.example.com`, that may call from a browser besides our own.
    pub allowed_origins: Vec<String>,
    /// Whether `__schema` and `__type` are answered, names are suggested and `/schema.graphql` is served.
    pub introspection: bool,
    /// Whether `/metrics` is served beside everything else.
    pub metrics: bool,
    /// Which documents run.
    pub documents: DocumentMode,
    /// Parsed documents kept, which are also those that a hash alone can ask for.
    pub cached_documents_max: usize,
    /// Bytes of source text of the documents kept.
    pub cached_document_bytes_max: usize,
}

/// Which documents are run.
#[derive(Debug, Clone, Default)]
pub enum DocumentMode {
    /// Any document; trusted ones are not known.
    #[default]
    Any,
    /// Trusted documents by id, and any other within the limits.
    Prefer(Arc<TrustedDocuments>),
    /// Trusted documents and nothing else.
    Only(Arc<TrustedDocuments>),
}

/// Bounds checked before anything executes. Each is inclusive; a refusal names the limit, the maximum and the value.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a document.
    pub document_bytes: usize,
    /// Lexical tokens of a document.
    pub tokens: usize,
    /// Bytes of a name or a number. The engine compares an unknown name with every known one.
    pub name_bytes: usize,
    /// Brackets of any kind open at once, and selection sets within fragments within each other.
    pub nesting: usize,
    /// Operations in a document.
    pub operations: usize,
    /// Fields within fields.
    pub depth: u64,
    /// Fields at the top of an operation, fragments expanded.
    pub root_fields: u64,
    /// Aliases, fragments expanded.
    pub aliases: u64,
    /// Directives, fragments expanded.
    pub directives: u64,
    /// Selections, fragments expanded.
    pub selections: u64,
    /// The most values an answer could hold: every field counts one, pages multiply what is beneath.
    pub cost: u64,
    /// Page size taken for a connection without a usable `first` or `last`.
    pub page_size_default: u64,
    /// Page size that resolvers allow; larger ones count as this, since they are refused by the resolver.
    pub page_size_max: u64,
    /// Lists of fields within each other in introspection: how far a circle can be walked.
    pub introspection_lists: u64,
    /// Bytes of the variables as JSON.
    pub variables_bytes: usize,
    /// Lists and objects within each other in variables.
    pub variables_depth: usize,
    /// Items of one list, in variables or in a document.
    pub list_items: usize,
}

/// Bounds of WebSockets.
#[derive(Debug, Clone)]
pub struct SocketSettings {
    /// Time from the upgrade to `connection_init`, else 4408.
    pub init_timeout: Duration,
    /// Operations running at once in one socket.
    pub operations_max: usize,
    /// Sockets of one viewer.
    pub per_viewer_max: usize,
    /// Sockets of the whole process.
    pub total_max: usize,
    /// Bytes of a message from the client, else 1009.
    pub message_bytes_max: usize,
    /// Bytes of an operation id.
    pub id_bytes_max: usize,
    /// Time between pings; a client that was silent since the one before is dropped.
    pub ping_interval: Duration,
    /// Time for one message to be taken by the client's side, else the socket is dropped.
    pub send_timeout: Duration,
    /// Messages waiting to be sent in one socket; when full, its operations wait.
    pub outbox_messages: usize,
    /// Bytes of read buffer per socket.
    pub read_buffer_bytes: usize,
    /// Bytes of write buffer per socket.
    pub write_buffer_bytes: usize,
}

/// Bounds of streams in an HTTP answer.
#[derive(Debug, Clone)]
pub struct StreamSettings {
    /// Time between signs of life in a silent stream.
    pub heartbeat: Duration,
    /// Subscriptions of one viewer, over any road.
    pub per_viewer_max: usize,
}

/// A budget in cost that each viewer spends and that fills again with time.
#[derive(Debug, Clone)]
pub struct BudgetSettings {
    /// Cost that can be spent at once; 0 switches budgets off.
    pub cost_max: u64,
    /// Cost that comes back in a second.
    pub cost_per_second: u64,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            body_bytes_max: 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            files_max: 10,
            url_bytes_max: 16 * 1024,
            request_timeout: Duration::from_secs(30),
            requests_per_viewer_max: 64,
            errors_max: 100,
            limits: Limits::default(),
            sockets: SocketSettings::default(),
            streams: StreamSettings::default(),
            budget: BudgetSettings::default(),
            revalidate_interval: Duration::from_secs(20),
            allowed_origins: Vec::new(),
            introspection: true,
            metrics: true,
            documents: DocumentMode::Any,
            cached_documents_max: 1_000,
            cached_document_bytes_max: 4 * 1024 * 1024,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 100_000,
            tokens: 6_000,
            name_bytes: 256,
            nesting: 64,
            operations: 50,
            depth: 16,
            root_fields: 20,
            aliases: 100,
            directives: 100,
            selections: 4_000,
            cost: 50_000,
            page_size_default: 20,
            page_size_max: 100,
            introspection_lists: 2,
            variables_bytes: 256 * 1024,
            variables_depth: 16,
            list_items: 500,
        }
    }
}

impl Default for SocketSettings {
    fn default() -> Self {
        Self {
            init_timeout: Duration::from_secs(3),
            operations_max: 100,
            per_viewer_max: 20,
            total_max: 20_000,
            message_bytes_max: 1024 * 1024,
            id_bytes_max: 128,
            ping_interval: Duration::from_secs(25),
            send_timeout: Duration::from_secs(10),
            outbox_messages: 16,
            read_buffer_bytes: 4 * 1024,
            write_buffer_bytes: 4 * 1024,
        }
    }
}

impl Default for StreamSettings {
    fn default() -> Self {
        Self { heartbeat: Duration::from_secs(8), per_viewer_max: 500 }
    }
}

impl Default for BudgetSettings {
    fn default() -> Self {
        Self { cost_max: 2_000_000, cost_per_second: 100_000 }
    }
}
