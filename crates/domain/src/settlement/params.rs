//! What the rules of settlement need of the law.

use std::collections::BTreeMap;

use super::outpatient::params::FamilyDoctorParams;
use crate::codes::{Identity, ProviderLevel, Tier};
use crate::effective::{Effective, Gap};
use crate::money::{Fen, Rate};

/// Fund rates by level of the institution and tier of the person.
pub type Rates = BTreeMap<(ProviderLevel, Tier), Effective<Rate>>;

/// What holds of every bill, whatever the kind of care: what of it counts, and what is not covered. The rules of payment
/// need no figure of these clauses, but each receipt cites the clause of its own document.
#[derive(Clone, Debug, PartialEq)]
pub struct ExclusionParams {
    /// Only cost inside the catalogues counts (J-5.1.3-a, B-5.2-d).
    pub catalogues: Effective<bool>,
    /// What lies outside them is not covered (J-8-2, B-5.2-d).
    pub outside_catalogues: Effective<bool>,
    /// Nothing is covered at a provider that is not designated (J-8-1, B-6.1.1-a).
    pub undesignated: Effective<bool>,
    /// Nothing is covered outside the border (J-8-5).
    pub outside_border: Result<Effective<bool>, Gap>,
    /// What public health programmes bear is not covered (J-8-3).
    pub public_health: Result<Effective<bool>, Gap>,
    /// What a third party bears is not covered (J-8-4).
    pub third_party: Result<Effective<bool>, Gap>,
    /// Other cost that is said to qualify, which no document describes (J-7-8, B-5-a).
    pub other_cost: Gap,
}

/// Parameters of basic insurance for inpatient and special outpatient care, home beds and emergency observation.
#[derive(Clone, Debug, PartialEq)]
pub struct BasicParams {
    /// What counts of a bill, and what is not covered.
    pub exclusions: ExclusionParams,
    /// Fund rate by level and tier (J-5.1.T-a to -c).
    pub inpatient_rate: Rates,
    /// Deductible of the first stay of the year (J-5.1.T-d).
    pub deductible: Effective<Fen>,
    /// Number of the stay from which no deductible is due (J-5.1.T-e: 2).
    pub waived_from_stay: Effective<u32>,
    /// Annual maximum of inpatient and special outpatient care (J-5.1.T-f).
    pub maximum: Effective<Fen>,
    /// What the maximum limits (AMB-053).
    pub maximum_basis: Effective<MaximumBasis>,
    /// Of which year a stay across the year end is a stay (J-5.1.6-a, AMB-057), where stays across it are spoken of.
    pub cross_year_stay_counts_in: Option<Effective<CrossYearStay>>,
    /// The bonus of a family doctor's contract, which may reach these kinds of care as well (AMB-059).
    pub family_doctor: Option<FamilyDoctorParams>,
    /// Unspent outpatient balances of earlier years raise the maximum (J-5.1.2-b, AMB-064), where that is printed.
    pub balance_raises_maximum: Option<Effective<bool>>,
    /// Special outpatient care.
    pub special_outpatient: Result<SpecialOutpatientParams, Gap>,
    /// Home beds.
    pub home_bed: Result<HomeBedParams, Gap>,
    /// Rates outside the city.
    pub elsewhere: Result<ElsewhereParams, Gap>,
}

/// Parameters of special outpatient care.
#[derive(Clone, Debug, PartialEq)]
pub struct SpecialOutpatientParams {
    /// Fund rate by level and tier (J-5.1.T-g to -i).
    pub rate: Rates,
    /// The deductible is the one of inpatient care (J-5.1.T-j, AMB-056).
    pub deductible: Effective<Account>,
    /// The maximum is the one of inpatient care (J-5.1.T-l).
    pub maximum: Effective<Account>,
}

/// Parameters of home beds.
#[derive(Clone, Debug, PartialEq)]
pub struct HomeBedParams {
    /// The account whose rates, deductible and maximum apply: a home bed is inpatient care in every respect (J-5.1.T-q,
    /// AMB-066).
    pub account: Effective<Account>,
    /// Days of the year that are paid (J-5.1.T-r: 90).
    pub days_per_year: Effective<u32>,
}

/// Parameters of care outside the city (J-10.3.2).
#[derive(Clone, Debug, PartialEq)]
pub struct ElsewhereParams {
    /// Points more of the personal share in registered residence and acute illness (J-10.3.2-a: 0).
    pub normal_points: Effective<u32>,
    /// Points more after an approved transfer (J-10.3.2-b: 5).
    pub transfer_points: Effective<u32>,
    /// Points more at a partner of the institution that received the transfer, over the rate of that institution
    /// (J-10.3.2-c: 5, AMB-074).
    pub partner_points: Effective<u32>,
    /// Points more at an institution chosen by the person (J-10.3.2-d: 10).
    pub self_chosen_points: Effective<u32>,
    /// Levels of the institutions that a person may choose; others are not paid (J-10.3.2-e, AMB-073).
    pub self_chosen_levels: Effective<Vec<ProviderLevel>>,
    /// Basic insurance, critical illness insurance and assistance settle one bill (J-10.4-a).
    pub one_bill: Effective<bool>,
    /// The points are borne within the policy: they count for critical illness insurance and assistance (AMB-075).
    pub penalty_in_burden: Effective<bool>,
}

