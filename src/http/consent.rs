//! The page behind a consent link: no login, no script, no cookies.
//!
//! Whoever opens the link changes nothing by it: mail scanners do. Declining takes two forms, one after another, and what was written
//! goes from one to the other within them. The link's token is the only secret, so it stays in the path: no answer repeats it, no
//! `Referer` carries it on, and the log has the route alone.

mod html;
mod page;
mod parts;
mod words;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use self::page::{Draft, Note};
use self::words::Language;
use super::admission::Budgets;
use super::csrf;
use super::peer::Peer;
use super::settings::BudgetSettings;
use crate::app::{App, AppError, Outcome};
use crate::auth::AuthError;
use crate::auth::viewer::Viewer;
use crate::domain::refusal::Code;

/// Requests that one client address can make at once; one comes back each second.
const REQUESTS_PER_ADDRESS: BudgetSettings = BudgetSettings { cost_max: 60, cost_per_second: 1 };
/// Requests of all clients together; whoever guesses tokens gets no further than this.
const REQUESTS_OVERALL: BudgetSettings = BudgetSettings { cost_max: 2_000, cost_per_second: 200 };
/// Bytes of a form: the longest reason, each character of it written as four escaped bytes, and a little more.
const FORM_BYTES_MAX: usize = 128 * 1024;
/// Time for a form to arrive.
const FORM_TIMEOUT: Duration = Duration::from_secs(20);
/// Characters of a link's token: the prefix and 256 bits in base64.
const TOKEN_CHARS: usize = 4 + 43;

/// What the page may do: show itself with its own style, and send its form back to where it came from.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = BASE64_STANDARD.encode(Sha256::digest(page::STYLE));
    let policy =
        format!("default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
});

#[derive(Clone)]
struct Desk {
    app: App,
    per_address: Arc<Budgets>,
    overall: Arc<Budgets>,
}

/// The routes. A method that is not theirs is answered 405.
pub(super) fn routes(app: App) -> Router {
    let budgets = |settings| Arc::new(Budgets::new(settings));
    let desk = Desk { app, per_address: budgets(REQUESTS_PER_ADDRESS), overall: budgets(REQUESTS_OVERALL) };
    Router::new().route("/consent/{token}", get(show).post(answer)).with_state(desk)
}

/// `GET /consent/{token}`: shows, and changes nothing.
async fn show(State(desk): State<Desk>, Path(token): Path<String>, RawQuery(query): RawQuery, request: Request) -> Response {
    let language = language(query.as_deref(), request.headers());
    let admitted = desk.admit(&request);
    let shown = async {
        admitted?;
        let viewer = desk.viewer(&token).await?;
        let view = desk.app.consent_view(&viewer).await?.ok_or(Note::Void)?;
        Ok(page::association(&view, &Draft::default(), language))
    };
    respond(shown.await.map(|page| (StatusCode::OK, page)), language)
}

/// `POST /consent/{token}`: asks again, or declines.
async fn answer(State(desk): State<Desk>, Path(token): Path<String>, RawQuery(query): RawQuery, request: Request) -> Response {
    let language = language(query.as_deref(), request.headers());
    match desk.answer(&token, language, request).await {
        // The answer to a form is a page of its own: loading it anew sends nothing again.
        Ok(Answer::Done) => {
            let mut response = respond(Ok((StatusCode::SEE_OTHER, String::new())), language);
            let place = HeaderValue::from_static(if language == Language::Polish { "?lang=pl" } else { "?lang=en" });
            response.headers_mut().insert(header::LOCATION, place);
            response
        }
        Ok(Answer::Page(status, page)) => respond(Ok((status, page)), language),
        Err(note) => respond(Err(note), language),
    }
}

enum Answer {
    Page(StatusCode, String),
    Done,
}

impl Desk {
    /// Bounds how often links can be tried.
    fn admit(&self, request: &Request) -> Result<(), Note> {
        let peer = request.extensions().get::<Peer>().map(|peer| peer.network()).unwrap_or_default();
        let within = |budgets: &Budgets, key: &str| budgets.spend(key, 1).map(drop).map_err(|_| Note::Busy);
        within(&self.per_address, &peer)?;
        within(&self.overall, "")
    }

