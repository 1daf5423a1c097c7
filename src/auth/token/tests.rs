//! Each refusal of a token.

#![allow(clippy::unwrap_used)]

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;

const ISSUER: &str = "https://login.example";
const AUDIENCE: &str = "claims";

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

fn ed25519() -> EncodingKey {
    let der = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).unwrap();
    EncodingKey::from_ed_pem(pem("PRIVATE KEY", der.as_ref()).as_bytes()).unwrap()
}

fn p256() -> EncodingKey {
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    EncodingKey::from_ec_pem(pem("PRIVATE KEY", der.as_ref()).as_bytes()).unwrap()
}

fn rsa() -> (EncodingKey, String) {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let private = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
    let public = AsDer::<aws_lc_rs::encoding::PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap();
    let encoding = EncodingKey::from_rsa_pem(pem("PRIVATE KEY", private.as_ref()).as_bytes()).unwrap();
    (encoding, pem("PUBLIC KEY", public.as_ref()))
}

/// The public half of `key` as the one entry of a JWKS document.
fn jwks(key: &EncodingKey, algorithm: Algorithm, id: &str) -> Value {
    let mut jwk = Jwk::from_encoding_key(key, algorithm).unwrap();
    jwk.common.key_algorithm = None;
    jwk.common.key_id = Some(id.to_owned());
    json!({ "keys": [jwk] })
}

fn trusting(document: &str) -> TokenVerifier {
    TokenVerifier::none().trusting(KeySet::parse(document).unwrap(), ISSUER, AUDIENCE)
}

/// Claims that are in order, changed by `change` (null removes one).
fn claims(change: Value) -> Value {
    let now = Utc::now().timestamp();
    let mut claims = json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "anna", "exp": now + 3600 });
    for (name, value) in change.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

fn sign(key: &EncodingKey, algorithm: Algorithm, id: Option<&str>, claims: &Value) -> String {
    let header = Header { kid: id.map(str::to_owned), ..Header::new(algorithm) };
    encode(&header, claims, key).unwrap()
}

/// What an authority with an Ed25519 key answers to a token with changed claims.
fn answer(change: Value) -> Result<VerifiedToken, TokenError> {
    let key = ed25519();
    let verifier = trusting(&jwks(&key, Algorithm::EdDSA, "one").to_string());
    verifier.verify(&sign(&key, Algorithm::EdDSA, Some("one"), &claims(change)))
}

#[test]
fn a_token_in_order_proves_its_issuer_and_subject() {
    let verified = answer(json!({})).unwrap();
    assert_eq!((verified.issuer.as_str(), verified.subject.as_str()), (ISSUER, "anna"));
    assert!(verified.expires_at > Utc::now());
    assert!(answer(json!({ "aud": ["other", AUDIENCE] })).is_ok());
}

#[test]
fn each_claim_is_needed_and_must_be_right() {
    let now = Utc::now().timestamp();
    let leeway = i64::try_from(LEEWAY_SECONDS).unwrap();
    let cases = [
        (json!({ "exp": now - leeway - 5 }), TokenError::Expired),
        (json!({ "nbf": now + leeway + 60 }), TokenError::NotYetValid),
        (json!({ "iss": "https://elsewhere.example" }), TokenError::WrongIssuer),
        (json!({ "iss": [ISSUER] }), TokenError::Malformed),
        (json!({ "aud": "another" }), TokenError::WrongAudience),
        (json!({ "sub": "" }), TokenError::Malformed),
        (json!({ "exp": 1e300 }), TokenError::Malformed),
        (json!({ "exp": "soon" }), TokenError::Malformed),
        (json!({ "exp": null }), TokenError::Malformed),
        (json!({ "iss": null }), TokenError::Malformed),
        (json!({ "aud": null }), TokenError::Malformed),
        (json!({ "sub": null }), TokenError::Malformed),
    ];
    for (change, refusal) in cases {
        assert_eq!(answer(change.clone()), Err(refusal), "{change}");
    }
    assert!(answer(json!({ "exp": now - leeway / 2, "nbf": now + leeway / 2 })).is_ok(), "within the leeway");
}

#[test]
fn every_kind_of_public_key_verifies_with_its_own_algorithms() {
    let (rsa, rsa_pem) = rsa();
    let (p256, ed25519) = (p256(), ed25519());
    for (key, algorithms) in
        [(&rsa, &[Algorithm::RS256, Algorithm::PS256][..]), (&p256, &[Algorithm::ES256]), (&ed25519, &[Algorithm::EdDSA])]
    {
        let verifier = trusting(&jwks(key, algorithms[0], "one").to_string());
        for algorithm in algorithms {
            let token = sign(key, *algorithm, Some("one"), &claims(json!({})));
            assert!(verifier.verify(&token).is_ok(), "{algorithm:?}");
        }
    }
    let token = sign(&rsa, Algorithm::RS256, None, &claims(json!({})));
    assert!(trusting(&rsa_pem).verify(&token).is_ok(), "a PEM public key");
    let token = sign(&rsa, Algorithm::RS512, None, &claims(json!({})));
    assert_eq!(trusting(&rsa_pem).verify(&token), Err(TokenError::UnknownKey), "an algorithm that is not offered");
}

#[test]
fn a_public_key_is_never_taken_for_a_secret() {
    let (_, rsa_pem) = rsa();
    let forged = sign(&EncodingKey::from_secret(rsa_pem.as_bytes()), Algorithm::HS256, None, &claims(json!({})));
    assert_eq!(trusting(&rsa_pem).verify(&forged), Err(TokenError::UnknownKey));
}

