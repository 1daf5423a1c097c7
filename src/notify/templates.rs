//! The templates: ours, in the binary, and those of the operator, which come first.
//!
//! `LANGUAGE/NOTICE.txt` words a notice: its first line is the subject. `LANGUAGE/layout.txt` and `layout.html` put the text into the
//! two parts of the message. A template of the operator's that fails on some notice is told in the log, and ours is used.

use std::fs;
use std::path::{Path, PathBuf};

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use super::blocks::{Block, blocks};
use super::content::one_line;
use crate::domain::notice::NoticeKind;
use crate::messages::Language;

/// Bytes that a template of the operator's may have.
const MAX_TEMPLATE_BYTES: u64 = 262_144;

/// A template of the operator's that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the template {path} cannot be used: {why}", path = .path.display())]
pub struct TemplateError {
    path: PathBuf,
    why: String,
}

/// A worded notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Worded {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The templates of all notices in all languages.
pub(super) struct Templates {
    ours: Environment<'static>,
    theirs: Environment<'static>,
    public_url: String,
}

macro_rules! sources {
    ($($kind:ident = $file:literal),+ $(,)?) => {
        /// The name of the notice's template and our own words; `None` for what goes to no person.
        fn source(notice: NoticeKind, language: Language) -> Option<(&'static str, &'static str)> {
            match (notice, language) {
                $(
                    (NoticeKind::$kind, Language::English) => Some(($file, include_str!(concat!("templates/en/", $file, ".txt")))),
                    (NoticeKind::$kind, Language::Polish) => Some(($file, include_str!(concat!("templates/pl/", $file, ".txt")))),
                )+
                (NoticeKind::AssessmentRequest | NoticeKind::AssessmentWithdrawn, _) => None,
            }
        }
    };
}

sources! {
    SubmissionReceived = "submission_received",
    ReviewStarted = "review_started",
    ActionRequired = "action_required",
    ResponseReminder = "response_reminder",
    Approved = "approved",
    Rejected = "rejected",
    DisputeReminder = "dispute_reminder",
    ConsentElapsed = "consent_elapsed",
    CustomerDeclined = "customer_declined",
    DisputeDecided = "dispute_decided",
    CompetingClaim = "competing_claim",
    ConsentRequest = "consent_request",
    AssociationEnded = "association_ended",
    Assigned = "assigned",
    PartnerReplied = "partner_replied",
    Overdue = "overdue",
    DisputeFiled = "dispute_filed",
}

fn layouts(language: Language) -> [(&'static str, &'static str); 2] {
    match language {
        Language::English => {
            [("layout.txt", include_str!("templates/en/layout.txt")), ("layout.html", include_str!("templates/en/layout.html"))]
        }
        Language::Polish => {
            [("layout.txt", include_str!("templates/pl/layout.txt")), ("layout.html", include_str!("templates/pl/layout.html"))]
        }
    }
}

/// Every template: its name and our own source.
fn all() -> impl Iterator<Item = (String, &'static str)> {
    Language::ALL.iter().flat_map(|language| {
        let notices = NoticeKind::ALL.iter().filter_map(|notice| source(*notice, *language));
        let notices = notices.map(|(file, source)| (format!("{}/{file}.txt", language.tag()), source));
        notices.chain(layouts(*language).map(|(file, source)| (format!("{}/{file}", language.tag()), source)))
    })
}

impl Templates {
    /// Our templates and those that the folder has in their stead.
    pub fn load(folder: &Path, public_url: &str) -> Result<Self, TemplateError> {
        let (mut ours, mut theirs) = (environment(), environment());
        for (name, source) in all() {
            let path = folder.join(&name);
            let wrong = |why: String| TemplateError { path: path.clone(), why };
            ours.add_template_owned(name.clone(), source).map_err(|error| wrong(error.to_string()))?;
            let given = read(&path).map_err(|error| wrong(error.to_string()))?;
            let given = given.as_deref().unwrap_or(source).to_owned();
            theirs.add_template_owned(name, given).map_err(|error| wrong(error.to_string()))?;
        }
        Ok(Self { ours, theirs, public_url: public_url.to_owned() })
    }