    /// Who holds the link. What cannot be a token is not looked up.
    async fn viewer(&self, token: &str) -> Result<Arc<Viewer>, Note> {
        if token.len() != TOKEN_CHARS {
            return Err(Note::Void);
        }
        match self.app.authenticate(Some(token)).await {
            Ok(viewer) if viewer.customer().is_some() => Ok(viewer),
            Ok(_) | Err(AuthError::Missing | AuthError::Invalid(_)) => Err(Note::Void),
            Err(AuthError::Unavailable) => Err(Note::Away),
        }
    }

    async fn answer(&self, token: &str, language: Language, request: Request) -> Result<Answer, Note> {
        self.admit(&request)?;
        if !csrf::is_from_own_page(request.headers(), request.uri()) {
            return Err(Note::Foreign);
        }
        let viewer = self.viewer(token).await?;
        let form = Form::read(request.into_body()).await?;
        let view = self.app.consent_view(&viewer).await?.ok_or(Note::Void)?;
        if !view.standing.can_decline() {
            return Ok(Answer::Done);
        }
        if !form.is_confirmed {
            return Ok(Answer::Page(StatusCode::OK, page::confirmation(&view, &form.reason, language)));
        }
        let reason = Some(form.reason.clone()).filter(|reason| !reason.is_empty());
        let outcome = self.app.consent_decline(&viewer, reason).await?.ok_or(Note::Void)?;
        if is_about_the_reason(&outcome) {
            let draft = Draft { reason: form.reason, is_wrong: true };
            return Ok(Answer::Page(StatusCode::UNPROCESSABLE_ENTITY, page::association(&view, &draft, language)));
        }
        // Whatever else refused it (somebody was faster), the page tells how it stands now.
        Ok(Answer::Done)
    }
}

fn is_about_the_reason(outcome: &Outcome) -> bool {
    let violations = outcome.refusal.iter().flat_map(|refusal| &refusal.violations);
    violations.into_iter().any(|violation| matches!(violation.code, Code::TooLong | Code::InvalidFormat))
}

/// What a form said.
struct Form {
    is_confirmed: bool,
    reason: String,
}

impl Form {
    async fn read(body: Body) -> Result<Self, Note> {
        let bytes = tokio::time::timeout(FORM_TIMEOUT, to_bytes(body, FORM_BYTES_MAX)).await;
        let bytes = bytes.map_err(|_| Note::Away)?.map_err(|_| Note::Away)?;
        let mut form = Self { is_confirmed: false, reason: String::new() };
        for (name, value) in form_urlencoded::parse(&bytes) {
            match &*name {
                "step" => form.is_confirmed = value == "decline",
                // Browsers send line ends as CR LF.
                "reason" => form.reason = value.replace("\r\n", "\n").trim().to_owned(),
                _ => {}
            }
        }
        Ok(form)
    }
}

impl From<AppError> for Note {
    fn from(error: AppError) -> Self {
        tracing::error!(%error, "a consent page failed");
        Self::Away
    }
}

/// The language chosen on the page, else the one that the browser asks for.
fn language(query: Option<&str>, headers: &HeaderMap) -> Language {
    let mut chosen = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).filter(|(name, _)| name == "lang");
    let chosen = chosen.next().and_then(|(_, tag)| Language::of_tag(&tag));
    let header = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    chosen.unwrap_or_else(|| Language::accepted(header()))
}

fn respond(answer: Result<(StatusCode, String), Note>, language: Language) -> Response {
    let (status, page) = answer.unwrap_or_else(|note| {
        let status = match note {
            Note::Void => StatusCode::NOT_FOUND,
            Note::Busy => StatusCode::TOO_MANY_REQUESTS,
            Note::Away => StatusCode::SERVICE_UNAVAILABLE,
            Note::Foreign => StatusCode::FORBIDDEN,
        };
        (status, page::note(note, language))
    });
    let mut response = Response::new(Body::from(page));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_TYPE, "text/html; charset=utf-8");
    set(header::CONTENT_LANGUAGE, language.tag());
    set(header::CACHE_CONTROL, "no-store");
    set(header::VARY, "accept-language");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(HeaderName::from_static("x-robots-tag"), "noindex, nofollow, noarchive");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        set(header::RETRY_AFTER, "60");
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    response
}
