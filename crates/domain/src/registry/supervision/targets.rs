//! The target table of a district: its rows, and whether they add up (J-A2.T, B-T, B-8.3-a).

use std::borrow::Cow;

use super::params::{SupervisionParams, Target, TargetKind};
use crate::codes::{CountGroup, District};
use crate::effective::Effective;
use crate::receipt::{Receipt, Step, Value};
use crate::refusal::{Reason, Refusal};

/// Rows of one district, in the order of the table.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    /// Townships, and the college of Jinghai.
    pub units: Vec<&'a Effective<Target>>,
    /// Sum over the units above it; `None` where none is printed.
    pub subtotal: Option<&'a Effective<Target>>,
    /// Sum over all units.
    pub total: &'a Effective<Target>,
    /// How many units stand above the subtotal: the townships. Without a subtotal all units are.
    townships: usize,
}

/// The table of a district.
///
/// # Errors
/// `TARGET_NOT_FOUND` when the year's document prints none for it.
pub fn table(params: &SupervisionParams, district: District) -> Result<Table<'_>, Refusal> {
    let rows: Vec<_> = params.targets.iter().filter(|row| row.district == district).collect();
    let of_kind = |kind: TargetKind| move |row: &&&Effective<Target>| row.kind == kind;
    let Some(total) = rows.iter().find(of_kind(TargetKind::Total)) else {
        return Err(not_found(params, format!("no targets are printed for district {district}"))
            .at("district")
            .with("district", district));
    };
    let above = rows.iter().position(|row| row.kind == TargetKind::Subtotal).unwrap_or(rows.len());
    Ok(Table {
        units: rows.iter().filter(of_kind(TargetKind::Unit)).copied().collect(),
        subtotal: rows.iter().find(of_kind(TargetKind::Subtotal)).copied(),
        total,
        townships: rows[..above].iter().filter(of_kind(TargetKind::Unit)).count(),
    })
}

fn not_found(params: &SupervisionParams, detail: String) -> Refusal {
    let refusal = Refusal::new(Reason::TargetNotFound, detail);
    match params.targets.first() {
        Some(row) => refusal.by(row.reference.rule_id.clone()),
        None => refusal,
    }
}

