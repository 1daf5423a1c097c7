//! Acts as commands: who gives them, and what they say.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::DemoError;
use super::cast::identity;
use super::paper::{File, Paper, Told};
use super::play::{Asked, Scene};
use super::scenario::{Act, Side};
use super::words;
use crate::auth::viewer::Viewer;
use crate::domain::command::{Command, ContactInput, Create, DetailsInput, ProductInput};
use crate::domain::ids::{CommentId, DocumentId, NoteId};
use crate::domain::poe::NewDocument;
use crate::domain::product::Area;
use crate::domain::reason::{Finding, FindingKind, PartnerReason, RejectionReason};

type Given = (Arc<Viewer>, Command);

/// The creation of the story's claim, with everything that submission asks for.
pub(super) fn create_command(scene: &Scene<'_>) -> (Arc<Viewer>, Create) {
    let (story, customer) = (scene.story, scene.customer());
    let mut random = scene.random.clone();
    let location = &scene.partner().locations[story.location];
    let names = scene.names();
    let preparer = Arc::clone(scene.partner().preparer(&location.mpn_id));
    let own_contact = preparer.person().map(|person| ContactInput {
        name: Some(person.name.clone()),
        title: None,
        email: Some(person.email.clone()),
    });
    let technical = (story.area == Area::BusinessApplications).then(|| customer.technical.input());
    let details = DetailsInput {
        name: Some(Some(names.say(&mut random, words::CLAIM_NAMES))),
        location: Some(location.mpn_id.to_string()),
        tenant_id: Some(Some(customer.tenant.to_string())),
        customer_domain: Some(Some(customer.domain.clone())),
        customer_name: Some(Some(customer.name.clone())),
        area: Some(Some(story.area)),
        activities: Some(story.activities.clone()),
        customer_contact: Some(Some(customer.contact.input())),
        technical_contact: Some(technical),
        partner_contact: Some(own_contact),
        ..DetailsInput::default()
    };
    let products = scene.lines.iter().zip(&story.lines).map(|(id, (code, subscription))| ProductInput {
        id: *id,
        product: code.0.clone(),
        subscription_id: subscription.map(|id| id.to_string()),
    });
    (preparer, Create { id: story.claim(), details, products: products.collect() })
}

