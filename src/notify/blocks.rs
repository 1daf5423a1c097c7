//! A worded text as blocks: paragraphs, lists, quotations and links, of which the HTML part is made.

use minijinja::{Value, context};

/// A part of a text between blank lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    kind: &'static str,
    lines: Vec<String>,
}

/// The blocks of a text. Only lines that begin with our own address become links: what people wrote cannot.
pub(super) fn blocks(text: &str, public_url: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end).chain([""]) {
        if !line.is_empty() {
            lines.push(line);
        } else if !lines.is_empty() {
            blocks.push(block(&std::mem::take(&mut lines), public_url));
        }
    }
    blocks
}

fn block(lines: &[&str], public_url: &str) -> Block {
    let all =
        |mark: &str| -> Option<Vec<String>> { lines.iter().map(|line| line.strip_prefix(mark).map(str::to_owned)).collect() };
    let is_link = |line: &str| line.strip_prefix(public_url).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if let Some(lines) = all("- ") {
        return Block { kind: "list", lines };
    }
    if let Some(lines) = all(">") {
        return Block { kind: "quote", lines: lines.iter().map(|line| line.trim_start().to_owned()).collect() };
    }
    let kind = if lines.len() == 1 && is_link(lines[0]) { "link" } else { "text" };
    Block { kind, lines: lines.iter().map(|line| (*line).to_owned()).collect() }
}

impl Block {
    /// The block for a template.
    pub fn value(&self) -> Value {
        context! { kind => self.kind, lines => Value::from_iter(self.lines.iter().cloned()) }
    }

    /// The block as text, as it stood.
    pub fn text(&self) -> String {
        let mark = match self.kind {
            "list" => "- ",
            "quote" => "> ",
            _ => "",
        };
        self.lines.iter().map(|line| format!("{mark}{line}")).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_paragraphs_lists_quotations_and_links() {
        let text =
            "One\nmore\n\n\n- a\n- b\n\n> said\n>\n> twice\n\nhttps://claims.example/consent/x\n\nhttps://claims.example.evil/\n";
        let found = blocks(text, "https://claims.example");
        let kinds: Vec<_> = found.iter().map(|block| (block.kind, block.lines.len())).collect();
        assert_eq!(kinds, [("text", 2), ("list", 2), ("quote", 3), ("link", 1), ("text", 1)]);
        assert_eq!(found[2].lines, ["said", "", "twice"]);
    }
}
