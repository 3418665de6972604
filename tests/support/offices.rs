//! Calls on behalf of an office, and short ways to enrol, pay and settle.

use std::time::Duration;

use juyi_domain::codes::{
    Area, Desk, District, Identity, InstitutionKind, Insurance, Office, Paper, PaymentMethod, ProviderLevel, Tier,
    UnitKind,
};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_proto::accident::v1::accident_service_client::AccidentServiceClient;
use juyi_proto::assistance::v1::assistance_service_client::AssistanceServiceClient;
use juyi_proto::benefit_period::v1 as benefit_period;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as contribution;
use juyi_proto::contribution::v1::account_service_client::AccountServiceClient;
use juyi_proto::contribution::v1::collection_service_client::CollectionServiceClient;
use juyi_proto::contribution::v1::contribution_service_client::ContributionServiceClient;
use juyi_proto::contribution::v1::declaration_service_client::DeclarationServiceClient;
use juyi_proto::contribution::v1::refund_service_client::RefundServiceClient;
use juyi_proto::contribution::v1::tax_reconciliation_service_client::TaxReconciliationServiceClient;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::reference_service_client::ReferenceServiceClient;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;
use juyi_proto::registry::v1::roster_service_client::RosterServiceClient;
use juyi_proto::registry::v1::supervision_service_client::SupervisionServiceClient;
use juyi_proto::settlement::v1 as settlement;
use juyi_proto::settlement::v1::filing_service_client::FilingServiceClient;
use juyi_proto::settlement::v1::maternity_registration_service_client::MaternityRegistrationServiceClient;
use juyi_proto::settlement::v1::person_year_service_client::PersonYearServiceClient;
use juyi_proto::settlement::v1::self_paid_claim_service_client::SelfPaidClaimServiceClient;
use juyi_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use tonic::{Response, Status};
use tonic_types::StatusExt;

/// Clients of one gateway.
#[derive(Clone)]
pub struct Clients {
    /// Registry.
    pub registry: RegistryServiceClient<Channel>,
    /// Units and providers of the registry.
    pub reference: ReferenceServiceClient<Channel>,
    /// Lists and their comparison.
    pub roster: RosterServiceClient<Channel>,
    /// Targets and supervision.
    pub supervision: SupervisionServiceClient<Channel>,
    /// Contribution.
    pub contribution: ContributionServiceClient<Channel>,
    /// Declarations and notices.
    pub declarations: DeclarationServiceClient<Channel>,
    /// Refunds.
    pub refunds: RefundServiceClient<Channel>,
    /// Prepayments and deductions.
    pub collection: CollectionServiceClient<Channel>,
    /// Accounts.
    pub accounts: AccountServiceClient<Channel>,
    /// Reconciliation with the tax side.
    pub reconciliation: TaxReconciliationServiceClient<Channel>,
    /// Benefit period.
    pub benefit_period: BenefitPeriodServiceClient<Channel>,
    /// Settlement.
    pub settlement: SettlementServiceClient<Channel>,
    /// Filings of care elsewhere and of special diseases.
    pub filings: FilingServiceClient<Channel>,
    /// Registrations before a birth.
    pub maternity: MaternityRegistrationServiceClient<Channel>,
    /// Self-paid claims.
    pub claims: SelfPaidClaimServiceClient<Channel>,
    /// Openings and closings of years, and family doctors.
    pub person_years: PersonYearServiceClient<Channel>,
    /// Assistance.
    pub assistance: AssistanceServiceClient<Channel>,
    /// Accident.
    pub accident: AccidentServiceClient<Channel>,
}

/// Makes a call on behalf of an office, of Jinghai where its kind belongs to a district, and gives the answer's message.
///
/// # Errors
/// The status of the call.
pub async fn by<T>(office: Office, call: impl Future<Output = Result<Response<T>, Status>>) -> Result<T, Status> {
    by_one_of(District::Jinghai, office, call).await
}

