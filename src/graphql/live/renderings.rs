//! The latest answers that were made for more than one reader.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

use super::audience::Audience;
use super::rendering::Rendering;

/// Answers kept, the oldest forgotten first. With [`super::rendering::RENDERING_BYTES_MAX`] it bounds the memory.
const RENDERINGS_MAX: usize = 1_024;

/// What an answer is to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) selection: u64,
    /// Of the event; `None` for a checkpoint, which is the same at every position.
    pub(super) position: Option<i64>,
    pub(super) audience: Arc<Audience>,
}

/// An answer, or the place of one that is being made.
pub(super) type Cell = Arc<OnceCell<Arc<Rendering>>>;

/// Answers by what they are to.
#[derive(Default)]
pub(super) struct Renderings {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    cells: HashMap<Key, Cell>,
    /// The keys, the oldest first.
    order: VecDeque<Key>,
}

impl Renderings {
    /// An answer that was made already.
    pub(super) fn get(&self, key: &Key) -> Option<Arc<Rendering>> {
        self.kept().cells.get(key)?.get().cloned()
    }

    /// The place of an answer. All who ask at the same time get the same one.
    pub(super) fn cell(&self, key: Key) -> Cell {
        let mut kept = self.kept();
        if let Some(cell) = kept.cells.get(&key) {
            return Arc::clone(cell);
        }
        if kept.order.len() == RENDERINGS_MAX
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.cells.remove(&oldest);
        }
        kept.order.push_back(key.clone());
        Arc::clone(kept.cells.entry(key).or_default())
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
