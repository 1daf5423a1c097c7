//! The forms of ids, numbers, addresses and names: the last that is taken, the first that is not.

use cpor::domain::command::{Create, DetailsInput};
use cpor::domain::create;
use cpor::domain::details::{Domain, EmailAddress, MAX_PROSE_CHARS, MAX_TEXT_CHARS, MpnId};
use cpor::domain::ids::{AssociationId, ClaimNumber};
use cpor::domain::refusal::Code;
use cpor::domain::status::Status;

use super::cast::anna;
use super::moves::{comment, creation};
use super::situations::submitted;
use super::world::{World, line, utc};

#[test]
fn an_mpn_id_is_one_to_twelve_digits() {
    for good in ["1", "0", "1234567", "123456789012", " 1234567\t"] {
        assert_eq!(MpnId::parse(good).unwrap().as_str(), good.trim());
    }
    for bad in ["", " ", "1234567890123", "12 34", "-1", "12a", "+1", "١٢٣", "1.0"] {
        assert_eq!(MpnId::parse(bad), None, "{bad:?}");
    }
}

#[test]
fn a_domain_has_at_least_two_labels_of_letters_digits_and_inner_hyphens() {
    let label = "a".repeat(63);
    let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
    assert_eq!(longest.len(), 253);
    for good in ["contoso.com", "a.b", "xn--bcher-kva.example", "3m.com", "a-b.c-d.example", longest.as_str()] {
        assert_eq!(Domain::parse(good).unwrap().as_str(), good);
    }
    assert_eq!(Domain::parse(" Contoso.COM ").unwrap().as_str(), "contoso.com");
    let (too_long, long_label) = (format!("{longest}a"), format!("{label}a.com"));
    let bad = [
        "",
        "contoso",
        "contoso.",
        ".com",
        "a..b",
        "-a.com",
        "a-.com",
        "a_b.com",
        "a b.com",
        "bücher.example",
        "https://a.com",
        too_long.as_str(),
        long_label.as_str(),
    ];
    for bad in bad {
        assert_eq!(Domain::parse(bad), None, "{bad:?}");
    }
}

#[test]
fn an_email_address_keeps_its_local_part_and_lowers_its_domain() {
    let longest = format!("{}@contoso.com", "a".repeat(64));
    for good in ["a@b.c", "carla@contoso.com", "c.o'n+tag@contoso.com", longest.as_str()] {
        assert_eq!(EmailAddress::parse(good).unwrap().as_str(), good);
    }
    let carla = EmailAddress::parse(" Carla@Contoso.COM ").unwrap();
    assert_eq!((carla.as_str(), carla.domain()), ("Carla@contoso.com", "contoso.com"));
    let too_long = format!("a{longest}");
    let bad = [
        "",
        "@",
        "a@",
        "@b.c",
        "a@b",
        "a b@c.d",
        ".a@b.c",
        "a.@b.c",
        "a..b@c.d",
        "a@b@c.d",
        "a@[127.0.0.1]",
        "\"a\"@b.c",
        "a@b.c\nBcc: x@y.z",
        "ü@b.c",
        too_long.as_str(),
    ];
    for bad in bad {
        assert_eq!(EmailAddress::parse(bad), None, "{bad:?}");
    }
}

#[test]
fn a_claim_number_is_read_as_people_write_it() {
    for (text, number) in [("CPOR-100001", 100_001), ("cpor-100001", 100_001), (" CPOR-000007 ", 7), ("CPOR-1234567", 1_234_567)]
    {
        assert_eq!(ClaimNumber::parse(text), Some(ClaimNumber(number)));
    }
    assert_eq!(ClaimNumber::parse("CPOR-9223372036854775807"), Some(ClaimNumber(i64::MAX)));
    for bad in ["", "100001", "CPOR-", "CPOR-12345", "CPOR-12345x", "CPOR--10001", "CPOR-+10001", "CPOR-9223372036854775808"] {
        assert_eq!(ClaimNumber::parse(bad), None, "{bad:?}");
    }
    for number in [1, 100_001, 1_234_567] {
        assert_eq!(ClaimNumber::parse(&ClaimNumber(number).to_string()), Some(ClaimNumber(number)));
    }
}