/// The same for an office of another district.
///
/// # Errors
/// The status of the call.
pub async fn by_one_of<T>(
    district: District,
    office: Office,
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T, Status> {
    let district = matches!(office, Office::Township | Office::CivilAffairs).then_some(district);
    let caller = Caller { office, district, name: "test".to_owned() };
    Caller::scope(Some(caller), call).await.map(Response::into_inner)
}

/// The reason of a refusal.
#[must_use]
pub fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// A farmer of Duliu in Jinghai, registered.
pub async fn register(clients: &Clients, number: &str) -> String {
    let request = registry::RegisterResidentRequest {
        request_id: format!("register-{number}"),
        identity_number: number.to_owned(),
        name: "somebody".to_owned(),
        household_district: District::Jinghai.to_string(),
        residence_district: District::Jinghai.to_string(),
        household_area: Area::Rural.to_wire(),
        household_township: "120118.4".to_owned(),
        residence_township: "120118.4".to_owned(),
        ..Default::default()
    };
    let mut registry = clients.registry.clone();
    by(Office::Township, registry.register_resident(request)).await.unwrap().resident.unwrap().resident_id
}

/// A primary school of a district, on record.
///
/// # Errors
/// The status of the call.
pub async fn school(clients: &Clients, district: District) -> Result<String, Status> {
    let unit_id = format!("{district}.SCHOOL");
    let unit = registry::Unit {
        unit_id: unit_id.clone(),
        kind: UnitKind::School.to_wire(),
        name: "Primary school of the tests".to_owned(),
        district: district.to_string(),
        institution_kind: InstitutionKind::PrimaryOrSecondary.to_wire(),
        ..Default::default()
    };
    let request = registry::PutUnitRequest { request_id: unit_id.clone(), unit: Some(unit) };
    by_one_of(district, Office::Education, clients.reference.clone().put_unit(request)).await?;
    Ok(unit_id)
}

/// The enrolment of an adult of the middle tier at the township, for 2021.
#[must_use]
pub fn enrolment(resident_id: &str) -> registry::EnrolRequest {
    registry::EnrolRequest {
        request_id: "enrol".to_owned(),
        resident_id: resident_id.to_owned(),
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        tier: Tier::Middle.to_wire(),
        desk: Desk::TownshipService.to_wire(),
        application_date: "2020-10-12".to_owned(),
        previous_year: registry::PreviousYear::Insured.into(),
        papers: vec![Paper::IdentityPaper.to_wire()],
        ..Default::default()
    }
}

/// The payment of that enrolment.
#[must_use]
pub fn payment(resident_id: &str, enrolment_id: &str) -> contribution::ConfirmPaymentRequest {
    contribution::ConfirmPaymentRequest {
        request_id: "pay".to_owned(),
        resident_id: resident_id.to_owned(),
        enrolment_id: enrolment_id.to_owned(),
        amount_fen: 56_000,
        payment_date: "2020-10-20".to_owned(),
        method: PaymentMethod::MobileApp.to_wire(),
        voucher_number: format!("V-{enrolment_id}"),
        ..Default::default()
    }
}

/// A stay at level 3 that lies inside the three catalogues as a whole.
#[must_use]
pub fn stay(number: &str, admitted: &str, discharged: &str, fen: i64) -> settlement::Bill {
    settlement::Bill {
        bill_number: number.to_owned(),
        care_kind: settlement::CareKind::Inpatient.into(),
        provider: Some(settlement::Provider {
            provider_code: "H12011800001".to_owned(),
            level: ProviderLevel::Three.to_wire(),
            assistance_designated: true,
            designated: true,
            ..Default::default()
        }),
        admission_date: admitted.to_owned(),
        discharge_date: discharged.to_owned(),
        total_fen: fen,
        eligible_fen: Some(fen),
        place: Some(settlement::bill::Place::OutsideBorder(false)),
        ..Default::default()
    }
}

/// A bill to settle.
#[must_use]
pub fn to_settle(resident_id: &str, bill: settlement::Bill) -> settlement::SettleRequest {
    settlement::SettleRequest {
        request_id: format!("settle-{}", bill.bill_number),
        resident_id: resident_id.to_owned(),
        bill: Some(bill),
        ..Default::default()
    }
}

impl Clients {
    /// Clients over a channel to a gateway.
    #[must_use]
    pub fn new(gateway: &Channel) -> Self {
        Self {
            registry: RegistryServiceClient::new(gateway.clone()),
            reference: ReferenceServiceClient::new(gateway.clone()),
            roster: RosterServiceClient::new(gateway.clone()),
            supervision: SupervisionServiceClient::new(gateway.clone()),
            contribution: ContributionServiceClient::new(gateway.clone()),
            declarations: DeclarationServiceClient::new(gateway.clone()),
            refunds: RefundServiceClient::new(gateway.clone()),
            collection: CollectionServiceClient::new(gateway.clone()),
            accounts: AccountServiceClient::new(gateway.clone()),
            reconciliation: TaxReconciliationServiceClient::new(gateway.clone()),
            benefit_period: BenefitPeriodServiceClient::new(gateway.clone()),
            settlement: SettlementServiceClient::new(gateway.clone()),
            filings: FilingServiceClient::new(gateway.clone()),
            maternity: MaternityRegistrationServiceClient::new(gateway.clone()),
            claims: SelfPaidClaimServiceClient::new(gateway.clone()),
            person_years: PersonYearServiceClient::new(gateway.clone()),
            assistance: AssistanceServiceClient::new(gateway.clone()),
            accident: AccidentServiceClient::new(gateway.clone()),
        }
    }

    /// An enrolled and paid adult of the middle tier, covered in 2021.
    pub async fn covered_adult(&self, number: &str) -> String {
        let resident_id = register(self, number).await;
        let enrolled = by(Office::Township, self.registry.clone().enrol(enrolment(&resident_id))).await.unwrap();
        let enrolment_id = enrolled.enrolment.unwrap().enrolment_id;
        let payment = payment(&resident_id, &enrolment_id);
        by(Office::Tax, self.contribution.clone().confirm_payment(payment)).await.unwrap();
        self.await_coverage(&resident_id, "2021-03-01").await;
        resident_id
    }

    /// A low-income, severely disabled person enrolled by the city centre in the middle tier, free of charge.
    pub async fn aided_adult(&self, number: &str) -> String {
        let resident_id = register(self, number).await;
        let mut registry = self.registry.clone();
        for (authority, identity) in [
            (Office::CivilAffairs, Identity::LowIncome),
            (Office::DisabledPersonsFederation, Identity::SevereDisability),
        ] {
            let request = registry::AssertIdentityRequest {
                request_id: identity.to_string(),
                resident_id: resident_id.clone(),
                identity: identity.to_wire(),
                start_date: "2020-01-01".to_owned(),
                ..Default::default()
            };
            by(authority, registry.assert_identity(request)).await.unwrap();
        }
        let enrol = registry::EnrolRequest {
            desk: Desk::CityMedicalInsuranceCentre.to_wire(),
            application_date: "2020-08-20".to_owned(),
            previous_year: 0,
            ..enrolment(&resident_id)
        };
        let enrolled = by(Office::MedicalInsurance, registry.enrol(enrol)).await.unwrap();
        let enrolment_id = enrolled.enrolment.unwrap().enrolment_id;
        let authority = (Office::CivilAffairs, District::Jinghai);
        self.declare_special(authority, (&resident_id, &enrolment_id), (2021, "2020-10-20")).await.unwrap();
        self.await_coverage(&resident_id, "2021-03-01").await;
        resident_id
    }

    /// An authority declares a special person, and the government pays; the answer names the payment.
    pub async fn declare_special(
        &self,
        (authority, district): (Office, District),
        (resident_id, enrolment_id): (&str, &str),
        (policy_year, paid_on): (i32, &str),
    ) -> Result<String, Status> {
        let person =
            contribution::EnrolmentRef { resident_id: resident_id.to_owned(), enrolment_id: enrolment_id.to_owned() };
        let request = contribution::DeclareSpecialPersonsRequest {
            request_id: format!("declare-{enrolment_id}"),
            policy_year,
            district: district.to_string(),
            persons: vec![person],
            ..Default::default()
        };
        let declared =
            by_one_of(district, authority, self.declarations.clone().declare_special_persons(request)).await?;
        let declaration_id = declared.declaration.unwrap_or_default().declaration_id;
        let request = contribution::PayDeclarationRequest {
            request_id: "pay".to_owned(),
            declaration_id: declaration_id.clone(),
            method: PaymentMethod::GovernmentSubsidy.to_wire(),
            payment_date: paid_on.to_owned(),
            voucher_number: "TREASURY".to_owned(),
            ..Default::default()
        };
        by_one_of(district, Office::Tax, self.declarations.clone().pay_declaration(request)).await?;
        let request = contribution::ListDeclarationLinesRequest { declaration_id, ..Default::default() };
        let lines =
            by_one_of(district, Office::Tax, self.declarations.clone().list_declaration_lines(request)).await?.lines;
        Ok(lines.into_iter().next().map(|line| line.payment_id).unwrap_or_default())
    }

    /// Waits until basic insurance covers the day: it follows from the payment through the outbox.
    pub async fn await_coverage(&self, resident_id: &str, date: &str) -> benefit_period::GetCoverageResponse {
        for _ in 0..200 {
            let coverage = self.coverage(resident_id, date).await;
            if coverage.covered {
                return coverage;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no coverage on {date}");
    }

    /// Coverage by basic insurance on a day.
    pub async fn coverage(&self, resident_id: &str, date: &str) -> benefit_period::GetCoverageResponse {
        let request = benefit_period::GetCoverageRequest {
            resident_id: resident_id.to_owned(),
            date: date.to_owned(),
            insurance: Insurance::Basic.to_wire(),
            scheme_date: String::new(),
        };
        by(Office::MedicalInsurance, self.benefit_period.clone().get_coverage(request)).await.unwrap()
    }
}

/// Gets a unit its collection system, without which no institution declares (J-3.3.1-a).
///
/// # Errors
/// The status of the call.
pub async fn collection_system(clients: &Clients, unit_id: &str) -> Result<(), Status> {
    let mut client = clients.declarations.clone();
    let asked = contribution::RequestAgencySystemRequest {
        request_id: format!("system-{unit_id}"),
        unit_id: unit_id.to_owned(),
        policy_year: 2021,
        validate_only: false,
    };
    by(Office::Education, client.request_agency_system(asked)).await?;
    let granted = contribution::GrantAgencySystemRequest {
        request_id: format!("key-{unit_id}"),
        unit_id: unit_id.to_owned(),
        key_serial_number: format!("KEY-{unit_id}"),
        grant_date: "2020-09-20".to_owned(),
        validate_only: false,
    };
    by(Office::Tax, client.grant_agency_system(granted)).await?;
    Ok(())
}
