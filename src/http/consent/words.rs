//! Our words on the consent page, each in every language, and how days are written.

use chrono::{Datelike, NaiveDate};

use crate::domain::product::Activity;

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Polish,
}

impl Language {
    pub(super) const ALL: [Self; 2] = [Self::English, Self::Polish];

    /// As in `lang` attributes and `?lang=`.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Polish => "pl",
        }
    }

    /// What its speakers call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Polish => "Polski",
        }
    }

    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The language that an `Accept-Language` header likes best among ours; English if none.
    pub(super) fn accepted(header: &str) -> Self {
        let liked = header.split(',').filter_map(|choice| {
            let (tag, weight) = choice.split_once(';').unwrap_or((choice, ""));
            let weight = weight.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse::<f32>().ok())?;
            Some((Self::of_tag(tag.trim())?, weight)).filter(|(_, weight)| *weight > 0.0)
        });
        // Of equal weights the first wins.
        liked.fold((Self::English, 0.0), |best, one| if one.1 > best.1 { one } else { best }).0
    }
}

/// A day in words: `Monday, 20 September 2021`.
pub(super) fn day(day: NaiveDate, language: Language) -> String {
    let (weekdays, months) = match language {
        Language::English => (
            ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
            [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
        ),
        Language::Polish => (
            ["poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"],
            [
                "stycznia",
                "lutego",
                "marca",
                "kwietnia",
                "maja",
                "czerwca",
                "lipca",
                "sierpnia",
                "września",
                "października",
                "listopada",
                "grudnia",
            ],
        ),
    };
    let weekday = weekdays[day.weekday().num_days_from_monday() as usize];
    format!("{weekday}, {} {} {}", day.day(), months[day.month0() as usize], day.year())
}

/// An activity in words.
pub(super) fn activity(activity: Activity, language: Language) -> &'static str {
    word(
        match activity {
            Activity::Presales => "activity_presales",
            Activity::Usage => "activity_usage",
            Activity::RevenueAssociation => "activity_revenue",
        },
        language,
    )
}

/// The words of this name; none for a name that nobody wrote down, which a test excludes for all our templates.
pub(super) fn word(name: &str, language: Language) -> &'static str {
    let found = WORDS.iter().find(|(known, ..)| *known == name);
    found.map_or("", |(_, english, polish)| match language {
        Language::English => english,
        Language::Polish => polish,
    })
}

