//! The checker: pure functions over what clients wrote down and what the tables and the folder of letters say. Each answers what is
//! wrong, in sentences; nothing wrong is an empty list.

mod faults;
mod feed;
mod mail;
mod parts;
mod tests;
mod writes;

use crate::journal::Journals;
use crate::mail::Letter;
use crate::tables::Tables;

pub use self::faults::FAULTS;
pub use self::feed::slice;

/// Everything there is to compare.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub journals: Journals,
    pub tables: Tables,
    pub letters: Vec<Letter>,
}

/// What is wrong.
pub fn check(evidence: &Evidence) -> Vec<String> {
    let Evidence { journals, tables, letters } = evidence;
    [
        writes::changes(&journals.ops, tables),
        writes::races(&journals.races, &journals.ops, tables),
        parts::check(tables),
        feed::numbers(tables),
        feed::watches(&journals.watches, tables),
        mail::check(letters, tables),
    ]
    .concat()
}
