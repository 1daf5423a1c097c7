//! The canonical forms of plain values: numbers, texts, instants, lists, identities, codes.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::super::errors::StoreError;
use super::json::{Canon, Json, fault};
use crate::domain::actor::Role;
use crate::domain::clock::ClockKind;
use crate::domain::details::{Domain, EmailAddress, MpnId};
use crate::domain::ids::{
    AssociationId, ClaimId, ClaimNumber, CommentId, DocumentId, NoteId, OrganizationId, PersonId, ProductLineId, SubscriptionId,
    TenantId, UploadId,
};
use crate::domain::notice::{Audience, NoticeKind};
use crate::domain::poe::DocumentKind;
use crate::domain::product::{Activity, Area, ProductCode};
use crate::domain::reason::{FindingKind, PartnerReason, RejectionReason};
use crate::domain::status::{AssociationState, EndReason};

impl Canon for bool {
    fn write(&self) -> Json {
        Json::Bool(*self)
    }

    fn read(value: Value) -> Result<Self, StoreError> {
        value.as_bool().ok_or_else(|| fault("a boolean", &value))
    }
}

macro_rules! integers {
    ($($type:ty),+) => {$(
        impl Canon for $type {
            fn write(&self) -> Json {
                Json::Int(i64::from(*self))
            }

            fn read(value: Value) -> Result<Self, StoreError> {
                value.as_i64().and_then(|number| Self::try_from(number).ok()).ok_or_else(|| fault(stringify!($type), &value))
            }
        }
    )+};
}

integers!(i64, i32, u16);

impl Canon for String {
    fn write(&self) -> Json {
        Json::text(self.as_str())
    }

    fn read(value: Value) -> Result<Self, StoreError> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(fault("a text", &other)),
        }
    }
}

/// A value whose form is a text that must read back as it is written.
fn through_text<T>(value: Value, parse: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    let text = String::read(value)?;
    parse(&text).ok_or_else(|| StoreError::corrupt(format!("a text is no {}", std::any::type_name::<T>())))
}

impl Canon for Uuid {
    fn write(&self) -> Json {
        Json::text(self.to_string())
    }

    fn read(value: Value) -> Result<Self, StoreError> {
        through_text(value, |text| Self::parse_str(text).ok())
    }
}

impl Canon for DateTime<Utc> {
    fn write(&self) -> Json {
        Json::text(self.to_rfc3339_opts(SecondsFormat::Micros, true))
    }

    fn read(value: Value) -> Result<Self, StoreError> {
        through_text(value, |text| Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc()))
    }
}

impl Canon for NaiveDate {
    fn write(&self) -> Json {
        Json::text(self.format("%Y-%m-%d").to_string())
    }

    fn read(value: Value) -> Result<Self, StoreError> {
        through_text(value, |text| Self::parse_from_str(text, "%Y-%m-%d").ok())
    }
}

/// 32 bytes in 64 lower-case hexadecimal digits.
impl Canon for [u8; 32] {
    fn write(&self) -> Json {
        Json::text(self.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }

    fn read(value: Value) -> Result<Self, StoreError> {
        through_text(value, |text| {
            let digits: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c.to_digit(16)?).ok()).collect();
            let bytes: Vec<u8> = digits?.chunks(2).filter(|pair| pair.len() == 2).map(|pair| pair[0] << 4 | pair[1]).collect();
            bytes.try_into().ok().filter(|_| text.len() == 64)
        })
    }
}

impl<T: Canon> Canon for Option<T> {
    fn write(&self) -> Json {
        self.as_ref().map_or(Json::Null, Canon::write)
    }

    fn read(value: Value) -> Result<Self, StoreError> {
        if value.is_null() { Ok(None) } else { T::read(value).map(Some) }
    }
}

impl<T: Canon> Canon for Box<T> {
    fn write(&self) -> Json {
        self.as_ref().write()
    }

    fn read(value: Value) -> Result<Self, StoreError> {
        T::read(value).map(Self::new)
    }
}

impl<T: Canon> Canon for Vec<T> {
    fn write(&self) -> Json {
        Json::List(self.iter().map(Canon::write).collect())
    }

    fn read(value: Value) -> Result<Self, StoreError> {
        match value {
            Value::Array(items) => items.into_iter().map(T::read).collect(),
            other => Err(fault("a list", &other)),
        }
    }
}

impl<T: Canon + Ord> Canon for BTreeSet<T> {
    fn write(&self) -> Json {
        Json::List(self.iter().map(Canon::write).collect())
    }

    fn read(value: Value) -> Result<Self, StoreError> {
        Ok(Vec::read(value)?.into_iter().collect())
    }
}

macro_rules! identities {
    ($($type:ident),+ $(,)?) => {$(
        impl Canon for $type {
            fn write(&self) -> Json {
                self.0.write()
            }

            fn read(value: Value) -> Result<Self, StoreError> {
                Canon::read(value).map(Self)
            }
        }
    )+};
}

identities!(
    AssociationId,
    ClaimId,
    ClaimNumber,
    CommentId,
    DocumentId,
    NoteId,
    OrganizationId,
    PersonId,
    ProductCode,
    ProductLineId,
    SubscriptionId,
    TenantId,
    UploadId,
);

macro_rules! texts {
    ($($type:ident :: $parse:ident),+ $(,)?) => {$(
        impl Canon for $type {
            fn write(&self) -> Json {
                Json::text(self.to_string())
            }

            fn read(value: Value) -> Result<Self, StoreError> {
                through_text(value, Self::$parse)
            }
        }
    )+};
}

texts!(
    Activity::from_code,
    Area::from_code,
    AssociationState::from_code,
    Audience::from_code,
    ClockKind::from_code,
    DocumentKind::from_code,
    Domain::parse,
    EmailAddress::parse,
    EndReason::from_code,
    FindingKind::from_code,
    MpnId::parse,
    NoticeKind::from_code,
    PartnerReason::from_code,
    RejectionReason::from_code,
    Role::from_code,
);
