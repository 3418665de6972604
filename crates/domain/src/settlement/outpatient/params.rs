//! What the rules of outpatient care need of the law.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::codes::{Tier, UnknownCode, codes};
use crate::effective::Effective;
use crate::money::{Fen, Rate};
use crate::settlement::params::{ExclusionParams, MaximumBasis};

codes! {
    /// Where outpatient care is paid.
    Venue {
        /// Level 1 institution.
        LevelOne = "LEVEL_1",
        /// Community health centre that has no level of its own.
        CommunityHealthCentre = "COMMUNITY_HEALTH_CENTRE",
        /// Level 2 institution under the public-hospital reform.
        LevelTwoReformed = "LEVEL_2_REFORMED",
        /// Designated retail pharmacy (定点零售药店).
        RetailPharmacy = "RETAIL_PHARMACY",
        /// Designated village clinic (定点村卫生室).
        VillageClinic = "VILLAGE_CLINIC",
    }
    /// To what the bonus of a family doctor's contract applies (AMB-059).
    FamilyDoctorScope {
        /// Outpatient care at every venue.
        Outpatient = "OUTPATIENT",
        /// Outpatient care at the institution of the contract.
        SignedInstitution = "SIGNED_INSTITUTION",
        /// Outpatient care at every venue; its points also to stays, home beds and special outpatient care.
        AllCare = "ALL_CARE",
    }
}

/// Parameters of outpatient and emergency care.
#[derive(Clone, Debug, PartialEq)]
pub struct OutpatientParams {
    /// What counts of a bill, and what is not covered.
    pub exclusions: ExclusionParams,
    /// Where it is paid (J-5.1.T-p, B-5.2-a).
    pub venues: Effective<Vec<Venue>>,
    /// The clause that names a venue, where there is one besides (J-7-1 to -3, J-5.1.5-a).
    pub venue: BTreeMap<Venue, Effective<bool>>,
    /// Fund rate by venue and tier (J-5.1.T-m, B-5.2-d).
    pub rate: BTreeMap<(Venue, Tier), Effective<Rate>>,
    /// Deductible of the year (J-5.1.T-n, B-5.2-b).
    pub deductible: Effective<Fen>,
    /// Maximum of the year (J-5.1.T-o, B-5.2-c).
    pub maximum: Effective<Fen>,
    /// What the maximum limits (AMB-053).
    pub maximum_basis: Effective<MaximumBasis>,
    /// By how much the deductible is lower after one, two, three unused years (J-5.1.1-a to -c, B-5.3-a to -c).
    pub reductions: Vec<Effective<Fen>>,
    /// A year counts as unused only when the person was insured all of it (AMB-061).
    pub reduction_requires_full_year: Effective<bool>,
    /// Reimbursement in a year with a lowered deductible ends the reduction (J-5.1.1-d, B-5.3-d).
    pub restoration: Effective<bool>,
    /// An unspent maximum is carried into later years (J-5.1.2-a, B-5.4-a).
    pub carry_over: Effective<bool>,
    /// General treatment fee of village clinics, where one is printed.
    pub general_fee: Option<GeneralFeeParams>,
    /// Family doctor's contracts, where the document speaks of them.
    pub family_doctor: Option<FamilyDoctorParams>,
}

/// Parameters of the general treatment fee (J-5.1.5-c).
#[derive(Clone, Debug, PartialEq)]
pub struct GeneralFeeParams {
    /// Fund rate by tier.
    pub rate: BTreeMap<Tier, Effective<Rate>>,
    /// What belongs to the fee (J-5.1.5-b).
    pub contains: Effective<bool>,
    /// Its reimbursement ends the reduction of the deductible as well (AMB-062).
    pub restores: Effective<bool>,
    /// It counts when cost is compared with the deductible at the end of the year (AMB-143).
    pub counts_for_reduction: Effective<bool>,
}

/// Parameters of a family doctor's contract.
#[derive(Clone, Debug, PartialEq)]
pub struct FamilyDoctorParams {
    /// Added to the maximum of the year (J-5.1.4-a).
    pub amount: Effective<Fen>,
    /// Percentage points more (J-5.1.4-b).
    pub points: Effective<u32>,
    /// To what the bonus applies (AMB-059).
    pub scope: Effective<FamilyDoctorScope>,
    /// The added amount is carried over, too (AMB-060).
    pub carried_over: Effective<bool>,
}
