//! The benefit table.

use std::str::FromStr;

use juyi_domain::codes::{Tier, UnknownCode};
use juyi_domain::effective::Effective;
use juyi_domain::money::{Fen, Rate};
use serde::{Deserialize, Serialize};

use crate::LoadError;
use crate::reader::{Missing, Reader, settle};

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $vdoc:literal])* $variant:ident = $code:literal,)* })*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[doc = $vdoc])* #[serde(rename = $code)] $variant,)*
        }

        impl $name {
            /// Every code, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl FromStr for $name {
            type Err = UnknownCode;
            fn from_str(text: &str) -> Result<Self, UnknownCode> {
                match text { $($code => Ok(Self::$variant),)* _ => Err(UnknownCode) }
            }
        }
    )*};
}

codes! {
    /// Kind of care of the benefit table.
    MatrixService {
        /// Inpatient care (住院).
        Inpatient = "INPATIENT",
        /// Special outpatient care (门诊特殊病).
        SpecialOutpatient = "SPECIAL_OUTPATIENT",
        /// Home bed (家庭病床).
        HomeBed = "HOME_BED",
    }
    /// Where the care is given.
    Venue {
        /// Level 1 institution.
        Level1 = "LEVEL_1",
        /// Level 2 institution.
        Level2 = "LEVEL_2",
        /// Level 3 institution.
        Level3 = "LEVEL_3",
    }
    /// Running total of the year that a deductible or a maximum belongs to.
    Account {
        /// Inpatient care, home beds and special outpatient care together.
        InpatientAndSpecial = "INPATIENT_AND_SPECIAL",
    }
}

/// One row of the benefit table. The row itself cites the rule that gives the rate to the service.
#[derive(Clone, Debug, PartialEq)]
pub struct BenefitRow {
    /// Kind of care.
    pub service: MatrixService,
    /// Tier of the person.
    pub tier: Tier,
    /// Where the care is given.
    pub venue: Venue,
    /// Share of the fund.
    pub rate: Effective<Rate>,
    /// Deductible of the year and the running total it belongs to; `None` where none is taken.
    pub deductible: Option<(Account, Effective<Fen>)>,
    /// Maximum of the year and the running total it belongs to.
    pub maximum: (Account, Effective<Fen>),
    /// Days of the year that are paid, where limited.
    pub days_per_year: Option<Effective<u32>>,
}

impl MatrixService {
    /// First part of the parameter paths of the service.
    const fn path(self) -> &'static str {
        match self {
            Self::Inpatient => "inpatient",
            Self::SpecialOutpatient => "special_outpatient",
            Self::HomeBed => "home_bed",
        }
    }
}

impl Account {
    /// The service whose deductible and maximum are those of the running total.
    const fn owner(self) -> &'static str {
        match self {
            Self::InpatientAndSpecial => MatrixService::Inpatient.path(),
        }
    }
}

pub(super) fn read(reader: &Reader<'_>) -> Result<Vec<Effective<BenefitRow>>, LoadError> {
    let mut rows = Vec::new();
    for service in MatrixService::ALL.iter().copied() {
        // A home bed has the rates of another service; its rows cite the rule that says so.
        let lender = reader.maybe::<MatrixService>(&format!("{}.rates_of", service.path()))?;
        let rates_of = lender.as_ref().map_or(service, |lender| **lender);
        for (key, rate) in reader.each::<Rate>(&format!("{}.rate", rates_of.path()))? {
            let (venue, tier) = reader.codes(&rate.name, key)?;
            let cited = lender.as_ref().map_or_else(|| rate.map(|_| ()), |lender| lender.map(|_| ()));
            // A row is whole or absent: no deductible that is missing may read as none.
            if let Ok(row) = settle(row(reader, service, (tier, venue), rate))? {
                rows.push(cited.map(|()| row.clone()));
            }
        }
    }
    Ok(rows)
}

fn row(
    reader: &Reader<'_>,
    service: MatrixService,
    (tier, venue): (Tier, Venue),
    rate: Effective<Rate>,
) -> Result<BenefitRow, Missing> {
    let path = service.path();
    let of = |account: Account, figure: &str| {
        reader.get::<Fen>(&format!("{}.{figure}", account.owner())).map(|figure| (account, figure))
    };
    let deductible = reader.if_declared::<Account>(&format!("{path}.deductible_account"))?;
    let maximum = reader.get::<Account>(&format!("{path}.maximum_account"))?;
    Ok(BenefitRow {
        service,
        tier,
        venue,
        rate,
        deductible: deductible.map(|account| of(*account, "deductible")).transpose()?,
        maximum: of(*maximum, "maximum")?,
        days_per_year: reader.if_declared(&format!("{path}.days_per_year"))?,
    })
}
