//! The statements, prepared once per connection: one per relation, plain rows.

use tokio_postgres::{Client, Error, Statement};

macro_rules! statements {
    ($($name:ident = $text:expr;)+) => {
        /// The prepared statements of a connection.
        pub struct Statements {
            $(pub $name: Statement,)+
        }

        impl Statements {
            /// Prepares all.
            pub async fn prepare(client: &Client) -> Result<Self, Error> {
                Ok(Self { $($name: client.prepare($text).await?,)+ })
            }
        }
    };
}

statements! {
    one = "SELECT number, status, version, name, customer_name, customer_domain, tenant_id, area, location, created_at, updated_at
        FROM claims WHERE id = $1";
    dashboard = "SELECT id, number, status, updated_at, customer_name, tenant_id FROM claims
        WHERE organization_id = $1 AND status = $2 ORDER BY updated_at DESC, id DESC LIMIT 21";
    fifty = "SELECT id, number, status, name, customer_name, version, updated_at FROM claims
        WHERE organization_id = $1 AND status = 'UNDER_REVIEW' ORDER BY updated_at DESC, id DESC LIMIT 50";
    products_of = "SELECT c.place, p.id, p.product_code, p.subscription_id FROM unnest($1::uuid[]) WITH ORDINALITY AS c (id, place)
        CROSS JOIN LATERAL (SELECT * FROM claim_products WHERE claim_id = c.id ORDER BY position LIMIT 5) p";
    comments_of = "SELECT c.place, m.id, m.body, m.at, p.name FROM unnest($1::uuid[]) WITH ORDINALITY AS c (id, place)
        CROSS JOIN LATERAL (SELECT * FROM comments WHERE claim_id = c.id ORDER BY seq LIMIT 5) m JOIN people p ON p.id = m.by_person
        ORDER BY c.place, m.seq";
    history_of = "SELECT c.place, h.seq, h.kind, h.at, p.name FROM unnest($1::uuid[]) WITH ORDINALITY AS c (id, place)
        CROSS JOIN LATERAL (SELECT * FROM history WHERE claim_id = c.id ORDER BY seq LIMIT 5) h LEFT JOIN people p ON p.id = h.by_person
        ORDER BY c.place, h.seq";
    detail = "SELECT id, number, status, name, customer_name, updated_at FROM claims WHERE number = $1";
    products = "SELECT id, product_code, subscription_id FROM claim_products
        WHERE claim_id = (SELECT id FROM claims WHERE number = $1) ORDER BY position LIMIT 10";
    documents = "SELECT id, name, kind, media_type, size_bytes, attached_at FROM documents
        WHERE claim_id = (SELECT id FROM claims WHERE number = $1) ORDER BY position LIMIT 10";
    comments = "SELECT m.id, m.body, m.at, m.by_role, p.id, p.name FROM comments m JOIN people p ON p.id = m.by_person
        WHERE m.claim_id = (SELECT id FROM claims WHERE number = $1) ORDER BY m.seq LIMIT 10";
    history = "SELECT h.seq, h.kind, h.at, h.version, h.status, h.by_kind, h.by_role, p.id, p.name
        FROM history h LEFT JOIN people p ON p.id = h.by_person
        WHERE h.claim_id = (SELECT id FROM claims WHERE number = $1) ORDER BY h.seq LIMIT 10";
    begin = "BEGIN";
    lock = "SELECT sequence, version, status FROM claims WHERE id = $1 FOR UPDATE";
    last_hash = "SELECT hash FROM history WHERE claim_id = $1 ORDER BY seq DESC LIMIT 1";
    author = "SELECT name, role FROM people WHERE id = $1";
    insert_history = "INSERT INTO history (claim_id, seq, at, kind, by_kind, by_person, by_role, version, status, body, prev_hash, hash)
        VALUES ($1, $2, $3, 'COMMENTED', 'PERSON', $4, $5, $6, $7, $8, $9, $10)";
    insert_comment = "INSERT INTO comments (id, claim_id, seq, at, by_person, by_role, body) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    update_claim = "UPDATE claims SET sequence = $2, last_event_at = $3 WHERE id = $1";
    insert_pending = "INSERT INTO feed_pending (claim_id, seq) VALUES ($1, $2)";
    commit = "COMMIT";
    roll_back = "ROLLBACK";
}
