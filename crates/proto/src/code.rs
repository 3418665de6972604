//! Codes on the wire. A wire enum lists the domain's codes in the domain's order, shifted by the zero value.

use juyi_domain::assistance::outpatient as assistance;
use juyi_domain::codes;
use juyi_domain::contribution::codes as contribution;
use juyi_domain::contribution::{account, agency, declaration, reconciliation};
use juyi_domain::information::params as information;
use juyi_domain::settlement::claims::codes as claims;
use juyi_domain::settlement::filings::codes as filings;
use juyi_domain::settlement::maternity::{event, registration};
use juyi_domain::settlement::{alternatives, care, provider_reconciliation, relief};

/// Why a wire code is not a domain code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadCode {
    /// The zero value.
    Missing,
    /// A number outside the enumeration.
    Unknown,
}

/// A domain code with its wire number.
pub trait Coded: Copy + 'static {
    /// Every code in the order of the wire.
    const CODES: &'static [Self];

    /// The wire number.
    fn to_wire(self) -> i32;

    /// The code of a wire number.
    ///
    /// # Errors
    /// [`BadCode`] for zero and for numbers outside the enumeration.
    fn from_wire(number: i32) -> Result<Self, BadCode> {
        let index = usize::try_from(number).map_err(|_| BadCode::Unknown)?.checked_sub(1).ok_or(BadCode::Missing)?;
        Self::CODES.get(index).copied().ok_or(BadCode::Unknown)
    }
}

macro_rules! coded {
    ($module:ident: $domain:ident as $wire:ident; $($name:ident $prefix:literal),* $(,)?) => {
        $(impl Coded for $domain::$name {
            const CODES: &'static [Self] = $domain::$name::ALL;

            fn to_wire(self) -> i32 {
                self as i32 + 1
            }
        })*

        #[cfg(test)]
        mod $module {
            use super::*;
            use crate::$wire::v1 as wire;

            #[test]
            fn every_code_has_its_own_name_on_the_wire() {
                $(for code in $domain::$name::ALL {
                    let name = wire::$name::try_from(code.to_wire()).unwrap().as_str_name();
                    assert_eq!(name, format!("{}{code}", $prefix));
                    assert_eq!($domain::$name::from_wire(code.to_wire()), Ok(*code));
                }
                let beyond = i32::try_from($domain::$name::ALL.len()).unwrap() + 1;
                assert!(wire::$name::try_from(beyond).is_err());
                assert_eq!($domain::$name::from_wire(0), Err(BadCode::Missing));
                assert_eq!($domain::$name::from_wire(-1), Err(BadCode::Unknown));
                assert_eq!($domain::$name::from_wire(9999), Err(BadCode::Unknown));)*
            }
        }
    };
}

coded! {
    tests_of_codes: codes as common;
    Class "CLASS_",
    Tier "TIER_",
    Category "CATEGORY_",
    Desk "DESK_",
    Window "WINDOW_",
    Identity "IDENTITY_",
    Office "OFFICE_",
    Insurance "INSURANCE_",
    ProviderLevel "PROVIDER_",
    Payer "PAYER_",
    InsuredGroup "INSURED_GROUP_",
    Insurer "INSURER_",
    PaymentMethod "PAYMENT_METHOD_",
    EmployeesInsuranceKind "EMPLOYEES_INSURANCE_KIND_",
    ContributionStatus "CONTRIBUTION_STATUS_",
    RefundGround "REFUND_GROUND_",
    RefundState "REFUND_STATE_",
    PayingScheme "PAYING_SCHEME_",
    Area "AREA_",
    CertificateKind "CERTIFICATE_KIND_",
    InstitutionKind "INSTITUTION_KIND_",
    LeavingReason "LEAVING_REASON_",
    UnitKind "UNIT_KIND_",
    Paper "PAPER_",
    RosterKind "ROSTER_KIND_",
    Disposition "DISPOSITION_",
    FindingKind "FINDING_KIND_",
    FindingState "FINDING_STATE_",
    ChangeKind "CHANGE_KIND_",
    ChangeState "CHANGE_STATE_",
    CountGroup "COUNT_GROUP_",
    WorkKind "WORK_KIND_",
    WorkState "WORK_STATE_",
}

