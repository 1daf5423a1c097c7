//! The demo's customers: what the directory knows of them, and the people there.

use crate::app::import::TenantEntry;
use crate::domain::command::ContactInput;
use crate::domain::ids::{SubscriptionId, TenantId};
use crate::domain::product::ProductCode;

/// A customer.
pub(super) struct Customer {
    pub tenant: TenantId,
    pub name: String,
    pub domain: String,
    pub workloads: Vec<ProductCode>,
    /// Subscriptions that can be claimed.
    pub subscriptions: Vec<SubscriptionId>,
    pub contact: Person,
    pub technical: Person,
}

/// A person at a customer.
pub(super) struct Person {
    pub name: &'static str,
    pub title: &'static str,
    pub email: String,
}

impl Person {
    /// The person as a claim's contact.
    pub fn input(&self) -> ContactInput {
        let (name, title) = (Some(self.name.to_owned()), Some(self.title.to_owned()));
        ContactInput { name, title, email: Some(self.email.clone()) }
    }
}

/// For each tenant of the import file, in its order: contact, mailbox, title; technical contact, mailbox.
pub(super) const PEOPLE: &[(&str, &str, &str, &str, &str)] = &[
    ("Ewa Dąbrowska", "ewa.dabrowska", "Head of IT", "Piotr Zając", "piotr.zajac"),
    ("Michał Wiśniewski", "michal.wisniewski", "Chief Information Officer", "Zofia Kaczmarek", "zofia.kaczmarek"),
    ("Jadwiga Nowicka", "jadwiga.nowicka", "Managing Director", "Tomasz Lis", "tomasz.lis"),
    ("Krzysztof Żak", "krzysztof.zak", "Head of Production Systems", "Ola Mazur", "ola.mazur"),
    ("Jürgen Krämer", "juergen.kraemer", "Geschäftsführer", "Anke Schäfer", "anke.schaefer"),
    ("Heike Thomsen", "heike.thomsen", "Head of Operations", "Jörn Petersen", "joern.petersen"),
    ("Franz Größler", "franz.groessler", "Owner", "Sabine Vogt", "sabine.vogt"),
    ("Hélène Rostand", "helene.rostand", "Directrice des systèmes d'information", "Marc Évrard", "marc.evrard"),
    ("Benoît Favre", "benoit.favre", "Head of Guest Services", "Chloé Girod", "chloe.girod"),
    ("Inès Garçon", "ines.garcon", "Directrice générale", "Loïc Perrin", "loic.perrin"),
    ("João Magalhães", "joao.magalhaes", "Diretor de Operações", "Rita Simões", "rita.simoes"),
    ("Conceição Araripe", "conceicao.araripe", "Diretora de TI", "Thiago Leitão", "thiago.leitao"),
    ("Luís Araújo", "luis.araujo", "Sócio", "Patrícia Brandão", "patricia.brandao"),
    ("Begoña Peñalba", "begona.penalba", "Gerente", "Íñigo Otxoa", "inigo.otxoa"),
    ("Raúl Núñez", "raul.nunez", "Director de Sistemas", "Lucía Ordóñez", "lucia.ordonez"),
    ("Álvaro Ibáñez", "alvaro.ibanez", "Director Médico", "Nuria Giménez", "nuria.gimenez"),
    ("Bjørn Sæther", "bjorn.saether", "IT Manager", "Kari Ødegård", "kari.odegard"),
    ("Ingrid Blåfjell", "ingrid.blafjell", "Chief Executive", "Håkon Myhre", "hakon.myhre"),
    ("Gösta Åkesson", "gosta.akesson", "Finance Director", "Märta Sjögren", "marta.sjogren"),
    ("Åsa Lindström", "asa.lindstrom", "Fleet Manager", "Örjan Ek", "orjan.ek"),
    ("Päivi Hyvönen", "paivi.hyvonen", "Head of IT", "Väinö Mäkelä", "vaino.makela"),
    ("Søren Kjær", "soren.kjaer", "Dairy Manager", "Mette Nørgaard", "mette.norgaard"),
    ("Zsófia Erdős", "zsofia.erdos", "Managing Director", "Gergő Szűcs", "gergo.szucs"),
    ("Tomáš Dvořák", "tomas.dvorak", "Jednatel", "Růžena Čermáková", "ruzena.cermakova"),
    ("Ľubica Kováčová", "lubica.kovacova", "Head of Purchasing", "Štefan Hruška", "stefan.hruska"),
    ("Živko Petrović", "zivko.petrovic", "Director", "Jelena Đurić", "jelena.djuric"),
    ("Ioana Țepeș", "ioana.tepes", "Manager", "Ștefan Rusu", "stefan.rusu"),
    ("Gülşen Işık", "gulsen.isik", "General Manager", "Çağrı Yıldız", "cagri.yildiz"),
    ("Aksel Møller", "aksel.moller", "Harbour Master", "Bodil Ærtebjerg", "bodil.aertebjerg"),
    ("Þóra Guðmundsdóttir", "thora.gudmundsdottir", "Head of Energy", "Óðinn Jónsson", "odinn.jonsson"),
    ("Regula Zürcher", "regula.zuercher", "Owner", "Beat Lüthi", "beat.luethi"),
    ("Aroha Ngata", "aroha.ngata", "Operations Lead", "Callum Reid", "callum.reid"),
    ("Sienna Walsh", "sienna.walsh", "Chief Information Officer", "Noah Tran", "noah.tran"),
    ("Coen de Vries", "coen.devries", "Voorzitter", "Daniëlle Smit", "danielle.smit"),
    ("Siobhán Ó Briain", "siobhan.obriain", "Managing Director", "Pádraig Walsh", "padraig.walsh"),
    ("Eleanor Pembroke", "eleanor.pembroke", "Partner", "Callum Hale", "callum.hale"),
    ("Denise Carter", "denise.carter", "Vice President, Technology", "Marcus Bell", "marcus.bell"),
    ("Étienne Côté", "etienne.cote", "Directeur TI", "Noémie Bélanger", "noemie.belanger"),
    ("Nguyễn Thị Mai", "nguyen.mai", "Director", "Trần Văn Đức", "tran.duc"),
    ("Kenji Ōta", "kenji.ota", "Head of Engineering", "Yūko Hara", "yuko.hara"),
];

/// The customers, from the directory of the import file.
pub(super) fn customers(tenants: &[TenantEntry]) -> Vec<Customer> {
    tenants.iter().zip(PEOPLE).map(|(tenant, people)| customer(tenant, people)).collect()
}

fn customer(tenant: &TenantEntry, people: &(&'static str, &'static str, &'static str, &'static str, &'static str)) -> Customer {
    let domain = tenant.domains.first().map(ToString::to_string).unwrap_or_default();
    let (name, mailbox, title, technical, technical_mailbox) = *people;
    let person = |name, title, mailbox| Person { name, title, email: format!("{mailbox}@{domain}") };
    let claimable = tenant.subscriptions.iter().filter(|one| !one.is_csp && one.is_provisioned && one.is_active);
    Customer {
        tenant: tenant.id,
        name: tenant.name.clone(),
        contact: person(name, title, mailbox),
        technical: person(technical, "System Administrator", technical_mailbox),
        workloads: tenant.products.clone(),
        subscriptions: claimable.map(|one| one.id).collect(),
        domain,
    }
}
