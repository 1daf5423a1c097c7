//! The table in the documentation and the tests know every code.

use cpor::domain::file::{FileFlag, FileRefusal};

const TABLE: &str = include_str!("../../../docs/documents.md");
const TESTS: &str = concat!(
    include_str!("images.rs"),
    include_str!("names.rs"),
    include_str!("office.rs"),
    include_str!("old_office.rs"),
    include_str!("pdfs.rs"),
    include_str!("texts.rs"),
    include_str!("uploads.rs"),
    include_str!("../scanner/mod.rs"),
);

#[test]
fn every_code_stands_in_the_table_and_has_a_test_that_produces_it() {
    let refusals = FileRefusal::ALL.iter().map(|one| (one.code(), format!("FileRefusal::{one:?}")));
    let flags = FileFlag::ALL.iter().map(|one| (one.code(), format!("FileFlag::{one:?}")));
    for (code, value) in refusals.chain(flags) {
        assert!(TABLE.contains(&format!("`{code}`")), "docs/documents.md does not tell of {code}");
        assert!(TESTS.contains(&value) || TESTS.contains(&format!("\"{code}\"")), "no test produces {code}");
    }
}
