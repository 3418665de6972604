//! What the rules of settlement need of the law.

use std::collections::BTreeMap;

use crate::codes::{Identity, ProviderLevel, Tier};
use crate::effective::Effective;
use crate::money::{Fen, Rate};

/// Parameters of basic insurance for inpatient care.
#[derive(Clone, Debug, PartialEq)]
pub struct BasicParams {
    /// Fund rate by level and tier (J-5.1.T-a to -c).
    pub inpatient_rate: BTreeMap<(ProviderLevel, Tier), Effective<Rate>>,
    /// Deductible of the first stay of the year (J-5.1.T-d).
    pub deductible: Effective<Fen>,
    /// Number of the stay from which no deductible is due (J-5.1.T-e: 2).
    pub waived_from_stay: Effective<u32>,
    /// Annual maximum of inpatient and special outpatient care (J-5.1.T-f).
    pub maximum: Effective<Fen>,
    /// What the maximum limits (AMB-053).
    pub maximum_basis: Effective<MaximumBasis>,
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
    /// True when the threshold is another year's figure, used until the operator sets the year's own (AMB-077).
    pub threshold_is_provisional: bool,
    /// Bands in ascending order; the first begins at the threshold.
    pub bands: Vec<Effective<Band>>,
    /// Over what the bands are added up (J-5.2-k, B-5.1-f, AMB-080).
    pub cumulation: Effective<Cumulation>,
    /// The tilt, where one is printed.
    pub tilt: Option<TiltParams>,
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
    /// True when the last band has no upper end (J-5.2-j).
    pub unlimited: Effective<bool>,
}