fn creation_with_tenant(tenant: &str) -> Result<(), Vec<Code>> {
    let details = DetailsInput { tenant_id: Some(Some(tenant.to_owned())), ..creation().details };
    let command = Create { details, ..creation() };
    let decided = create(&command, ClaimNumber(1), &anna(), &World::default().facts, utc("2021-09-13 10:00"));
    decided.map(drop).map_err(|refusal| refusal.violations.iter().map(|violation| violation.code).collect())
}

#[test]
fn a_guid_is_written_with_hyphens_in_either_case_and_is_not_nil() {
    let good = [
        "5b1f3c1e-6d2a-4c38-9f4e-2f4c1d6a7b80",
        "5B1F3C1E-6D2A-4C38-9F4E-2F4C1D6A7B80",
        " 5b1f3c1e-6d2a-4c38-9f4e-2f4c1d6a7b80 ",
    ];
    for good in good {
        assert_eq!(creation_with_tenant(good), Ok(()), "{good:?}");
    }
    let bad = [
        "{5b1f3c1e-6d2a-4c38-9f4e-2f4c1d6a7b80}",
        "5b1f3c1e6d2a4c389f4e2f4c1d6a7b80",
        "urn:uuid:5b1f3c1e-6d2a-4c38-9f4e-2f4c1d6a7b80",
        "5b1f3c1e-6d2a-4c38-9f4e-2f4c1d6a7b8",
        "5b1f3c1e-6d2a-4c38-9f4e-2f4c1d6a7b8g",
        "5b1f3c1e-6d2a4-c38-9f4e-2f4c1d6a7b80",
        "00000000-0000-0000-0000-000000000000",
    ];
    for bad in bad {
        assert_eq!(creation_with_tenant(bad), Err(vec![Code::InvalidFormat]), "{bad:?}");
    }
}

#[test]
fn a_comment_has_words_and_not_too_many() {
    let codes = |body: &str| submitted().refuses(&anna(), &comment(body));
    assert_eq!(codes(""), [Code::RequiredFieldMissing]);
    assert_eq!(codes(" \n\t "), [Code::RequiredFieldMissing]);
    assert_eq!(codes(&"é".repeat(MAX_PROSE_CHARS + 1)), [Code::TooLong]);
    assert_eq!(codes("nul \0"), [Code::InvalidFormat]);
    let _ = submitted().then(&anna(), comment(&"é".repeat(MAX_PROSE_CHARS)));
}

#[test]
fn a_text_is_as_long_as_its_characters_not_its_bytes() {
    let named = |chars: usize| {
        let details = DetailsInput { name: Some(Some("é".repeat(chars))), ..creation().details };
        create(&Create { details, ..creation() }, ClaimNumber(1), &anna(), &World::default().facts, utc("2021-09-13 10:00"))
    };
    assert!(named(MAX_TEXT_CHARS).is_ok());
    assert_eq!(named(MAX_TEXT_CHARS + 1).unwrap_err().violations[0].code, Code::TooLong);
}

#[test]
fn a_published_code_reads_back_and_others_do_not() {
    for status in Status::ALL {
        assert_eq!(Status::from_code(status.code()), Some(*status));
    }
    assert_eq!(Status::from_code("editing"), None);
    for code in Code::ALL {
        assert_eq!(Code::from_code(code.code()), Some(*code));
    }
}

#[test]
fn an_associations_identity_is_the_same_each_time_and_another_for_another_approval() {
    let derive = |n, activity, at| AssociationId::derive(line(n), activity, at);
    assert_eq!(derive(1, "USAGE", 7), derive(1, "USAGE", 7));
    assert_ne!(derive(1, "USAGE", 7), derive(1, "USAGE", 8));
    assert_ne!(derive(1, "USAGE", 7), derive(1, "PRESALES", 7));
    assert_ne!(derive(1, "USAGE", 7), derive(2, "USAGE", 7));
}
