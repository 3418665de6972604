//! The readings that may be switched, each with the parameter and the value that switch it: the rules in use are given the
//! overlay, the second engine asks [`Readings::has`].

use chrono::NaiveDate;

use super::years::Years;

/// A reading that differs from the one chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(crate) enum Reading {
    /// The maximum of stays and special outpatient care limits cost (AMB-053).
    StaysLimitedByCost,
    /// The maximum of outpatient care limits cost (AMB-053).
    VisitsLimitedByCost,
    /// Balances do not raise the maximum (AMB-064).
    BalancesApart,
    /// The bands of critical illness insurance run over one bill (AMB-080).
    BandsPerBill,
    /// With the tilt the last band ends as well (AMB-079).
    TiltEnds,
    /// The points of care elsewhere are the person's own affair (AMB-075).
    PointsOutsideBurden,
    /// The bonus of a family doctor's contract applies at its institution alone (AMB-059).
    DoctorHere,
    /// Its points are added to stays and special outpatient care as well (AMB-059).
    DoctorAllCare,
    /// The quota of a family doctor's contract is not carried (AMB-060).
    DoctorNotCarried,
    /// A general fee that is reimbursed ends the reduction (AMB-062).
    FeeRestores,
    /// A general fee counts as cost that may exceed the deductible (AMB-143).
    FeeCounts,
    /// Only a whole year counts as unused (AMB-061).
    WholeYears,
    /// A fixed amount ends at the cost (AMB-084).
    BirthsUpToCost,
    /// The bands of assistance run over one bill (AMB-091).
    AidPerBill,
    /// A stay across New Year is a stay of both years (AMB-057).
    StaysOfBothYears,
    /// With the tilt a third of what lies above the last band is paid (AMB-079).
    TiltByAThird,
    /// The threshold of critical illness insurance rises on 1 July: two laws in one year (AMB-077).
    ThresholdRises,
}

/// From when what changes within the year is changed.
pub(crate) const MIDYEAR: NaiveDate = NaiveDate::from_ymd_opt(2021, 7, 1).unwrap();

/// Parameter and value of each, in the order of the readings.
const SWITCHES: &[(Reading, &str, &str)] = &[
    (Reading::StaysLimitedByCost, "inpatient.maximum_basis", "\"ELIGIBLE_COST\""),
    (Reading::VisitsLimitedByCost, "outpatient.maximum_basis", "\"ELIGIBLE_COST\""),
    (Reading::BalancesApart, "inpatient.balance_raises_maximum", "false"),
    (Reading::BandsPerBill, "critical_illness.cumulation", "\"PER_BILL\""),
    (Reading::TiltEnds, "critical_illness.tilt.unlimited", "false"),
    (Reading::PointsOutsideBurden, "out_of_area.penalty_in_burden", "false"),
    (Reading::DoctorHere, "family_doctor.family_doctor_scope", "\"SIGNED_INSTITUTION\""),
    (Reading::DoctorAllCare, "family_doctor.family_doctor_scope", "\"ALL_CARE\""),
    (Reading::DoctorNotCarried, "family_doctor.carry_over_includes_family_doctor", "false"),
    (Reading::FeeRestores, "village_general_fee.general_fee_restores", "true"),
    (Reading::FeeCounts, "village_general_fee.general_fee_counts_for_reduction", "true"),
    (Reading::WholeYears, "outpatient.reduction_requires_full_year", "true"),
    (Reading::BirthsUpToCost, "maternity.fixed_capped_at_cost", "true"),
    (Reading::AidPerBill, "assistance.band_scope", "\"PER_SETTLEMENT\""),
    (Reading::StaysOfBothYears, "inpatient.cross_year_stay_counts_in", "\"BOTH_YEARS\""),
    (Reading::TiltByAThird, "critical_illness.tilt.tilt_above_300000_rate", "33"),
    (Reading::ThresholdRises, "critical_illness.threshold", "25000"),
];

/// The readings of a law; by default those that were chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Readings(u32);

impl Readings {
    pub(crate) fn has(self, reading: Reading) -> bool {
        self.0 & (1 << reading as u32) != 0
    }

    /// One reading that differs.
    pub(crate) const fn only(reading: Reading) -> Self {
        Self(1 << reading as u32)
    }

    /// One reading after the other, and then several at once, whichever.
    pub(crate) fn all(mixtures: usize, years: &mut Years) -> Vec<Self> {
        let mut found: Vec<Self> = SWITCHES.iter().map(|(reading, ..)| Self::only(*reading)).collect();
        let end = 1_u64 << SWITCHES.len();
        found.extend((0..mixtures).map(|_| Self(u32::try_from(years.below(end)).unwrap()).consistent()));
        found
    }

    /// Of two values of one parameter the first.
    fn consistent(self) -> Self {
        let second = 1 << Reading::DoctorAllCare as u32;
        if self.has(Reading::DoctorHere) { Self(self.0 & !second) } else { self }
    }

    /// What an operator would write.
    pub(crate) fn overlay(self) -> String {
        let set = |(reading, parameter, value): &(Reading, &str, &str)| {
            let since = if *reading == Reading::ThresholdRises { MIDYEAR.to_string() } else { "2021-01-01".to_owned() };
            format!(
                "[[set]]\nparameter = \"tianjin-2021.{parameter}\"\nvalue = {value}\nsince = {since}\n\
                 source = {{ document = \"minutes\", section = \"1\" }}\n"
            )
        };
        SWITCHES.iter().filter(|(reading, ..)| self.has(*reading)).map(set).collect()
    }
}
