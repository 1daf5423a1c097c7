//! Folding: how text and what people type into a search box become plain lower-case words that can meet.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::domain::ids::ClaimNumber;

/// Plain lower-case letters: accents removed, compatibility forms unfolded, letters without a decomposition spelled out.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match spelled(letter) {
            Some(plain) => folded.push_str(plain),
            // Lower-casing may itself leave a mark behind (the dotted capital I does).
            None if is_combining_mark(letter) => {}
            None => folded.push(letter),
        }
    }
    folded
}

/// Letters that Unicode does not decompose, as their languages spell them without the letter.
fn spelled(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ł' => "l",
        'ø' => "o",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ŋ' => "n",
        'ŧ' => "t",
        'ĸ' => "k",
        _ => return None,
    })
}

/// The folded words of a text: runs of letters and digits.
///
/// The same cut is made when text is stored and when it is searched, so that no parser of the database can cut differently.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let words: Vec<String> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    words.into_iter()
}

/// What a claim is found by: its number, its name, its customer and the names of its products, folded, blank between words.
#[must_use]
pub fn search_text<'a>(
    number: ClaimNumber,
    name: Option<&str>,
    customer: Option<&str>,
    products: impl IntoIterator<Item = &'a str>,
) -> String {
    let mut found: Vec<String> = words(&number.to_string()).collect();
    found.extend([name, customer].into_iter().flatten().flat_map(words));
    found.extend(products.into_iter().flat_map(words));
    found.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_letters_without_decomposition_become_plain() {
        assert_eq!(fold("Zażółć GĘŚLĄ Jaźń"), "zazolc gesla jazn");
        assert_eq!(fold("Straße Ærø Œuvre Đorđe Þór İstanbul ﬁne"), "strasse aero oeuvre dorde thor istanbul fine");
    }

    #[test]
    fn folding_what_is_folded_changes_nothing() {
        for text in ["Łódź", "ǅ", "ŉ", "Ǆ", "ﬃ", "İ", "ẞ", "Ångström", "№ 5"] {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
    }

    #[test]
    fn search_text_holds_number_name_customer_and_products() {
        let text = search_text(ClaimNumber(100_001), Some("Migration (2021)"), Some("Żabka S.A."), ["Exchange Online"]);
        assert_eq!(text, "cpor 100001 migration 2021 zabka s a exchange online");
    }
}