impl Scene<'_> {
    /// Who gives which command for an act.
    pub async fn command(&mut self, act: Act) -> Result<Given, DemoError> {
        match act {
            Act::Attach(paper) => self.attach(paper, false).await,
            Act::Replace(paper) => self.attach(paper, true).await,
            Act::DisputeWith(paper) => {
                let document = self.document(paper, false).await?;
                Ok(self.dispute(vec![document]))
            }
            _ if act.side() == Side::Partner => Ok(self.partners(act)),
            _ => Ok(self.programmes(act)),
        }
    }

    fn partners(&mut self, act: Act) -> Given {
        let command = match act {
            Act::Submit | Act::SubmitAgainstRival => Command::Submit { attestation: true },
            Act::Resubmit => Command::Resubmit,
            Act::Withdraw(reason) => Command::Withdraw { reason, comment: self.leaving(reason) },
            Act::Disassociate(reason) => Command::Disassociate { reason, comment: self.leaving(reason) },
            Act::Dispute => return self.dispute(Vec::new()),
            other => return (self.preparer(), self.preparers(other)),
        };
        (Arc::clone(&self.partner().admin), command)
    }

    /// What a user may do as well as an administrator.
    fn preparers(&mut self, act: Act) -> Command {
        match act {
            Act::ChangeContact => Command::Update(Box::new(DetailsInput {
                customer_contact: Some(Some(self.customer().technical.input())),
                ..DetailsInput::default()
            })),
            Act::Tag => {
                let tags: BTreeSet<&str> = [self.random.pick(words::TAGS), self.random.pick(words::TAGS)].into();
                let reference = format!("PRJ-{:04}", 1_000 + self.story.number * 7 % 9_000);
                Command::Update(Box::new(DetailsInput {
                    external_reference: Some(Some(reference)),
                    tags: Some(tags.into_iter().map(str::to_owned).collect()),
                    ..DetailsInput::default()
                }))
            }
            Act::DropProduct => {
                let remove = self.lines.pop().into_iter().collect();
                Command::UpdateProducts { add: Vec::new(), replace: Vec::new(), remove }
            }
            Act::Cancel => Command::Cancel,
            _ => self.tell(),
        }
    }

    fn programmes(&mut self, act: Act) -> Given {
        let names = self.names();
        let reviewer = self.reviewer();
        let lead = Arc::clone(&self.lead);
        match act {
            Act::Assign => (lead, Command::Assign { to: identity(&reviewer) }),
            Act::Reassign | Act::AssignDispute => {
                self.reviewers.rotate_left(1);
                (lead, Command::Assign { to: identity(&self.reviewers[0]) })
            }
            Act::Start => (reviewer, Command::StartReview),
            Act::Note => (reviewer, self.note(words::NOTES)),
            Act::LeadNote => (lead, self.note(words::LEAD_NOTES)),
            Act::Request(kind) => {
                self.asked = Asked::More(kind);
                let comment = names.fill(words::request(kind));
                (reviewer, Command::RequestAction { comment, findings: vec![self.finding(kind)] })
            }
            Act::Approve => (reviewer, Command::Approve { comment: Some(names.say(&mut self.random, words::APPROVALS)) }),
            Act::Reject(reason) => {
                let findings = self.missed(reason).into_iter().map(|kind| self.finding(kind)).collect();
                (reviewer, Command::Reject { reason, comment: names.fill(words::rejection(reason)), findings })
            }
            Act::Assess(eligible) => {
                let reason = (!eligible).then(|| names.say(&mut self.random, words::INELIGIBLE));
                (Arc::clone(&self.stage.cast.eligibility), Command::AnswerAssessment { eligible, reason })
            }
            _ => (reviewer, self.ask()),
        }
    }

    fn preparer(&self) -> Arc<Viewer> {
        let partner = self.partner();
        Arc::clone(partner.preparer(&partner.locations[self.story.location].mpn_id))
    }

    fn ask(&mut self) -> Command {
        let question = self.random.below(words::ASK.len());
        self.asked = Asked::Question(question);
        self.comment(words::ASK[question])
    }

    /// The answer to what was asked, once.
    fn tell(&mut self) -> Command {
        let phrase = match std::mem::replace(&mut self.asked, Asked::Nothing) {
            Asked::Nothing => self.random.pick(words::TELL),
            Asked::Question(question) => words::REPLY[question],
            Asked::More(kind) => words::answer(kind),
        };
        self.comment(phrase)
    }

    fn comment(&mut self, phrase: &str) -> Command {
        Command::Comment { id: CommentId(self.identity()), body: self.names().fill(phrase) }
    }

    fn note(&mut self, phrases: &[&str]) -> Command {
        Command::AddNote { id: NoteId(self.identity()), body: self.random.pick(phrases).to_owned() }
    }

    fn leaving(&mut self, reason: PartnerReason) -> Option<String> {
        let names = self.names();
        matches!(reason, PartnerReason::Other | PartnerReason::NoLongerWorkingWithCustomer)
            .then(|| names.say(&mut self.random, words::LEAVING))
    }

    fn dispute(&mut self, documents: Vec<NewDocument>) -> Given {
        let names = self.names();
        let justification = Some(names.say(&mut self.random, words::JUSTIFICATIONS));
        (Arc::clone(&self.partner().admin), Command::Dispute { justification, documents })
    }

    /// A finding; what is said of one product is about the last one.
    fn finding(&self, kind: FindingKind) -> Finding {
        let product = self.lines.last().copied().filter(|_| kind == FindingKind::MissingProducts);
        Finding { kind, product, words: words::finding(kind).map(|phrase| self.names().fill(phrase)) }
    }

    fn missed(&self, reason: RejectionReason) -> Option<FindingKind> {
        match reason {
            RejectionReason::InsufficientPoe => Some(FindingKind::MissingPartnerService),
            RejectionReason::MissingCustomerConsentOnPoe => Some(FindingKind::MissingCustomerAcknowledgment),
            RejectionReason::MissingProducts => Some(FindingKind::MissingProducts),
            RejectionReason::PoeUnavailable => Some(FindingKind::MissingAllPoe),
            _ => None,
        }
    }

    async fn attach(&mut self, paper: Paper, replaces: bool) -> Result<Given, DemoError> {
        let document = self.document(paper, replaces).await?;
        Ok((self.preparer(), Command::AttachDocument(Box::new(document))))
    }

    /// An uploaded document, about to be attached.
    async fn document(&mut self, paper: Paper, replaces: bool) -> Result<NewDocument, DemoError> {
        let file = self.file(paper);
        let upload = self.upload(&self.preparer(), &file).await?;
        let File { kind, description, signed_on, .. } = file;
        let id = DocumentId(self.identity());
        let supersedes = self.documents.pop().filter(|_| replaces);
        self.documents.push(id);
        let covers = self.lines.first().copied().filter(|_| matches!(paper, Paper::HoursSheet)).into_iter().collect();
        let description = Some(description.to_owned());
        Ok(NewDocument { id, upload, kind, description, covers, signed_on, supersedes })
    }

    fn file(&mut self, paper: Paper) -> File {
        let (customer, partner) = (self.customer(), self.partner());
        let preparer = self.preparer();
        let person = preparer.person();
        paper.file(&Told {
            customer: &customer.name,
            tenant: customer.tenant.to_string(),
            domain: &customer.domain,
            contact: customer.contact.name,
            contact_title: customer.contact.title,
            contact_email: &customer.contact.email,
            partner: &partner.name,
            partner_contact: person.map_or("", |person| &person.name),
            partner_email: person.map_or("", |person| &person.email),
            location: &partner.locations[self.story.location].name,
            products: self.products().into_iter().map(str::to_owned).collect(),
            work: self.random.pick(words::WORK),
            today: self.now().date_naive(),
        })
    }
}
