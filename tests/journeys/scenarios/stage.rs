//! The people of a scenario in a running suite, and the offices that act for them.

use std::collections::BTreeMap;
use std::time::Duration;

use juyi_domain::codes::{Area, Category, Desk, Office, Paper, PaymentMethod, ProviderLevel, RosterKind, UnitKind};
use juyi_domain::registry::authority;
use juyi_proto::benefit_period::v1 as benefit_period;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as contribution;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::fact::Fact;
use juyi_tests::lists::{self, List};
use juyi_tests::offices::{Clients, by, by_one_of, school};
use juyi_tests::people::identity_number;

use super::differences::{code, told};
use super::format::Person;
use super::values::Day;

/// How often and how long the coverage of a payment is waited for: it follows through the outbox.
const PATIENCE: (u32, Duration) = (400, Duration::from_millis(25));

/// A scenario on its stage.
pub(crate) struct Stage<'a> {
    /// The gateway.
    pub(crate) clients: &'a Clients,
    /// Prefix of every request id.
    pub(crate) id: &'a str,
    people: BTreeMap<String, Actor>,
    /// Ids of settlements, by person and bill.
    pub(crate) bills: BTreeMap<(String, String), String>,
    /// Ids of self-paid claims, by person and bill.
    pub(crate) claims: BTreeMap<(String, String), String>,
}

/// A registered person.
pub(crate) struct Actor {
    /// The facts.
    pub(crate) person: Person,
    /// Id of the resident.
    pub(crate) resident_id: String,
    /// Id of the enrolment, once there is one.
    pub(crate) enrolment_id: Option<String>,
}

impl<'a> Stage<'a> {
    /// Registers, enrols and covers the people of a scenario. `sequence` makes identity numbers unique in a suite.
    ///
    /// # Errors
    /// The first thing that was refused: nothing remarkable happens in the set-up.
    pub(crate) async fn set(
        clients: &'a Clients,
        id: &'a str,
        people: &[Person],
        sequence: &mut u32,
    ) -> Result<Self, String> {
        let mut stage = Self { clients, id, people: BTreeMap::new(), bills: BTreeMap::new(), claims: BTreeMap::new() };
        for (person, copy) in people.iter().flat_map(|person| (0..=person.copies).map(move |copy| (person, copy))) {
            *sequence += 1;
            let person = &match copy {
                0 => person.clone(),
                copy => Person { id: format!("{}#{copy}", person.id), ..person.clone() },
            };
            let actor =
                stage.enter(person, *sequence).await.map_err(|error| format!("person {}: {error}", person.id))?;
            if stage.people.insert(person.id.clone(), actor).is_some() {
                return Err(format!("person {} is named twice", person.id));
            }
        }
        Ok(stage)
    }

    /// A person by name.
    ///
    /// # Errors
    /// When the scenario has no such person.
    pub(crate) fn actor(&self, id: &str) -> Result<&Actor, String> {
        self.people.get(id).ok_or_else(|| format!("no person {id}"))
    }

    /// Everybody.
    pub(crate) fn actors(&self) -> impl Iterator<Item = &Actor> {
        self.people.values()
    }

    /// A request id nobody else uses.
    pub(crate) fn request_id(&self, what: &str, whose: &str) -> String {
        format!("{}-{what}-{whose}", self.id)
    }

