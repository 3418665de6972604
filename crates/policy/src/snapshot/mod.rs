//! The law of one policy year in one district, typed.

mod accident;
mod accident_benefits;
mod assistance;
mod benefit_period;
mod change;
mod collection;
mod comparison;
mod data_sets;
mod declaration;
mod enrolment;
mod exclusions;
mod filings;
mod information;
mod maternity;
mod outpatient;
mod payment;
mod premium;
mod programs;
mod refund;
mod self_paid_claim;
mod settlement;
mod supervision;

use juyi_domain::accident::params::AccidentParams;
use juyi_domain::assistance::params::AssistanceParams;
use juyi_domain::benefit_period::params::BenefitPeriodParams;
use juyi_domain::codes::{District, Identity};
use juyi_domain::contribution::declaration::DeclarationParams;
use juyi_domain::contribution::deduction::DeductionParams;
use juyi_domain::contribution::params::{PaymentParams, PremiumParams};
use juyi_domain::contribution::prepayment::PrepaymentParams;
use juyi_domain::contribution::refund::params::RefundParams;
use juyi_domain::effective::{Effective, Gap};
use juyi_domain::information::params::InformationParams;
use juyi_domain::registry::change::params::ChangeParams;
use juyi_domain::registry::comparison::remedy::ComparisonParams;
use juyi_domain::registry::params::EnrolmentParams;
use juyi_domain::registry::roster::DataSet;
use juyi_domain::registry::supervision::params::SupervisionParams;
use juyi_domain::settlement::claims::params::ClaimParams;
use juyi_domain::settlement::filings::params::FilingParams;
use juyi_domain::settlement::maternity::params::MaternityParams;
use juyi_domain::settlement::outpatient::params::OutpatientParams;
use juyi_domain::settlement::params::{BasicParams, CriticalIllnessParams};
use juyi_domain::settlement::year::Law;

use crate::LoadError;
use crate::reader::{Reader, settle};

pub use accident_benefits::AccidentBenefits;
pub use programs::YearlyProgram;

/// What governs a request: the figures of a policy year in a district as they stand on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// District.
    pub district: District,
    /// Policy year.
    pub policy_year: i32,
    /// Who enrols where and when.
    pub enrolment: EnrolmentParams,
    /// Where recorded data are changed.
    pub change: ChangeParams,
    /// Who answers for what a comparison of lists shows.
    pub comparison: ComparisonParams,
    /// Premiums and subsidies.
    pub premium: PremiumParams,
    /// Who collects premiums, and by which ways.
    pub payment: PaymentParams,
    /// How units and authorities declare.
    pub declaration: DeclarationParams,
    /// Premiums prepaid by academic years.
    pub prepayment: PrepaymentParams,
    /// Premiums deducted from the old-age living subsidy.
    pub deduction: DeductionParams,
    /// What is paid back.
    pub refund: RefundParams,
    /// From when to when a person is covered.
    pub benefit_period: BenefitPeriodParams,
    /// Basic insurance for stays, special outpatient care and home beds, in the city and outside.
    pub basic: Result<BasicParams, Gap>,
    /// Whose inpatient rate is higher, where the rate itself is not printed (B-5.5-c).
    pub raised_rate: Option<Effective<Vec<Identity>>>,
    /// Basic insurance for outpatient care.
    pub outpatient: Result<OutpatientParams, Gap>,
    /// Critical illness insurance.
    pub critical_illness: Result<CriticalIllnessParams, Gap>,
    /// What the funds leave of a bill is the person's (J-6.1-b, B-6.1.1-a).
    pub own_share: Effective<bool>,
    /// Claims of bills that the person paid.
    pub self_paid_claims: ClaimParams,
    /// Medical and veterans' assistance.
    pub assistance: Result<AssistanceParams, Gap>,
    /// Assistance granted once a year (J-5.5.3, J-5.5.4).
    pub assistance_programs: Vec<YearlyProgram>,
    /// Which insurer handles an accident, and where.
    pub accident: AccidentParams,
    /// What accident insurance pays (J-5.4).
    pub accident_benefits: Result<AccidentBenefits, Gap>,
    /// What is filed before care outside the city.
    pub filings: Result<FilingParams, Gap>,
    /// Maternity insurance: its table (J-5.3.T).
    pub maternity: Result<MaternityParams, Gap>,
    /// What the document tells the public.
    pub information: InformationParams,
    /// Targets, counting, supervision and organisation (J-A1, J-A2, B-8).
    pub supervision: SupervisionParams,
    /// Lists that offices supply, in the order they are named.
    pub data_sets: Vec<DataSet>,
}

impl Snapshot {
    /// What governs a bill.
    #[must_use]
    pub const fn law_of_bills(&self) -> Law<'_> {
        Law {
            basic: self.basic.as_ref(),
            critical_illness: self.critical_illness.as_ref(),
            maternity: self.maternity.as_ref(),
            outpatient: self.outpatient.as_ref(),
            raised_rate: self.raised_rate.as_ref(),
        }
    }

    pub(crate) fn build(reader: &Reader<'_>, district: District, policy_year: i32) -> Result<Self, LoadError> {
        Ok(Self {
            district,
            policy_year,
            enrolment: enrolment::read(reader)?,
            change: change::read(reader)?,
            comparison: comparison::read(reader)?,
            premium: premium::read(reader)?,
            payment: payment::read(reader)?,
            declaration: declaration::read(reader)?,
            prepayment: collection::prepayment(reader)?,
            deduction: collection::deduction(reader)?,
            refund: refund::read(reader)?,
            benefit_period: benefit_period::read(reader)?,
            basic: settle(settlement::basic(reader))?,
            raised_rate: settlement::raised_rate(reader)?,
            outpatient: settle(outpatient::read(reader))?,
            critical_illness: settle(settlement::critical_illness(reader))?,
            own_share: reader.required("settlement.own_share")?,
            self_paid_claims: self_paid_claim::read(reader)?,
            assistance: settle(assistance::read(reader))?,
            assistance_programs: programs::read(reader)?,
            accident: accident::read(reader)?,
            accident_benefits: settle(accident_benefits::read(reader))?,
            maternity: settle(maternity::read(reader))?,
            filings: settle(filings::read(reader))?,
            information: information::read(reader)?,
            supervision: supervision::read(reader)?,
            data_sets: data_sets::read(reader)?,
        })
    }
}
