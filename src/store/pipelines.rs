//! Connections that all readers share. Each sends its statements one behind the other without waiting for answers, so that few
//! connections serve many requests, and what one request asks at once costs one way there and back.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use super::database::{CHECKOUT_TIMEOUT, Conn};
use super::errors::StoreError;
use super::session::{Plans, Session};

/// Statements under way on a connection before the next one is used as well.
const STATEMENTS_BEFORE_NEXT: usize = 8;
/// Statements under way on all connections together, per connection; more wait.
const STATEMENTS_MAX: usize = 64;

/// The connections that readers share. Cloning shares them.
#[derive(Clone)]
pub(super) struct Pipelines {
    inner: Arc<Inner>,
}

struct Inner {
    session: Session,
    plans: Plans,
    lanes: Vec<Lane>,
    places: Arc<Semaphore>,
}

/// The place of one connection, opened when it is needed.
#[derive(Default)]
struct Lane {
    pipeline: RwLock<Option<Arc<Pipeline>>>,
    opening: Mutex<()>,
}

/// An open connection.
struct Pipeline {
    conn: Conn,
    under_way: AtomicUsize,
    is_over: Arc<AtomicBool>,
}

impl Pipeline {
    fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }
}

/// The right to one statement on a shared connection.
pub(super) struct Turn {
    pipeline: Arc<Pipeline>,
    is_answered: bool,
    _place: OwnedSemaphorePermit,
}

impl Turn {
    /// The connection.
    pub(super) fn conn(&self) -> &Conn {
        &self.pipeline.conn
    }

    /// Tells that the statement is over.
    pub(super) fn answered(mut self) {
        self.is_answered = true;
    }
}

/// A turn that is dropped before its answer came leaves a statement behind that nobody may have to wait for: whoever is on the
/// connection already goes on, others get a new one.
impl Drop for Turn {
    fn drop(&mut self) {
        self.pipeline.under_way.fetch_sub(1, Ordering::Relaxed);
        if !self.is_answered {
            self.pipeline.is_over.store(true, Ordering::Release);
        }
    }
}

impl Pipelines {
    /// So many connections, none of them open yet.
    pub(super) fn new(session: &Session, plans: Plans, connections: usize) -> Self {
        let inner = Inner {
            session: session.clone(),
            plans,
            lanes: (0..connections).map(|_| Lane::default()).collect(),
            places: Arc::new(Semaphore::new(connections * STATEMENTS_MAX)),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The right to one statement.
    ///
    /// # Errors
    /// [`StoreError::Timeout`] after [`CHECKOUT_TIMEOUT`]; [`StoreError::Unavailable`] if no connection can be opened.
    pub(super) async fn turn(&self) -> Result<Turn, StoreError> {
        if let Ok(place) = Arc::clone(&self.inner.places).try_acquire_owned()
            && let Some(pipeline) = self.open_one()
        {
            return Ok(begin(pipeline, place));
        }
        let waiting = async {
            let place = Arc::clone(&self.inner.places).acquire_owned().await;
            let place = place.map_err(|_| StoreError::Unavailable("the connections for reading are closed".to_owned()))?;
            Ok(begin(self.pipeline().await?, place))
        };
        // In a box: opening a connection is large and rare.
        match tokio::time::timeout(CHECKOUT_TIMEOUT, Box::pin(waiting)).await {
            Ok(turn) => turn,
            Err(_) => Err(StoreError::Timeout(format!("no connection could take a statement within {CHECKOUT_TIMEOUT:?}"))),
        }
    }

    /// Refuses further turns; a connection ends with the last statement that is under way.
    pub(super) fn close(&self) {
        self.inner.places.close();
        self.inner.lanes.iter().for_each(|lane| lane.put(None));
    }

    /// An open connection with few statements under way, without waiting.
    fn open_one(&self) -> Option<Arc<Pipeline>> {
        let mut open = self.inner.lanes.iter().map_while(Lane::open);
        open.find(|pipeline| pipeline.under_way() < STATEMENTS_BEFORE_NEXT)
    }

    /// The first connection with few statements under way, opened if it is not; where all have many, the one with the fewest.
    async fn pipeline(&self) -> Result<Arc<Pipeline>, StoreError> {
        let mut fewest: Option<Arc<Pipeline>> = None;
        for lane in &self.inner.lanes {
            let pipeline = match lane.open() {
                Some(open) => open,
                None => self.opened(lane).await?,
            };
            if pipeline.under_way() < STATEMENTS_BEFORE_NEXT {
                return Ok(pipeline);
            }
            if fewest.as_ref().is_none_or(|fewest| pipeline.under_way() < fewest.under_way()) {
                fewest = Some(pipeline);
            }
        }
        fewest.ok_or_else(|| StoreError::Unavailable("there are no connections for reading".to_owned()))
    }

    async fn opened(&self, lane: &Lane) -> Result<Arc<Pipeline>, StoreError> {
        let _one_at_a_time = lane.opening.lock().await;
        if let Some(open) = lane.open() {
            return Ok(open);
        }
        let opened = self.inner.session.open(self.inner.plans).await;
        let (conn, is_over) = opened.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let pipeline = Arc::new(Pipeline { conn, under_way: AtomicUsize::new(0), is_over });
        lane.put(Some(Arc::clone(&pipeline)));
        Ok(pipeline)
    }
}

fn begin(pipeline: Arc<Pipeline>, place: OwnedSemaphorePermit) -> Turn {
    pipeline.under_way.fetch_add(1, Ordering::Relaxed);
    Turn { pipeline, is_answered: false, _place: place }
}

impl Lane {
    fn open(&self) -> Option<Arc<Pipeline>> {
        let current = self.pipeline.read().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().filter(|pipeline| !pipeline.is_over.load(Ordering::Acquire)).cloned()
    }

    fn put(&self, pipeline: Option<Arc<Pipeline>>) {
        *self.pipeline.write().unwrap_or_else(PoisonError::into_inner) = pipeline;
    }
}