    async fn enter(&self, person: &Person, sequence: u32) -> Result<Actor, String> {
        let born = person.born.0.replace('-', "");
        let (district, township) = (person.district.to_string(), person.township.clone().unwrap_or_default());
        let local = |text: &String| if person.registered_elsewhere { String::new() } else { text.clone() };
        let area = person.area.unwrap_or(Area::Rural).to_wire();
        // Who attends, and is verified, a school says.
        let (attending, facts): (Vec<_>, Vec<_>) =
            self.facts(person).await?.into_iter().partition(|fact| matches!(fact.fact, Some(Fact::Attendance(_))));
        let number = identity_number(person.district.as_str(), &born, sequence);
        let request = registry::RegisterResidentRequest {
            request_id: self.request_id("register", &person.id),
            identity_number: number.clone(),
            name: format!("{} {}", self.id, person.id),
            household_district: local(&district),
            household_area: if person.registered_elsewhere { 0 } else { area },
            household_township: local(&township),
            residence_district: district.clone(),
            residence_township: township.clone(),
            facts,
            ..Default::default()
        };
        let answer =
            by_one_of(person.district, Office::Township, self.clients.registry.clone().register_resident(request))
                .await;
        let resident = answer.map_err(|status| told(&status))?.resident.ok_or("no resident in the answer")?;
        let mut actor = Actor { person: person.clone(), resident_id: resident.resident_id, enrolment_id: None };
        if !attending.is_empty() {
            let request = registry::RecordFactsRequest {
                request_id: self.request_id("attends", &person.id),
                resident_id: actor.resident_id.clone(),
                facts: attending,
                validate_only: false,
            };
            let told_by = Office::Education;
            let answer = by_one_of(person.district, told_by, self.clients.registry.clone().record_facts(request)).await;
            answer.map_err(|status| told(&status))?;
        }
        self.assert_identities(&actor).await?;
        if let Some(last_policy_year) = person.prepaid_until {
            self.prepay(&actor, last_policy_year).await?;
        }
        if let Some(applied) = &person.applied {
            let request = self.enrolment(&actor, applied, person.desk, false);
            let answer =
                by_one_of(person.district, office_of(person.desk), self.clients.registry.clone().enrol(request)).await;
            let enrolment = answer.map_err(|status| told(&status))?.enrolment.ok_or("no enrolment in the answer")?;
            if enrolment.category != person.category.to_wire() {
                return Err(format!("was enrolled as {}", code::<Category>(enrolment.category)));
            }
            actor.enrolment_id = Some(enrolment.enrolment_id);
        }
        if let Some(paid) = &person.paid {
            self.pay(&actor, paid).await?;
        }
        if let Some(died) = &person.died {
            self.bury(&actor, &number, died).await?;
        }
        Ok(actor)
    }

    /// What is known of a person besides registration and residence.
    async fn facts(&self, person: &Person) -> Result<Vec<registry::Fact>, String> {
        let mut facts = Vec::new();
        let mut add = |start_date: String, fact: Fact| {
            facts.push(registry::Fact { start_date, fact: Some(fact), ..Default::default() });
        };
        if let Some(institution_kind) = person.school {
            let attendance = registry::Attendance {
                institution_kind: institution_kind.to_wire(),
                full_time: true,
                unit_id: self.school_of(person).await.map_err(|status| told(&status))?,
                verified: true,
                ..Default::default()
            };
            add(format!("{}-09-01", person.policy_year - 1), Fact::Attendance(attendance));
        }
        if let Some(kind) = person.certificate {
            let certificate = registry::Certificate { kind: kind.to_wire(), ..Default::default() };
            add(person.born.0.clone(), Fact::Certificate(certificate));
        }
        if let (Some(left), Some(reason)) = (&person.left, person.left_because) {
            add(left.0.clone(), Fact::SchoolLeaving(registry::SchoolLeaving { reason: reason.to_wire() }));
        }
        if let Some(contract) = &person.contract_ended {
            let interruption = registry::Interruption {
                contract_end_date: contract.0.clone(),
                unemployment_benefit_end_date: person
                    .benefit_ended
                    .as_ref()
                    .map(|day| day.0.clone())
                    .unwrap_or_default(),
            };
            add(contract.0.clone(), Fact::Interruption(interruption));
        }
        Ok(facts)
    }

    /// The school attended: the district's, or one of the scenario's own.
    async fn school_of(&self, person: &Person) -> Result<String, tonic::Status> {
        if !person.own_school {
            return school(self.clients, person.district).await;
        }
        let school = registry::Unit {
            unit_id: unit(self.id),
            kind: UnitKind::School.to_wire(),
            name: "School of the scenario".to_owned(),
            district: person.district.to_string(),
            institution_kind: person.school.map_or(0, Coded::to_wire),
            ..Default::default()
        };
        let request = registry::PutUnitRequest { request_id: unit(self.id), unit: Some(school) };
        by_one_of(person.district, Office::Education, self.clients.reference.clone().put_unit(request)).await?;
        Ok(unit(self.id))
    }

