//! The family: a mother with two stays, a grandmother with aid, a newborn, a pupil with an accident; and a premium of
//! Baodi in 2017 beside them.

use anyhow::{Context as _, Result, bail};
use juyi_domain::codes::{
    Area, Class, Desk, District, Identity, InstitutionKind, Insurance, Insurer, Office, Paper, PaymentMethod,
    ProviderLevel, Tier, UnitKind,
};
use juyi_kit::channel::Channel;
use juyi_proto::accident::v1 as accident;
use juyi_proto::benefit_period::v1 as benefit_period;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as contribution;
use juyi_proto::contribution::v1::quote_premium_request::Subject;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::fact::Fact;
use juyi_proto::settlement::v1 as settlement;

use super::checks::Checks;
use super::office::{Clients, by, by_the_city};
use super::show;

/// What the demo leaves behind.
pub(crate) struct Family {
    pub(crate) mother: String,
    pub(crate) checks: Checks,
}

/// The pupil's school.
const SCHOOL: &str = "120118.DEMO-SCHOOL";

/// A member: everything needed to register, enrol and pay.
struct Member {
    name: &'static str,
    identity_number: &'static str,
    /// Day since which the member attends [`SCHOOL`].
    at_school: Option<&'static str>,
    tier: Option<Tier>,
    desk: Desk,
    applied: &'static str,
    previous_year: registry::PreviousYear,
    paid: &'static str,
    amount_fen: i64,
    method: PaymentMethod,
}

const MOTHER: Member = Member {
    name: "Mother",
    identity_number: "120223198203150025",
    at_school: None,
    tier: Some(Tier::Middle),
    desk: Desk::TownshipService,
    applied: "2020-10-12",
    previous_year: registry::PreviousYear::Insured,
    paid: "2020-10-20",
    amount_fen: 56_000,
    method: PaymentMethod::MobileApp,
};

const GRANDMOTHER: Member = Member {
    name: "Grandmother",
    identity_number: "120223195005010028",
    at_school: None,
    tier: Some(Tier::Middle),
    desk: Desk::CityMedicalInsuranceCentre,
    applied: "2020-08-20",
    previous_year: registry::PreviousYear::Unspecified,
    paid: "2020-12-01",
    amount_fen: 0,
    method: PaymentMethod::GovernmentSubsidy,
};

const NEWBORN: Member = Member {
    name: "Newborn",
    identity_number: "120118202103150012",
    at_school: None,
    tier: None,
    desk: Desk::TownshipService,
    applied: "2021-07-10",
    previous_year: registry::PreviousYear::Unspecified,
    paid: "2021-07-15",
    amount_fen: 26_000,
    method: PaymentMethod::QrCode,
};

const PUPIL: Member = Member {
    name: "Pupil",
    identity_number: "120118201404200015",
    at_school: Some("2020-09-01"),
    tier: None,
    desk: Desk::DistrictSocialInsuranceBranch,
    applied: "2020-09-20",
    previous_year: registry::PreviousYear::NotInsured,
    paid: "2020-09-20",
    amount_fen: 26_000,
    method: PaymentMethod::AuthorisedTransfer,
};

/// Plays the year.
pub(crate) async fn play(gateway: &Channel) -> Result<Family> {
    let mut story = Story { clients: Clients::new(gateway), checks: Checks::default() };
    let mother = story.mother().await.context("the mother")?;
    story.grandmother().await.context("the grandmother")?;
    story.newborn().await.context("the newborn")?;
    story.pupil().await.context("the pupil")?;
    story.baodi().await.context("Baodi 2017")?;
    Ok(Family { mother, checks: story.checks })
}

struct Story {
    clients: Clients,
    checks: Checks,
}

impl Story {
    /// S-24: the deductible is due once, the second stay has none.
    async fn mother(&mut self) -> Result<String> {
        show::heading("Mother, middle tier: two hospital stays");
        let resident_id = self.register(&MOTHER).await?;
        self.enrol_and_pay(&MOTHER, &resident_id, 56_000).await?;
        self.covered(&resident_id, "2021-03-02", Insurance::Basic, ("2021-01-01", "2021-12-31")).await?;

        let first = bill("M-1", ProviderLevel::Three, ("2021-03-02", "2021-03-12"), 2_000_000);
        let first = self.settle(&resident_id, first).await?;
        self.shares("first stay", &first, &Expected { basic: 1_365_000, critical: 0, aid: 0, person: 635_000 });
        let second = bill("M-2", ProviderLevel::Two, ("2021-06-08", "2021-06-15"), 800_000);
        let second = self.settle(&resident_id, second).await?;
        self.shares("second stay", &second, &Expected { basic: 600_000, critical: 0, aid: 0, person: 200_000 });
        let totals = second.accumulators.context("no accumulators")?;
        self.checks.amount("burden of the year", 835_000, totals.burden_fen);
        Ok(resident_id)
    }

