//! What the rules of assistance need of the law.

use crate::codes::Identity;
use crate::effective::Effective;
use crate::money::{Fen, Rate};

/// Parameters of medical and veterans' assistance.
#[derive(Clone, Debug, PartialEq)]
pub struct AssistanceParams {
    /// Aid by person type (J-5.5.T-a to -e, text-only groups by J-5.5.2-d).
    pub types: Vec<Effective<AidType>>,
    /// Amount at which the upper band begins (J-5.5.2-b).
    pub upper_band_from: Effective<Fen>,
    /// The sums of the year of outpatient assistance as the text prints them (J-5.5.1-c, -d); the table has them by type.
    pub outpatient_maxima: Vec<Effective<Fen>>,
    /// Whether bands run over the year or over one bill (AMB-091).
    pub band_scope: Effective<BandScope>,
    /// Veterans' support by person type (J-5.5.T-f to -h).
    pub veterans: Vec<Effective<VeteranType>>,
}

/// Rates of one type of aid recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AidType {
    /// Code of the table row, for example `LOW_INCOME_SEVERELY_DISABLED`.
    pub code: String,
    /// Identities that must all be held.
    pub requires: Vec<Identity>,
    /// Inpatient rate below the upper band.
    pub inpatient_lower: Rate,
    /// Inpatient rate in the upper band.
    pub inpatient_upper: Rate,
    /// Outpatient rate (J-5.5.1-b).
    pub outpatient_rate: Rate,
    /// Outpatient maximum of the year (J-5.5.1-c, -d).
    pub outpatient_maximum: Fen,
}

/// Time over which the bands of inpatient assistance run (AMB-091).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandScope {
    /// The calendar year.
    CalendarYear,
    /// One settlement.
    PerSettlement,
}

impl BandScope {
    /// The code of the reading.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CalendarYear => "CALENDAR_YEAR",
            Self::PerSettlement => "PER_SETTLEMENT",
        }
    }
}

/// Support of one type of veteran or survivor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VeteranType {
    /// Identity.
    pub identity: Identity,
    /// Share of the outpatient burden.
    pub outpatient_rate: Rate,
    /// Share of the inpatient burden.
    pub inpatient_rate: Rate,
}
