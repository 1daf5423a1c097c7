//! The canonical forms of the domain's objects. Each is written and read by one list of its fields, so the two cannot part.

use serde_json::Value;

use super::super::errors::StoreError;
use super::json::{Canon, Json, Object};
use crate::domain::actor::Author;
use crate::domain::clock::{Clock, ClockChange, ClockState};
use crate::domain::details::{Changed, Contact, Details, FieldChange};
use crate::domain::event::Association;
use crate::domain::poe::{Document, FileFacts};
use crate::domain::product::ProductLine;
use crate::domain::reason::Finding;

/// An object with these fields, each under its key.
macro_rules! object {
    ($type:ident { $($field:ident = $key:literal),+ $(,)? }) => {
        impl Canon for $type {
            fn write(&self) -> Json {
                Json::object([$(($key, self.$field.write())),+])
            }

            fn read(value: Value) -> Result<Self, StoreError> {
                let mut object = Object::of(value)?;
                let made = Self { $($field: object.read($key)?),+ };
                object.end()?;
                Ok(made)
            }
        }
    };
}

object!(Contact { name = "name", title = "title", email = "email" });

object!(Details {
    name = "name",
    location = "location",
    tenant = "tenant",
    customer_domain = "customerDomain",
    customer_name = "customerName",
    area = "area",
    activities = "activities",
    customer_contact = "customerContact",
    technical_contact = "technicalContact",
    partner_contact = "partnerContact",
    external_reference = "externalReference",
    tags = "tags",
});

object!(ProductLine { id = "id", product = "product", subscription = "subscription" });

object!(FileFacts { name = "name", media_type = "mediaType", size_bytes = "sizeBytes", sha256 = "sha256" });

object!(Document {
    id = "id",
    upload = "upload",
    file = "file",
    kind = "kind",
    description = "description",
    covers = "covers",
    signed_on = "signedOn",
    attached_at = "attachedAt",
    attached_by = "attachedBy",
    in_dispute = "inDispute",
    superseded_by = "supersededBy",
});

object!(Finding { kind = "kind", product = "product", words = "words" });

object!(Association {
    id = "id",
    line = "line",
    product = "product",
    subscription = "subscription",
    activity = "activity",
    state = "state",
    started_at = "startedAt",
    ended_at = "endedAt",
    end_reason = "endReason",
});

/// Reminders came later: a clock without any has the form of those that never knew of them.
impl Canon for Clock {
    fn write(&self) -> Json {
        let reminders = (!self.reminders.is_empty()).then(|| ("reminders", self.reminders.write()));
        let fields = [
            ("kind", self.kind.write()),
            ("laidOutAt", self.laid_out_at.write()),
            ("days", self.days.write()),
            ("state", self.state.write()),
            ("overdueRecorded", self.overdue_recorded.write()),
        ];
        Json::object(fields.into_iter().chain(reminders))
    }

    fn read(value: Value) -> Result<Self, StoreError> {
        let mut object = Object::of(value)?;
        let made = Self {
            kind: object.read("kind")?,
            laid_out_at: object.read("laidOutAt")?,
            days: object.read("days")?,
            state: object.read("state")?,
            overdue_recorded: object.read("overdueRecorded")?,
            reminders: object.read_if_there("reminders")?.unwrap_or_default(),
        };
        object.end()?;
        Ok(made)
    }
}

impl<T: Canon> Canon for Changed<T> {
    fn write(&self) -> Json {
        Json::object([("old", self.old.write()), ("new", self.new.write())])
    }

    fn read(value: Value) -> Result<Self, StoreError> {
        let mut object = Object::of(value)?;
        let made = Self { old: object.read("old")?, new: object.read("new")? };
        object.end()?;
        Ok(made)
    }
}

/// An object whose `kind` says which variant it is.
macro_rules! variants {
    ($type:ident { $($code:literal = $variant:ident $({ $($field:ident = $name:literal),+ })? $(($inner:ident = $key:literal))?),+ $(,)? }) => {
        impl Canon for $type {
            fn write(&self) -> Json {
                match self {
                    $(Self::$variant $({ $($field),+ })? $(($inner))? => Json::object([
                        ("kind", Json::text($code)),
                        $($(($name, $field.write()),)+)?
                        $(($key, $inner.write()),)?
                    ])),+
                }
            }

            fn read(value: Value) -> Result<Self, StoreError> {
                let mut object = Object::of(value)?;
                let kind: String = object.read("kind")?;
                let made = match kind.as_str() {
                    $($code => Self::$variant $({ $($field: object.read($name)?),+ })? $((object.read($key)?))?,)+
                    _ => return Err(StoreError::corrupt(format!("{kind:?} is no kind of {}", stringify!($type)))),
                };
                object.end()?;
                Ok(made)
            }
        }
    };
}

variants!(Author { "PERSON" = Person { id = "person", role = "role" }, "CUSTOMER" = Customer, "CLOCK" = Clock });

variants!(ClockState { "RUNNING" = Running { expires_at = "expiresAt" }, "PAUSED" = Paused { days_left = "daysLeft" } });

variants!(ClockChange {
    "STARTED" = Started(clock = "clock"),
    "PAUSED" = Paused { kind = "clock", days_left = "daysLeft" },
    "RESUMED" = Resumed(clock = "clock"),
    "ENDED" = Ended(clock = "clock"),
});

variants!(FieldChange {
    "NAME" = Name(change = "change"),
    "LOCATION" = Location(change = "change"),
    "TENANT_ID" = Tenant(change = "change"),
    "CUSTOMER_DOMAIN" = CustomerDomain(change = "change"),
    "CUSTOMER_NAME" = CustomerName(change = "change"),
    "AREA" = Area(change = "change"),
    "ACTIVITIES" = Activities(change = "change"),
    "CUSTOMER_CONTACT" = CustomerContact(change = "change"),
    "TECHNICAL_CONTACT" = TechnicalContact(change = "change"),
    "PARTNER_CONTACT" = PartnerContact(change = "change"),
    "EXTERNAL_REFERENCE" = ExternalReference(change = "change"),
    "TAGS" = Tags(change = "change"),
});
