//! The rows of the benefit table for outpatient care; those of stays and special outpatient care are parameters of their
//! rules.

use std::str::FromStr;

use juyi_domain::codes::{Tier, UnknownCode};
use juyi_domain::effective::Effective;
use juyi_domain::money::{Fen, Rate};
use juyi_domain::settlement::params::Account;
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
        /// Outpatient and emergency care (门（急）诊).
        Outpatient = "OUTPATIENT",
        /// General treatment fee of a village clinic (一般诊疗费).
        VillageGeneralFee = "VILLAGE_GENERAL_FEE",
    }
    /// Where the care is given.
    Venue {
        /// Level 1 institution.
        Level1 = "LEVEL_1",
        /// Level 2 institution under the public-hospital reform.
        Level2Reformed = "LEVEL_2_REFORMED",
        /// Designated retail pharmacy (定点零售药店).
        RetailPharmacy = "RETAIL_PHARMACY",
        /// Designated village clinic (定点村卫生室).
        VillageClinic = "VILLAGE_CLINIC",
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
}

impl MatrixService {
    /// First part of the parameter paths of the service.
    const fn path(self) -> &'static str {
        match self {
            Self::Outpatient => "outpatient",
            Self::VillageGeneralFee => "village_general_fee",
        }
    }
}

/// The service whose deductible and maximum are those of the running total.
const fn owner(account: Account) -> &'static str {
    match account {
        Account::InpatientAndSpecial => "inpatient",
        Account::Outpatient => MatrixService::Outpatient.path(),
    }
}

pub(super) fn read(reader: &Reader<'_>) -> Result<Vec<Effective<BenefitRow>>, LoadError> {
    let mut rows = Vec::new();
    for service in MatrixService::ALL.iter().copied() {
        for (key, rate) in reader.each::<Rate>(&format!("{}.rate", service.path()))? {
            let (venue, tier) = reader.codes(&rate.name, key)?;
            let cited = rate.map(|_| ());
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
        reader.get::<Fen>(&format!("{}.{figure}", owner(account))).map(|figure| (account, figure))
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
    })
}
