//! Markup from templates: the one place where text becomes HTML.

use super::words::{Language, word};

/// Markup. Text gets in through [`Html::text`] alone, which escapes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Html(String);

impl Html {
    /// Text, escaped for elements and for attributes in quotes.
    pub(super) fn text(text: &str) -> Self {
        let mut escaped = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                '\'' => escaped.push_str("&#39;"),
                // No text can be taken for a gap in a template.
                '{' => escaped.push_str("&#123;"),
                other => escaped.push(other),
            }
        }
        Self(escaped)
    }

    /// Our own markup.
    pub(super) fn own(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }

    /// Several pieces, one after another.
    pub(super) fn all(pieces: impl IntoIterator<Item = Self>) -> Self {
        Self(pieces.into_iter().map(|piece| piece.0).collect())
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

/// Fills the gaps of a template, `{{name}}`: with the value of that name, else with our words of that name. Words may have gaps, too.
pub(super) fn fill(template: &'static str, language: Language, values: &[(&str, Html)]) -> Html {
    let mut filled = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(&value.0),
            // Words are ours and hold no markup.
            None => filled.push_str(&fill(word(name, language), language, values).0),
        }
        rest = after;
    }
    filled.push_str(rest);
    Html(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup_or_a_gap() {
        let value = Html::text("<b title=\"x\" id='y'>&{{brand}}");
        let filled = fill("<p>{{value}}</p>", Language::English, &[("value", value)]).into_string();
        assert_eq!(filled, "<p>&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt;&amp;&#123;&#123;brand}}</p>");
    }

    #[test]
    fn words_are_filled_with_values() {
        let values = [("partner", Html::text("A & B"))];
        let filled = fill("{{title_open}}", Language::English, &values).into_string();
        assert!(filled.starts_with("A &amp; B is "), "{filled}");
    }
}
