//! A bill with the facts of the person that settle it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::bill::Bill;
use crate::codes::{Class, Identity, Tier};
use crate::id::SettlementId;

/// A bill of a person, ready to be settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Id of the settlement.
    pub id: SettlementId,
    /// The bill.
    pub bill: Bill,
    /// Class of the enrolment (AMB-136).
    pub class: Class,
    /// Tier of the enrolment (AMB-136).
    pub tier: Tier,
    /// Identities held on the day the stay began (AMB-139).
    pub identities: Vec<Identity>,
    /// What registers say about the bill.
    pub standing: Standing,
    /// Order of filing, which decides between bills of one day (AMB-138).
    pub filed_order: i64,
}

/// What the registers of the insurance say about a person and a bill, on the day the stay began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// A contract with a family doctor is in effect (J-5.1.4-a).
    pub family_doctor: bool,
    /// That contract is with the provider of the bill (AMB-059).
    pub family_doctor_here: bool,
    /// The special disease of the bill is registered (J-5.1.T-k).
    pub special_disease: bool,
    /// The reason for which care was sought elsewhere is registered: residence, transfer, partner (J-10.1).
    pub elsewhere: bool,
    /// The day lies in the holidays of the school; `None` where its calendar is not known (AMB-076).
    pub holidays: Option<bool>,
    /// Maternity benefits are registered (J-6.2.2.1-b).
    pub maternity: bool,
    /// First day of the pregnancy whose benefit is registered; of a bill of maternity alone (J-6.2.2.1-b).
    pub conceived_on: Option<NaiveDate>,
    /// The person paid the bill and claims it (垫付报销); otherwise it is settled directly (J-10.3.1).
    pub self_paid: bool,
}