/// Name, English, Polish. `{{partner}}` and the like are filled in. No markup.
const WORDS: &[(&str, &str, &str)] = &[
    ("brand", "Partner associations", "Powiązania z partnerami"),
    ("skip", "Skip to the content", "Przejdź do treści"),
    ("languages", "Language", "Język"),
    ("reference", "Reference {{number}}", "Numer {{number}}"),
    (
        "footer",
        "This page is meant for you alone: do not pass on its address. It sets no cookies and needs no login.",
        "Ta strona jest przeznaczona tylko dla Państwa: prosimy nie przekazywać jej adresu. Nie używa plików cookie i nie wymaga logowania.",
    ),
    ("title_open", "{{partner}} is associated with your organization", "Firma {{partner}} jest powiązana z Państwa organizacją"),
    ("title_declined", "You have declined this association", "To powiązanie zostało przez Państwa odrzucone"),
    ("title_ended", "This association has ended", "To powiązanie zostało zakończone"),
    (
        "lead_living",
        "{{partner}} works with {{customer}} on the products below. A reviewer has checked the proof of this work and approved the association.",
        "Firma {{partner}} pracuje dla organizacji {{customer}} w zakresie produktów wymienionych poniżej. Dowód tej pracy został sprawdzony, a powiązanie zatwierdzone.",
    ),
    (
        "lead_declined",
        "It ended on {{ended_on}}. The partner has been told. There is nothing more to do.",
        "Zakończyło się: {{ended_on}}. Partner został powiadomiony. Nie trzeba robić nic więcej.",
    ),
    (
        "lead_ended",
        "It ended on {{ended_on}}, and not by your decision. There is nothing to do.",
        "Zakończyło się: {{ended_on}}, nie na skutek Państwa decyzji. Nie trzeba nic robić.",
    ),
    ("agree_title", "If you agree, there is nothing to do.", "Jeśli się Państwo zgadzają, nie trzeba nic robić."),
    (
        "agree_open",
        "If you do not, please decline by {{last_day}} (end of the day, {{zone}}). You can also decline later, for as long as the association lasts.",
        "W razie braku zgody prosimy o odrzucenie do końca dnia: {{last_day}} ({{zone}}). Można to zrobić także później, dopóki powiązanie trwa.",
    ),
    (
        "agree_lasting",
        "The time for objections is over and the association lasts. You can still decline it at any time.",
        "Czas na zgłoszenie sprzeciwu minął i powiązanie trwa. Nadal można je w każdej chwili odrzucić.",
    ),
    ("who_title", "Who is associated with what", "Kto jest z czym powiązany"),
    ("who_title_past", "What it was about", "Czego dotyczyło"),
    ("partner_label", "Partner", "Partner"),
    ("location_label", "Partner location", "Lokalizacja partnera"),
    ("customer_label", "Your organization", "Państwa organizacja"),
    ("tenant_label", "Tenant", "Dzierżawa (tenant)"),
    ("products_label", "Products", "Produkty"),
    ("since", "Since {{day}}", "Od: {{day}}"),
    ("subscription", "Subscription {{subscription_id}}", "Subskrypcja {{subscription_id}}"),
    ("activity_presales", "Pre-sales work", "Działania przedsprzedażowe"),
    ("activity_usage", "Work on usage and adoption", "Praca nad wdrożeniem i wykorzystaniem"),
    ("activity_revenue", "Association with revenue", "Powiązanie z przychodem"),
    ("sees_title", "What the partner will see", "Co zobaczy partner"),
    (
        "sees_1",
        "How much the products above are used: numbers, such as active users, without names.",
        "W jakim stopniu powyższe produkty są używane: liczby, na przykład aktywnych użytkowników, bez nazwisk.",
    ),
    ("sees_2", "The subscriptions of these products, and their state.", "Subskrypcje tych produktów i ich stan."),
    (
        "sees_not",
        "The partner does not get access to your data, files, mail, accounts or settings, and nothing about your contracts or prices changes.",
        "Partner nie otrzymuje dostępu do Państwa danych, plików, poczty, kont ani ustawień, a Państwa umowy i ceny się nie zmieniają.",
    ),
    ("decline_title", "If you do not agree", "Jeśli się Państwo nie zgadzają"),
    (
        "decline_text",
        "Declining ends the association for all products above. You will be asked to confirm on the next page.",
        "Odrzucenie kończy powiązanie dla wszystkich powyższych produktów. Na następnej stronie poprosimy o potwierdzenie.",
    ),
    ("reason_label", "Reason (optional)", "Powód (opcjonalnie)"),
    ("reason_hint", "The partner will read it.", "Partner będzie mógł go przeczytać."),
    (
        "reason_wrong",
        "This reason cannot be taken: please write at most {{limit}} ordinary characters.",
        "Tego powodu nie można przyjąć: prosimy napisać najwyżej {{limit}} zwykłych znaków.",
    ),
    ("decline_button", "Decline this association…", "Odrzuć to powiązanie…"),
    ("confirm_title", "Decline the association with {{partner}}?", "Odrzucić powiązanie z firmą {{partner}}?"),
    (
        "confirm_1",
        "The association ends at once, for all products of {{number}}.",
        "Powiązanie zakończy się natychmiast dla wszystkich produktów w {{number}}.",
    ),
    (
        "confirm_2",
        "The partner will be told, with your reason if you gave one.",
        "Partner zostanie powiadomiony, wraz z podanym powodem, jeśli go Państwo podali.",
    ),
    (
        "confirm_3",
        "This cannot be taken back here: the partner would have to make a new claim.",
        "Nie można tego tutaj cofnąć: partner musiałby złożyć nowy wniosek.",
    ),
    (
        "confirm_4",
        "Your products, subscriptions and contracts stay as they are.",
        "Państwa produkty, subskrypcje i umowy pozostają bez zmian.",
    ),
    ("your_reason", "Your reason", "Podany powód"),
    ("confirm_button", "Yes, decline", "Tak, odrzuć"),
    ("back", "No, go back", "Nie, wróć"),
    ("others_title", "Who else is associated with your organization", "Kto jeszcze jest powiązany z Państwa organizacją"),
    ("others_none", "Nobody else.", "Nikt więcej."),
    ("other_partner", "Partner", "Partner"),
    ("other_product", "Product", "Produkt"),
    ("other_since", "Since", "Od"),
    ("void_title", "This link is not valid", "Ten link jest nieważny"),
    (
        "void_text",
        "It may have been replaced by a newer one, or it was not copied whole. Please use the link in the latest message that you received.",
        "Mógł zostać zastąpiony nowszym albo nie został skopiowany w całości. Prosimy użyć linku z ostatniej otrzymanej wiadomości.",
    ),
    ("busy_title", "Too many requests", "Zbyt wiele zapytań"),
    (
        "busy_text",
        "Please wait a minute and open the page again. Nothing has been changed.",
        "Prosimy odczekać minutę i otworzyć stronę ponownie. Nic nie zostało zmienione.",
    ),
    ("away_title", "Please try again in a moment", "Prosimy spróbować za chwilę"),
    (
        "away_text",
        "The page cannot be shown right now. Your link stays valid.",
        "W tej chwili nie można wyświetlić strony. Link pozostaje ważny.",
    ),
    ("foreign_title", "This request did not come from our page", "To żądanie nie pochodzi z naszej strony"),
    (
        "foreign_text",
        "For your safety nothing has been changed. Please open the link from your message again.",
        "Dla bezpieczeństwa nic nie zostało zmienione. Prosimy ponownie otworzyć link z wiadomości.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_words_and_the_same_gaps() {
        let gaps = |text: &str| {
            let mut gaps: Vec<String> =
                text.split("{{").skip(1).map(|gap| gap.split("}}").next().unwrap_or_default().to_owned()).collect();
            gaps.sort_unstable();
            gaps
        };
        for (name, english, polish) in WORDS {
            assert!(!english.is_empty() && !polish.is_empty(), "{name}");
            assert!(english.len() < 20 || english != polish, "{name} is not translated");
            assert_eq!(gaps(english), gaps(polish), "{name}");
            assert!(!english.contains('<') && !polish.contains('<'), "{name} holds markup");
        }
        let mut names: Vec<_> = WORDS.iter().map(|(name, ..)| name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), WORDS.len());
    }

    #[test]
    fn the_best_liked_language_of_ours_is_taken() {
        let accepted = Language::accepted;
        assert_eq!(accepted("pl"), Language::Polish);
        assert_eq!(accepted("de-DE, pl-PL;q=0.8, en;q=0.5"), Language::Polish);
        assert_eq!(accepted("en-GB,en;q=0.9,pl;q=0.8"), Language::English);
        assert_eq!(accepted("pl;q=0, de"), Language::English);
        assert_eq!(accepted("*;q=zero,;;"), Language::English);
    }

    #[test]
    fn days_are_written_out() {
        let monday = NaiveDate::from_ymd_opt(2021, 9, 20).unwrap_or_default();
        assert_eq!(day(monday, Language::English), "Monday, 20 September 2021");
        assert_eq!(day(monday, Language::Polish), "poniedziałek, 20 września 2021");
    }
}