#[test]
fn a_token_without_a_signature_is_malformed() {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let unsigned = format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(&claims(json!({}))));
    let verifier = trusting(&jwks(&ed25519(), Algorithm::EdDSA, "one").to_string());
    assert_eq!(verifier.verify(&unsigned), Err(TokenError::Malformed));
    for nonsense in ["", ".", "..", "a.b.c", "Bearer x"] {
        assert_eq!(verifier.verify(nonsense), Err(TokenError::Malformed), "{nonsense}");
    }
}

#[test]
fn a_changed_token_or_another_key_is_refused() {
    let (key, other) = (ed25519(), ed25519());
    let verifier = trusting(&jwks(&key, Algorithm::EdDSA, "one").to_string());
    let foreign = sign(&other, Algorithm::EdDSA, Some("one"), &claims(json!({})));
    assert_eq!(verifier.verify(&foreign), Err(TokenError::BadSignature));
    let unknown = sign(&key, Algorithm::EdDSA, Some("two"), &claims(json!({})));
    assert_eq!(verifier.verify(&unknown), Err(TokenError::UnknownKey));
    let token = sign(&key, Algorithm::EdDSA, Some("one"), &claims(json!({})));
    let (head, signature) = token.rsplit_once('.').unwrap();
    let claims = URL_SAFE_NO_PAD.encode(claims(json!({ "sub": "boss" })).to_string());
    let changed = format!("{}.{claims}.{signature}", head.split_once('.').unwrap().0);
    assert_eq!(verifier.verify(&changed), Err(TokenError::BadSignature));
}

#[test]
fn a_token_without_a_key_id_is_tried_with_every_key() {
    let (old, new) = (ed25519(), ed25519());
    let mut document = jwks(&old, Algorithm::EdDSA, "old");
    document["keys"].as_array_mut().unwrap().extend(jwks(&new, Algorithm::EdDSA, "new")["keys"].as_array().cloned().unwrap());
    let verifier = trusting(&document.to_string());
    assert!(verifier.verify(&sign(&new, Algorithm::EdDSA, None, &claims(json!({})))).is_ok());
    let late = claims(json!({ "exp": 1 }));
    assert_eq!(verifier.verify(&sign(&old, Algorithm::EdDSA, None, &late)), Err(TokenError::Expired));
}

#[test]
fn a_very_long_token_is_not_even_looked_at() {
    assert_eq!(answer(json!({ "padding": "x".repeat(TOKEN_MAX_BYTES) })), Err(TokenError::TooLong));
}

#[test]
fn keys_that_are_secret_or_useless_are_refused() {
    let secret = json!({ "keys": [{ "kty": "oct", "k": "c2VjcmV0" }] }).to_string();
    assert!(matches!(KeySet::parse(&secret), Err(KeyError::Secret)));
    assert!(matches!(KeySet::parse(&pem("PRIVATE KEY", b"secret")), Err(KeyError::Secret)));
    assert!(matches!(KeySet::parse(r#"{"keys":[]}"#), Err(KeyError::Unusable)));
    assert!(matches!(KeySet::parse("nonsense"), Err(KeyError::Unreadable(_))));
    let mut encrypting = jwks(&ed25519(), Algorithm::EdDSA, "one");
    encrypting["keys"][0]["use"] = json!("enc");
    assert!(matches!(KeySet::parse(&encrypting.to_string()), Err(KeyError::Unusable)));
}

#[test]
fn a_key_that_names_its_algorithm_is_held_to_it() {
    let (rsa, _) = rsa();
    let mut document = jwks(&rsa, Algorithm::RS256, "one");
    document["keys"][0]["alg"] = json!("PS256");
    let verifier = trusting(&document.to_string());
    assert!(verifier.verify(&sign(&rsa, Algorithm::PS256, Some("one"), &claims(json!({})))).is_ok());
    let other = sign(&rsa, Algorithm::RS256, Some("one"), &claims(json!({})));
    assert_eq!(verifier.verify(&other), Err(TokenError::UnknownKey));
}

#[test]
fn with_nobody_to_believe_nobody_gets_in() {
    let token = sign(&ed25519(), Algorithm::EdDSA, None, &claims(json!({})));
    assert_eq!(TokenVerifier::none().verify(&token), Err(TokenError::UnknownKey));
    assert!(!TokenVerifier::none().accepts_anybody());
}

#[test]
fn the_demo_key_stays_private_and_the_same_and_its_tokens_last_thirty_days() {
    use std::os::unix::fs::PermissionsExt;
    let folder = std::env::temp_dir().join(format!("cpor-demo-key-{}", uuid::Uuid::now_v7().simple()));
    let key = DemoKey::load_or_create(&folder).unwrap();
    let again = DemoKey::load_or_create(&folder).unwrap();
    let mode = std::fs::metadata(folder.join("demo.key")).unwrap().permissions().mode();
    let files = std::fs::read_dir(&folder).unwrap().count();
    std::fs::write(folder.join("demo.key"), "short").unwrap();
    let spoilt = DemoKey::load_or_create(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!((mode & 0o777, files), (0o600, 1));
    assert!(matches!(spoilt, Err(DemoKeyError::NotAKey { .. })));

    let now = Utc::now();
    let token = key.sign("anna", now).unwrap();
    let verified = TokenVerifier::none().trusting_demo(&again).verify(&token).unwrap();
    assert_eq!((verified.issuer.as_str(), verified.subject.as_str()), (DEMO_ISSUER, "anna"));
    assert_eq!(verified.expires_at.timestamp(), (now + chrono::TimeDelta::days(30)).timestamp());
    let late = key.sign("anna", now - chrono::TimeDelta::days(31)).unwrap();
    assert_eq!(TokenVerifier::none().trusting_demo(&again).verify(&late), Err(TokenError::Expired));
    assert_eq!(format!("{key:?}"), "DemoKey(..)");
}
