//! What people read: one sentence or word for each code and language. The one place of prose.
//!
//! Codes never depend on it. Each language is a file whose functions name every code, so that the compiler finds what has no words.

pub mod dates;
mod en;
mod pl;

use crate::domain::checklist::Requirement;
use crate::domain::file::{FileFlag, FileRefusal};
use crate::domain::product::Activity;
use crate::domain::reason::{FindingKind, PartnerReason, RejectionReason};
use crate::domain::refusal::Code;
use crate::domain::status::Status;

/// A language for prose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English, the language of everybody whose own has no catalogue.
    #[default]
    English,
    /// Polish.
    Polish,
}

impl Language {
    /// Every language there is a catalogue of.
    pub const ALL: &'static [Self] = &[Self::English, Self::Polish];

    /// Its tag (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Polish => "pl",
        }
    }

    /// The language of a tag such as `pl` or `en-GB`; `None` for one without a catalogue.
    #[must_use]
    pub fn known(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().trim();
        Self::ALL.iter().copied().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The language of a tag; English for those without a catalogue, and without a tag.
    #[must_use]
    pub fn of_tag(tag: Option<&str>) -> Self {
        tag.and_then(Self::known).unwrap_or_default()
    }

    /// The best language for an `Accept-Language` header (RFC 9110, 12.5.4): the known one of the highest quality, of equals the first.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let ranges = header.split(',').filter_map(|item| {
            let (range, weight) = item.split_once(';').unwrap_or((item, "q=1"));
            let quality: f32 = weight.trim().strip_prefix("q=")?.trim().parse().ok()?;
            let language = if range.trim() == "*" { Self::default() } else { Self::known(range)? };
            (quality > 0.0).then_some((language, quality))
        });
        ranges
            .fold(None, |best: Option<(Self, f32)>, next| best.filter(|best| best.1 >= next.1).or(Some(next)))
            .map(|(language, _)| language)
    }
}

/// Words for the values of a closed list.
pub trait Words: Copy {
    /// What people read, in a language.
    #[must_use]
    fn words(self, language: Language) -> &'static str;
}

macro_rules! words {
    ($($type:ident => $function:ident),+ $(,)?) => {$(
        impl Words for $type {
            fn words(self, language: Language) -> &'static str {
                match language {
                    Language::English => en::$function(self),
                    Language::Polish => pl::$function(self),
                }
            }
        }
    )+};
}

words! {
    Activity => activity,
    Code => sentence,
    FileFlag => file_flag,
    FileRefusal => file_refusal,
    FindingKind => finding,
    PartnerReason => partner_reason,
    RejectionReason => rejection_reason,
    Requirement => requirement,
    Status => status,
}

/// The sentence of a refusal's or warning's code.
#[must_use]
pub fn sentence(code: Code, language: Language) -> &'static str {
    code.words(language)
}

/// What a partner does about a finding: the remedy of the first requirement that it belongs to.
#[must_use]
pub fn remedy(kind: FindingKind, language: Language) -> &'static str {
    let requirement = Requirement::ALL.iter().find(|requirement| requirement.finding() == kind);
    match (requirement, language) {
        (Some(requirement), _) => requirement.words(language),
        (None, Language::English) => en::REMEDY_IN_WORDS,
        (None, Language::Polish) => pl::REMEDY_IN_WORDS,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn distinct<T: Words>(all: &[T]) {
        for language in Language::ALL {
            let words: BTreeSet<&str> = all.iter().map(|one| one.words(*language)).collect();
            assert_eq!(words.len(), all.len(), "{language:?}: two codes share their words");
            assert!(words.iter().all(|text| !text.trim().is_empty() && text.trim() == *text));
        }
    }

    #[test]
    fn no_code_is_without_words_of_its_own_in_any_language() {
        distinct(Code::ALL);
        distinct(Status::ALL);
        distinct(RejectionReason::ALL);
        distinct(PartnerReason::ALL);
        distinct(FindingKind::ALL);
        distinct(Activity::ALL);
        distinct(FileFlag::ALL);
        distinct(FileRefusal::ALL);
        distinct(Requirement::ALL);
    }

    #[test]
    fn refusals_are_short_sentences_and_the_languages_differ() {
        for code in Code::ALL {
            for language in Language::ALL {
                let text = sentence(*code, *language);
                assert!(text.ends_with('.') && text.chars().count() < 140, "{text}");
            }
            assert_ne!(sentence(*code, Language::English), sentence(*code, Language::Polish), "{code}");
        }
    }

    #[test]
    fn the_language_that_a_client_prefers_is_found() {
        assert_eq!(Language::accepted("pl-PL,pl;q=0.9,en;q=0.8"), Some(Language::Polish));
        assert_eq!(Language::accepted("de, en;q=0.5, pl;q=0.4"), Some(Language::English));
        assert_eq!(Language::accepted("en;q=0.3, pl;q=0.7"), Some(Language::Polish));
        assert_eq!(Language::accepted("pl;q=0, *"), Some(Language::English));
        assert_eq!(Language::accepted("de"), None);
        assert_eq!(Language::accepted(";;,q=,"), None);
        assert_eq!(Language::of_tag(Some("pl_PL")), Language::Polish);
        assert_eq!(Language::of_tag(Some("fr")), Language::English);
        assert_eq!(Language::of_tag(None), Language::English);
    }
}
