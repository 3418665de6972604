//! How far each unit is: counted, target, difference, missing, share and place (B-T-b, AMB-121).

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::params::SupervisionParams;
use super::targets::Table;
use crate::codes::CountGroup;
use crate::effective::Effective;
use crate::receipt::{Receipt, Step, Value};
use crate::refusal::{Reason, Refusal};

/// Full completion in basis points.
pub const WHOLE: i64 = 10_000;

/// Progress of a unit in a group or as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Group; `None` for the whole.
    pub group: Option<CountGroup>,
    /// Enrolments counted.
    pub counted: i64,
    /// Target; `None` where none is printed.
    pub target: Option<i64>,
}

impl Line {
    /// Target minus counted; negative when exceeded, 0 without a target.
    #[must_use]
    pub fn difference(&self) -> i64 {
        self.target.map_or(0, |target| target - self.counted)
    }

    /// What is missing: max(0, target − counted) (B-T-b).
    #[must_use]
    pub fn missing(&self) -> i64 {
        self.difference().max(0)
    }

    /// The share that is reached, in basis points, half up; `None` without a target (AMB-121).
    #[must_use]
    pub fn basis_points(&self) -> Option<i64> {
        self.target.and_then(|target| share(self.counted, target))
    }
}

/// A part of a whole in basis points, rounded half up; `None` of nothing.
#[must_use]
pub fn share(part: i64, whole: i64) -> Option<i64> {
    let doubled = i128::from(part) * i128::from(WHOLE) * 2 + i128::from(whole);
    (whole > 0).then(|| i64::try_from(doubled.div_euclid(i128::from(whole) * 2)).unwrap_or(i64::MAX))
}

/// Progress of a unit of the table, of what belongs to none, or of the district.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitProgress {
    /// Unit id.
    pub unit_id: String,
    /// Name.
    pub name: String,
    /// The whole.
    pub total: Line,
    /// Groups of the table.
    pub groups: Vec<Line>,
    /// Enrolments that the counting rule leaves out (B-8.3-b).
    pub not_counted: i64,
    /// Place by basis points, equal places shared; 0 where there is none.
    pub rank: i32,
}

/// The progress of a district on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Day of the report.
    pub as_of_on: NaiveDate,
    /// Units in the order of the table.
    pub units: Vec<UnitProgress>,
    /// Enrolments of the district without a unit of the table.
    pub unassigned: UnitProgress,
    /// The district: its units and what belongs to none.
    pub total: UnitProgress,
    /// Last day for reaching the target; `None` where none is printed.
    pub due_on: Option<NaiveDate>,
    /// True when that day is past and the target was not reached by it.
    pub late: bool,
    /// Rules of counting and of measure.
    pub receipt: Receipt,
}

/// What is counted, by township and group; an empty township for enrolments without one.
pub type Figures<'a> = BTreeMap<(&'a str, CountGroup), i64>;

/// Reports the progress of a district. `by_due` is what counted in the district on the last day for reaching the target;
/// it is not looked at before that day is past.
#[must_use]
pub fn report(
    table: &Table<'_>,
    params: &SupervisionParams,
    figures: &Figures<'_>,
    as_of_on: NaiveDate,
    by_due: i64,
) -> Report {
    let groups: Vec<_> = table.groups().collect();
    let mut units: Vec<_> = table
        .units
        .iter()
        .map(|row| {
            let unit_id = row.unit_id();
            let counted = |group| figures.get(&(unit_id.as_str(), group)).copied().unwrap_or_default();
            let lines = groups.iter().map(|group| Line {
                group: Some(*group),
                counted: counted(*group),
                target: row.figure(*group).map(i64::from),
            });
            let whole = Line {
                group: None,
                counted: COUNTED.into_iter().map(counted).sum(),
                target: Some(i64::from(row.total)),
            };
            let (groups, not_counted) = (lines.collect(), counted(CountGroup::NotCounted));
            UnitProgress { name: row.value.name.clone(), total: whole, groups, not_counted, rank: 0, unit_id }
        })
        .collect();
    rank(&mut units);

    let everything = |group| figures.iter().filter(|((_, own), _)| *own == group).map(|(_, persons)| persons).sum();
    let row = table.total;
    let total = UnitProgress {
        unit_id: row.unit_id(),
        name: row.value.name.clone(),
        total: Line {
            group: None,
            counted: COUNTED.into_iter().map(everything).sum(),
            target: Some(i64::from(row.total)),
        },
        groups: groups
            .iter()
            .map(|group| Line {
                group: Some(*group),
                counted: everything(*group),
                target: row.figure(*group).map(i64::from),
            })
            .collect(),
        not_counted: everything(CountGroup::NotCounted),
        rank: 0,
    };
    let unassigned = rest(&total, &units, format!("{}.UNASSIGNED", row.district));
    let (receipt, late) = steps(params, &total, everything, as_of_on, by_due);
    let due_on = params.due_on.as_ref().map(|due_on| due_on.value);
    Report { as_of_on, units, unassigned, total, due_on, late, receipt }
}

