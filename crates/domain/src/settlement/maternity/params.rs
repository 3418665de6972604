//! What the rules of maternity insurance need of the law: its table.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::codes::{ProviderLevel, UnknownCode, codes};
use crate::effective::Effective;
use crate::money::{Fen, Rate};
use crate::settlement::params::ExclusionParams;

codes! {
    /// Part of the table.
    MaternityCategory {
        /// Prenatal checks (产前检查费).
        PrenatalCheck = "PRENATAL_CHECK",
        /// Childbirth (生育医疗费).
        Childbirth = "CHILDBIRTH",
        /// Family planning (计划生育手术费).
        FamilyPlanning = "FAMILY_PLANNING",
    }
    /// Item of the table.
    MaternityItem {
        /// J-5.3.T-a.
        TerminationBefore12Weeks = "TERMINATION_LT_12W",
        /// J-5.3.T-b.
        TerminationBefore16Weeks = "TERMINATION_12_16W",
        /// J-5.3.T-c.
        TerminationBefore28Weeks = "TERMINATION_16_28W",
        /// J-5.3.T-d.
        LateTerminationOrDelivery = "TERMINATION_GE_28W_OR_DELIVERY",
        /// J-5.3.T-e.
        NaturalDelivery = "NATURAL_DELIVERY",
        /// J-5.3.T-e.
        AssistedDelivery = "ASSISTED_DELIVERY",
        /// J-5.3.T-e.
        CaesareanOnly = "CAESAREAN_ONLY",
        /// J-5.3.T-e.
        CaesareanWithMyomaOrCyst = "CAESAREAN_WITH_MYOMA_OR_CYST",
        /// J-5.3.T-f.
        ObstetricComplication = "OBSTETRIC_COMPLICATION",
        /// J-5.3.T-g.
        SevereDisease = "SEVERE_MEDICAL_OR_SURGICAL_DISEASE",
        /// J-5.3.T-h.
        TransferOutHospital = "TRANSFER_OUT_HOSPITAL",
        /// J-5.3.T-i.
        InducedLabour = "INDUCED_LABOUR",
        /// J-5.3.T-j.
        Abortion = "ABORTION",
        /// J-5.3.T-k.
        HighRiskAbortion = "HIGH_RISK_ABORTION",
        /// J-5.3.T-l.
        DeviceInsertionOrRemoval = "IUD_INSERT_OR_REMOVE",
        /// J-5.3.T-m.
        DeviceReplacement = "IUD_REPLACE",
        /// J-5.3.T-n.
        FemaleSterilisation = "FEMALE_STERILISATION",
        /// J-5.3.T-o.
        MaleSterilisation = "MALE_STERILISATION",
        /// J-5.3.T-p.
        SterilisationReversal = "STERILISATION_REVERSAL",
        /// J-5.3.T-q.
        ComplicatedDeviceRemoval = "IUD_REMOVAL_COMPLICATED",
        /// J-5.3.T-r.
        FamilyPlanningComplication = "FAMILY_PLANNING_COMPLICATION",
        /// J-5.3.T-s.
        MiscarriageOrDrugAbortion = "MISCARRIAGE_OR_DRUG_ABORTION",
    }
}

/// Parameters of maternity insurance.
#[derive(Clone, Debug, PartialEq)]
pub struct MaternityParams {
    /// What counts of a bill, and what is not covered.
    pub exclusions: ExclusionParams,
    /// The table, row by row.
    pub rows: Vec<Effective<MaternityRow>>,
    /// True where a fixed amount is never more than the cost; false where it is always paid whole (AMB-084).
    pub fixed_capped_at_cost: Effective<bool>,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct MaternityRow {
    /// Item.
    pub item: MaternityItem,
    /// Part of the table.
    pub category: MaternityCategory,
    /// Name as printed.
    pub name: String,
    /// Hospital level, where the amount depends on it.
    pub level: Option<ProviderLevel>,
    /// Weeks of gestation, where the amount depends on them.
    pub weeks: Option<Weeks>,
    /// How it is paid, and how much.
    pub pay: MaternityPay,
}

/// Completed weeks of gestation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weeks {
    /// The first week.
    pub from: u32,
    /// The week before which they end; `None` for no end.
    pub to: Option<u32>,
}

impl Weeks {
    /// True when a number of completed weeks lies within.
    #[must_use]
    pub fn contains(self, weeks: u32) -> bool {
        weeks >= self.from && self.to.is_none_or(|to| weeks < to)
    }
}

/// Way of paying (J-5.3.T-t).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaternityPay {
    /// The cost up to the amount (限额支付).
    Limit(Fen),
    /// The amount (定额支付).
    Fixed(Fen),
    /// A share of the eligible cost (项目付费).
    ItemRatio(Rate),
    /// The inpatient rate of tier and level, of the eligible cost (J-5.3.T-g).
    InpatientRatio,
}

impl MaternityPay {
    /// The code of the way.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Limit(_) => "LIMIT",
            Self::Fixed(_) => "FIXED",
            Self::ItemRatio(_) => "ITEM_RATIO",
            Self::InpatientRatio => "INPATIENT_RATIO",
        }
    }
}
