//! A letter for nothing that did not happen; one at least for what was sent.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::mail::Letter;
use crate::tables::{Delivery, Tables};

/// Letters against deliveries, deliveries against the outbox.
pub fn check(letters: &[Letter], tables: &Tables) -> Vec<String> {
    let deliveries: HashMap<Uuid, &Delivery> = tables.deliveries.iter().map(|delivery| (delivery.id, delivery)).collect();
    let mut wrong = Vec::new();
    for letter in letters {
        if !letter.delivery.is_some_and(|id| deliveries.contains_key(&id)) {
            wrong.push(format!("{} tells of what did not happen", letter.name));
        }
    }
    let written: HashSet<Uuid> = letters.iter().filter_map(|letter| letter.delivery).collect();
    for delivery in &tables.deliveries {
        if delivery.is_sent && !written.contains(&delivery.id) {
            wrong.push(format!("the notice {} was sent and there is no letter", delivery.id));
        }
        if !tables.outbox.contains(&(delivery.claim, delivery.seq)) {
            wrong.push(format!("the notice {} belongs to nothing that was queued", delivery.id));
        }
    }
    wrong
}