/// Groups that count.
const COUNTED: [CountGroup; 3] = super::params::Target::GROUPS;

/// What the district has and none of its units; it has no target.
fn rest(total: &UnitProgress, units: &[UnitProgress], unit_id: String) -> UnitProgress {
    let less = |all: i64, of: &dyn Fn(&UnitProgress) -> i64| all - units.iter().map(of).sum::<i64>();
    let lines = total.groups.iter().enumerate().map(|(index, line)| Line {
        counted: less(line.counted, &|unit| unit.groups[index].counted),
        target: None,
        ..*line
    });
    let groups = lines.collect();
    let counted = less(total.total.counted, &|unit| unit.total.counted);
    let not_counted = less(total.not_counted, &|unit| unit.not_counted);
    let whole = Line { group: None, counted, target: None };
    UnitProgress { unit_id, name: String::new(), total: whole, groups, not_counted, rank: 0 }
}

/// Gives each unit its place: one more than how many are ahead of it.
fn rank(units: &mut [UnitProgress]) {
    let shares: Vec<_> = units.iter().map(|unit| unit.total.basis_points()).collect();
    for (unit, own) in units.iter_mut().zip(&shares) {
        let ahead = shares.iter().filter(|other| *other > own).count();
        unit.rank = own.map_or(0, |_| i32::try_from(ahead + 1).unwrap_or(i32::MAX));
    }
}

fn steps(
    params: &SupervisionParams,
    total: &UnitProgress,
    counted: impl Fn(CountGroup) -> i64,
    as_of_on: NaiveDate,
    by_due: i64,
) -> (Receipt, bool) {
    let mut receipt = Receipt::default();
    for rule in &params.counting {
        receipt.push(Step::by(rule, |rule| Value::from(rule.group)).found("persons", counted(rule.group)));
    }
    let line = &total.total;
    let measure = Step::by(&params.measure, |text| Value::Code(Cow::Owned(text.clone())))
        .given("as_of_date", as_of_on)
        .given("counted", line.counted)
        .given("target", line.target.unwrap_or_default())
        .found("difference", line.difference())
        .found("missing", line.missing())
        .found("basis_points", line.basis_points().unwrap_or_default());
    receipt.push(measure);
    let Some(due_on) = &params.due_on else { return (receipt, false) };
    let target = line.target.unwrap_or_default();
    let (step, late) = due(due_on, as_of_on, (line.counted, by_due), target);
    receipt.push(step);
    (receipt, late)
}

/// Whether the target was reached in time (B-8.3-c): in time on the last day itself, late from the next day on.
fn due(due_on: &Effective<NaiveDate>, as_of_on: NaiveDate, (counted, by_due): (i64, i64), target: i64) -> (Step, bool) {
    let past = as_of_on > due_on.value;
    let in_time = if past { by_due } else { counted };
    let outcome = match (in_time >= target, past) {
        (true, _) => "DONE",
        (false, false) => "OPEN",
        (false, true) => "LATE",
    };
    let step = Step::by(due_on, |day| (*day).into())
        .given("as_of_date", as_of_on)
        .given("counted_in_time", in_time)
        .given("target", target)
        .found("outcome", outcome);
    (step, outcome == "LATE")
}

