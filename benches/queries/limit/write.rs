//! The write: the same rows in the same transaction as `cpor` writes them, in two round trips.

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use futures_util::try_join;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::json::Json;
use super::pool::{Connection, Failure};

/// The form of a comment's entry in the history, in the order of its keys.
struct Entry<'a> {
    claim: Uuid,
    seq: i32,
    at: DateTime<Utc>,
    person: Uuid,
    role: &'a str,
    comment: Uuid,
    body: &'a str,
}

impl Entry<'_> {
    fn body(&self) -> String {
        let at = self.at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let mut json = Json::new("{");
        json.key("at").string(&at).key("by").raw("{").key("kind").raw("\"PERSON\"");
        json.key("person")
            .uuid(Some(self.person))
            .key("role")
            .string(self.role)
            .raw("}")
            .key("claim")
            .uuid(Some(self.claim))
            .key("clocks")
            .raw("[]");
        json.key("seq").number(i64::from(self.seq)).key("what").raw("{").key("body").string(self.body);
        json.key("id").uuid(Some(self.comment)).key("kind").raw("\"COMMENTED\"").end("}}")
    }
}

/// Adds a comment.
pub async fn comment(connection: &Connection, claim: Uuid, person: Uuid, body: &str) -> Result<String, Failure> {
    let prepared = &connection.statements;
    let (_, locked, hash, author) = try_join!(
        async { connection.execute(&prepared.begin, &[]).await },
        async { connection.one(&prepared.lock, &[&claim]).await },
        async { connection.one(&prepared.last_hash, &[&claim]).await },
        async { connection.one(&prepared.author, &[&person]).await },
    )?;
    let (seq, comment, at) = (locked.get::<_, i32>(0) + 1, Uuid::now_v7(), Utc::now().trunc_subsecs(6));
    let (version, status): (i32, &str) = (locked.get(1), locked.get(2));
    let (name, role): (&str, &str) = (author.get(0), author.get(1));
    let entry = Entry { claim, seq, at, person, role, comment, body }.body();
    let previous: &[u8] = hash.get(0);
    let hash: [u8; 32] = Sha256::new().chain_update(previous).chain_update(entry.as_bytes()).finalize().into();
    let hash = hash.as_slice();
    try_join!(
        async {
            connection
                .execute(
                    &prepared.insert_history,
                    &[&claim, &seq, &at, &person, &role, &version, &status, &entry, &previous, &hash],
                )
                .await
        },
        async { connection.execute(&prepared.insert_comment, &[&comment, &claim, &seq, &at, &person, &role, &body]).await },
        async { connection.execute(&prepared.update_claim, &[&claim, &seq, &at]).await },
        async { connection.execute(&prepared.insert_pending, &[&claim, &seq]).await },
        async { connection.execute(&prepared.commit, &[]).await },
    )?;
    let mut json = Json::new("{\"data\":{\"commentAdd\":{\"comment\":{");
    json.key("id").id(b'M', comment).key("body").string(body).key("at").at(at);
    json.key("author").raw("{").key("person").raw("{").key("name").string(name);
    Ok(json.end("}}},\"userErrors\":[]}}}"))
}
