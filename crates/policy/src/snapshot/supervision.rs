//! Targets, counting, supervision and organisation.

use juyi_domain::codes::{Category, Class, CountGroup, Desk, District, Office, WorkKind};
use juyi_domain::effective::Effective;
use juyi_domain::registry::supervision::params::{
    BodyDuty, CountRule, Organisation, SupervisionParams, Target, TargetKind, Untargeted, WorkDuty,
};
use serde::Deserialize;

use crate::LoadError;
use crate::figure::Row;
use crate::reader::{Reader, settle};

pub(super) fn read(reader: &Reader<'_>) -> Result<SupervisionParams, LoadError> {
    Ok(SupervisionParams {
        counting: counting(reader)?,
        targets: targets(reader)?,
        untargeted: untargeted(reader)?,
        district_target: reader.maybe("supervision.district_target")?,
        earlier_target: settle(reader.if_declared("supervision.earlier_target"))?.transpose(),
        responsible: reader.required("supervision.responsible")?,
        nature: reader.maybe("supervision.nature")?,
        remark: reader.maybe("supervision.remark")?,
        measure: reader.required("supervision.measure")?,
        due_on: reader.maybe("supervision.due")?,
        report_interval: settle(reader.get("supervision.report_interval_days"))?,
        circular_offices: reader.required("supervision.circular_offices")?,
        appraisal_offices: reader.maybe("supervision.appraisal_offices")?,
        work: work(reader)?,
        working_funds: settle(reader.if_declared("work.working_funds"))?.transpose(),
        organisation: Organisation {
            head: reader.maybe("organisation.head")?,
            office_seat: reader.maybe("organisation.office_seat")?,
            duties: duties(reader)?,
        },
    })
}

/// Columns of a target table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetRow {
    kind: TargetKind,
    name: String,
    total: u32,
    general_residents: Option<u32>,
    students_children: Option<u32>,
    special_groups: Option<u32>,
}

fn targets(reader: &Reader<'_>) -> Result<Vec<Effective<Target>>, LoadError> {
    let mut targets = Vec::new();
    for (key, row) in reader.each::<Row<TargetRow>>("target")? {
        let (district, number): (District, String) = reader.codes(&row.name, key)?;
        targets.push(row.map(|Row(target)| Target {
            district,
            row: number.clone(),
            kind: target.kind,
            name: target.name.clone(),
            total: target.total,
            general_residents: target.general_residents,
            students_children: target.students_children,
            special_groups: target.special_groups,
        }));
    }
    Ok(targets)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UntargetedRow {
    name: String,
}

fn untargeted(reader: &Reader<'_>) -> Result<Vec<Effective<Untargeted>>, LoadError> {
    let rows = reader.each::<Row<UntargetedRow>>("supervision.untargeted")?;
    let unit = |(unit_id, row): (&str, Effective<Row<UntargetedRow>>)| {
        row.map(|Row(row)| Untargeted { unit_id: unit_id.to_owned(), name: row.name.clone() })
    };
    Ok(rows.into_iter().map(unit).collect())
}

/// A line of the counting rule; a list that is left out is empty.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountRow {
    #[serde(default)]
    categories: Vec<Category>,
    #[serde(default)]
    classes: Vec<Class>,
    #[serde(default)]
    desks: Vec<Desk>,
}

fn counting(reader: &Reader<'_>) -> Result<Vec<Effective<CountRule>>, LoadError> {
    let mut rules = Vec::new();
    for (key, row) in reader.each::<Row<CountRow>>("counting.group")? {
        let group: CountGroup = reader.code(&row.name, key)?;
        rules.push(row.map(|Row(row)| CountRule {
            group,
            categories: row.categories.clone(),
            classes: row.classes.clone(),
            desks: row.desks.clone(),
        }));
    }
    Ok(rules)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WorkRow {
    district: Option<District>,
    offices: Vec<Office>,
}

fn work(reader: &Reader<'_>) -> Result<Vec<Effective<WorkDuty>>, LoadError> {
    let mut duties = Vec::new();
    for (key, row) in reader.each::<Row<WorkRow>>("work.duty")? {
        let (kind, _): (WorkKind, String) = reader.codes(&row.name, key)?;
        duties.push(row.map(|Row(row)| WorkDuty { kind, district: row.district, offices: row.offices.clone() }));
    }
    Ok(duties)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyRow {
    district: Option<District>,
    body: String,
    office: Option<Office>,
    duty: String,
}

fn duties(reader: &Reader<'_>) -> Result<Vec<Effective<BodyDuty>>, LoadError> {
    let rows = reader.each::<Row<BodyRow>>("organisation.duty")?;
    let duty = |(_, row): (&str, Effective<Row<BodyRow>>)| {
        row.map(|Row(row)| BodyDuty {
            district: row.district,
            body: row.body.clone(),
            office: row.office,
            duty: row.duty.clone(),
        })
    };
    Ok(rows.into_iter().map(duty).collect())
}