    /// One-stop: basic insurance, tilted critical illness insurance, medical assistance at 65 %.
    async fn grandmother(&mut self) -> Result<()> {
        show::heading("Grandmother, low income and severely disabled: one-stop settlement");
        let resident_id = self.register(&GRANDMOTHER).await?;
        self.assert(Office::CivilAffairs, &resident_id, Identity::LowIncome).await?;
        self.assert(Office::DisabledPersonsFederation, &resident_id, Identity::SevereDisability).await?;
        self.enrol_and_pay(&GRANDMOTHER, &resident_id, 56_000).await?;
        self.covered(&resident_id, "2021-04-06", Insurance::Basic, ("2021-01-01", "2021-12-31")).await?;

        let stay = bill("G-1", ProviderLevel::Three, ("2021-04-06", "2021-05-10"), 12_000_000);
        let stay = self.settle(&resident_id, stay).await?;
        let law = Expected { basic: 8_365_000, critical: 1_673_685, aid: 1_274_855, person: 686_460 };
        self.shares("stay", &stay, &law);
        Ok(())
    }

    /// S-18: paid on the last day of the four months, so covered from birth.
    async fn newborn(&mut self) -> Result<()> {
        show::heading("Newborn of 2021-03-15, paid within four months");
        let resident_id = self.register(&NEWBORN).await?;
        self.enrol_and_pay(&NEWBORN, &resident_id, 26_000).await?;
        self.covered(&resident_id, "2021-03-15", Insurance::Basic, ("2021-03-15", "2021-12-31")).await
    }

    /// S-17 and S-56: the pupil's accident goes to the insurer of students in Jinghai.
    async fn pupil(&mut self) -> Result<()> {
        show::heading("Pupil, new at school: an accident finds its insurer");
        self.school().await?;
        let resident_id = self.register(&PUPIL).await?;
        self.enrol_and_pay(&PUPIL, &resident_id, 26_000).await?;
        self.covered(&resident_id, "2020-10-10", Insurance::Basic, ("2020-09-01", "2020-12-31")).await?;
        self.covered(&resident_id, "2021-05-10", Insurance::Accident, ("2020-09-01", "2021-08-31")).await?;

        let request = accident::ReportAccidentRequest {
            request_id: "demo-accident".to_owned(),
            resident_id,
            accident_date: "2021-05-10".to_owned(),
            report_date: "2021-05-12".to_owned(),
            ..Default::default()
        };
        let reported = by(Office::Education, "school", self.clients.accident.report_accident(request)).await?;
        let case = reported.accident.context("no case")?;
        let route = case.route.context("no route")?;
        show::receipt("accident", route.receipt.as_ref());
        let insurer = Insurer::from_wire(route.insurer).map_or("?", Insurer::as_str);
        self.checks.same("insurer", Insurer::TaikangLife.as_str(), insurer);
        self.checks.same("phone", "4006596193", route.phone.as_str());
        self.checks.same("outlet", "3", outlets(&route.outlets).as_str());
        self.checks.same("report in time until", "2021-05-15", case.report_due_date.as_str());
        Ok(())
    }

    /// B-4.2-b: personal and government part of the middle tier in Baodi's plan of 2017.
    async fn baodi(&mut self) -> Result<()> {
        show::heading("Beside it: the middle tier of Baodi in 2017");
        let facts = contribution::PremiumFacts {
            policy_year: 2017,
            district: District::Baodi.to_string(),
            class: Class::Adult.to_wire(),
            tier: Tier::Middle.to_wire(),
            ..Default::default()
        };
        let subject = Some(Subject::Facts(facts));
        let request =
            contribution::QuotePremiumRequest { subject, require_government_part: true, ..Default::default() };
        let quoted = by(Office::Tax, "tax office", self.clients.contribution.quote_premium(request)).await?;
        let quote = quoted.quote.context("no quote")?;
        show::receipt("premium", quote.receipt.as_ref());
        self.checks.amount("personal part", 38_000, quote.personal_fen);
        self.checks.amount("government part", 80_000, quote.government_fen.unwrap_or_default());
        Ok(())
    }

    /// The registry knows the school before it knows who attends it.
    async fn school(&mut self) -> Result<()> {
        let unit = registry::Unit {
            unit_id: SCHOOL.to_owned(),
            kind: UnitKind::School.to_wire(),
            name: "Primary school of the demo".to_owned(),
            district: District::Jinghai.to_string(),
            institution_kind: InstitutionKind::PrimaryOrSecondary.to_wire(),
            ..Default::default()
        };
        let request = registry::PutUnitRequest { request_id: "demo-school".to_owned(), unit: Some(unit) };
        by(Office::Education, "education bureau", self.clients.reference.put_unit(request)).await?;
        Ok(())
    }