    /// Records what the tax office took for several years, the first of them the year before (J-3.3.3-a).
    async fn prepay(&self, actor: &Actor, last_policy_year: i32) -> Result<(), String> {
        let first_policy_year = actor.person.policy_year - 1;
        let academic_years = last_policy_year - first_policy_year + 1;
        let request = contribution::PrepayPremiumRequest {
            request_id: self.request_id("prepay", &actor.person.id),
            resident_id: actor.resident_id.clone(),
            first_policy_year,
            last_policy_year,
            academic_years,
            prepaid_amount_fen: Some(26_000 * i64::from(academic_years)),
            payment_date: format!("{}-09-20", first_policy_year - 1),
            voucher_number: format!("P-{}-{}", self.id, actor.person.id),
            district: actor.person.district.to_string(),
            ..Default::default()
        };
        let answer = by(Office::Tax, self.clients.collection.clone().prepay_premium(request)).await;
        answer.map_err(|status| told(&status))?;
        Ok(())
    }

    /// Records a death, as the list of civil affairs does (J-A1.3-j).
    async fn bury(&self, actor: &Actor, number: &str, died: &Day) -> Result<(), String> {
        let list = List {
            office: Office::CivilAffairs,
            header: registry::RosterHeader {
                roster_id: self.request_id("deaths", &actor.person.id),
                district: actor.person.district.to_string(),
                policy_year: actor.person.policy_year,
                ..lists::header("", RosterKind::Deaths, &died.0)
            },
            rows: vec![registry::RosterRow {
                identity_number: number.to_owned(),
                name: format!("{} {}", self.id, actor.person.id),
                death_date: died.0.clone(),
                ..Default::default()
            }],
        };
        list.send(&self.clients.roster).await.map_err(|status| told(&status))?;
        Ok(())
    }

    async fn assert_identities(&self, actor: &Actor) -> Result<(), String> {
        for identity in &actor.person.identities {
            let [office, ..] = authority::of(*identity) else { return Err(format!("nobody supplies {identity}")) };
            let office = &actor.person.identified_by.unwrap_or(*office);
            let since = actor.person.identified.as_ref().unwrap_or(&actor.person.born);
            let request = registry::AssertIdentityRequest {
                request_id: self.request_id(&format!("assert-{}", identity.to_wire()), &actor.person.id),
                resident_id: actor.resident_id.clone(),
                identity: identity.to_wire(),
                start_date: since.0.clone(),
                ..Default::default()
            };
            let answer =
                by_one_of(actor.person.district, *office, self.clients.registry.clone().assert_identity(request)).await;
            answer.map_err(|status| format!("{identity}: {}", told(&status)))?;
        }
        Ok(())
    }

    /// The application of a person.
    pub(crate) fn enrolment(
        &self,
        actor: &Actor,
        applied: &Day,
        desk: Desk,
        validate_only: bool,
    ) -> registry::EnrolRequest {
        let person = &actor.person;
        let previous_year = match person.previous_year_insured {
            None => registry::PreviousYear::Unspecified,
            Some(true) => registry::PreviousYear::Insured,
            Some(false) => registry::PreviousYear::NotInsured,
        };
        registry::EnrolRequest {
            request_id: self.request_id(&format!("enrol-{applied}-{validate_only}"), &person.id),
            validate_only,
            resident_id: actor.resident_id.clone(),
            policy_year: person.policy_year,
            district: person.district.to_string(),
            tier: person.tier.map_or(0, Coded::to_wire),
            desk: desk.to_wire(),
            application_date: applied.0.clone(),
            previous_year: previous_year.into(),
            papers: Paper::ALL.iter().map(|paper| paper.to_wire()).collect(),
            unit_id: match person.school {
                Some(_) if person.own_school => unit(self.id),
                Some(_) => format!("{}.SCHOOL", person.district),
                None => String::new(),
            },
            ..Default::default()
        }
    }

    /// Pays the whole amount due, and waits for the coverage.
    async fn pay(&self, actor: &Actor, paid: &Day) -> Result<(), String> {
        let quote = self.quote_of(actor).await?.map_err(|status| told(&status))?;
        let payable = quote.quote.ok_or("no quote in the answer")?.payable_fen;
        // One of the ways that are open, with a paper of the desk that assessed; no document of 2017 prints any.
        let collection = quote.collections.into_iter().next().unwrap_or_default();
        let app = PaymentMethod::MobileApp.to_wire();
        let method = match collection.methods.first() {
            Some(first) if !collection.methods.contains(&app) => *first,
            None if payable == 0 => PaymentMethod::GovernmentSubsidy.to_wire(),
            _ => app,
        };
        if collection.code == "AUTHORITY" {
            return self.declare_special(actor, paid).await;
        }
        let paper = collection.papers.first().copied().filter(|_| payable > 0);
        let request = contribution::ConfirmPaymentRequest {
            request_id: self.request_id("pay", &actor.person.id),
            validate_only: false,
            resident_id: actor.resident_id.clone(),
            enrolment_id: actor.enrolment_id.clone().unwrap_or_default(),
            amount_fen: payable,
            payment_date: paid.0.clone(),
            method,
            voucher_number: format!("V-{}-{}", self.id, actor.person.id),
            way: paper.map(|paper| contribution::PaymentWay { paper, ..Default::default() }),
            ..Default::default()
        };
        let answer = by(Office::Tax, self.clients.contribution.clone().confirm_payment(request)).await;
        let payment = answer.map_err(|status| told(&status))?.payment.ok_or("no payment in the answer")?;
        self.await_spans(actor, &payment.payment_id).await
    }

