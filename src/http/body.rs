//! Reading a body within its bounds of size and time.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::error::{Code, Refusal};
use super::settings::HttpSettings;

/// Reads the whole body. A declared length above the bound is refused before a byte is read.
///
/// # Errors
/// `BODY_TOO_LARGE`, `BODY_TIMEOUT`, or `BAD_REQUEST` when the client broke off.
pub(super) async fn read(headers: &HeaderMap, body: Body, settings: &HttpSettings) -> Result<Bytes, Refusal> {
    let maximum = settings.body_bytes_max;
    let declared = headers.get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if let Some(value) = declared.filter(|value| *value > maximum as u64) {
        return Err(too_large(maximum).fact("value", value));
    }
    let whole = Limited::new(body, maximum).collect();
    match tokio::time::timeout(settings.body_timeout, whole).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large(maximum)),
        Ok(Err(_)) => Err(Refusal::new(Code::BadRequest, "The body broke off.")),
        Err(_) => Err(Refusal::new(Code::BodyTimeout, "The body came too slowly.")),
    }
}

fn too_large(maximum: usize) -> Refusal {
    let message = format!("The limit of body_bytes is {maximum}; this body is larger.");
    Refusal::new(Code::BodyTooLarge, message).fact("limit", "body_bytes").fact("maximum", maximum as u64)
}
