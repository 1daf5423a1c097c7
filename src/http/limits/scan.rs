//! A lexical reading of a document before the parser sees it.
//!
//! The parser recurses once per bracket and aborts the whole process when the stack ends: literals nested 1 600 deep,
//! 3 kB of text, are enough. So brackets, tokens and bytes are counted first, in one pass without recursion.

use crate::http::error::{Code, Refusal};
use crate::http::settings::Limits;

/// Refuses a document that is too long, has too many tokens or too many brackets open at once.
///
/// It need not be exact where the document is not GraphQL at all: that is for the parser to say.
pub(super) fn scan(document: &str, limits: &Limits) -> Result<(), Refusal> {
    let bytes = document.as_bytes();
    if bytes.len() > limits.document_bytes {
        return Err(limit("document_bytes", limits.document_bytes, bytes.len()));
    }
    if bytes.contains(&0) {
        return Err(Refusal::new(Code::ParseFailed, "The document contains U+0000."));
    }
    let (mut tokens, mut open, mut at) = (0, 0_usize, 0);
    while at < bytes.len() {
        let token = token_at(&bytes[at..]);
        if is_word(bytes[at]) && token.bytes > limits.name_bytes {
            return Err(limit("name_bytes", limits.name_bytes, token.bytes));
        }
        match bytes[at] {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > limits.nesting {
            return Err(limit("nesting", limits.nesting, open));
        }
        tokens += usize::from(token.counts);
        if tokens > limits.tokens {
            return Err(limit("tokens", limits.tokens, tokens));
        }
        at += token.bytes;
    }
    Ok(())
}

fn limit(name: &'static str, maximum: usize, value: usize) -> Refusal {
    Refusal::limit(name, maximum as u64, value as u64)
}

struct Token {
    bytes: usize,
    /// Blanks, commas and comments do not.
    counts: bool,
}

fn token_at(rest: &[u8]) -> Token {
    let (bytes, counts) = match rest[0] {
        b' ' | b'\t' | b'\n' | b'\r' | b',' | 0xEF | 0xBB | 0xBF => (1, false),
        b'#' => (run(rest, |byte| !matches!(byte, b'\n' | b'\r')), false),
        b'"' => (string(rest), true),
        byte if is_word(byte) => (run(rest, is_word), true),
        _ => (1, true),
    };
    Token { bytes, counts }
}

/// Names and numbers; that `1a` is one word here and an error there does not matter.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn run(rest: &[u8], while_: impl Fn(u8) -> bool) -> usize {
    rest.iter().position(|&byte| !while_(byte)).unwrap_or(rest.len()).max(1)
}

/// Bytes of a string or block string. One that does not end takes the rest of the line, or of the document.
fn string(rest: &[u8]) -> usize {
    if rest.starts_with(b"\"\"\"") {
        return block_string(rest);
    }
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'"' => return at + 1,
            b'\n' | b'\r' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    rest.len()
}

fn block_string(rest: &[u8]) -> usize {
    let mut at = 3;
    while at < rest.len() {
        if rest[at..].starts_with(b"\"\"\"") {
            return at + 3;
        }
        at += if rest[at..].starts_with(b"\\\"\"\"") { 4 } else { 1 };
    }
    rest.len()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn refused(document: &str) -> String {
        let refusal = scan(document, &Limits::default()).unwrap_err();
        let fact = refusal.facts.first().map(|(_, value)| value.to_string());
        fact.unwrap_or_else(|| refusal.code.as_str().to_owned())
    }

    #[test]
    fn brackets_in_strings_and_comments_are_not_brackets() {
        let brackets = "[".repeat(500);
        for document in [
            format!("{{a(b:\"{brackets}\")}}"),
            format!("{{a(b:\"\"\"{brackets}\n\\\"\"\"{brackets}\"\"\")}}"),
            format!("#{brackets}\n{{a}}"),
            format!("{{a(b:\"\\\"{brackets}\")}}"),
        ] {
            assert!(scan(&document, &Limits::default()).is_ok(), "{document}");
        }
    }

    #[test]
    fn a_string_that_does_not_end_hides_nothing_on_the_next_line() {
        assert_eq!(refused(&format!("{{a(b:\"\n{}", "[".repeat(500))), "\"nesting\"");
    }

    #[test]
    fn each_bound_is_named() {
        assert_eq!(refused(&"{".repeat(65)), "\"nesting\"");
        assert_eq!(refused(&"a ".repeat(6_001)), "\"tokens\"");
        assert_eq!(refused(&" ".repeat(100_001)), "\"document_bytes\"");
        assert_eq!(refused("{a}\0"), "GRAPHQL_PARSE_FAILED");
    }
}
