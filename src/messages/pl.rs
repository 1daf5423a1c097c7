//! Polish.

use crate::domain::checklist::Requirement;
use crate::domain::file::{FileFlag, FileRefusal};
use crate::domain::product::Activity;
use crate::domain::reason::{FindingKind, PartnerReason, RejectionReason};
use crate::domain::refusal::Code;
use crate::domain::status::Status;

pub(super) fn sentence(code: Code) -> &'static str {
    match code {
        Code::RequiredFieldMissing => "To pole jest wymagane.",
        Code::InvalidFormat => "Ta wartość nie ma wymaganej postaci.",
        Code::TooLong => "To jest dłuższe, niż wolno.",
        Code::PartnerLocationForbidden => "Nie możesz składać wniosków w imieniu tej lokalizacji partnera.",
        Code::ActivityNotInArea => "W tym obszarze rozwiązań nie można zgłosić tej aktywności.",
        Code::ActivityCombinationInvalid => "Tych aktywności nie można zgłosić razem.",
        Code::ProductNotEligible => "Tego produktu nie można dziś zgłosić w tym obszarze rozwiązań.",
        Code::DuplicateProduct => "Ten produkt występuje we wniosku dwa razy.",
        Code::SubscriptionRequired => "Dla tego produktu wymagana jest subskrypcja.",
        Code::PoeRequired => "Wymagany jest co najmniej jeden dowód wykonania.",
        Code::PoeLimitReached => "Do wniosku nie można dodać więcej dokumentów.",
        Code::UploadNotFound => "Nie ma Twojego kompletnego, niewykorzystanego pliku o tym identyfikatorze.",
        Code::FileRefused => "Nie można przyjąć tego pliku: jest pusty, za duży albo niedozwolonego typu.",
        Code::FileInfected => "Skaner antywirusowy znalazł coś w tym pliku.",
        Code::AttestationRequired => "Potwierdź, że treść wniosku jest prawdziwa.",
        Code::AlreadyClaimedByYou => "Twoja organizacja ma już wniosek dotyczący tego klienta, produktu i aktywności.",
        Code::DomainTenantMismatch => "Ta domena nie należy do dzierżawy klienta.",
        Code::ProductNotOnTenant => "Dzierżawa klienta nie ma tego produktu.",
        Code::SubscriptionWrongTenant => "Ta subskrypcja należy do innej dzierżawy.",
        Code::SubscriptionIsCsp => "Tę subskrypcję kupiono u dostawcy rozwiązań w chmurze (CSP) i nie można jej zgłosić.",
        Code::SubscriptionNotProvisioned => "Ta subskrypcja nie jest jeszcze uruchomiona. Spróbuj później.",
        Code::SubscriptionInactive => "Ta subskrypcja jest nieaktywna.",
        Code::CompetingClaim => "Inny partner zgłasza to samo.",
        Code::ContactDomainMismatch => "Adres e-mail osoby kontaktowej nie należy do domeny klienta.",
        Code::StateConflict => "Status wniosku na to nie pozwala.",
        Code::DeadlinePassed => "Termin na to minął.",
        Code::VersionConflict => "Wniosek w międzyczasie się zmienił.",
        Code::DisputeAlreadyUsed => "Od decyzji w sprawie tego wniosku już się odwołano, a można tylko raz.",
        Code::NotDisputable => "Od tego odrzucenia nie można się odwołać.",
        Code::NotAssigned => "Może to zrobić tylko recenzent, któremu przydzielono wniosek.",
        Code::FieldNotEditable => "Tego pola nie można teraz zmienić.",
        Code::NothingChanged => "Od wezwania nic się nie zmieniło: najpierw dodaj dokument, zmień pole albo odpowiedz.",
        Code::KeyHeld => "Partnerem zarejestrowanym jest tu już inny partner.",
        Code::ArbitrationOpen => "W sprawie tego wniosku toczy się arbitraż.",
        Code::Forbidden => "Twoja rola na to nie pozwala.",
        Code::ConflictOfInterest => "Należysz do organizacji, która złożyła wniosek, i nie możesz go oceniać.",
        Code::AssigneeNotEligible => "Tej osobie nie można przydzielić wniosku.",
        Code::ReasonNotAllowed => "Recenzent nie może odrzucić wniosku z tego powodu.",
        Code::UnknownReference => "To nie jest częścią wniosku.",
        Code::NotFound => "Nie ma takiego wniosku.",
        Code::IdempotencyKeyReused => "Tego klucza idempotencji użyto z innymi danymi.",
    }
}

pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Editing => "W edycji",
        Status::Submitted => "Złożony",
        Status::UnderReview => "W ocenie",
        Status::PartnerActionRequired => "Czeka na działanie partnera",
        Status::Approved => "Zatwierdzony",
        Status::Rejected => "Odrzucony",
        Status::Disputed => "W odwołaniu",
        Status::Canceled => "Anulowany",
    }
}

