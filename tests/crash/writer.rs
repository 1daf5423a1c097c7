//! Clients that write: one claim after another, from its creation to a decision.

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::api::Api;
use crate::documents::complete_claim;
use crate::journal::Kind;
use crate::random::Random;

/// A partner and a reviewer who work on the same claims.
pub struct Writer {
    pub partner: Api,
    pub reviewer: Api,
    /// Where the partner claims.
    pub location: &'static str,
    pub random: Random,
}

impl Writer {
    /// Lives claims until `end`. What was begun then is left as it is.
    pub async fn live(mut self, end: Instant) {
        while Instant::now() < end {
            // A claim that meets a refusal, a deadline that passed say, is left as it is.
            let _ = self.one_life(end).await;
        }
    }

    async fn one_life(&mut self, end: Instant) -> Option<()> {
        let claim = self.submitted().await?;
        self.talk(&claim).await?;
        self.review(Kind::StartReview, &claim).await?;
        while self.random.one_in(3) && Instant::now() < end {
            self.review(Kind::RequestAction, &claim).await?;
            self.talk(&claim).await?;
            self.ask(Kind::Update, &claim, json!({})).await?;
            self.ask(Kind::Resubmit, &claim, json!({})).await?;
            self.review(Kind::StartReview, &claim).await?;
        }
        self.review(Kind::Note, &claim).await?;
        let verdict = if self.random.one_in(3) { Kind::Reject } else { Kind::Approve };
        self.review(verdict, &claim).await?;
        self.talk(&claim).await
    }

    /// A claim that waits for a reviewer; answers its id.
    pub async fn submitted(&mut self) -> Option<String> {
        let claim = self.partner.change(Kind::Create, None, complete_claim(self.location)).await?;
        if self.random.one_in(2) {
            self.ask(Kind::Update, &claim, json!({})).await?;
        }
        let upload = self.partner.upload().await?;
        self.ask(Kind::Attach, &claim, json!({ "uploadId": upload })).await?;
        self.ask(Kind::Submit, &claim, json!({})).await?;
        Some(claim)
    }

    async fn talk(&mut self, claim: &str) -> Option<()> {
        for _ in 0..self.random.below(3) {
            if self.random.one_in(2) {
                self.ask(Kind::Comment, claim, json!({})).await?;
            } else {
                self.review(Kind::Comment, claim).await?;
            }
        }
        Some(())
    }

    async fn ask(&mut self, kind: Kind, claim: &str, facts: Value) -> Option<()> {
        self.partner.change(kind, Some(claim), facts).await.map(drop)
    }

    async fn review(&mut self, kind: Kind, claim: &str) -> Option<()> {
        self.reviewer.change(kind, Some(claim), json!({})).await.map(drop)
    }
}
