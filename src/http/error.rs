//! Why a request is refused: the closed catalogue of codes that this layer produces, and their form as a GraphQL error.

use async_graphql::{ErrorExtensionValues, Pos, ServerError, Value};
use axum::http::{HeaderName, HeaderValue, StatusCode};

/// What kind of failure a code is, for clients that only want to know whom to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The request itself must be changed.
    Request,
    /// The credential must be changed.
    Auth,
    /// A bound was met; the message names it.
    Limit,
    /// Ours; the log has the cause under the request id.
    Internal,
}

impl Class {
    /// As in `extensions.class`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Auth => "AUTH",
            Self::Limit => "LIMIT",
            Self::Internal => "INTERNAL",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:ident, $class:ident, $retryable:literal;)*) => {
        /// Every code that the wire itself produces.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// All codes, in the order of the catalogue.
            pub const ALL: &'static [Code] = &[$(Self::$name,)*];

            /// As in `extensions.code`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The status when the request does not get as far as a GraphQL answer.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// As in `extensions.class`.
            pub fn class(self) -> Class {
                match self { $(Self::$name => Class::$class,)* }
            }

            /// Whether the very same request can succeed later.
            pub fn retryable(self) -> bool {
                match self { $(Self::$name => $retryable,)* }
            }
        }
    };
}

codes! {
    /// Malformed: not JSON, wrong types of parameters, a batch.
    BadRequest = "BAD_REQUEST", BAD_REQUEST, Request, false;
    /// No credential, or one that does not hold.
    Unauthenticated = "UNAUTHENTICATED", UNAUTHORIZED, Auth, false;
    /// The credential ran out or was revoked while a stream was open.
    CredentialEnded = "CREDENTIAL_ENDED", UNAUTHORIZED, Auth, false;
    /// From a foreign web page.
    CrossSite = "CROSS_SITE_REFUSED", FORBIDDEN, Request, false;
    /// Not with this method.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", METHOD_NOT_ALLOWED, Request, false;
    /// None of the accepted media types can carry the answer.
    NotAcceptable = "NOT_ACCEPTABLE", NOT_ACCEPTABLE, Request, false;
    /// The body came too slowly.
    BodyTimeout = "BODY_TIMEOUT", REQUEST_TIMEOUT, Request, true;
    /// The body is too large.
    BodyTooLarge = "BODY_TOO_LARGE", PAYLOAD_TOO_LARGE, Limit, false;
    /// Content type, charset or content encoding is not one of ours.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", UNSUPPORTED_MEDIA_TYPE, Request, false;
    /// The document is not GraphQL.
    ParseFailed = "GRAPHQL_PARSE_FAILED", BAD_REQUEST, Request, false;
    /// The document does not fit the schema.
    ValidationFailed = "GRAPHQL_VALIDATION_FAILED", BAD_REQUEST, Request, false;
    /// A variable or an argument has a wrong value.
    BadUserInput = "BAD_USER_INPUT", BAD_REQUEST, Request, false;
    /// No operation of that name, or more than one and no name.
    OperationResolution = "OPERATION_RESOLUTION_FAILURE", BAD_REQUEST, Request, false;
    /// A bound on documents or variables; `limit`, `maximum` and `value` say which.
    LimitExceeded = "LIMIT_EXCEEDED", BAD_REQUEST, Limit, false;
    /// The hash is not known: send the document with it.
    PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND", BAD_REQUEST, Request, true;
    /// Only trusted documents are run here.
    DocumentNotTrusted = "DOCUMENT_NOT_TRUSTED", BAD_REQUEST, Request, false;
    /// Too many requests, streams or sockets of this viewer at once.
    TooManyAtOnce = "TOO_MANY_AT_ONCE", TOO_MANY_REQUESTS, Limit, true;
    /// The viewer's budget of cost is spent.
    RateLimited = "RATE_LIMITED", TOO_MANY_REQUESTS, Limit, true;
    /// It took too long.
    Timeout = "REQUEST_TIMEOUT", SERVICE_UNAVAILABLE, Internal, true;
    /// Cannot serve now.
    Unavailable = "UNAVAILABLE", SERVICE_UNAVAILABLE, Internal, true;
    /// Our own failure.
    Internal = "INTERNAL_SERVER_ERROR", INTERNAL_SERVER_ERROR, Internal, true;
}

impl Code {
    /// Whether a code belongs to a well-formed request whose document, variables or operation is wrong.
    /// Under `application/json` such an answer has status 200, as the specification asks of servers.
    pub fn is_of_document(self) -> bool {
        matches!(
            self,
            Self::ParseFailed
                | Self::ValidationFailed
                | Self::BadUserInput
                | Self::OperationResolution
                | Self::LimitExceeded
                | Self::PersistedQueryNotFound
                | Self::DocumentNotTrusted
        )
    }
}

/// A refusal of a whole request.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Which.
    pub code: Code,
    /// For people; holds nothing internal.
    pub message: String,
    /// Machine-readable facts beside the code.
    pub facts: Vec<(&'static str, Value)>,
    /// Where in the document.
    pub locations: Vec<Pos>,
    /// Headers that the status asks for, as `Allow` or `Retry-After`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// A refusal without facts.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), facts: Vec::new(), locations: Vec::new(), headers: Vec::new() }
    }

    /// A bound that was met.
    pub fn limit(limit: &'static str, maximum: u64, value: u64) -> Self {
        Self::new(Code::LimitExceeded, format!("The limit of {limit} is {maximum}; this request has {value}."))
            .fact("limit", limit)
            .fact("maximum", maximum)
            .fact("value", value)
    }

    /// Adds a fact.
    #[must_use]
    pub fn fact(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.facts.push((name, value.into()));
        self
    }

    /// Adds places in the document.
    #[must_use]
    pub fn at(mut self, locations: impl IntoIterator<Item = Pos>) -> Self {
        self.locations.extend(locations);
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same as a GraphQL error.
    pub fn to_server_error(&self, request_id: &str) -> ServerError {
        let mut extensions = ErrorExtensionValues::default();
        describe(&mut extensions, self.code, request_id);
        for (name, value) in &self.facts {
            extensions.set(name, value.clone());
        }
        let mut error = ServerError::new(self.message.clone(), None);
        error.locations.clone_from(&self.locations);
        error.extensions = Some(extensions);
        error
    }
}

/// Writes what every top-level error carries.
pub(super) fn describe(extensions: &mut ErrorExtensionValues, code: Code, request_id: &str) {
    extensions.set("code", code.as_str());
    extensions.set("class", code.class().as_str());
    extensions.set("requestId", request_id);
    extensions.set("retryable", code.retryable());
}
