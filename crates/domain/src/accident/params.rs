//! What accident routing needs of the law.

use std::collections::BTreeMap;

use crate::codes::{District, InsuredGroup, Insurer};
use crate::effective::{Effective, Gap};

/// Parameters of accident insurance.
#[derive(Clone, Debug, PartialEq)]
pub struct AccidentParams {
    /// The insurer of each group in each district (J-6.2.3.6, B-6.2.1-a, B-6.2.2-a).
    pub routing: BTreeMap<(InsuredGroup, District), Effective<InsurerDesk>>,
    /// Service phone of each group (J-6.2.3.1-c, J-13.N-b); none printed for 2017 (B-6.2-a).
    pub phones: BTreeMap<InsuredGroup, Effective<String>>,
    /// The outlet table (J-13.T-a); empty for 2017.
    pub outlets: Vec<Effective<Outlet>>,
    /// Calendar days in which injury or disability is to be reported (J-6.2.3.1-a: 5).
    pub report_days: Result<Effective<u32>, Gap>,
}

/// The insurer responsible for a group in a district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsurerDesk {
    /// Insurer.
    pub insurer: Insurer,
    /// Full name as printed.
    pub full_name: String,
    /// Address, where the routing clause prints one (2017).
    pub address: Option<String>,
}

/// One row of the outlet table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlet {
    /// Number in the table.
    pub number: u32,
    /// District; `None` for the city service hall.
    pub district: Option<District>,
    /// Group a hall window serves; `None` for district outlets.
    pub group: Option<InsuredGroup>,
    /// District as printed; some rows name it differently (AMB-129).
    pub district_text: String,
    /// Name as printed.
    pub name: String,
    /// Phone, where printed.
    pub phone: Option<String>,
    /// Address as printed.
    pub address: String,
    /// Companies at the outlet.
    pub insurers: Vec<Insurer>,
    /// Companies as printed (AMB-129).
    pub company_text: String,
}
