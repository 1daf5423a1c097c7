//! The page behind a consent link, asked over the server's own routes.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use chrono::TimeDelta;
use cpor::domain::command::{Command, ContactInput, DetailsInput};
use cpor::domain::ids::ClaimId;
use cpor::domain::reason::{PartnerReason, RejectionReason};
use cpor::domain::status::{Consent, Status};
use cpor::graphql;
use cpor::http::{self, HttpSettings};
use cpor::store::aggregate;
use cpor::store::links::LinkContact;
use tower::ServiceExt;

use super::support::leaks::scanned;
use super::support::world::World;

const SCRIPTLESS: &str = "default-src 'none'; style-src 'sha256-";

struct Page {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

/// A customer with the link to an approved claim.
struct Customer {
    world: World,
    routes: Router,
    claim: ClaimId,
    token: String,
}

impl Customer {
    async fn new() -> Self {
        let world = World::new().await;
        let claim = world.under_review("anna", 1, &["EXCHANGE_ONLINE", "TEAMS"]).await;
        world.done("rita", claim, Command::Approve { comment: None }).await;
        let token = link(&world, claim).await;
        let routes = http::router(world.app.clone(), graphql::schema(), HttpSettings::default(), Router::new());
        Self { world, routes, claim, token }
    }

    async fn ask(&self, method: Method, token: &str, headers: &[(&str, &str)], body: &str) -> Page {
        let mut request = Request::builder().method(method).uri(format!("/consent/{token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request =
            request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(body.to_owned())).unwrap();
        let response = scanned(self.routes.clone().oneshot(request).await.unwrap());
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Page { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    async fn get(&self) -> Page {
        self.ask(Method::GET, &self.token, &[], "").await
    }

    async fn post(&self, form: &str) -> Page {
        self.ask(Method::POST, &self.token, &[], form).await
    }

    async fn state(&self) -> cpor::domain::claim::Claim {
        claim(&self.world, self.claim).await
    }
}

async fn claim(world: &World, id: ClaimId) -> cpor::domain::claim::Claim {
    let mut conn = world.app.database().read().await.unwrap();
    aggregate::load_many(&mut conn, &[id]).await.unwrap().pop().unwrap()
}

async fn link(world: &World, id: ClaimId) -> String {
    let claim = claim(world, id).await;
    world.app.mint_consent_link(&claim, LinkContact::Customer).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_page_tells_who_is_associated_with_what_and_opening_it_changes_nothing() {
    let customer = Customer::new().await;
    let other = customer.world.under_review("clara", 1, &["INTUNE"]).await;
    customer.world.done("rita", other, Command::Approve { comment: None }).await;
    let before = customer.state().await;
    for _ in 0..3 {
        let head = customer.ask(Method::HEAD, &customer.token, &[], "").await;
        assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
        let page = customer.get().await;
        assert_eq!(page.status, StatusCode::OK);
        let shown = [
            "Northwind Consulting",
            "Warszawa",
            "Tailspin Toys 1",
            "Exchange Online",
            "Teams",
            "Monday, 20 September 2021 (end of the day, UTC)",
            "Fabrikam Partners",
            "Intune",
            "there is nothing to do",
        ];
        for text in shown {
            assert!(page.text.contains(text), "{text} is missing in {}", page.text);
        }
        for secret in [customer.token.as_str(), "Anna", "Paula", "Claim for customer"] {
            assert!(!page.text.contains(secret), "{secret}");
        }
    }
    assert_eq!(customer.state().await, before);
}

#[tokio::test]
async fn no_page_can_be_kept_framed_indexed_or_made_to_run_anything() {
    let customer = Customer::new().await;
    for page in [customer.get().await, customer.post("step=ask").await, customer.ask(Method::GET, "cpl_x", &[], "").await] {
        let header = |name: &str| page.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with(SCRIPTLESS) && policy.contains("form-action 'self'") && policy.contains("frame-ancestors 'none'")
        );
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cache-control"), "no-store");
        assert!(header("x-robots-tag").contains("noindex"));
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        assert!(
            page.headers.get("set-cookie").is_none() && !page.text.contains("<script") && !page.text.contains("http"),
            "{}",
            page.text
        );
    }
}

#[tokio::test]
async fn declining_takes_two_forms_and_is_shown_afterwards() {
    let customer = Customer::new().await;
    let asked = customer.post("step=ask&reason=Not%20our%20%3Cpartner%3E%0D%0Aany%20more").await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.text.contains("Decline the association with Northwind Consulting?") && asked.text.contains("&lt;partner&gt;"));
    assert_eq!(customer.state().await.status, Status::Approved);

    let done = customer.post("step=decline&reason=Not%20our%20partner").await;
    assert_eq!((done.status, done.headers["location"].to_str().unwrap()), (StatusCode::SEE_OTHER, "?lang=en"));
    let declined = customer.state().await;
    assert_eq!((declined.status, declined.consent), (Status::Rejected, Some(Consent::Declined)));
    let rejection = declined.rejection.clone().unwrap();
    assert_eq!((rejection.reason, rejection.comment.as_deref()), (RejectionReason::CustomerDeclined, Some("Not our partner")));
    let page = customer.get().await;
    assert!(page.text.contains("You have declined this association") && !page.text.contains("<form"), "{}", page.text);

    // Whatever is sent again does nothing more.
    for form in ["step=ask", "step=decline", "step=decline&reason=again"] {
        assert_eq!(customer.post(form).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(customer.state().await, declined);
}

#[tokio::test]
async fn two_who_decline_at_once_decline_once() {
    let customer = Customer::new().await;
    let (one, other) = tokio::join!(customer.post("step=decline"), customer.post("step=decline"));
    assert_eq!((one.status, other.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    let version = customer.state().await.version;
    customer.post("step=decline").await;
    assert_eq!(customer.state().await.version, version);
}

#[tokio::test]
async fn a_decline_after_the_window_still_ends_the_association() {
    let customer = Customer::new().await;
    customer.world.set("2021-09-21T00:00:00Z");
    // Nobody has recorded the end of the window yet.
    assert!(customer.get().await.text.contains("The time for objections is over"));
    assert!(customer.world.app.record_expiries(customer.claim).await.unwrap());
    assert!(customer.get().await.text.contains("The time for objections is over"));
    assert_eq!(customer.post("step=decline").await.status, StatusCode::SEE_OTHER);
    let claim = customer.state().await;
    assert_eq!((claim.status, claim.has_living_association()), (Status::Rejected, false));
}

#[tokio::test]
async fn a_corrected_address_voids_the_old_link_which_then_tells_nothing() {
    let customer = Customer::new().await;
    let contact = ContactInput {
        name: Some("Tom Tailspin".to_owned()),
        title: Some("Head of IT".to_owned()),
        email: Some("thomas@tailspin.example".to_owned()),
    };
    let correction = DetailsInput { customer_contact: Some(Some(contact)), ..DetailsInput::default() };
    customer.world.done("anna", customer.claim, Command::Update(Box::new(correction))).await;
    let before = customer.state().await;
    let never = customer.ask(Method::GET, &format!("cpl_{}", "A".repeat(43)), &[], "").await;
    for page in [customer.get().await, customer.post("step=decline").await] {
        assert_eq!((page.status, &page.text), (StatusCode::NOT_FOUND, &never.text));
        assert!(!page.text.contains("Northwind") && !page.text.contains("CPOR-"));
    }
    assert_eq!(customer.state().await, before);
    // The new one works.
    let token = link(&customer.world, customer.claim).await;
    assert_eq!(customer.ask(Method::GET, &token, &[], "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_ended_otherwise_can_only_be_read() {
    let customer = Customer::new().await;
    let end = Command::Disassociate { reason: PartnerReason::WrongPartnerId, comment: None };
    customer.world.pass(TimeDelta::days(2));
    customer.world.done("anna", customer.claim, end).await;
    let before = customer.state().await;
    let page = customer.get().await;
    assert!(
        page.text.contains("This association has ended")
            && page.text.contains("15 September 2021")
            && !page.text.contains("<form")
    );
    assert_eq!(customer.post("step=decline").await.status, StatusCode::SEE_OTHER);
    assert_eq!(customer.state().await, before);
}

#[tokio::test]
async fn the_form_of_a_foreign_page_is_refused() {
    let customer = Customer::new().await;
    let foreign: [&[(&str, &str)]; 3] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", "https://evil.example")],
        &[("origin", "https://evil.example"), ("host", "cpor.example")],
    ];
    for headers in foreign {
        let page = customer.ask(Method::POST, &customer.token, headers, "step=decline").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    assert_eq!(customer.state().await.status, Status::Approved);
    // A page without referrers sends its own forms like this.
    let own = [("sec-fetch-site", "same-origin"), ("origin", "null")];
    assert_eq!(customer.ask(Method::POST, &customer.token, &own, "step=decline").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_guesses_is_slowed_down() {
    let customer = Customer::new().await;
    for _ in 0..2_000 {
        let page = customer.ask(Method::GET, "cpl_guess", &[], "").await;
        if page.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(page.headers.contains_key("retry-after") && page.text.contains("Too many requests"));
            return;
        }
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
    panic!("never refused");
}

#[tokio::test]
async fn it_speaks_the_language_that_is_asked_for() {
    let customer = Customer::new().await;
    let polish = customer.ask(Method::GET, &customer.token, &[("accept-language", "pl-PL,pl;q=0.9,en;q=0.8")], "").await;
    assert!(
        polish.text.contains("<html lang=\"pl\">") && polish.text.contains("poniedziałek, 20 września 2021"),
        "{}",
        polish.text
    );
    let chosen = customer.ask(Method::GET, &format!("{}?lang=en", customer.token), &[("accept-language", "pl")], "").await;
    assert!(chosen.text.contains("<html lang=\"en\">"));
    let asked = customer.ask(Method::POST, &format!("{}?lang=pl", customer.token), &[], "step=ask").await;
    assert!(asked.text.contains("Tak, odrzuć") && asked.text.contains("href=\"?lang=pl\""));
}

#[tokio::test]
async fn a_reason_that_cannot_be_taken_is_told_and_kept() {
    let customer = Customer::new().await;
    let form = format!("step=decline&reason={}", "a".repeat(10_001));
    let page = customer.post(&form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("at most 10000 ordinary characters") && page.text.contains(&"a".repeat(10_001)));
    assert_eq!(customer.state().await.status, Status::Approved);
}
