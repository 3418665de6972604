//! Which kind of office may call which method. Finer duties (which identity, which district) are the services' own.

use juyi_domain::codes::Office;
use juyi_domain::codes::Office::{
    CivilAffairs, DisabledPersonsFederation, Education, Insurer, MedicalInsurance, Provider, SocialInsurance, Tax,
    Township, VeteranCadres, VeteransAffairs,
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
/// Desks that enrol.
const DESKS: &[Office] = &[Township, SocialInsurance, MedicalInsurance, Education];
/// Authorities that supply identities (J-3.2.5-b).
const AUTHORITIES: &[Office] = &[CivilAffairs, VeteransAffairs, DisabledPersonsFederation, VeteranCadres, Education];
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
/// Places at which bills are settled (J-6.1-a, J-6.2.1.1-a, J-6.2.1.1-d).
const SETTLERS: &[Office] = &[Provider, Township, MedicalInsurance, SocialInsurance];
/// Offices that read amounts of a person.
const READERS: &[Office] = &[Provider, Township, MedicalInsurance, SocialInsurance, CivilAffairs, VeteransAffairs];
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
        "/juyi.contribution.v1.ContributionService/ConfirmPayment" => Duty::Offices(COLLECTORS),
        "/juyi.settlement.v1.SettlementService/PreviewSettlement"
        | "/juyi.settlement.v1.SettlementService/Settle"
        | "/juyi.settlement.v1.SettlementService/ReverseSettlement" => Duty::Offices(SETTLERS),
        "/juyi.settlement.v1.SettlementService/GetSettlement"
        | "/juyi.settlement.v1.SettlementService/ListSettlements"
        | "/juyi.settlement.v1.SettlementService/GetAccumulators"
        | "/juyi.assistance.v1.AssistanceService/ListAid" => Duty::Offices(READERS),
        "/juyi.accident.v1.AccidentService/ReportAccident" | "/juyi.accident.v1.AccidentService/GetAccident" => {
            Duty::Offices(ACCIDENT_DESKS)
        }
        "/juyi.benefit_period.v1.BenefitPeriodService/ApplyPayment"
        | "/juyi.assistance.v1.AssistanceService/AssessAid"
        | "/juyi.assistance.v1.AssistanceService/RecordAid" => Duty::Inside,
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

    /// J-6.1-a at the point of care; J-6.2.1.1-a at the township and J-6.2.1.1-d at the branch for self-paid claims.
    #[test]
    fn bills_are_settled_where_the_law_takes_them() {
        let Some(Duty::Offices(offices)) = of("/juyi.settlement.v1.SettlementService/Settle") else {
            panic!("Settle is for named offices")
        };
        assert!([Provider, Township, SocialInsurance].iter().all(|office| offices.contains(office)));
        assert!(!offices.contains(&Insurer) && !offices.contains(&Education));
    }
}
