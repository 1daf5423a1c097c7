//! What a request carries to its resolvers: the application, who asks, in which language, and what was loaded for it so far.

use std::any::TypeId;
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{Context, Error, Request};
use chrono::{DateTime, Utc};

use super::errors::{Failure, ours};
use super::messages::Language;
use crate::app::{App, AppError};
use crate::auth::viewer::Viewer;
use crate::store::errors::StoreError;
use crate::store::loaders::Loaders;

/// Names one request in logs, headers and errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub Arc<str>);

/// Where a stream is to go on, from a `Last-Event-ID` header: stands in for a subscription's `after` when that is null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumeCursor(pub String);

/// What is left of a viewer's budget of cost after a request, whose own cost is spent already. The wire adds it where it keeps budgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Cost of this request.
    pub cost: u64,
    /// Cost that can be spent at once.
    pub limit: u64,
    /// Cost left now.
    pub remaining: u64,
    /// Seconds until the budget is full again.
    pub reset_seconds: u64,
    /// When that is, on the real clock.
    pub reset_at: DateTime<Utc>,
}

/// Adds to a request what its resolvers need. `locale` is what the client asks for; a language that the viewer has chosen goes before.
#[must_use]
pub fn attach(request: Request, app: &App, viewer: Arc<Viewer>, request_id: RequestId, locale: Option<String>) -> Request {
    let language = Language::of_tag(viewer.locale().or(locale.as_deref()));
    Asker { app: app.clone(), viewer, language, request_id }.attach(request)
}

/// Who asks, for a stream that executes its operation again and again.
#[derive(Clone)]
pub struct Asker {
    /// The application.
    pub app: App,
    /// Who asks.
    pub viewer: Arc<Viewer>,
    /// The language for prose.
    pub language: Language,
    request_id: RequestId,
}

impl Asker {
    /// Who asks in a request; `None` if it was never given to [`attach`].
    #[must_use]
    pub fn of(request: &Request) -> Option<Self> {
        let ask = request.data.get(&TypeId::of::<Ask>())?.downcast_ref::<Ask>()?;
        let (app, viewer) = (ask.app.clone(), Arc::clone(&ask.viewer));
        Some(Self { app, viewer, language: ask.language, request_id: ask.request_id.clone() })
    }

    /// Adds to a request what its resolvers need; nothing was loaded for it yet.
    #[must_use]
    pub fn attach(&self, request: Request) -> Request {
        let Self { app, viewer, language, request_id } = self.clone();
        let loaders = Arc::new(Loaded::new(&app, &viewer));
        request.data(Ask { app, viewer, language, request_id, loaders })
    }
}

/// Who asks what of whom: the one thing that resolvers take from their context.
pub struct Ask {
    /// The application.
    pub app: App,
    /// Who asks.
    pub viewer: Arc<Viewer>,
    /// The language for prose.
    pub language: Language,
    request_id: RequestId,
    loaders: Arc<Loaded>,
}

impl Ask {
    /// What this request loads, each thing once.
    #[must_use]
    pub fn loaders(&self) -> Arc<Loaders> {
        self.loaders.current()
    }

    /// What was loaded so far, to be forgotten after a change.
    #[must_use]
    pub fn loaded_so_far(&self) -> Arc<Loaded> {
        Arc::clone(&self.loaders)
    }

    /// What time it is for claims.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.app.now()
    }

    /// The error for a failure of ours; its cause goes to the log alone.
    pub fn failed<E: Cause + ?Sized>(&self, cause: &E) -> Error {
        ours(&cause, cause.is_retryable(), &self.request_id.0)
    }

    /// A loaded value, or the error for what went wrong.
    ///
    /// # Errors
    /// The failure, without its cause.
    pub fn loaded<V>(&self, loaded: Result<V, Arc<StoreError>>) -> Result<V, Error> {
        loaded.map_err(|cause| self.failed(&*cause))
    }
}

/// What a request has loaded so far.
pub struct Loaded {
    app: App,
    viewer: Arc<Viewer>,
    current: Mutex<Arc<Loaders>>,
}

impl Loaded {
    fn new(app: &App, viewer: &Arc<Viewer>) -> Self {
        let current = Mutex::new(Arc::new(Loaders::new(app.database().clone(), Arc::clone(viewer))));
        Self { app: app.clone(), viewer: Arc::clone(viewer), current }
    }

    fn current(&self) -> Arc<Loaders> {
        Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Forgets what was loaded, so that what is read next is fresh.
    pub fn forget(&self) {
        let fresh = Arc::new(Loaders::new(self.app.database().clone(), Arc::clone(&self.viewer)));
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
    }
}

/// The cause of a failure of ours.
pub trait Cause: Display {
    /// Whether the same request may succeed a moment later.
    fn is_retryable(&self) -> bool;
}

impl Cause for StoreError {
    fn is_retryable(&self) -> bool {
        Self::is_retryable(self)
    }
}

impl Cause for AppError {
    fn is_retryable(&self) -> bool {
        Self::is_retryable(self)
    }
}

/// Takes [`Ask`] from a context.
pub trait AskExt<'a> {
    /// Who asks what of whom.
    ///
    /// # Errors
    /// A failure of ours, if the request was never given to [`attach`].
    fn ask(&self) -> Result<&'a Ask, Error>;
}

impl<'a> AskExt<'a> for Context<'a> {
    fn ask(&self) -> Result<&'a Ask, Error> {
        self.data::<Ask>().map_err(|_| Error::from(Failure::Internal))
    }
}
