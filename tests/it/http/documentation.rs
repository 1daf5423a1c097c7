//! What the documentation says of codes and bounds is what the server does.

use cpor::http::Code;

use super::limits;

fn page() -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/http.md");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn every_code_is_documented_with_its_status() {
    let page = page();
    for code in Code::ALL {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{}` |", code.as_str())));
        let row = row.unwrap_or_else(|| panic!("{} has no row", code.as_str()));
        assert!(row.contains(code.status().as_str()) || row.contains("| – |"), "{row}");
    }
}

#[test]
fn every_bound_is_documented() {
    let page = page();
    for (limit, _) in limits::beyond() {
        assert!(page.contains(&format!("`{limit}`")), "{limit} is not documented");
    }
}
