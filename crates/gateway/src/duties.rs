//! Which kind of office may call which method. Finer duties (which identity, which district) are the services' own.

use juyi_domain::codes::Office;
use juyi_domain::codes::Office::{
    CivilAffairs, DisabledPersonsFederation, DistrictGovernment, Education, Finance, HumanResources, Insurer,
    MedicalInsurance, Provider, PublicSecurity, SocialInsurance, Tax, Township, VeteranCadres, VeteransAffairs,
};

/// Who may call a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Every office.
    Everyone,
    /// These offices.
    Offices(&'static [Office]),
    /// Only services of the suite among themselves; never through the gateway.
    Inside,
}

/// Offices that register a person before any desk enrols.
const REGISTRARS: &[Office] = &[Township, SocialInsurance, MedicalInsurance, Education, CivilAffairs];
/// Offices that learn facts of residents; the tax office tells of premiums prepaid before the suite (J-3.3.3-a).
const RECORDERS: &[Office] = &[Township, SocialInsurance, MedicalInsurance, Education, CivilAffairs, Tax];
/// Desks that enrol; the tax office takes those who go on after an interruption (J-3.2.7-b).
const DESKS: &[Office] = &[Township, SocialInsurance, MedicalInsurance, Education, Tax];
/// Desks that change recorded data (J-3.4.1-a, J-3.4.2-a, J-3.4.2-b).
const CHANGERS: &[Office] = &[Township, SocialInsurance];
/// Offices that push a list; which list is whose, the registry decides.
const SUPPLIERS: &[Office] = &[
    Education,
    CivilAffairs,
    DisabledPersonsFederation,
    VeteransAffairs,
    VeteranCadres,
    PublicSecurity,
    Tax,
    SocialInsurance,
    Township,
    MedicalInsurance,
];
/// Offices that compare and work findings off.
const COMPARERS: &[Office] = &[
    MedicalInsurance,
    Township,
    SocialInsurance,
    Education,
    CivilAffairs,
    DisabledPersonsFederation,
    VeteransAffairs,
    VeteranCadres,
];
/// The offices of the leading groups: the medical insurance bureau (J-A1.3-b), the human resources bureau (B-8.1-b), and
/// the government's supervision office (B-8.2.1-a).
const SUPERVISORS: &[Office] = &[MedicalInsurance, HumanResources, DistrictGovernment];
/// Members of the leading groups (J-A1.3-a to -r, B-8.1-a).
const MEMBERS: &[Office] = &[
    MedicalInsurance,
    HumanResources,
    DistrictGovernment,
    Finance,
    Township,
    Education,
    CivilAffairs,
    Tax,
    PublicSecurity,
    DisabledPersonsFederation,
    VeteransAffairs,
    VeteranCadres,
    SocialInsurance,
];
/// Authorities that supply identities (J-3.2.5-b); in Baodi the township recognises one itself (B-7.3.3-b).
const AUTHORITIES: &[Office] =
    &[CivilAffairs, VeteransAffairs, DisabledPersonsFederation, VeteranCadres, Education, Township];
/// Offices that have to tell a person by name and number: desks, authorities, and hospitals at admission.
const IDENTIFIERS: &[Office] = &[
    Township,
    SocialInsurance,
    MedicalInsurance,
    Education,
    CivilAffairs,
    VeteransAffairs,
    DisabledPersonsFederation,
    VeteranCadres,
    Provider,
];
/// Offices that deal with special identities, some of which are nobody else's business.
const AIDERS: &[Office] = &[
    CivilAffairs,
    VeteransAffairs,
    DisabledPersonsFederation,
    VeteranCadres,
    MedicalInsurance,
    SocialInsurance,
    Township,
];
/// Offices that tell a person what is due, and see by which identity the government pays it.
const CASHIERS: &[Office] = &[Tax, Township, SocialInsurance, MedicalInsurance, Education, CivilAffairs];
/// Offices that confirm payments (J-A1.3-k), and those that book subsidies with the treasury.
const COLLECTORS: &[Office] = &[Tax, SocialInsurance, MedicalInsurance];
/// Offices that declare for units: the branch's for institutions, the township for villages (J-3.3.1-b, J-3.3.2-b).
const DECLARERS: &[Office] = &[Education, SocialInsurance, Township];
/// Authorities that declare special persons (J-3.3.1-e).
const SPECIAL_DECLARERS: &[Office] = &[CivilAffairs, VeteransAffairs, DisabledPersonsFederation, VeteranCadres];
/// Everybody who declares, and may take it back.
const ALL_DECLARERS: &[Office] =
    &[Education, SocialInsurance, Township, CivilAffairs, VeteransAffairs, DisabledPersonsFederation, VeteranCadres];