    async fn register(&mut self, member: &Member) -> Result<String> {
        let attendance = member.at_school.map(|since| registry::Fact {
            start_date: since.to_owned(),
            fact: Some(Fact::Attendance(registry::Attendance {
                institution_kind: InstitutionKind::PrimaryOrSecondary.to_wire(),
                full_time: true,
                unit_id: SCHOOL.to_owned(),
                verified: true,
                ..Default::default()
            })),
            ..Default::default()
        });
        let request = registry::RegisterResidentRequest {
            request_id: format!("demo-register-{}", member.name),
            identity_number: member.identity_number.to_owned(),
            name: member.name.to_owned(),
            household_district: District::Jinghai.to_string(),
            residence_district: District::Jinghai.to_string(),
            household_area: Area::Rural.to_wire(),
            household_township: "120118.4".to_owned(),
            residence_township: "120118.4".to_owned(),
            ..Default::default()
        };
        let reply = by(Office::Township, "Duliu town", self.clients.registry.register_resident(request)).await?;
        let resident_id = reply.resident.context("no resident")?.resident_id;
        // That a pupil attends and is verified, the school says.
        if let Some(attendance) = attendance {
            let request = registry::RecordFactsRequest {
                request_id: format!("demo-attends-{}", member.name),
                resident_id: resident_id.clone(),
                facts: vec![attendance],
                validate_only: false,
            };
            by(Office::Education, "school", self.clients.registry.record_facts(request)).await?;
        }
        Ok(resident_id)
    }

    async fn assert(&mut self, authority: Office, resident_id: &str, identity: Identity) -> Result<()> {
        let request = registry::AssertIdentityRequest {
            request_id: format!("demo-{identity}"),
            resident_id: resident_id.to_owned(),
            identity: identity.to_wire(),
            start_date: "2020-01-01".to_owned(),
            ..Default::default()
        };
        by(authority, authority.as_str(), self.clients.registry.assert_identity(request)).await?;
        Ok(())
    }

    /// Enrols, asks what is due, and has the tax office confirm the payment.
    async fn enrol_and_pay(&mut self, member: &Member, resident_id: &str, premium_fen: i64) -> Result<()> {
        let request = registry::EnrolRequest {
            request_id: format!("demo-enrol-{}", member.name),
            resident_id: resident_id.to_owned(),
            policy_year: 2021,
            district: District::Jinghai.to_string(),
            tier: member.tier.map_or(0, Coded::to_wire),
            desk: member.desk.to_wire(),
            application_date: member.applied.to_owned(),
            previous_year: member.previous_year.into(),
            papers: vec![Paper::IdentityPaper.to_wire()],
            unit_id: member.at_school.map(|_| SCHOOL.to_owned()).unwrap_or_default(),
            ..Default::default()
        };
        let (desk, enrol) = (member.desk.as_str(), self.clients.registry.enrol(request));
        let enrolled = match member.desk {
            Desk::CityMedicalInsuranceCentre => by_the_city(Office::MedicalInsurance, desk, enrol).await?,
            Desk::DistrictSocialInsuranceBranch => by(Office::SocialInsurance, desk, enrol).await?,
            _ => by(Office::Township, desk, enrol).await?,
        };
        let enrolment = enrolled.enrolment.context("no enrolment")?;
        show::receipt("enrolment", enrolment.receipt.as_ref());
        let enrolment_id = enrolment.enrolment_id;

        let subject =
            contribution::EnrolmentRef { resident_id: resident_id.to_owned(), enrolment_id: enrolment_id.clone() };
        let request =
            contribution::QuotePremiumRequest { subject: Some(Subject::Enrolment(subject)), ..Default::default() };
        let quoted = by(Office::Tax, "tax office", self.clients.contribution.quote_premium(request)).await?;
        let quote = quoted.quote.context("no quote")?;
        show::receipt("premium", quote.receipt.as_ref());
        self.checks.amount("premium", premium_fen, quote.personal_fen);
        self.checks.amount("payable by the person", member.amount_fen, quote.payable_fen);

        if member.method == PaymentMethod::GovernmentSubsidy {
            return self
                .declare_special(
                    member,
                    contribution::EnrolmentRef { resident_id: resident_id.to_owned(), enrolment_id },
                )
                .await;
        }
        let request = contribution::ConfirmPaymentRequest {
            request_id: format!("demo-pay-{}", member.name),
            resident_id: resident_id.to_owned(),
            enrolment_id,
            amount_fen: quote.payable_fen,
            payment_date: member.paid.to_owned(),
            method: member.method.to_wire(),
            voucher_number: format!("V-{}", member.name),
            way: (member.method == PaymentMethod::QrCode).then(|| contribution::PaymentWay {
                qr_source: contribution::QrSource::TownshipService.into(),
                ..Default::default()
            }),
            ..Default::default()
        };
        by(Office::Tax, "tax office", self.clients.contribution.confirm_payment(request)).await?;
        Ok(())
    }

