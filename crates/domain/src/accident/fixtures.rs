//! The routing law of both years, as far as the tests of routing and of the outlets need it.

use super::params::{AccidentParams, InsurerDesk, Outlet};
use crate::codes::{District, InsuredGroup, Insurer};
use crate::effective::{Effective, Gap};

fn desk(insurer: Insurer, address: Option<&str>, rule_id: &'static str) -> Effective<InsurerDesk> {
    let address = address.map(str::to_owned);
    Effective::printed(InsurerDesk { insurer, full_name: insurer.to_string(), address }, rule_id)
}

fn outlet(
    number: u32,
    district: Option<District>,
    group: Option<InsuredGroup>,
    insurers: &[Insurer],
) -> Effective<Outlet> {
    let outlet = Outlet {
        number,
        district,
        group,
        district_text: "as written".to_owned(),
        name: format!("outlet {number}"),
        phone: None,
        address: format!("address {number}"),
        insurers: insurers.to_vec(),
        company_text: "as written".to_owned(),
    };
    Effective::printed(outlet, if district.is_some() { "J-13.T-a" } else { "J-13.T-b" })
}

pub(crate) fn tianjin_2021() -> AccidentParams {
    use District::{Baodi, Hedong, Hexi, Jinghai, Jinnan};
    use InsuredGroup::{AdultResident, Employee, StudentChild};
    use Insurer::{ChinaLife, PiccHealth, PiccPc, SunlifeEverbright, TaikangLife};
    let phones = [(StudentChild, "4006596193"), (AdultResident, "4006596196"), (Employee, "4006114196")];
    AccidentParams {
        routing: [
            ((Employee, Baodi), desk(ChinaLife, None, "J-6.2.3.6-a")),
            ((Employee, Jinghai), desk(TaikangLife, None, "J-6.2.3.6-b")),
            ((Employee, Hexi), desk(TaikangLife, None, "J-6.2.3.6-b")),
            ((AdultResident, Baodi), desk(PiccHealth, None, "J-6.2.3.6-c")),
            ((AdultResident, Jinnan), desk(PiccHealth, None, "J-6.2.3.6-c")),
            ((AdultResident, Jinghai), desk(SunlifeEverbright, None, "J-6.2.3.6-d")),
            ((AdultResident, Hexi), desk(SunlifeEverbright, None, "J-6.2.3.6-d")),
            ((StudentChild, Jinghai), desk(TaikangLife, None, "J-6.2.3.6-e")),
            ((StudentChild, Baodi), desk(TaikangLife, None, "J-6.2.3.6-e")),
            ((StudentChild, Hexi), desk(PiccPc, None, "J-6.2.3.6-f")),
            ((StudentChild, Hedong), desk(PiccHealth, None, "J-6.2.3.6-h")),
        ]
        .into(),
        phones: phones.map(|(group, phone)| (group, Effective::printed(phone.to_owned(), "J-6.2.3.1-c"))).into(),
        outlets: vec![
            outlet(1, None, Some(Employee), &[TaikangLife, ChinaLife]),
            outlet(2, None, Some(AdultResident), &[PiccHealth, SunlifeEverbright]),
            outlet(3, None, Some(StudentChild), &[TaikangLife]),
            outlet(6, Some(Hexi), None, &[ChinaLife]),
            outlet(44, Some(Jinghai), None, &[ChinaLife]),
            outlet(98, Some(Hexi), None, &[PiccPc]),
            outlet(102, Some(Jinghai), None, &[SunlifeEverbright]),
            outlet(106, Some(Hexi), None, &[TaikangLife]),
            outlet(111, Some(Baodi), None, &[TaikangLife]),
            outlet(114, Some(Baodi), None, &[PiccHealth]),
            outlet(120, Some(Jinnan), None, &[PiccHealth]),
        ],
        report_days: Ok(Effective::printed(5, "J-6.2.3.1-a")),
    }
}

pub(crate) fn baodi_2017() -> AccidentParams {
    let (student, adult) = (InsuredGroup::StudentChild, InsuredGroup::AdultResident);
    AccidentParams {
        routing: [
            ((student, District::Baodi), desk(Insurer::ChinaLife, Some("宝平街广川路19号"), "B-6.2.1-a")),
            ((adult, District::Baodi), desk(Insurer::PiccHealth, Some("宝平街渔阳道新都汇写字楼707室"), "B-6.2.2-a")),
        ]
        .into(),
        phones: [].into(),
        outlets: Vec::new(),
        report_days: Err(Gap { parameter: "report_days".into(), rule_id: "J-6.2.3.1-a".into(), configurable: false }),
    }
}
