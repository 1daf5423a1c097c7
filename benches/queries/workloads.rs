//! The five workloads: what is asked of both servers, drawn from the data.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use clap::ValueEnum;
use http_body_util::Full;
use hyper::{Method, Request, header};
use serde_json::{Value, json};

use super::data::cast::{Cast, Kind, Of, mixed, quoted};

/// A workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Workload {
    /// One claim by id, 12 scalars
    Q1,
    /// Dashboard: the first 20 claims of a partner by status, the latest change first, each with 5 products
    Q2,
    /// A claim in detail: 10 each of products, documents, comments and history, with their authors
    Q3,
    /// Fifty claims with 5 products, 5 comments with authors and 5 entries of history each
    Q4,
    /// A comment with its history entry, durably
    Q5,
}

/// Which server is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Written by hand, without GraphQL.
    Limit,
    /// `cpor`.
    Ours,
}

impl Side {
    /// Both, in the order of their turns.
    pub const BOTH: [Self; 2] = [Self::Limit, Self::Ours];
}

const Q1: &str = "query One($id: ID!) { node(id: $id) { ... on Claim { id number status version name customerName customerDomain \
    tenantId area locationId createdAt updatedAt } } }";
const Q2: &str = "query Dashboard($statuses: [ClaimStatus!]) { claims(first: 20, filter: { statuses: $statuses }) { nodes { id number \
    status updatedAt customerName tenantId products(first: 5) { nodes { id code subscriptionId } } } \
    pageInfo { hasNextPage endCursor } } }";
const Q3: &str = "query Detail($number: String!) { claim(number: $number) { id number status name customerName updatedAt \
    products(first: 10) { nodes { id code subscriptionId } } \
    documents(first: 10) { nodes { id name kind mediaType sizeBytes attachedAt } } \
    comments(first: 10) { nodes { id body at author { role person { id name } } } } \
    history(first: 10) { nodes { sequence kind at version status actor { kind role person { id name } } } } } }";
const Q4: &str = "query Fifty { claims(first: 50, filter: { statuses: [UNDER_REVIEW] }) { nodes { id number status name customerName \
    version updatedAt products(first: 5) { nodes { id code } } \
    comments(first: 5) { nodes { id body at author { person { name } } } } \
    history(first: 5) { nodes { sequence kind at actor { person { name } } } } } } }";
const Q5: &str = "mutation Say($input: CommentAddInput!) { commentAdd(input: $input) { comment { id body at author { person { name } } } \
    userErrors { code } } }";

/// What a comment of the load says.
pub const COMMENT: &str = "We have added the acceptance protocol of the second phase. Please have another look.";

/// One thing to ask: who asks, and about what.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The person who asks, among all.
    pub person: u64,
    organization: u64,
    claim: u64,
}

impl Workload {
    /// All.
    pub const ALL: [Self; 5] = [Self::Q1, Self::Q2, Self::Q3, Self::Q4, Self::Q5];

    /// A question, drawn by a number.
    pub fn draw(self, cast: Cast, number: u64) -> Question {
        let draw = mixed(number);
        let wanted = |claim: &u64| match self {
            Self::Q3 => cast.kind(*claim) == Kind::UnderReview,
            Self::Q5 => cast.kind(*claim) != Kind::Editing,
            _ => true,
        };
        // Of four claims in a row one is as wanted at least.
        let claim = (0..4).map(|step| (draw + step) % cast.claims).find(wanted).unwrap_or_default();
        let organization = cast.organization_of(claim);
        Question { person: cast.person_of(organization, draw >> 32), organization, claim }
    }

    /// The request to a side.
    pub fn request(self, cast: Cast, side: Side, question: &Question, token: &str) -> Request<Full<Bytes>> {
        match side {
            Side::Limit => self.to_limit(cast, question),
            Side::Ours => self.to_ours(cast, question, token),
        }
    }

    fn to_limit(self, cast: Cast, question: &Question) -> Request<Full<Bytes>> {
        let claim = cast.id(Of::Claim, question.claim);
        let organization = cast.id(Of::Organization, question.organization);
        let (method, path, body) = match self {
            Self::Q1 => (Method::GET, format!("/q1/{claim}"), ""),
            Self::Q2 => (Method::GET, format!("/q2/{organization}/SUBMITTED"), ""),
            Self::Q3 => (Method::GET, format!("/q3/{}", quoted(question.claim)), ""),
            Self::Q4 => (Method::GET, format!("/q4/{organization}"), ""),
            Self::Q5 => {
                let person = cast.id(Of::Person, question.person);
                (Method::POST, format!("/q5/{claim}/{person}"), COMMENT)
            }
        };
        built(Request::builder().method(method).uri(path), Bytes::from_static(body.as_bytes()))
    }

    fn to_ours(self, cast: Cast, question: &Question, token: &str) -> Request<Full<Bytes>> {
        let claim = global_id(b'C', cast, Of::Claim, question.claim);
        let (query, variables): (&str, Value) = match self {
            Self::Q1 => (Q1, json!({ "id": claim })),
            Self::Q2 => (Q2, json!({ "statuses": ["SUBMITTED"] })),
            Self::Q3 => (Q3, json!({ "number": format!("CPOR-{}", quoted(question.claim)) })),
            Self::Q4 => (Q4, json!({})),
            Self::Q5 => (Q5, json!({ "input": { "claimId": claim, "body": COMMENT } })),
        };
        let request = Request::builder()
            .method(Method::POST)
            .uri("/graphql")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/graphql-response+json");
        built(request, Bytes::from(json!({ "query": query, "variables": variables }).to_string()))
    }

    /// Makes two answers to the same question comparable: what is drawn or read from a clock when writing differs of itself.
    pub fn comparable(self, mut answer: Value) -> Value {
        if self == Self::Q5
            && let Some(comment) = answer.pointer_mut("/data/commentAdd/comment").and_then(Value::as_object_mut)
        {
            comment.insert("id".to_owned(), Value::Null);
            comment.insert("at".to_owned(), Value::Null);
        }
        answer
    }
}

fn built(request: hyper::http::request::Builder, body: Bytes) -> Request<Full<Bytes>> {
    let request = request.header(header::HOST, "127.0.0.1").body(Full::new(body));
    request.unwrap_or_else(|error| unreachable!("names and values of the bench's own: {error}"))
}

/// An id as the API shows it.
fn global_id(tag: u8, cast: Cast, of: Of, number: u64) -> String {
    let mut bytes = vec![tag];
    bytes.extend_from_slice(cast.id(of, number).as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}