pub(super) fn rejection_reason(reason: RejectionReason) -> &'static str {
    match reason {
        RejectionReason::PartnerRequest => "O odrzucenie poprosił partner",
        RejectionReason::CustomerDeclined => "Klient nie zgodził się na powiązanie",
        RejectionReason::InsufficientPoe => "Dowód wykonania nie wystarcza",
        RejectionReason::MissingCustomerConsentOnPoe => "W dowodzie wykonania brakuje zgody klienta",
        RejectionReason::MissingProducts => "Dowód wykonania nie obejmuje zgłoszonych produktów",
        RejectionReason::NoPartnerResponse => "Partner nie odpowiedział w terminie",
        RejectionReason::PoeUnavailable => "Dowodu wykonania nie udało się otworzyć lub znaleźć",
        RejectionReason::CompetingClaimLost => "Wygrał wniosek innego partnera",
    }
}

pub(super) fn partner_reason(reason: PartnerReason) -> &'static str {
    match reason {
        PartnerReason::WrongPartnerId => "Wniosek podaje niewłaściwy identyfikator partnera",
        PartnerReason::WrongActivity => "Wniosek podaje niewłaściwą aktywność",
        PartnerReason::NoLongerWorkingWithCustomer => "Partner nie współpracuje już z klientem",
        PartnerReason::Other => "Inny powód",
    }
}

pub(super) fn finding(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::MissingAllPoe => "Plik jest niewłaściwy lub nie na temat",
        FindingKind::MissingCustomerAcknowledgment => "Brakuje podpisu klienta",
        FindingKind::MissingOrOldDates => "Brakuje dat lub są zbyt dawne",
        FindingKind::MissingPartnerService => "Praca partnera nie jest opisana",
        FindingKind::MissingProducts => "Zgłoszone produkty nie są wymienione",
        FindingKind::Other => "Inne",
    }
}

pub(super) fn activity(activity: Activity) -> &'static str {
    match activity {
        Activity::Presales => "przedsprzedaż",
        Activity::Usage => "użytkowanie",
        Activity::RevenueAssociation => "powiązanie przychodu",
    }
}

pub(super) fn file_refusal(value: FileRefusal) -> &'static str {
    match value {
        FileRefusal::Empty => "Plik jest pusty.",
        FileRefusal::TooLarge => "Plik jest większy niż 25 MiB.",
        FileRefusal::TypeNotAllowed => "Treść nie jest żadnego z typów, które mogą być dowodem wykonania.",
        FileRefusal::ExtensionMismatch => "Nazwa pliku wskazuje inny typ niż jego treść.",
        FileRefusal::IsArchive => "Plik jest archiwum: wyślij dokumenty pojedynczo.",
        FileRefusal::ExpandsTooMuch => "Po rozpakowaniu plik jest nieproporcjonalnie duży.",
        FileRefusal::UnsafeParts => "Plik jest spakowany w niebezpieczny sposób.",
        FileRefusal::Polyglot => "Plik można odczytać jako dwa różne typy.",
        FileRefusal::Encrypted => "Plik wymaga hasła: wyślij taki, który każdy może otworzyć.",
        FileRefusal::Broken => "Plik jest uszkodzony.",
        FileRefusal::ImageDimensions => "Obraz nie ma punktów lub ma ich za dużo.",
        FileRefusal::Infected => "Skaner antywirusowy znalazł coś w pliku.",
    }
}

pub(super) fn file_flag(value: FileFlag) -> &'static str {
    match value {
        FileFlag::Macros => "Zawiera makra.",
        FileFlag::JavaScript => "Zawiera skrypt.",
        FileFlag::LaunchAction => "Uruchomiłby program.",
        FileFlag::EmbeddedFiles => "Zawiera inne pliki lub załączniki.",
        FileFlag::ExternalContent => "Pobrałby coś z innego miejsca.",
        FileFlag::Encrypted => "Jest zaszyfrowany i może wymagać hasła.",
        FileFlag::TrailingData => "Po jego końcu następują dalsze bajty.",
        FileFlag::Incomplete => "Brakuje jego końca: mógł zostać ucięty.",
        FileFlag::Formulas => "Komórki stałyby się formułami w arkuszu kalkulacyjnym.",
        FileFlag::DoubleExtension => "Jego nazwa ma dwa rozszerzenia.",
        FileFlag::DeclaredTypeDiffers => "Wysłano go jako inny typ, niż jest.",
    }
}

pub(super) fn requirement(value: Requirement) -> &'static str {
    match value {
        Requirement::RightFile => {
            "Dołącz dokument potwierdzający Twoją pracę dla tego klienta: zakres prac, umowę, e-mail klienta lub raport."
        }
        Requirement::CustomerIdentified => "Dokument musi wymieniać klienta, domenę i dzierżawę tak jak wniosek.",
        Requirement::CustomerSignature => "Dołącz egzemplarz podpisany przez klienta i podaj dzień podpisu.",
        Requirement::RecentDates => "Dołącz dokument z datą z 12 miesięcy przed pierwszym złożeniem i podaj tę datę.",
        Requirement::WorkDescribed => "Dołącz dokument opisujący Twoją pracę i napisz w opisie, co pokazuje.",
        Requirement::ProductNamed => "Dołącz dokument wymieniający ten produkt i zaznacz, że go obejmuje.",
    }
}

pub(super) const REMEDY_IN_WORDS: &str = "Zrób to, o co recenzent prosi słowami.";
