//! The law of supervision of both districts, with their whole tables.

use super::params::{CountRule, Organisation, SupervisionParams, Target, TargetKind, Untargeted, WorkDuty};
use crate::codes::{Category, Class, CountGroup, Desk, District, Office, WorkKind};
use crate::dates::written::day;
use crate::effective::{Effective, Gap};

/// Rows 1 to 18: general residents, students and children, special groups.
const JINGHAI: [(&str, u32, u32, u32); 18] = [
    ("静海镇", 31267, 35806, 2620),
    ("大邱庄镇", 28080, 13159, 1159),
    ("唐官屯镇", 26752, 5440, 1977),
    ("独流镇", 22997, 4891, 1684),
    ("子牙镇", 22750, 4273, 1639),
    ("王口镇", 21434, 4002, 2623),
    ("沿庄镇", 21572, 4736, 1702),
    ("中旺镇", 21873, 3511, 1635),
    ("陈官屯镇", 18396, 3564, 1532),
    ("杨成庄乡", 19609, 1606, 726),
    ("台头镇", 16346, 2796, 2145),
    ("蔡公庄镇", 12705, 3856, 829),
    ("梁头镇", 13662, 2230, 1020),
    ("良王庄乡", 12284, 2057, 1224),
    ("双塘镇", 8692, 2563, 658),
    ("大丰堆镇", 8680, 2530, 471),
    ("西翟庄镇", 8502, 1920, 723),
    ("团泊镇", 5775, 2655, 210),
];

const BAODI: [(&str, u32); 24] = [
    ("宝平街道", 10890),
    ("八门城镇", 18550),
    ("海滨街道", 10970),
    ("牛道口镇", 28750),
    ("朝霞街道", 26230),
    ("周良街道", 7600),
    ("钰华街道", 13620),
    ("口东街道", 18250),
    ("大钟庄镇", 22730),
    ("大口屯镇", 30370),
    ("王卜庄镇", 22310),
    ("牛家牌镇", 11290),
    ("方家庄镇", 20410),
    ("新安镇", 20510),
    ("霍各庄镇", 17810),
    ("林亭口镇", 20710),
    ("史各庄镇", 16180),
    ("黄庄镇", 7540),
    ("新开口镇", 16290),
    ("郝各庄镇", 13190),
    ("大白街道", 10930),
    ("大唐庄镇", 8830),
    ("尔王庄镇", 8570),
    ("潮阳街道", 18870),
];

/// General residents, students and children, special groups.
type Columns = (Option<u32>, Option<u32>, Option<u32>);

fn row(district: District, (row, kind): (&str, TargetKind), name: &str, total: u32, columns: Columns) -> Target {
    let (general_residents, students_children, special_groups) = columns;
    let (row, name) = (row.to_owned(), name.to_owned());
    Target { district, row, kind, name, total, general_residents, students_children, special_groups }
}

fn jinghai() -> Vec<Effective<Target>> {
    let (of, sum) = (District::Jinghai, TargetKind::Subtotal);
    let mut rows: Vec<_> = (1..)
        .zip(JINGHAI)
        .map(|(number, (name, general, students, special))| {
            let columns = (Some(general), Some(students), Some(special));
            let total = general + students + special;
            row(of, (&format!("{number}"), TargetKind::Unit), name, total, columns)
        })
        .map(|target| Effective::printed(target, "J-A2.T-a"))
        .collect();
    let subtotal = row(of, ("SUBTOTAL", sum), "小计", 447_548, (Some(321_376), Some(101_595), Some(24_577)));
    rows.push(Effective::printed(subtotal, "J-A2.T-b"));
    let college = row(of, ("19", TargetKind::Unit), "天津大学仁爱学院", 14_015, (None, Some(14_015), None));
    rows.push(Effective::printed(college, "J-A2.T-c"));
    let columns = (Some(321_376), Some(115_610), Some(24_577));
    let total = row(of, ("TOTAL", TargetKind::Total), "合计", 461_563, columns);
    rows.push(Effective::printed(total, "J-A2.T-d"));
    rows
}

fn baodi() -> Vec<Effective<Target>> {
    let (of, none) = (District::Baodi, (None, None, None));
    let mut rows: Vec<_> = (1..)
        .zip(BAODI)
        .map(|(number, (name, total))| row(of, (&format!("{number}"), TargetKind::Unit), name, total, none))
        .collect();
    rows.push(row(of, ("TOTAL", TargetKind::Total), "合计", 401_400, none));
    rows.into_iter().map(|target| Effective::printed(target, "B-T-a")).collect()
}

