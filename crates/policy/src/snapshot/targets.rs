//! Enrolment targets.

use juyi_domain::codes::District;
use juyi_domain::effective::Effective;
use serde::Deserialize;

use crate::LoadError;
use crate::figure::Row;
use crate::reader::Reader;

/// Kind of a row of a target table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TargetKind {
    /// A township, street or college.
    Unit,
    /// Sum over the townships.
    Subtotal,
    /// Sum over all units.
    Total,
}

/// One row of a target table, in persons. An absent column is no target, not a target of nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// District of the table.
    pub district: District,
    /// Number of the row, or `SUBTOTAL` or `TOTAL`.
    pub row: String,
    /// Kind of the row.
    pub kind: TargetKind,
    /// Name as printed.
    pub name: String,
    /// All persons.
    pub total: u32,
    /// General residents.
    pub general_residents: Option<u32>,
    /// Students and children.
    pub students_children: Option<u32>,
    /// Special groups.
    pub special_groups: Option<u32>,
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

pub(super) fn read(reader: &Reader<'_>) -> Result<Vec<Effective<Target>>, LoadError> {
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