impl<'a> Table<'a> {
    /// The row of a unit.
    ///
    /// # Errors
    /// `TARGET_NOT_FOUND` for a unit that is not in the table; for Huakang street, which has duties and no target, with
    /// the entry that says so (AMB-119).
    pub fn unit(&self, unit_id: &str, params: &SupervisionParams) -> Result<&'a Effective<Target>, Refusal> {
        self.units.iter().find(|row| row.unit_id() == unit_id).copied().ok_or_else(|| {
            let without = params.untargeted.iter().find(|unit| unit.unit_id == unit_id);
            match without {
                Some(unit) => not_found(params, format!("{} has duties and no target (AMB-119)", unit.value.name))
                    .at("unit_id")
                    .with("unit_id", unit_id)
                    .with("entry", "AMB-119"),
                None => not_found(params, "no target is printed for this unit".to_owned())
                    .at("unit_id")
                    .with("unit_id", unit_id),
            }
        })
    }

    /// The row of a unit, of the subtotal or of the total.
    ///
    /// # Errors
    /// As [`Table::unit`].
    pub fn row(&self, unit_id: &str, params: &SupervisionParams) -> Result<&'a Effective<Target>, Refusal> {
        let sum = self.subtotal.into_iter().chain([self.total]).find(|row| row.unit_id() == unit_id);
        sum.map_or_else(|| self.unit(unit_id, params), Ok)
    }

    /// Groups that the table has columns for, in their order.
    pub fn groups(&self) -> impl Iterator<Item = CountGroup> + use<'a> {
        let total = self.total;
        Target::GROUPS.into_iter().filter(|group| total.figure(*group).is_some())
    }

    /// True for a township, whose government answers for the target (J-A2.1-a); false for the college and for sums.
    #[must_use]
    pub fn is_township(&self, row: &Target) -> bool {
        self.units[..self.townships].iter().any(|unit| unit.row == row.row)
    }

    /// Adds the stored rows up: every row its groups, the subtotal the townships, the total all units, and the total is
    /// the district's target where the text prints it too. A column that no row has is not a column of zeros (J-A2.T-c).
    #[must_use]
    pub fn add_up(&self, params: &SupervisionParams) -> (bool, Receipt) {
        let mut receipt = Receipt::default();
        if let Some(nature) = &params.nature {
            receipt.push(Step::by(nature, |text| Value::Code(Cow::Owned(text.clone()))));
        }
        let mut agree = true;
        let mut add = |step: Step, agrees: bool| {
            agree &= agrees;
            receipt.push(step.marked(if agrees { "AGREES" } else { "DIFFERS" }));
        };
        for row in self.units.iter().filter(|row| columns(row).next().is_some()) {
            let sum = columns(row).map(|(_, persons)| persons).sum::<i64>();
            add(with_columns(Step::by(row, total), columns(row)).found("sum", sum), sum == i64::from(row.total));
        }
        for (row, parts) in self
            .subtotal
            .map(|row| (row, &self.units[..self.townships]))
            .into_iter()
            .chain([(self.total, &*self.units)])
        {
            let sum = parts.iter().map(|part| i64::from(part.total)).sum::<i64>();
            let sums = |group| {
                let printed = parts.iter().filter_map(|part| part.figure(group)).map(i64::from);
                printed.reduce(|sum, persons| sum + persons)
            };
            let by_group = Target::GROUPS.iter().filter_map(|group| Some((*group, sums(*group)?)));
            let agrees = sum == i64::from(row.total)
                && Target::GROUPS.iter().all(|group| sums(*group) == row.figure(*group).map(i64::from));
            let rows = i64::try_from(parts.len()).unwrap_or(i64::MAX);
            add(with_columns(Step::by(row, total).given("rows", rows), by_group).found("sum", sum), agrees);
        }
        if let Some(printed) = &params.district_target {
            let step = Step::by(printed, |persons| Value::Count(i64::from(*persons)));
            let sum = i64::from(self.total.total);
            add(step.given("table_total", sum), sum == i64::from(printed.value));
        }
        (agree, receipt)
    }
}

fn total(row: &Target) -> Value {
    Value::Count(i64::from(row.total))
}

/// The groups of a row that have a figure.
fn columns(row: &Target) -> impl Iterator<Item = (CountGroup, i64)> {
    Target::GROUPS.into_iter().filter_map(|group| Some((group, i64::from(row.figure(group)?))))
}