    /// Civil affairs declares a special person, and the government pays (J-3.3.1-e).
    async fn declare_special(&mut self, member: &Member, person: contribution::EnrolmentRef) -> Result<()> {
        let request = contribution::DeclareSpecialPersonsRequest {
            request_id: format!("demo-declare-{}", member.name),
            policy_year: 2021,
            district: District::Jinghai.to_string(),
            persons: vec![person],
            ..Default::default()
        };
        let call = self.clients.declarations.declare_special_persons(request);
        let declared = by(Office::CivilAffairs, "civil affairs", call).await?;
        let request = contribution::PayDeclarationRequest {
            request_id: format!("demo-pay-{}", member.name),
            declaration_id: declared.declaration.context("no declaration")?.declaration_id,
            method: member.method.to_wire(),
            payment_date: member.paid.to_owned(),
            voucher_number: format!("V-{}", member.name),
            ..Default::default()
        };
        by(Office::Tax, "tax office", self.clients.declarations.pay_declaration(request)).await?;
        Ok(())
    }

    /// Reads the coverage of a day. It follows from the payment through the outbox, so it may need a moment.
    async fn covered(
        &mut self,
        resident_id: &str,
        date: &str,
        insurance: Insurance,
        (start, end): (&str, &str),
    ) -> Result<()> {
        for _ in 0..100 {
            let request = benefit_period::GetCoverageRequest {
                resident_id: resident_id.to_owned(),
                date: date.to_owned(),
                insurance: insurance.to_wire(),
                scheme_date: String::new(),
            };
            let call = self.clients.benefit_period.get_coverage(request);
            let coverage = by(Office::MedicalInsurance, "medical insurance branch", call).await?;
            if let Some(span) = &coverage.span {
                show::receipt("coverage", coverage.receipt.as_ref());
                self.checks.same(&format!("{insurance} covers from"), start, &span.start_date);
                self.checks.same(&format!("{insurance} covers to"), end, &span.end_date);
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        bail!("no coverage on {date}")
    }

    async fn settle(&mut self, resident_id: &str, bill: settlement::Bill) -> Result<settlement::Settlement> {
        let request = settlement::SettleRequest {
            request_id: format!("demo-settle-{}", bill.bill_number),
            resident_id: resident_id.to_owned(),
            bill: Some(bill),
            ..Default::default()
        };
        let settled = by(Office::Provider, "Jinghai hospital", self.clients.settlement.settle(request)).await?;
        let settled = settled.settlement.context("no settlement")?;
        show::receipt("settlement", settled.receipt.as_ref());
        Ok(settled)
    }

    fn shares(&mut self, what: &str, settled: &settlement::Settlement, law: &Expected) {
        let shares = settled.shares.unwrap_or_default();
        self.checks.amount(&format!("{what}: basic fund"), law.basic, shares.basic_fund_fen);
        self.checks.amount(&format!("{what}: critical illness"), law.critical, shares.critical_illness_fen);
        self.checks.amount(&format!("{what}: medical assistance"), law.aid, shares.medical_assistance_fen);
        self.checks.amount(&format!("{what}: person"), law.person, shares.person_fen);
    }
}

/// What the law gives on a bill, in fen.
struct Expected {
    basic: i64,
    critical: i64,
    aid: i64,
    person: i64,
}

/// A bill that lies inside the three catalogues as a whole.
fn bill(number: &str, level: ProviderLevel, (admitted, discharged): (&str, &str), fen: i64) -> settlement::Bill {
    let provider = settlement::Provider {
        provider_code: "H12011800001".to_owned(),
        level: level.to_wire(),
        assistance_designated: true,
        designated: true,
        ..Default::default()
    };
    settlement::Bill {
        bill_number: number.to_owned(),
        care_kind: settlement::CareKind::Inpatient.into(),
        provider: Some(provider),
        admission_date: admitted.to_owned(),
        discharge_date: discharged.to_owned(),
        total_fen: fen,
        eligible_fen: Some(fen),
        place: Some(settlement::bill::Place::OutsideBorder(false)),
        ..Default::default()
    }
}

fn outlets(outlets: &[accident::Outlet]) -> String {
    outlets.iter().map(|outlet| outlet.number.to_string()).collect::<Vec<_>>().join(",")
}
