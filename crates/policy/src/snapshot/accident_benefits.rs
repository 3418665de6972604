//! What accident insurance pays.

use std::collections::BTreeMap;

use juyi_domain::effective::{Effective, Gap};
use juyi_domain::money::{Fen, Rate};

use crate::reader::{Missing, Reader, settle};

/// Benefits of the accident insurance.
#[derive(Clone, Debug, PartialEq)]
pub struct AccidentBenefits {
    /// Medical cost up to which the lower rate applies, inclusive (J-5.4.1-a: 6000).
    pub lower_up_to: Effective<Fen>,
    /// Rate up to there (J-5.4.1-a: 70 %).
    pub lower_rate: Effective<Rate>,
    /// Rate of inpatient cost above (J-5.4.1-b: 80 %).
    pub upper_inpatient_rate: Effective<Rate>,
    /// Maximum of medical payments (J-5.4.1-c: 350000).
    pub maximum: Effective<Fen>,
    /// One payment by disability grade (J-5.4.2-a to -d).
    pub disability: BTreeMap<u32, Effective<Fen>>,
    /// Death benefit in average monthly wages (J-5.4.3-a: 2).
    pub death_months: Effective<u32>,
    /// City average monthly wage of 2019 (AMB-108), which an operator sets.
    pub average_monthly_wage: Result<Effective<Fen>, Gap>,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<AccidentBenefits, Missing> {
    let mut disability = BTreeMap::new();
    for (key, amount) in reader.each::<Fen>("accident.disability_grade")? {
        disability.insert(reader.code(&amount.name, key)?, amount);
    }
    Ok(AccidentBenefits {
        lower_up_to: reader.get("accident.medical_lower_up_to")?,
        lower_rate: reader.get("accident.medical_lower_rate")?,
        upper_inpatient_rate: reader.get("accident.medical_upper_inpatient_rate")?,
        maximum: reader.get("accident.medical_maximum")?,
        disability,
        death_months: reader.get("accident.death_months")?,
        average_monthly_wage: settle(reader.get("accident.average_monthly_wage_2019"))?,
    })
}