fn with_columns(step: Step, columns: impl Iterator<Item = (CountGroup, i64)>) -> Step {
    columns.fold(step, |step, (group, persons)| step.given(group.as_str(), persons))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, jinghai_2021};
    use super::*;

    fn reason<T>(answer: Result<T, Refusal>) -> (Reason, String) {
        let refusal = answer.err().unwrap();
        (refusal.reason, refusal.rule_id.unwrap().into_owned())
    }

    /// S-57: J-A2.T-a to J-A2.T-d.
    #[test]
    fn jinghai_adds_up() {
        let law = jinghai_2021();
        let table = table(&law, District::Jinghai).unwrap();
        let (agree, receipt) = table.add_up(&law);
        assert!(agree);
        assert_eq!(table.units.len(), 19);
        let jinghai_town = table.unit("120118.1", &law).unwrap();
        assert_eq!((jinghai_town.total, 31267 + 35806 + 2620), (69693, 69693));
        assert_eq!(table.unit("120118.18", &law).unwrap().total, 8640);
        assert_eq!(table.subtotal.unwrap().total, 447_548);
        assert_eq!(table.total.total, 461_563);
        let sums: Vec<_> = receipt.steps.iter().filter_map(|step| step.output("sum").cloned()).collect();
        assert_eq!(sums.len(), 21);
        assert_eq!(sums[19..], [Value::Count(447_548), Value::Count(461_563)]);
        assert!(["J-A2-a", "J-A2.T-a", "J-A2.T-b", "J-A2.T-c", "J-A2.T-d"].iter().all(|rule| receipt.applies(rule)));
        assert!(!receipt.is_marked("DIFFERS"));
    }

    /// J-A2.T-c: a blank is no target, not a target of nobody; J-A2.1-a: nor does a township answer for the college.
    #[test]
    fn the_college_has_students_alone() {
        let law = jinghai_2021();
        let table = table(&law, District::Jinghai).unwrap();
        let college = table.unit("120118.19", &law).unwrap();
        assert_eq!(college.figure(CountGroup::StudentsChildren), Some(14_015));
        assert_eq!(college.figure(CountGroup::GeneralResidents), None);
        assert_eq!(college.figure(CountGroup::SpecialGroups), None);
        assert!(!table.is_township(college) && !table.is_township(table.total));
        assert!(table.is_township(table.unit("120118.4", &law).unwrap()));
    }

    /// S-58: B-T-a, B-8.3-a.
    #[test]
    fn baodi_adds_up() {
        let law = baodi_2017();
        let table = table(&law, District::Baodi).unwrap();
        let (agree, receipt) = table.add_up(&law);
        assert!(agree);
        assert_eq!((table.units.len(), table.total.total), (24, 401_400));
        let largest = table.units.iter().max_by_key(|row| row.total).unwrap();
        let smallest = table.units.iter().min_by_key(|row| row.total).unwrap();
        assert_eq!((largest.value.name.as_str(), largest.total), ("大口屯镇", 30_370));
        assert_eq!((smallest.value.name.as_str(), smallest.total), ("黄庄镇", 7_540));
        assert!(table.is_township(largest));
        assert_eq!(table.groups().count(), 0);
        assert!(receipt.applies("B-T-a") && receipt.applies("B-8.3-a"));
    }

    #[test]
    fn a_wrong_figure_shows() {
        for change in [
            (|law| law.targets[3].value.general_residents = Some(22_998)) as fn(&mut SupervisionParams),
            |law| law.targets[18].value.total += 1,
            |law| law.targets[20].value.students_children = None,
            |law| law.district_target = Some(Effective::printed(461_564, "B-8.3-a")),
        ] {
            let mut law = jinghai_2021();
            change(&mut law);
            let (agree, receipt) = table(&law, District::Jinghai).unwrap().add_up(&law);
            assert!(!agree && receipt.is_marked("DIFFERS"));
        }
    }

    /// J-A2.T-a, B-T-a: an unknown unit; AMB-119: Huakang street.
    #[test]
    fn a_unit_outside_the_table_has_no_target() {
        let (jinghai, baodi) = (jinghai_2021(), baodi_2017());
        let in_jinghai = table(&jinghai, District::Jinghai).unwrap();
        let huakang = in_jinghai.unit("120118.HUAKANG", &jinghai).unwrap_err();
        assert_eq!(huakang.reason, Reason::TargetNotFound);
        assert!(huakang.metadata.contains(&("entry", "AMB-119".to_owned())));
        assert_eq!(reason(in_jinghai.unit("120118.20", &jinghai)), (Reason::TargetNotFound, "J-A2.T-a".into()));
        assert!(in_jinghai.unit("120118.TOTAL", &jinghai).is_err() && in_jinghai.row("120118.TOTAL", &jinghai).is_ok());
        assert!(in_jinghai.row("120118.SUBTOTAL", &jinghai).is_ok());
        let in_baodi = table(&baodi, District::Baodi).unwrap();
        assert_eq!(reason(in_baodi.row("120115.25", &baodi)), (Reason::TargetNotFound, "B-T-a".into()));
        assert_eq!(reason(table(&jinghai, District::Nankai)), (Reason::TargetNotFound, "J-A2.T-a".into()));
    }
}