fn rule(group: CountGroup, categories: &[Category], classes: &[Class], desks: &[Desk]) -> CountRule {
    CountRule { group, categories: categories.to_vec(), classes: classes.to_vec(), desks: desks.to_vec() }
}

fn text(text: &str, rule_id: &'static str) -> Effective<String> {
    Effective::printed(text.to_owned(), rule_id)
}

fn gap(parameter: &'static str, rule_id: &'static str, configurable: bool) -> Gap {
    Gap { parameter: parameter.into(), rule_id: rule_id.into(), configurable }
}

fn duty(kind: WorkKind, district: Option<District>, offices: &[Office], rule_id: &'static str) -> Effective<WorkDuty> {
    Effective::printed(WorkDuty { kind, district, offices: offices.to_vec() }, rule_id)
}

const NOBODY: Organisation = Organisation { head: None, office_seat: None, duties: Vec::new() };

pub(crate) fn jinghai_2021() -> SupervisionParams {
    let here = Some(District::Jinghai);
    SupervisionParams {
        counting: [
            rule(CountGroup::SpecialGroups, &[Category::SpecialPerson], &[], &[]),
            rule(CountGroup::StudentsChildren, &[], &[Class::StudentChild], &[]),
            rule(CountGroup::GeneralResidents, &[], &[], &[]),
        ]
        .map(|rule| Effective::printed(rule, "J-A2.T-a"))
        .to_vec(),
        targets: jinghai(),
        untargeted: vec![Effective::printed(
            Untargeted { unit_id: "120118.HUAKANG".to_owned(), name: "华康街道".to_owned() },
            "J-A1.3-e",
        )],
        district_target: None,
        earlier_target: None,
        responsible: text("各乡镇人民政府", "J-A2.1-a"),
        nature: Some(text("指导性指标", "J-A2-a")),
        remark: Some(text("the letter says 2020", "J-A2-a")),
        measure: text("BASIS_POINTS_HALF_UP", "J-A1.2-c"),
        due_on: None,
        report_interval: Err(gap("supervision.report_interval_days", "J-A1.2-b", true)),
        circular_offices: Effective::printed(vec![Office::MedicalInsurance], "J-A1.2-c"),
        appraisal_offices: Some(Effective::printed(vec![Office::MedicalInsurance], "J-A1.2-d")),
        work: vec![
            duty(WorkKind::Meeting, here, &[Office::MedicalInsurance], "J-A1.1-a"),
            duty(WorkKind::Meeting, here, &[Office::MedicalInsurance], "J-A1.2-a"),
            duty(WorkKind::Plan, here, &[Office::DistrictGovernment], "J-A1.3-a"),
            duty(WorkKind::Budget, here, &[Office::Finance], "J-A1.3-d"),
            duty(WorkKind::Training, here, &[Office::SocialInsurance, Office::Tax], "J-A1.3-r"),
            duty(WorkKind::Training, None, &[Office::MedicalInsurance, Office::Tax], "J-A3-a"),
        ],
        working_funds: Some(Err(gap("supervision.working_funds", "J-A1.3-d", false))),
        organisation: NOBODY,
    }
}

pub(crate) fn baodi_2017() -> SupervisionParams {
    let schools = [Category::SchoolStudent, Category::NurseryChild];
    SupervisionParams {
        counting: [
            rule(CountGroup::NotCounted, &schools, &[], &[Desk::CitySocialInsuranceCentre]),
            rule(CountGroup::GeneralResidents, &[], &[], &[]),
        ]
        .map(|rule| Effective::printed(rule, "B-8.3-b"))
        .to_vec(),
        targets: baodi(),
        untargeted: Vec::new(),
        district_target: Some(Effective::printed(401_400, "B-8.3-a")),
        earlier_target: Some(Err(gap("supervision.earlier_target", "B-8.3-d", false))),
        responsible: text("各街道办事处、各镇人民政府", "B-0-a"),
        nature: None,
        remark: None,
        measure: text("BASIS_POINTS_HALF_UP", "B-T-b"),
        due_on: Some(Effective::printed(day("2016-12-31"), "B-8.3-c")),
        report_interval: Err(gap("supervision.report_interval_days", "B-8.2.1-a", true)),
        circular_offices: Effective::printed(vec![Office::DistrictGovernment], "B-8.2.1-a"),
        appraisal_offices: None,
        work: vec![
            duty(WorkKind::Training, None, &[Office::HumanResources, Office::SocialInsurance], "B-7.1.1-a"),
            duty(WorkKind::Training, None, &[Office::Township], "B-7.1.2-a"),
            duty(WorkKind::Guidance, None, &[Office::HumanResources], "B-8.2.2-a"),
        ],
        working_funds: None,
        organisation: NOBODY,
    }
}