/// The day of the report after this one.
///
/// # Errors
/// `PARAMETER_NOT_SET` until an operator sets the interval, which the documents call "regularly" (J-A1.2-b, B-8.2.1-a,
/// AMB-120).
pub fn next_report(as_of_on: NaiveDate, params: &SupervisionParams) -> Result<(NaiveDate, Step), Refusal> {
    let interval =
        params.report_interval.as_ref().map_err(|gap| Refusal::from(gap.clone()).at("require_next_report"))?;
    let next_on = as_of_on.checked_add_days(Days::new(u64::from(interval.value))).ok_or_else(|| {
        Refusal::new(Reason::ValueNotAllowed, "the interval leads beyond all days").at("require_next_report")
    })?;
    let step = Step::by(interval, |days| Value::Count(i64::from(*days)));
    Ok((next_on, step.given("as_of_date", as_of_on).found("next_report_date", next_on)))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, jinghai_2021};
    use super::super::targets::table;
    use super::*;
    use crate::codes::District;
    use crate::dates::written::day;

    fn unit<'a>(report: &'a Report, unit_id: &str) -> &'a UnitProgress {
        report.units.iter().find(|unit| unit.unit_id == unit_id).unwrap()
    }

    const GENERAL: CountGroup = CountGroup::GeneralResidents;

    /// S-57: J-A2.T-a, J-A1.2-c.
    #[test]
    fn jinghai_town_misses_1267_general_residents() {
        let law = jinghai_2021();
        let table = table(&law, District::Jinghai).unwrap();
        let figures = Figures::from([
            (("120118.1", GENERAL), 30_000),
            (("120118.HUAKANG", GENERAL), 40),
            (("", CountGroup::StudentsChildren), 2),
            (("120118.19", CountGroup::StudentsChildren), 14_015),
        ]);
        let report = report(&table, &law, &figures, day("2020-12-31"), 0);
        let town = unit(&report, "120118.1");
        let general = town.groups[0];
        assert_eq!((general.group, general.counted, general.target), (Some(GENERAL), 30_000, Some(31_267)));
        assert_eq!((general.missing(), general.difference()), (1_267, 1_267));
        assert_eq!(general.basis_points(), Some(9_595));
        assert_eq!((town.total.target, town.rank), (Some(69_693), 2));
        // J-A2.T-c: no target, not a target of nobody; and the college is complete.
        let college = unit(&report, "120118.19");
        let targets: Vec<_> = college.groups.iter().map(|line| line.target).collect();
        assert_eq!(targets, [None, Some(14_015), None]);
        assert_eq!((college.groups[0].basis_points(), college.groups[0].missing()), (None, 0));
        assert_eq!((college.total.basis_points(), college.rank), (Some(10_000), 1));
        // AMB-119: what has no row of the table counts in the district.
        assert_eq!((report.unassigned.total.counted, report.unassigned.total.target), (42, None));
        assert_eq!(report.unassigned.groups.iter().map(|line| line.counted).collect::<Vec<_>>(), [40, 2, 0]);
        assert_eq!((report.total.total.counted, report.total.total.target), (44_057, Some(461_563)));
        // Nothing is printed about a last day.
        assert_eq!((report.due_on, report.late), (None, false));
        // Units that have nothing share the last place.
        assert_eq!(unit(&report, "120118.2").rank, 3);
        assert_eq!(unit(&report, "120118.18").rank, 3);
        assert!(report.receipt.applies("J-A1.2-c"));
    }

    /// S-58: B-8.3-b, B-8.3-c, B-T-b.
    #[test]
    fn zhouliang_misses_600() {
        let law = baodi_2017();
        let table = table(&law, District::Baodi).unwrap();
        let figures = Figures::from([
            (("120115.6", GENERAL), 7_160 - 120 - 30 - 10),
            (("120115.6", CountGroup::NotCounted), 120 + 30 + 10),
        ]);
        let report = report(&table, &law, &figures, day("2016-12-31"), 0);
        let street = unit(&report, "120115.6");
        assert_eq!((street.total.counted, street.not_counted, street.total.missing()), (7_000, 160, 600));
        assert_eq!((street.total.basis_points(), street.rank), (Some(9_211), 1));
        assert!(street.groups.is_empty(), "the table has one column");
        assert_eq!(report.due_on, Some(day("2016-12-31")));
        assert!(report.receipt.applies("B-8.3-b") && report.receipt.applies("B-T-b"));
    }

    /// B-8.3-c: counted on 2016-12-31 in time, on 2017-01-03 late.
    #[test]
    fn the_last_day_is_in_time_and_the_next_is_late() {
        let law = baodi_2017();
        let table = table(&law, District::Baodi).unwrap();
        let outcome = |counted: i64, on: &str, by_due: i64| {
            let figures = Figures::from([(("120115.6", GENERAL), counted)]);
            let report = report(&table, &law, &figures, day(on), by_due);
            let outcome = report.receipt.output("outcome").unwrap().to_string();
            assert_eq!(report.late, outcome == "LATE");
            outcome
        };
        assert_eq!(outcome(401_400, "2016-12-31", 0), "DONE");
        assert_eq!(outcome(401_399, "2016-12-31", 0), "OPEN");
        // What comes afterwards does not make good for the day.
        assert_eq!(outcome(401_400, "2017-01-03", 401_399), "LATE");
        assert_eq!(outcome(401_400, "2017-01-03", 401_400), "DONE");
    }

    /// AMB-121: plain arithmetic, half up.
    #[test]
    fn shares_are_rounded_half_up() {
        assert_eq!(share(1, 3), Some(3_333));
        assert_eq!(share(2, 3), Some(6_667));
        assert_eq!(share(1, 20_000), Some(1));
        assert_eq!(share(1, 20_001), Some(0));
        assert_eq!(share(0, 7_600), Some(0));
        assert_eq!(share(15_200, 7_600), Some(20_000));
        assert_eq!(share(5, 0), None);
        assert_eq!(share(i64::MAX, 1), Some(i64::MAX));
    }

    /// J-A1.2-b, B-8.2.1-a: "regularly" is no number of days.
    #[test]
    fn the_next_report_needs_an_interval() {
        for (mut law, rule_id) in [(jinghai_2021(), "J-A1.2-b"), (baodi_2017(), "B-8.2.1-a")] {
            let refusal = next_report(day("2020-12-31"), &law).unwrap_err();
            assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::ParameterNotSet, Some(rule_id)));
            law.report_interval = Ok(Effective::printed(30, rule_id));
            let (next_on, step) = next_report(day("2020-12-31"), &law).unwrap();
            assert_eq!((next_on, &*step.rule_id), (day("2021-01-30"), rule_id));
        }
    }
}
