//! The pages, from what they show.

use super::html::{Html, fill};
use super::parts::{AGREE, CONFIRM, DECLINE, LOCATION, NOTE, OTHER, OTHERS, PRODUCT, QUOTED, SEES, SUBSCRIBED, WRONG};
use super::words::{Language, activity, day, word};
use crate::app::{ConsentProduct, ConsentView, OtherPartner, Standing};
use crate::domain::details::MAX_PROSE_CHARS;

/// The style of all pages: the content security policy allows this one by its hash.
pub(super) const STYLE: &str = include_str!("style.css");

const LAYOUT: &str = include_str!("layout.html");
const ASSOCIATION: &str = include_str!("association.html");

/// What stands in the form: the reason as it was written, and whether it could not be taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) reason: String,
    pub(super) is_wrong: bool,
}

/// Pages that show nothing of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// The link opens nothing, for whatever reason.
    Void,
    /// Too many requests.
    Busy,
    /// Our own failure.
    Away,
    /// From a foreign page.
    Foreign,
}

/// A page without a claim.
pub(super) fn note(note: Note, language: Language) -> String {
    let (headline, lead) = match note {
        Note::Void => ("void_title", "void_text"),
        Note::Busy => ("busy_title", "busy_text"),
        Note::Away => ("away_title", "away_text"),
        Note::Foreign => ("foreign_title", "foreign_text"),
    };
    let [headline, lead] = [headline, lead].map(|name| Html::text(word(name, language)));
    let values = [("tone", Html::own("past")), ("headline", headline.clone()), ("lead", lead)];
    layout(headline, fill(NOTE, language, &values), language)
}

/// The page of an association.
pub(super) fn association(view: &ConsentView, draft: &Draft, language: Language) -> String {
    let mut values = facts(view, language);
    let (headline, lead) = match view.standing {
        Standing::Open { .. } | Standing::Lasting => ("title_open", "lead_living"),
        Standing::Declined { .. } => ("title_declined", "lead_declined"),
        Standing::Ended { .. } => ("title_ended", "lead_ended"),
    };
    let lives = view.standing.can_decline();
    let said = |name: &'static str, values: &[(&str, Html)]| fill(word(name, language), language, values);
    let title = said(headline, &values);
    let lead = said(lead, &values);
    let agree_text = if matches!(view.standing, Standing::Open { .. }) { "agree_open" } else { "agree_lasting" };
    let agree_text = said(agree_text, &values);
    values.extend([("headline", title.clone()), ("lead", lead), ("agree_text", agree_text)]);
    values.push(("tone", Html::own(if lives { "" } else { "past" })));
    values.push(("who", said(if lives { "who_title" } else { "who_title_past" }, &values)));
    let only_living = |part: &'static str, values: &[(&str, Html)]| match lives {
        true => fill(part, language, values),
        false => Html::default(),
    };
    let agree = only_living(AGREE, &values);
    let sees = only_living(SEES, &values);
    let decline = if lives { decline_form(draft, language) } else { Html::default() };
    values.extend([("agree", agree), ("sees", sees), ("decline", decline)]);
    layout(title, fill(ASSOCIATION, language, &values), language)
}

/// The page that asks again before anything is done.
pub(super) fn confirmation(view: &ConsentView, reason: &str, language: Language) -> String {
    let mut values = facts(view, language);
    values.push(("reason", Html::text(reason)));
    values.push(("lang", Html::own(language.tag())));
    let quoted = if reason.is_empty() { Html::default() } else { fill(QUOTED, language, &values) };
    values.push(("quoted", quoted));
    let title = fill(word("confirm_title", language), language, &values);
    layout(title, fill(CONFIRM, language, &values), language)
}

/// What every page of a claim may name.
fn facts(view: &ConsentView, language: Language) -> Vec<(&'static str, Html)> {
    let last_day = match view.standing {
        Standing::Open { last_day } => day(last_day, language),
        _ => String::new(),
    };
    let ended_on = match view.standing {
        Standing::Declined { on } | Standing::Ended { on } => day(on, language),
        _ => String::new(),
    };
    let location = view
        .location
        .as_ref()
        .map(|(name, mpn_id)| fill(LOCATION, language, &[("name", Html::text(name)), ("mpn_id", Html::text(mpn_id))]));
    vec![
        ("number", Html::text(&view.number)),
        ("partner", Html::text(&view.partner)),
        ("customer", Html::text(&view.customer)),
        ("tenant", Html::text(&view.tenant)),
        ("zone", Html::text(&view.zone)),
        ("last_day", Html::text(&last_day)),
        ("ended_on", Html::text(&ended_on)),
        ("location", location.unwrap_or_default()),
        ("products", Html::all(view.products.iter().map(|one| product(one, language)))),
        ("others", others(&view.others, language)),
    ]
}