/// Running total of the year that a deductible or a maximum belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Inpatient care, home beds and special outpatient care together.
    InpatientAndSpecial,
    /// Outpatient and emergency care.
    Outpatient,
}

impl Account {
    /// Every account.
    pub const ALL: &'static [Self] = &[Self::InpatientAndSpecial, Self::Outpatient];

    /// The code of the account.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InpatientAndSpecial => "INPATIENT_AND_SPECIAL",
            Self::Outpatient => "OUTPATIENT",
        }
    }
}

/// Of which year a stay across the year end is a stay, so that the next one has no deductible (AMB-057).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrossYearStay {
    /// Of the year of admission alone.
    AdmissionYear,
    /// Of the year into which it lasts as well.
    BothYears,
}

impl CrossYearStay {
    /// The code of the reading.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AdmissionYear => "ADMISSION_YEAR",
            Self::BothYears => "BOTH_YEARS",
        }
    }
}

/// What an annual maximum limits (AMB-053).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaximumBasis {
    /// What the fund pays.
    FundPayment,
    /// The eligible cost up to which it pays.
    EligibleCost,
}

impl MaximumBasis {
    /// The code of the reading.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FundPayment => "FUND_PAYMENT",
            Self::EligibleCost => "ELIGIBLE_COST",
        }
    }
}

/// Parameters of critical illness insurance.
#[derive(Clone, Debug, PartialEq)]
pub struct CriticalIllnessParams {
    /// Burden of the year above which it pays (J-5.2-f, B-5.1-b).
    pub threshold: Effective<Fen>,
    /// The income it follows from, where an operator states that instead of the threshold (J-5.2-e).
    pub income: Option<IncomeParams>,
    /// True when the threshold is another year's figure, used until the operator sets the year's own (AMB-077).
    pub threshold_is_provisional: bool,
    /// Bands in ascending order; the first begins at the threshold.
    pub bands: Vec<Effective<Band>>,
    /// Over what the bands are added up (J-5.2-k, B-5.1-f, AMB-080).
    pub cumulation: Effective<Cumulation>,
    /// The tilt, where one is printed.
    pub tilt: Option<TiltParams>,
    /// True where a burden that was settled elsewhere is taken: no document of the year prints the basic rates
    /// (B-5.1-b, AMB-082). Elsewhere basic insurance settles the bill first (J-5.2-a).
    pub supplied_burden: Effective<bool>,
}

/// The income that a threshold follows from (J-5.2-e).
#[derive(Clone, Debug, PartialEq)]
pub struct IncomeParams {
    /// Residents' per-head disposable income of the year before.
    pub per_head: Effective<Fen>,
    /// Part of it that is the threshold: 50 %.
    pub share: Effective<Rate>,
}

impl IncomeParams {
    /// The threshold, with the source of the income.
    #[must_use]
    pub fn threshold(&self) -> Effective<Fen> {
        self.per_head.map(|income| income.at(self.share.value).round())
    }
}

/// Over what the bands of critical illness insurance are added up (AMB-080).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cumulation {
    /// The burden of the year, less what was paid before.
    Year,
    /// The burden of one bill.
    PerBill,
}

impl Cumulation {
    /// The code of the reading.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Year => "YEAR",
            Self::PerBill => "PER_BILL",
        }
    }
}

/// One band of the burden of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// Upper end of the band, included.
    pub up_to: Fen,
    /// Rate of the part inside the band.
    pub rate: Rate,
}

/// Better terms for aid recipients and named entitled persons.
#[derive(Clone, Debug, PartialEq)]
pub struct TiltParams {
    /// Identities that give the tilt (J-5.2-g, AMB-079).
    pub identities: Effective<Vec<Identity>>,
    /// Part of the threshold that remains (J-5.2-h: 50 %).
    pub threshold_share: Effective<Rate>,
    /// Percentage points more in every band (J-5.2-i: 5).
    pub extra_points: Effective<u32>,
    /// True when the burden above the last band is paid for as well (J-5.2-j).
    pub unlimited: Effective<bool>,
    /// Rate of that part, for which no band is printed (J-5.2-j, AMB-079: 75 %, the last band going on).
    pub above_last_band: Effective<Rate>,
}