    /// The notice in words.
    pub fn render(&self, notice: NoticeKind, language: Language, facts: &Value) -> Result<Worded, minijinja::Error> {
        self.render_with(&self.theirs, notice, language, facts).or_else(|error| {
            tracing::error!(%error, %notice, "a template fails: the built-in one is used");
            self.render_with(&self.ours, notice, language, facts)
        })
    }

    fn render_with(
        &self,
        environment: &Environment<'static>,
        notice: NoticeKind,
        language: Language,
        facts: &Value,
    ) -> Result<Worded, minijinja::Error> {
        let tag = language.tag();
        let file = source(notice, language).map_or("", |(file, _)| file);
        let worded = environment.get_template(&format!("{tag}/{file}.txt"))?.render(facts.clone())?;
        let (subject, body) = worded.trim_start().split_once('\n').unwrap_or((worded.as_str(), ""));
        let subject = one_line(subject);
        let blocks = blocks(body, &self.public_url);
        let body = blocks.iter().map(Block::text).collect::<Vec<_>>().join("\n\n");
        let values = Value::from_iter(blocks.iter().map(Block::value));
        let whole = context! { subject => subject.as_str(), body => body, blocks => values, ..facts.clone() };
        let text = environment.get_template(&format!("{tag}/layout.txt"))?.render(whole.clone())?;
        let html = environment.get_template(&format!("{tag}/layout.html"))?.render(whole)?;
        Ok(Worded { subject, text, html })
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
    environment
        .add_filter("bullets", |lines: Vec<String>| lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n"));
    environment.add_filter("quote", |text: Option<String>| {
        let text = text.unwrap_or_default();
        text.lines().map(|line| format!("> {}", line.trim_end())).collect::<Vec<_>>().join("\n")
    });
    environment
}

/// The text of a file, if there is such a file.
fn read(path: &Path) -> std::io::Result<Option<String>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
        Ok(facts) if facts.len() > MAX_TEMPLATE_BYTES => {
            Err(std::io::Error::other(format!("it is longer than {MAX_TEMPLATE_BYTES} bytes")))
        }
        Ok(_) => fs::read_to_string(path).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(is_full: bool) -> Value {
        let text = |text: &str| is_full.then(|| text.to_owned());
        let list = |items: &[&str]| Value::from_iter(items.iter().filter(|_| is_full).map(|item| (*item).to_owned()));
        context! {
            recipient => "Ada", number => "CPOR-100001", title => "T", customer => "C", partner => "P", status => "S", day => "D",
            products => list(&["a", "b"]), findings => list(&["f"]), comment => text("Said.\n\nTwice."),
            justification => text("Because."), reason => text("R"), partner_reason => text("W"), disputable => is_full,
            last_day => text("L"), deadline => text("E"), link => text("https://claims.example/consent/x"),
            home => "https://claims.example",
        }
    }

    #[test]
    fn every_notice_has_words_in_every_language_whatever_is_absent() {
        let templates = Templates::load(Path::new("no-such-folder"), "https://claims.example").expect("our own templates");
        for notice in NoticeKind::ALL.iter().filter(|notice| source(**notice, Language::English).is_some()) {
            for language in Language::ALL {
                for is_full in [true, false] {
                    let worded = templates.render_with(&templates.ours, *notice, *language, &facts(is_full));
                    let worded = worded.unwrap_or_else(|error| panic!("{notice} in {language:?}: {error:?}"));
                    assert!(!worded.subject.is_empty() && worded.text.contains("CPOR-100001"), "{worded:?}");
                    assert!(!is_full || !worded.text.contains("none"), "{worded:?}");
                    assert!(worded.html.contains("</html>") && !worded.html.contains("> Said"), "{worded:?}");
                }
            }
        }
    }
}