fn product(product: &ConsentProduct, language: Language) -> Html {
    let activities: Vec<&str> = product.activities.iter().map(|one| activity(*one, language)).collect();
    let subscribed =
        product.subscription.map(|id| fill(SUBSCRIBED, language, &[("subscription_id", Html::text(&id.to_string()))]));
    let values = [
        ("name", Html::text(&product.name)),
        ("activities", Html::text(&activities.join(" · "))),
        ("subscribed", subscribed.unwrap_or_default()),
        ("day", Html::text(&day(product.since, language))),
    ];
    fill(PRODUCT, language, &values)
}

fn others(others: &[OtherPartner], language: Language) -> Html {
    if others.is_empty() {
        return fill("<p>{{others_none}}</p>", language, &[]);
    }
    let rows = others.iter().map(|other| {
        let values = [
            ("name", Html::text(&other.partner)),
            ("product", Html::text(&other.product)),
            ("day", Html::text(&day(other.since, language))),
        ];
        fill(OTHER, language, &values)
    });
    fill(OTHERS, language, &[("rows", Html::all(rows))])
}

fn decline_form(draft: &Draft, language: Language) -> Html {
    let limit = ("limit", Html::text(&MAX_PROSE_CHARS.to_string()));
    let (wrong, described) = match draft.is_wrong {
        true => (fill(WRONG, language, std::slice::from_ref(&limit)), " reason-wrong"),
        false => (Html::default(), ""),
    };
    let values = [("reason", Html::text(&draft.reason)), ("wrong", wrong), ("described", Html::own(described)), limit];
    fill(DECLINE, language, &values)
}

fn layout(title: Html, body: Html, language: Language) -> String {
    let choices = Language::ALL.map(|each| {
        let template = match each == language {
            true => r#"<span lang="{{tag}}" aria-current="true">{{language}}</span>"#,
            false => r#"<a href="?lang={{tag}}" lang="{{tag}}" hreflang="{{tag}}">{{language}}</a>"#,
        };
        fill(template, language, &[("tag", Html::own(each.tag())), ("language", Html::own(each.name()))])
    });
    let values = [
        ("lang", Html::own(language.tag())),
        ("title", title),
        ("style", Html::own(STYLE)),
        ("choices", Html::all(choices)),
        ("body", body),
    ];
    fill(LAYOUT, language, &values).into_string()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::product::Activity;

    fn view(standing: Standing) -> ConsentView {
        let since = NaiveDate::from_ymd_opt(2021, 9, 13).unwrap_or_default();
        ConsentView {
            number: "CPOR-100001".to_owned(),
            partner: "Ma & Pa <script>alert(1)</script>".to_owned(),
            location: Some(("Gdańsk".to_owned(), "1000002".to_owned())),
            customer: "{{tenant}}\"".to_owned(),
            tenant: "11111111-0000-4000-8000-000000000001".to_owned(),
            products: vec![ConsentProduct {
                name: "Exchange Online".to_owned(),
                subscription: Some(crate::domain::ids::SubscriptionId(uuid::Uuid::from_u128(7))),
                activities: Activity::ALL.to_vec(),
                since,
            }],
            standing,
            zone: "UTC".to_owned(),
            others: vec![OtherPartner { partner: "Fabrikam".to_owned(), product: "Teams".to_owned(), since }],
        }
    }

    fn pages() -> Vec<String> {
        let on = NaiveDate::from_ymd_opt(2021, 9, 20).unwrap_or_default();
        let standings = [Standing::Open { last_day: on }, Standing::Lasting, Standing::Declined { on }, Standing::Ended { on }];
        let wrong = Draft { reason: "</textarea><b>".to_owned(), is_wrong: true };
        let mut pages = Vec::new();
        for language in Language::ALL {
            for standing in standings {
                pages.push(association(&view(standing), &Draft::default(), language));
                pages.push(association(&view(standing), &wrong, language));
                pages.push(confirmation(&view(standing), "\"><b>", language));
            }
            pages.extend([Note::Void, Note::Busy, Note::Away, Note::Foreign].map(|each| note(each, language)));
        }
        pages
    }

    #[test]
    fn every_gap_is_filled_and_no_value_becomes_markup() {
        for page in pages() {
            assert!(!page.contains("{{") || page.contains("&#123;{tenant}}"), "{page}");
            assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains(">  <"), "{page}");
            assert!(!page.contains("<h1></h1>") && !page.contains("<p></p>") && !page.contains("<dd></dd>"), "{page}");
        }
    }

    #[test]
    fn only_what_lives_can_be_declined() {
        let on = NaiveDate::from_ymd_opt(2021, 9, 20).unwrap_or_default();
        let has_form = |standing| association(&view(standing), &Draft::default(), Language::English).contains("<form");
        assert!(has_form(Standing::Open { last_day: on }) && has_form(Standing::Lasting));
        assert!(!has_form(Standing::Declined { on }) && !has_form(Standing::Ended { on }));
    }
}