coded! {
    tests_of_care: care as settlement;
    CareKind "CARE_KIND_",
    ProviderKind "PROVIDER_KIND_",
    ObservationOutcome "OBSERVATION_OUTCOME_",
    OutOfArea "OUT_OF_AREA_",
}

coded! {
    tests_of_assistance: assistance as assistance;
    OutpatientVenue "OUTPATIENT_VENUE_",
}

coded! {
    tests_of_filings: filings as settlement;
    FilingKind "FILING_KIND_",
    FilingState "FILING_STATE_",
    ResidenceKind "RESIDENCE_KIND_",
    ClaimMode "CLAIM_MODE_",
    FilingChannel "FILING_CHANNEL_",
    FilingPaper "FILING_PAPER_",
    TransferRoute "TRANSFER_ROUTE_",
    TripReason "TRIP_REASON_",
    DiagnosisRoute "DIAGNOSIS_ROUTE_",
    Arrangement "ARRANGEMENT_",
    HolidayKind "HOLIDAY_KIND_",
}

coded! {
    tests_of_maternity: event as settlement;
    PregnancyEnd "PREGNANCY_END_",
    DeliveryMode "DELIVERY_MODE_",
    DeliverySurgery "DELIVERY_SURGERY_",
    FamilyPlanningProcedure "FAMILY_PLANNING_PROCEDURE_",
    DeviceCondition "DEVICE_CONDITION_",
}

coded! {
    tests_of_maternity_registrations: registration as settlement;
    MaternityDesk "MATERNITY_DESK_",
}

coded! {
    tests_of_claims: claims as settlement;
    ClaimDesk "CLAIM_DESK_",
    ClaimPaper "CLAIM_PAPER_",
    ClaimState "CLAIM_STATE_",
    ClaimDecision "CLAIM_DECISION_",
    LeaverRegistration "LEAVER_REGISTRATION_",
    CardState "CARD_STATE_",
    AccountKind "ACCOUNT_KIND_",
    AccountState "ACCOUNT_STATE_",
}

coded! {
    tests_of_reliefs: relief as settlement;
    UnprintedRelief "UNPRINTED_RELIEF_",
}

coded! {
    tests_of_alternatives: alternatives as settlement;
    AlternativeKind "ALTERNATIVE_KIND_",
}

coded! {
    tests_of_provider_reconciliation: provider_reconciliation as settlement;
    ProviderExceptionKind "PROVIDER_EXCEPTION_KIND_",
    ProviderReconciliationState "PROVIDER_RECONCILIATION_STATE_",
}

coded! {
    tests_of_declarations: declaration as contribution;
    DeclarationState "DECLARATION_STATE_",
    Declarer "DECLARER_",
    DeclarationLineState "DECLARATION_LINE_STATE_",
    DeclarationLineReason "DECLARATION_LINE_REASON_",
}

coded! {
    tests_of_agency: agency as contribution;
    AgencyState "AGENCY_STATE_",
}

coded! {
    tests_of_information: information as registry;
    CardWay "CARD_WAY_",
    CardChannel "CARD_CHANNEL_",
    ContactTopic "CONTACT_TOPIC_",
}

coded! {
    tests_of_contribution: contribution as contribution;
    Bank "BANK_",
    PaymentPaper "PAYMENT_PAPER_",
    Login "LOGIN_",
    QrSource "QR_SOURCE_",
    DeclaringParty "DECLARING_PARTY_",
    PremiumPart "PREMIUM_PART_",
}

coded! {
    tests_of_reconciliation: reconciliation as contribution;
    ExceptionKind "EXCEPTION_KIND_",
    ExceptionState "EXCEPTION_STATE_",
    ReconciliationState "RECONCILIATION_STATE_",
}

coded! {
    tests_of_account: account as contribution;
    AccountLineKind "ACCOUNT_LINE_KIND_",
    AccountState "ACCOUNT_STATE_",
}