    /// A special person's authority declares, and the government pays.
    async fn declare_special(&self, actor: &Actor, paid: &Day) -> Result<(), String> {
        let declares = |office: &Office| *office != Office::Education;
        let authorities = actor.person.identities.iter().flat_map(|identity| authority::of(*identity)).copied();
        let authority = authorities.into_iter().find(declares).ok_or("no authority declares the person")?;
        let enrolment = (actor.resident_id.as_str(), actor.enrolment_id.as_deref().unwrap_or_default());
        let (district, year) = (actor.person.district, actor.person.policy_year);
        let payment_id = self.clients.declare_special((authority, district), enrolment, (year, &paid.0)).await;
        self.await_spans(actor, &payment_id.map_err(|status| told(&status))?).await
    }

    /// Waits for the coverage of a person's payment.
    pub(crate) async fn await_coverage_of(&self, person: &str, payment_id: &str) -> Result<(), String> {
        self.await_spans(self.actor(person)?, payment_id).await
    }

    async fn await_spans(&self, actor: &Actor, payment_id: &str) -> Result<(), String> {
        for _ in 0..PATIENCE.0 {
            let spans = self.spans_of(actor).await.map_err(|status| told(&status))?.spans;
            if spans.iter().any(|span| span.payment_id == payment_id) {
                return Ok(());
            }
            tokio::time::sleep(PATIENCE.1).await;
        }
        Err("no coverage followed from the payment".to_owned())
    }

    /// The quote of a person's enrolment.
    pub(crate) async fn quote_of(
        &self,
        actor: &Actor,
    ) -> Result<Result<contribution::QuotePremiumResponse, tonic::Status>, String> {
        let enrolment_id = actor.enrolment_id.clone().ok_or("is not enrolled")?;
        let enrolment = contribution::EnrolmentRef { resident_id: actor.resident_id.clone(), enrolment_id };
        let subject = contribution::quote_premium_request::Subject::Enrolment(enrolment);
        let request = contribution::QuotePremiumRequest { subject: Some(subject), ..Default::default() };
        Ok(by(Office::Tax, self.clients.contribution.clone().quote_premium(request)).await)
    }

    /// The coverage of a person.
    pub(crate) async fn spans_of(&self, actor: &Actor) -> Result<benefit_period::ListCoverageResponse, tonic::Status> {
        let request = benefit_period::ListCoverageRequest {
            resident_id: actor.resident_id.clone(),
            page_size: 100,
            ..Default::default()
        };
        by(Office::MedicalInsurance, self.clients.benefit_period.clone().list_coverage(request)).await
    }
}

/// The unit id of a scenario's own school.
pub(crate) fn unit(id: &str) -> String {
    format!("120118.{id}")
}

/// The office that keeps a desk.
pub(crate) const fn office_of(desk: Desk) -> Office {
    match desk {
        Desk::TownshipService | Desk::CommunityWorkstation => Office::Township,
        Desk::DistrictSocialInsuranceBranch | Desk::CitySocialInsuranceCentre => Office::SocialInsurance,
        Desk::CityMedicalInsuranceCentre => Office::MedicalInsurance,
        Desk::TaxHall => Office::Tax,
    }
}

/// The code of a provider of a level.
pub(crate) fn provider_code(level: ProviderLevel) -> String {
    provider_in("120118", level)
}

/// The code of a provider of a level in a region: 12 digits and capital letters.
pub(crate) fn provider_in(region: &str, level: ProviderLevel) -> String {
    format!("H{region}0000{}", level.as_str().trim_start_matches(|it: char| !it.is_ascii_digit()))
}
