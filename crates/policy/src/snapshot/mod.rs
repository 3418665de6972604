//! The law of one policy year in one district, typed.

mod accident;
mod accident_benefits;
mod assistance;
mod benefit_period;
mod data_sets;
mod enrolment;
mod maternity;
mod matrix;
mod premium;
mod programs;
mod settlement;
mod targets;

use juyi_domain::accident::params::AccidentParams;
use juyi_domain::assistance::params::AssistanceParams;
use juyi_domain::benefit_period::params::BenefitPeriodParams;
use juyi_domain::codes::District;
use juyi_domain::contribution::params::PremiumParams;
use juyi_domain::effective::{Effective, Gap};
use juyi_domain::registry::params::EnrolmentParams;
use juyi_domain::registry::roster::DataSet;
use juyi_domain::settlement::params::{BasicParams, CriticalIllnessParams};

use crate::LoadError;
use crate::reader::{Reader, settle};

pub use accident_benefits::AccidentBenefits;
pub use maternity::{MaternityItem, PayMode};
pub use matrix::{Account, BenefitRow, MatrixService, Venue};
pub use programs::YearlyProgram;
pub use targets::{Target, TargetKind};

/// What governs a request: the figures of a policy year in a district as they stand on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// District.
    pub district: District,
    /// Policy year.
    pub policy_year: i32,
    /// Who enrols where and when.
    pub enrolment: EnrolmentParams,
    /// Age from which the township recognises a person of an urban low-income family (B-7.3.3-b: 60).
    pub low_income_senior_age: Option<Effective<u32>>,
    /// Premiums and subsidies.
    pub premium: PremiumParams,
    /// From when to when a person is covered.
    pub benefit_period: BenefitPeriodParams,
    /// Basic insurance for inpatient care.
    pub basic: Result<BasicParams, Gap>,
    /// Critical illness insurance.
    pub critical_illness: Result<CriticalIllnessParams, Gap>,
    /// The benefit table: every service, tier and venue with its rate, deductible and maximum.
    pub benefit_matrix: Vec<Effective<BenefitRow>>,
    /// Medical and veterans' assistance.
    pub assistance: Result<AssistanceParams, Gap>,
    /// Assistance granted once a year (J-5.5.3, J-5.5.4).
    pub assistance_programs: Vec<YearlyProgram>,
    /// Which insurer handles an accident, and where.
    pub accident: AccidentParams,
    /// What accident insurance pays (J-5.4).
    pub accident_benefits: Result<AccidentBenefits, Gap>,
    /// The maternity table (J-5.3.T).
    pub maternity: Result<Vec<Effective<MaternityItem>>, Gap>,
    /// Lists that offices supply, in the order they are named.
    pub data_sets: Vec<DataSet>,
    /// Enrolment targets of the regime's districts (J-A2.T, B-T).
    pub targets: Vec<Effective<Target>>,
}

impl Snapshot {
    pub(crate) fn build(reader: &Reader<'_>, district: District, policy_year: i32) -> Result<Self, LoadError> {
        Ok(Self {
            district,
            policy_year,
            enrolment: enrolment::read(reader)?,
            low_income_senior_age: reader.maybe("enrolment.low_income_senior_age")?,
            premium: premium::read(reader)?,
            benefit_period: benefit_period::read(reader)?,
            basic: settle(settlement::basic(reader))?,
            critical_illness: settle(settlement::critical_illness(reader))?,
            benefit_matrix: matrix::read(reader)?,
            assistance: settle(assistance::read(reader))?,
            assistance_programs: programs::read(reader)?,
            accident: accident::read(reader)?,
            accident_benefits: settle(accident_benefits::read(reader))?,
            maternity: settle(maternity::read(reader))?,
            data_sets: data_sets::read(reader)?,
            targets: targets::read(reader)?,
        })
    }
}