/// Offices that follow declarations to their payment.
const DECLARATION_READERS: &[Office] = &[
    Tax,
    MedicalInsurance,
    Finance,
    Education,
    SocialInsurance,
    Township,
    CivilAffairs,
    VeteransAffairs,
    DisabledPersonsFederation,
    VeteranCadres,
];
/// Places at which bills are settled (J-6.1-a, J-6.2.1.1-a, J-6.2.1.1-d).
const SETTLERS: &[Office] = &[Provider, Township, MedicalInsurance, SocialInsurance];
/// Offices that keep a desk for self-paid claims (J-6.2.1.1-a, J-6.2.1.1-d, B-6.1.2-b).
const CLAIM_DESKS: &[Office] = &[Township, MedicalInsurance, Education];
/// Offices that decide about self-paid claims and pay them, of 2021 and of 2017 (J-6.2.1.1-b, J-6.2.1.1-e, B-6.1.1-a).
const CLAIM_PAYERS: &[Office] = &[MedicalInsurance, SocialInsurance];
/// Offices that read amounts of a person.
const READERS: &[Office] = &[Provider, Township, MedicalInsurance, SocialInsurance, CivilAffairs, VeteransAffairs];
/// Offices that see every payment and the employees' insurance behind a coverage: those that collect, and those that settle
/// with the person.
const EXPLAINERS: &[Office] = &[Tax, Township, SocialInsurance, MedicalInsurance];
/// Schools and the branch, for students at home (J-10.5.1-b).
const STUDENT_DESKS: &[Office] = &[Education, MedicalInsurance, SocialInsurance];
/// Offices that see what a person filed.
const FILING_READERS: &[Office] = &[Provider, MedicalInsurance, SocialInsurance];
/// Desks that take an accident (J-6.2.3.1-a).
const ACCIDENT_DESKS: &[Office] = &[Insurer, Provider, Township, Education, MedicalInsurance, SocialInsurance];

