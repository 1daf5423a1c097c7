//! What is refused of an import file, and how it is told.

use super::*;

fn problems(json: &str) -> Vec<String> {
    match ImportFile::parse(json) {
        Err(ImportError::Invalid(problems)) => problems.iter().map(Problem::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_empty_object_is_a_file_that_changes_nothing() {
    assert_eq!(ImportFile::parse("{}").ok(), Some(ImportFile::default()));
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_its_path() {
    let json = r#"{
        "organisations": [],
        "organizations": [{
            "slug": "North Wind",
            "locations": [{"mpnId": "48-21", "name": "Warszawa", "country": "Poland"}, 7],
            "people": [{"issuer": "i", "subject": "s", "name": " ", "email": "nobody", "role": "KING", "age": 3}]
        }],
        "calendar": {"timeZone": "Mars", "weekend": [6, 9], "holidays": [{"day": "2026-13-01", "name": "X"}]}
    }"#;
    let told = problems(json);
    let expected = [
        "organizations[0].slug: \"North Wind\" is not lower-case letters, digits and hyphens",
        "organizations[0].name: is missing",
        "organizations[0].locations[0].mpnId: \"48-21\" is not an MPN id of one to twelve digits",
        "organizations[0].locations[0].country: \"Poland\" is not a country code of two capital letters",
        "organizations[0].locations[1]: must be an object",
        "organizations[0].people[0].name: must not be blank",
        "organizations[0].people[0].email: \"nobody\" is not an e-mail address",
        "organizations[0].people[0].role: \"KING\" is not a role such as INCENTIVES_ADMIN or REVIEWER",
        "calendar.timeZone: \"Mars\" is not an IANA time zone",
        "calendar.weekend[1]: 9 is not a day of the week from 1 (Monday) to 7",
        "calendar.holidays[0].day: \"2026-13-01\" is not a date",
    ];
    for line in expected {
        assert!(told.iter().any(|told| told == line), "{line} is not among {told:#?}");
    }
    let unknown = |path: &str| told.iter().any(|told| told.starts_with(&format!("{path}: is not known here")));
    assert!(unknown("organisations") && unknown("organizations[0].people[0].age"), "{told:#?}");
    assert_eq!(told.len(), expected.len() + 2, "{told:#?}");
}

#[test]
fn keys_stand_once_and_people_fit_their_organizations() {
    let person = |subject: &str, role: &str, more: &str| {
        format!(r#"{{"issuer": "i", "subject": "{subject}", "name": "N", "email": "n@a.example", "role": "{role}"{more}}}"#)
    };
    let json = format!(
        r#"{{
            "organizations": [{{"slug": "a", "name": "A", "locations": [{{"mpnId": "1", "name": "L", "country": "PL"}}],
                "people": [{}, {}, {}]}}],
            "people": [{}, {}]
        }}"#,
        person("x", "INCENTIVES_USER", r#", "locations": ["1", "2"]"#),
        person("x", "REVIEWER", ""),
        person("y", "AUDITOR", ""),
        person("z", "BILLING_ADMIN", ""),
        person("w", "REVIEWER", r#", "locations": ["1"]"#),
    );
    let expected = [
        "people: issuer and subject (\"i\", \"x\") stands more than once",
        "organizations[0].people[0].locations: 2 is no location of a",
        "organizations[0].people[2].role: AUDITOR does not belong to a partner organization",
        "people[0].role: BILLING_ADMIN belongs to a partner organization: list the person there",
        "people[1].locations: a person without an organization has none",
    ];
    assert_eq!(problems(&json), expected);
}

#[test]
fn what_is_no_json_is_told_as_such() {
    assert!(problems("{").iter().all(|told| told.starts_with("is not JSON: ")));
    assert_eq!(problems("[]"), ["must be an object"]);
}
