//! Pages: which part of a list is asked for, and the part that was found. Keyset, never offset: a page costs what it holds.

use std::sync::Arc;

use super::cursor::{BadCursor, CursorSealer, Position};

/// Rows of a page when the client does not say, per list.
pub const DEFAULT_PAGE_ROWS: usize = 20;
/// Rows a page may have, per list.
pub const MAX_PAGE_ROWS: usize = 100;

/// A page as the client asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageArgs {
    /// Rows from the beginning.
    pub first: Option<i32>,
    /// Rows from the end.
    pub last: Option<i32>,
    /// Only rows after this cursor.
    pub after: Option<String>,
    /// Only rows before this cursor.
    pub before: Option<String>,
}

/// Why a page cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Both ends at once.
    #[error("`first` and `last` exclude each other")]
    FirstAndLast,
    /// Fewer than none, or more than a page holds.
    #[error("`{argument}` must be from 0 to {MAX_PAGE_ROWS}")]
    OutOfRange {
        /// Which argument: `first` or `last`.
        argument: &'static str,
    },
    /// A cursor that is none of this list.
    #[error("`{argument}` is not a cursor of this list")]
    BadCursor {
        /// Which argument: `after` or `before`.
        argument: &'static str,
    },
}

/// Which end of the list a page is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the beginning.
    Forward,
    /// From the end; the rows still come in the list's order.
    Backward,
}

/// A page that can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Page {
    /// Rows at most.
    pub limit: usize,
    /// From which end.
    pub direction: Direction,
    /// Only rows after this position.
    pub after: Option<Position>,
    /// Only rows before this position.
    pub before: Option<Position>,
}

impl Default for Page {
    /// The first page, of the default length.
    fn default() -> Self {
        Self { limit: DEFAULT_PAGE_ROWS, direction: Direction::Forward, after: None, before: None }
    }
}

impl PageArgs {
    /// The page, if it can be given; `list` names the list and its order, as in [`CursorSealer::seal`].
    ///
    /// # Errors
    /// [`PageError`], the first that applies.
    pub fn validate(&self, sealer: &CursorSealer, list: &str) -> Result<Page, PageError> {
        let (direction, limit) = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(PageError::FirstAndLast),
            (first, None) => (Direction::Forward, rows("first", first)?),
            (None, last) => (Direction::Backward, rows("last", last)?),
        };
        let open = |argument, cursor: &Option<String>| {
            let position = cursor.as_deref().map(|text| sealer.open(list, text)).transpose();
            position.map_err(|BadCursor| PageError::BadCursor { argument })
        };
        Ok(Page { limit, direction, after: open("after", &self.after)?, before: open("before", &self.before)? })
    }
}

fn rows(argument: &'static str, given: Option<i32>) -> Result<usize, PageError> {
    let rows = given.map_or(Ok(DEFAULT_PAGE_ROWS), usize::try_from).map_err(|_| PageError::OutOfRange { argument })?;
    if rows > MAX_PAGE_ROWS { Err(PageError::OutOfRange { argument }) } else { Ok(rows) }
}

/// A row and where it stands in its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<T> {
    /// Where: what a cursor is sealed from.
    pub position: Position,
    /// The row, shared with whoever shows it.
    pub row: Arc<T>,
}

/// A part of a list, in the list's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice<T> {
    /// The rows.
    pub items: Vec<Item<T>>,
    /// Whether rows follow.
    pub has_next: bool,
    /// Whether rows come before.
    pub has_previous: bool,
}

impl<T> Default for Slice<T> {
    /// Of an empty list.
    fn default() -> Self {
        Self { items: Vec::new(), has_next: false, has_previous: false }
    }
}

impl Page {
    /// Rows to fetch: one more than asked for, which tells whether there are more.
    pub(super) fn fetch_limit(&self) -> i64 {
        i64::try_from(self.limit + 1).unwrap_or(i64::MAX)
    }

    /// Whether rows are fetched from the end.
    pub(super) fn is_backward(&self) -> bool {
        self.direction == Direction::Backward
    }

    /// Makes the slice of what was fetched: up to [`Self::fetch_limit`] rows, from the page's end of the list.
    pub(super) fn slice<T>(&self, mut fetched: Vec<Item<T>>) -> Slice<T> {
        let more = fetched.len() > self.limit;
        fetched.truncate(self.limit);
        match self.direction {
            Direction::Forward => {
                Slice { items: fetched, has_next: more || self.before.is_some(), has_previous: self.after.is_some() }
            }
            Direction::Backward => {
                fetched.reverse();
                Slice { items: fetched, has_next: self.before.is_some(), has_previous: more || self.after.is_some() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use uuid::Uuid;

    fn args(first: Option<i32>, last: Option<i32>) -> PageArgs {
        PageArgs { first, last, ..PageArgs::default() }
    }

    #[test]
    fn a_page_has_twenty_rows_unless_said_and_a_hundred_at_most() {
        let sealer = CursorSealer::new(b"secret");
        let limit = |first, last| args(first, last).validate(&sealer, "claims").map(|page| page.limit);
        assert_eq!(limit(None, None), Ok(20));
        assert_eq!(limit(Some(0), None), Ok(0));
        assert_eq!(limit(None, Some(100)), Ok(100));
        assert_eq!(limit(Some(101), None), Err(PageError::OutOfRange { argument: "first" }));
        assert_eq!(limit(None, Some(-1)), Err(PageError::OutOfRange { argument: "last" }));
        assert_eq!(limit(Some(1), Some(1)), Err(PageError::FirstAndLast));
    }

    #[test]
    fn a_cursor_of_another_list_is_a_typed_error() {
        let sealer = CursorSealer::new(b"secret");
        let position = Position { key: Some(1), id: Uuid::from_u128(1) };
        let args = PageArgs { before: Some(sealer.seal("history", position)), ..PageArgs::default() };
        assert_eq!(args.validate(&sealer, "claims"), Err(PageError::BadCursor { argument: "before" }));
        assert_eq!(args.validate(&sealer, "history").unwrap().before, Some(position));
    }

    #[test]
    fn the_row_too_many_tells_of_more_and_is_not_shown() {
        let item = |row| Item { position: Position { key: Some(row), id: Uuid::nil() }, row: Arc::new(row) };
        let page = Page { limit: 2, ..Page::default() };
        let slice = page.slice(vec![item(1), item(2), item(3)]);
        assert_eq!((slice.items.len(), slice.has_next, slice.has_previous), (2, true, false));
        let page = Page { direction: Direction::Backward, ..page };
        let slice = page.slice(vec![item(9), item(8), item(7)]);
        assert_eq!(slice.items.iter().map(|i| *i.row).collect::<Vec<_>>(), [8, 9]);
        assert_eq!((slice.has_next, slice.has_previous), (false, true));
    }
}