/// The duty of a method, by its path; `None` for a method nobody serves.
#[must_use]
pub fn of(path: &str) -> Option<Duty> {
    Some(match path {
        "/juyi.registry.v1.RegistryService/RegisterResident" => Duty::Offices(REGISTRARS),
        "/juyi.registry.v1.RegistryService/Enrol" => Duty::Offices(DESKS),
        "/juyi.registry.v1.RegistryService/AssertIdentity" => Duty::Offices(AUTHORITIES),
        "/juyi.registry.v1.RegistryService/GetResident" | "/juyi.registry.v1.RegistryService/LookUpResident" => {
            Duty::Offices(IDENTIFIERS)
        }
        "/juyi.registry.v1.RegistryService/ListIdentities" => Duty::Offices(AIDERS),
        "/juyi.registry.v1.RegistryService/GetEnrolment"
        | "/juyi.registry.v1.RegistryService/ListEnrolments"
        | "/juyi.benefit_period.v1.BenefitPeriodService/GetCoverage"
        | "/juyi.benefit_period.v1.BenefitPeriodService/ListCoverage"
        | "/juyi.benefit_period.v1.BenefitPeriodService/PreviewCoverage"
        | "/juyi.accident.v1.AccidentService/RouteAccident" => Duty::Everyone,
        "/juyi.contribution.v1.ContributionService/QuotePremium"
        | "/juyi.contribution.v1.ContributionService/GetPayment"
        | "/juyi.contribution.v1.ContributionService/ListPayments" => Duty::Offices(CASHIERS),
        "/juyi.contribution.v1.ContributionService/ConfirmPayment"
        | "/juyi.contribution.v1.ContributionService/ConfirmPayments" => Duty::Offices(COLLECTORS),
        "/juyi.contribution.v1.DeclarationService/RequestAgencySystem"
        | "/juyi.contribution.v1.DeclarationService/Declare" => Duty::Offices(DECLARERS),
        "/juyi.contribution.v1.DeclarationService/DeclareSpecialPersons" => Duty::Offices(SPECIAL_DECLARERS),
        "/juyi.contribution.v1.DeclarationService/WithdrawDeclaration" => Duty::Offices(ALL_DECLARERS),
        "/juyi.contribution.v1.DeclarationService/GrantAgencySystem"
        | "/juyi.contribution.v1.DeclarationService/RecordElectronicReceipt" => Duty::Offices(&[Tax]),
        "/juyi.contribution.v1.DeclarationService/PayDeclaration" => Duty::Offices(COLLECTORS),
        "/juyi.contribution.v1.DeclarationService/SettleException" => Duty::Offices(&[Tax, SocialInsurance]),
        "/juyi.contribution.v1.DeclarationService/GetAgencySystem"
        | "/juyi.contribution.v1.DeclarationService/GetDeclaration"
        | "/juyi.contribution.v1.DeclarationService/ListDeclarations"
        | "/juyi.contribution.v1.DeclarationService/ListDeclarationLines" => Duty::Offices(DECLARATION_READERS),
        "/juyi.contribution.v1.DeclarationService/IssueNotice" => Duty::Offices(&[Township, Tax]),
        "/juyi.contribution.v1.DeclarationService/GetNotice"
        | "/juyi.contribution.v1.DeclarationService/ListNotices" => Duty::Offices(CASHIERS),
        "/juyi.contribution.v1.TaxReconciliationService/SubmitTaxTotals"
        | "/juyi.contribution.v1.TaxReconciliationService/SubmitTaxDetails" => Duty::Offices(&[Tax]),
        "/juyi.contribution.v1.TaxReconciliationService/GetReconciliation"
        | "/juyi.contribution.v1.TaxReconciliationService/ListReconciliations"
        | "/juyi.contribution.v1.TaxReconciliationService/ListReconciliationExceptions"
        | "/juyi.contribution.v1.TaxReconciliationService/ResolveException" => Duty::Offices(COLLECTORS),
        "/juyi.contribution.v1.AccountService/GetAccount" | "/juyi.contribution.v1.AccountService/GetUnitAccount" => {
            Duty::Offices(CASHIERS)
        }
        "/juyi.contribution.v1.RefundService/ApplyRefund" => Duty::Offices(&[Tax, SocialInsurance]),
        "/juyi.contribution.v1.RefundService/VerifyRefund"
        | "/juyi.contribution.v1.CollectionService/PrepayPremium"
        | "/juyi.contribution.v1.CollectionService/UsePrepayment"
        | "/juyi.contribution.v1.CollectionService/UsePrepaymentsOfYear" => Duty::Offices(&[Tax]),
        "/juyi.contribution.v1.RefundService/RepayRefund"
        | "/juyi.contribution.v1.CollectionService/DeductPremium"
        | "/juyi.contribution.v1.CollectionService/DeductPremiums" => Duty::Offices(&[SocialInsurance]),
        "/juyi.contribution.v1.RefundService/GetRefund"
        | "/juyi.contribution.v1.RefundService/ListRefunds"
        | "/juyi.contribution.v1.CollectionService/ListPrepayments" => Duty::Offices(COLLECTORS),
        "/juyi.settlement.v1.FilingService/FileResidenceElsewhere"
        | "/juyi.settlement.v1.FilingService/RecordTrip"
        | "/juyi.settlement.v1.FilingService/ReviewFiling"
        | "/juyi.settlement.v1.FilingService/RegisterPartner" => Duty::Offices(&[MedicalInsurance]),
        "/juyi.settlement.v1.FilingService/FileTransfer"
        | "/juyi.settlement.v1.FilingService/RegisterSpecialDisease" => Duty::Offices(&[Provider, MedicalInsurance]),
        "/juyi.settlement.v1.FilingService/RegisterStudentAtHome"
        | "/juyi.settlement.v1.FilingService/SetSchoolHolidays" => Duty::Offices(STUDENT_DESKS),
        "/juyi.settlement.v1.FilingService/EndFiling" | "/juyi.settlement.v1.FilingService/WithdrawFiling" => {
            Duty::Offices(&[Provider, Education, MedicalInsurance, SocialInsurance])
        }
        "/juyi.settlement.v1.FilingService/GetFiling" | "/juyi.settlement.v1.FilingService/ListFilings" => {
            Duty::Offices(FILING_READERS)
        }
        "/juyi.settlement.v1.FilingService/ListPartners" | "/juyi.settlement.v1.FilingService/GetSchoolHolidays" => {
            Duty::Everyone
        }
        "/juyi.settlement.v1.PersonYearService/ImportOpening" | "/juyi.settlement.v1.PersonYearService/CloseYear" => {
            Duty::Offices(&[MedicalInsurance, SocialInsurance])
        }
        "/juyi.settlement.v1.PersonYearService/SignFamilyDoctor"
        | "/juyi.settlement.v1.PersonYearService/EndFamilyDoctor" => Duty::Offices(SETTLERS),
        "/juyi.settlement.v1.SettlementService/Settle" => Duty::Offices(&[Provider, MedicalInsurance, SocialInsurance]),
        "/juyi.settlement.v1.SettlementService/PreviewSettlement"
        | "/juyi.settlement.v1.SettlementService/ReverseSettlement" => Duty::Offices(SETTLERS),
        "/juyi.settlement.v1.MaternityRegistrationService/RegisterBirth" => Duty::Offices(&[Township]),
        "/juyi.settlement.v1.MaternityRegistrationService/RegisterBenefit" => {
            Duty::Offices(&[Provider, Township, MedicalInsurance])
        }
        "/juyi.settlement.v1.MaternityRegistrationService/ListMaternityRegistrations" => Duty::Offices(SETTLERS),
        "/juyi.settlement.v1.SettlementService/RecomputeYear"
        | "/juyi.settlement.v1.ProviderReconciliationService/ResolveProviderException"
        | "/juyi.settlement.v1.ProviderReconciliationService/GetProviderDue"
        | "/juyi.settlement.v1.ProviderReconciliationService/ListProviderDues" => {
            Duty::Offices(&[MedicalInsurance, SocialInsurance])
        }
        "/juyi.settlement.v1.ProviderReconciliationService/NameProviderOffice" => Duty::Offices(&[MedicalInsurance]),
        "/juyi.settlement.v1.ProviderReconciliationService/SubmitProviderTotals"
        | "/juyi.settlement.v1.ProviderReconciliationService/SubmitProviderRows" => Duty::Offices(&[Provider]),
        "/juyi.settlement.v1.ProviderReconciliationService/GetProviderReconciliation"
        | "/juyi.settlement.v1.ProviderReconciliationService/ListProviderReconciliations"
        | "/juyi.settlement.v1.ProviderReconciliationService/ListProviderExceptions" => {
            Duty::Offices(&[Provider, MedicalInsurance, SocialInsurance])
        }
        "/juyi.settlement.v1.SettlementService/GetSettlement"
        | "/juyi.settlement.v1.SettlementService/ListSettlements"
        | "/juyi.settlement.v1.SettlementService/GetAccumulators"
        | "/juyi.settlement.v1.PersonYearService/GetOpening"
        | "/juyi.settlement.v1.PersonYearService/GetReliefs"
        | "/juyi.settlement.v1.PersonYearService/ListOpenings"
        | "/juyi.settlement.v1.PersonYearService/ListFamilyDoctors"
        | "/juyi.assistance.v1.AssistanceService/ListAid" => Duty::Offices(READERS),
        "/juyi.settlement.v1.SelfPaidClaimService/FileClaim"
        | "/juyi.settlement.v1.SelfPaidClaimService/EnterClaim"
        | "/juyi.settlement.v1.SelfPaidClaimService/UploadClaim"
        | "/juyi.settlement.v1.SelfPaidClaimService/HandOverClaim" => Duty::Offices(CLAIM_DESKS),
        "/juyi.settlement.v1.SelfPaidClaimService/ReviewClaim"
        | "/juyi.settlement.v1.SelfPaidClaimService/PayClaim"
        | "/juyi.settlement.v1.SelfPaidClaimService/RecoverClaim" => Duty::Offices(CLAIM_PAYERS),
        "/juyi.settlement.v1.SelfPaidClaimService/OpenAccount" => Duty::Offices(&[Township, MedicalInsurance]),
        "/juyi.settlement.v1.SelfPaidClaimService/ActivateAccount" => {
            Duty::Offices(&[Township, MedicalInsurance, SocialInsurance])
        }
        "/juyi.settlement.v1.SelfPaidClaimService/GetClaim" | "/juyi.settlement.v1.SelfPaidClaimService/ListClaims" => {
            Duty::Offices(&[Township, MedicalInsurance, SocialInsurance, Education])
        }
        "/juyi.accident.v1.AccidentService/ReportAccident" | "/juyi.accident.v1.AccidentService/GetAccident" => {
            Duty::Offices(ACCIDENT_DESKS)
        }
        "/juyi.benefit_period.v1.BenefitPeriodService/ExplainCoverage" => Duty::Offices(EXPLAINERS),
        "/juyi.benefit_period.v1.CoverageFactsService/ApplyPayments"
        | "/juyi.benefit_period.v1.CoverageFactsService/ApplyRefunds"
        | "/juyi.benefit_period.v1.CoverageFactsService/NoteResidents"
        | "/juyi.benefit_period.v1.CoveredService/BatchGetCovered"
        | "/juyi.registry.v1.StandingService/BatchGetStanding"
        | "/juyi.registry.v1.ProviderRegisterService/BatchGetProviders"
        | "/juyi.settlement.v1.SettlementService/ListServicesAfter"
        | "/juyi.assistance.v1.AssistanceService/AssessAid"
        | "/juyi.assistance.v1.AssistanceService/RecordAid" => Duty::Inside,
        "/juyi.registry.v1.RegistryService/RecordFacts" => Duty::Offices(RECORDERS),
        "/juyi.registry.v1.RegistryService/EndIdentity" => Duty::Offices(AUTHORITIES),
        "/juyi.registry.v1.RegistryService/ListFacts" | "/juyi.registry.v1.RegistryService/ListChanges" => {
            Duty::Offices(IDENTIFIERS)
        }
        "/juyi.registry.v1.RegistryService/FileChange" | "/juyi.registry.v1.RegistryService/DecideChange" => {
            Duty::Offices(CHANGERS)
        }
        "/juyi.registry.v1.RegistryService/ConfirmTaxChange" => Duty::Offices(&[Tax]),
        "/juyi.registry.v1.RegistryService/GetStanding"
        | "/juyi.registry.v1.EnrolledService/BatchGetEnrolled"
        | "/juyi.registry.v1.EnrolledService/StreamEnrolled"
        | "/juyi.registry.v1.EnrolledService/NotePayments"
        | "/juyi.registry.v1.EnrolledService/EnrolByDeduction"
        | "/juyi.registry.v1.EnrolledService/EnrolByPrepayment"
        | "/juyi.registry.v1.EnrolledService/CancelDeduction"
        | "/juyi.registry.v1.EnrolledService/NotePrepayment" => Duty::Inside,
        "/juyi.registry.v1.ReferenceService/GetUnit"
        | "/juyi.registry.v1.ReferenceService/ListUnits"
        | "/juyi.registry.v1.ReferenceService/GetProvider"
        | "/juyi.registry.v1.ReferenceService/ListProviders" => Duty::Everyone,
        "/juyi.registry.v1.ReferenceService/PutUnit" => Duty::Offices(DESKS),
        "/juyi.registry.v1.ReferenceService/PutProvider" | "/juyi.registry.v1.ReferenceService/ReloadReference" => {
            Duty::Offices(&[MedicalInsurance])
        }
        "/juyi.registry.v1.RosterService/SubmitRoster"
        | "/juyi.registry.v1.RosterService/GetRoster"
        | "/juyi.registry.v1.RosterService/ListRosters"
        | "/juyi.registry.v1.RosterService/ListRosterRows" => Duty::Offices(SUPPLIERS),
        "/juyi.registry.v1.RosterService/ListDataSets" => Duty::Offices(MEMBERS),
        "/juyi.registry.v1.RosterService/CompareRoster" => Duty::Offices(&[MedicalInsurance]),
        "/juyi.registry.v1.RosterService/GetComparison"
        | "/juyi.registry.v1.RosterService/ListFindings"
        | "/juyi.registry.v1.RosterService/ResolveFinding" => Duty::Offices(COMPARERS),
        "/juyi.registry.v1.RosterService/AssignFinding" => Duty::Offices(&[MedicalInsurance]),
        "/juyi.registry.v1.SupervisionService/GetTarget"
        | "/juyi.registry.v1.SupervisionService/ListTargets"
        | "/juyi.registry.v1.SupervisionService/GetProgress"
        | "/juyi.registry.v1.SupervisionService/ListProgressHistory"
        | "/juyi.registry.v1.SupervisionService/ListSubTargets"
        | "/juyi.registry.v1.SupervisionService/ListCirculars"
        | "/juyi.registry.v1.SupervisionService/ListAppraisals"
        | "/juyi.registry.v1.SupervisionService/ListWorkItems"
        | "/juyi.registry.v1.SupervisionService/ListResponsibilities"
        | "/juyi.registry.v1.SupervisionService/OpenWorkItem"
        | "/juyi.registry.v1.SupervisionService/AssignWorkItem"
        | "/juyi.registry.v1.SupervisionService/CloseWorkItem" => Duty::Offices(MEMBERS),
        "/juyi.registry.v1.SupervisionService/SetSubTargets"
        | "/juyi.registry.v1.SupervisionService/SetResponsibility" => Duty::Offices(&[Township]),
        "/juyi.registry.v1.SupervisionService/IssueCircular"
        | "/juyi.registry.v1.SupervisionService/SetAppraisalCriteria"
        | "/juyi.registry.v1.SupervisionService/Appraise" => Duty::Offices(SUPERVISORS),
        "/juyi.registry.v1.SupervisionService/RecountProgress" => Duty::Offices(&[MedicalInsurance, HumanResources]),
        "/juyi.registry.v1.SupervisionService/GetOrganisation" => Duty::Everyone,
        "/juyi.registry.v1.InformationService/FindOutlets"
        | "/juyi.registry.v1.InformationService/ListOutlets"
        | "/juyi.registry.v1.InformationService/GetOutlet"
        | "/juyi.registry.v1.InformationService/GetOfficeHours"
        | "/juyi.registry.v1.InformationService/GetCardGuide"
        | "/juyi.registry.v1.InformationService/CheckCardApplication"
        | "/juyi.registry.v1.InformationService/LookUpCardBank"
        | "/juyi.registry.v1.InformationService/ListCardOutlets"
        | "/juyi.registry.v1.InformationService/ListContacts"
        | "/juyi.registry.v1.InformationService/GetDocument"
        | "/juyi.registry.v1.InformationService/ListPublicityChannels" => Duty::Everyone,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_suite_itself_delivers_events() {
        assert_eq!(of("/juyi.assistance.v1.AssistanceService/RecordAid"), Some(Duty::Inside));
        assert_eq!(of("/juyi.nothing.v1.NothingService/Do"), None);
    }

    #[test]
    fn every_method_of_every_contract_has_a_duty() {
        let methods: Vec<_> = juyi_kit::methods::contracts().collect();
        assert!(methods.len() > 20);
        for method in methods {
            assert!(of(method).is_some(), "{method}");
        }
    }

    /// J-A1.3-k: payment data are the tax bureau's.
    #[test]
    fn payments_are_the_tax_offices_duty() {
        let Some(Duty::Offices(offices)) = of("/juyi.contribution.v1.ContributionService/ConfirmPayment") else {
            panic!("ConfirmPayment is for named offices")
        };
        assert!(offices.contains(&Tax) && !offices.contains(&Provider));
    }

    /// Providers state what they settled; those who owe work off what differs, and read what is due.
    #[test]
    fn who_is_paid_does_not_work_its_own_exceptions_off() {
        let of = |method: &str| match of(&format!("/juyi.settlement.v1.ProviderReconciliationService/{method}")) {
            Some(Duty::Offices(offices)) => offices,
            other => panic!("{method} is for named offices, not {other:?}"),
        };
        assert_eq!(of("SubmitProviderTotals"), [Provider]);
        assert_eq!(of("NameProviderOffice"), [MedicalInsurance]);
        for method in ["ResolveProviderException", "GetProviderDue", "ListProviderDues"] {
            assert!(of(method).contains(&MedicalInsurance) && !of(method).contains(&Provider), "{method}");
        }
    }

    /// J-3.3.1-e: special persons are declared by their authority; J-3.3.1-d: the tax side has the receipts.
    #[test]
    fn declarations_belong_to_those_who_answer_for_the_people() {
        let of = |method: &str| match of(&format!("/juyi.contribution.v1.DeclarationService/{method}")) {
            Some(Duty::Offices(offices)) => offices,
            other => panic!("{method} is for named offices, not {other:?}"),
        };
        assert!(
            of("DeclareSpecialPersons").contains(&CivilAffairs) && !of("DeclareSpecialPersons").contains(&Township)
        );
        assert!(of("Declare").contains(&Education) && !of("Declare").contains(&Tax));
        assert_eq!(of("RecordElectronicReceipt"), [Tax]);
    }

    /// J-6.1-a at the point of care; J-6.2.1.1-a at the township and J-6.2.1.1-d at the branch for self-paid claims.
    #[test]
    fn bills_are_settled_where_the_law_takes_them() {
        let Some(Duty::Offices(offices)) = of("/juyi.settlement.v1.SettlementService/Settle") else {
            panic!("Settle is for named offices")
        };
        assert!([Provider, MedicalInsurance, SocialInsurance].iter().all(|office| offices.contains(office)));
        // A township files a claim, about which somebody else decides.
        assert!(!offices.contains(&Insurer) && !offices.contains(&Education) && !offices.contains(&Township));
    }

    /// J-6.2.1.1-b: a township makes a claim and does not decide about it; J-6.2.1.1-e: nor does it pay.
    #[test]
    fn who_makes_a_claim_does_not_decide_about_it() {
        let of = |method: &str| match of(&format!("/juyi.settlement.v1.SelfPaidClaimService/{method}")) {
            Some(Duty::Offices(offices)) => offices,
            other => panic!("{method} is for named offices, not {other:?}"),
        };
        assert!(of("FileClaim").contains(&Township) && !of("FileClaim").contains(&Provider));
        for method in ["ReviewClaim", "PayClaim", "RecoverClaim"] {
            assert!(of(method).contains(&MedicalInsurance) && !of(method).contains(&Township));
        }
    }
}
