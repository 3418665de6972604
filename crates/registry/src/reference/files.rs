//! The reference files, built into the program. A file that cannot be read is a fault of the build, which a test finds.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;

use crate::store::providers::Provider;
use crate::store::units::Unit;

/// Files of units, each as its name and its text. The sixteen districts need none: they are codes.
pub(super) const UNITS: [(&str, &str); 3] = [
    ("jinghai-townships.csv", include_str!("../../reference/jinghai-townships.csv")),
    ("jinghai-schools.csv", include_str!("../../reference/jinghai-schools.csv")),
    ("baodi-townships.csv", include_str!("../../reference/baodi-townships.csv")),
];

/// The file of providers. The documents list none, so it holds its header alone; offices add providers.
pub(super) const PROVIDERS: (&str, &str) = ("providers.csv", include_str!("../../reference/providers.csv"));

const UNIT_COLUMNS: [&str; 8] =
    ["unit_id", "kind", "name", "district", "township", "target_unit", "institution_kind", "source"];

const PROVIDER_COLUMNS: [&str; 11] = [
    "provider_code",
    "start_date",
    "name",
    "district",
    "level",
    "designated",
    "reform_registered",
    "assistance_designated",
    "home_bed",
    "village_clinic",
    "source",
];

const FAULT: Error = Error::Fault("a reference file is unreadable");

/// The units of a file, as the suite itself records them.
pub(super) fn units(text: &str, now: DateTime<Utc>) -> Result<Vec<Unit>, Error> {
    let unit = |[id, kind, name, district, township, target_unit, institution_kind, source]: [&str; 8]| {
        Ok(Unit {
            id: id.to_owned(),
            kind: parse(kind)?,
            name: name.to_owned(),
            district: parse(district)?,
            township: maybe(township),
            target_unit: maybe(target_unit),
            institution_kind: maybe(institution_kind).map(|kind| parse(&kind)).transpose()?,
            source: source.to_owned(),
            revision: 1,
            recorded_by: Caller::system(),
            created_at: now,
        })
    };
    rows(text, UNIT_COLUMNS)?.into_iter().map(unit).collect()
}

/// The providers of a file, as the suite itself records them.
pub(super) fn providers(text: &str, now: DateTime<Utc>) -> Result<Vec<Provider>, Error> {
    let provider = |row: [&str; 11]| {
        let [code, start_on, name, district, level, flags @ .., source] = row;
        let [designated, reform_registered, assistance_designated, home_bed, village_clinic] = flags;
        Ok(Provider {
            code: code.to_owned(),
            start_on: parse(start_on)?,
            name: name.to_owned(),
            district: parse(district)?,
            level: parse(level)?,
            designated: parse(designated)?,
            reform_registered: parse(reform_registered)?,
            assistance_designated: parse(assistance_designated)?,
            home_bed: parse(home_bed)?,
            village_clinic: parse(village_clinic)?,
            source: source.to_owned(),
            recorded_by: Caller::system(),
            created_at: now,
        })
    };
    rows(text, PROVIDER_COLUMNS)?.into_iter().map(provider).collect()
}

/// The rows below the header, which has to be the one given. No value holds a comma or a quote.
fn rows<'a, const N: usize>(text: &'a str, columns: [&str; N]) -> Result<Vec<[&'a str; N]>, Error> {
    let mut lines = text.lines().map(|line| {
        let cells: Vec<_> = line.split(',').collect();
        <[&str; N]>::try_from(cells).map_err(|_| FAULT)
    });
    match lines.next() {
        Some(Ok(header)) if header == columns => lines.collect(),
        _ => Err(FAULT),
    }
}

fn parse<T: FromStr>(cell: &str) -> Result<T, Error> {
    cell.parse().map_err(|_| FAULT)
}

fn maybe(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| cell.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use juyi_domain::codes::{District, InstitutionKind, UnitKind};
    use juyi_domain::registry::units as kinds;

    use super::*;

    fn all() -> Vec<Unit> {
        UNITS.iter().flat_map(|(_, text)| units(text, DateTime::UNIX_EPOCH).unwrap()).collect()
    }

    /// J-A2.T-a, B-T-a: every row of the target tables is a unit of that name and counts in itself.
    #[test]
    fn every_target_has_its_unit() {
        let units = all();
        let context = juyi_testkit::context("2021-03-01");
        for (district, year, size) in [(District::Jinghai, 2021, 19), (District::Baodi, 2017, 24)] {
            let law = context.policy().for_(district, year, context.clock().today()).unwrap();
            let table = juyi_domain::registry::supervision::targets::table(&law.supervision, district).unwrap();
            assert_eq!(table.units.len(), size);
            for row in &table.units {
                let unit = units.iter().find(|unit| unit.id == row.unit_id()).unwrap();
                assert_eq!(unit.name, row.value.name);
                assert_eq!(unit.target_unit.as_deref(), Some(unit.id.as_str()));
                let cited = format!("{} {}", row.reference.document, row.reference.section);
                assert_eq!(unit.source, cited);
            }
        }
    }

    /// AMB-119: Huakang street has no target; J-A2.T-c: the college is a unit of its own.
    #[test]
    fn huakang_street_and_the_college_are_units() {
        let units = all();
        assert_eq!(units.len(), 18 + 1 + 1 + 24);
        let of = |id: &str| units.iter().find(|unit| unit.id == id).unwrap();
        let huakang = of("120118.HUAKANG");
        assert_eq!((huakang.kind, &huakang.target_unit), (UnitKind::Township, &None));
        let college = of("120118.19");
        assert_eq!((college.kind, &college.township), (UnitKind::School, &None));
        assert_eq!(college.institution_kind, Some(InstitutionKind::HigherEducation));
        assert_eq!(college.to_domain().maybe_counted_in(), Some("120118.19"));
    }

    #[test]
    fn every_row_has_its_own_id_its_source_and_what_its_kind_needs() {
        let units = all();
        let ids: BTreeSet<_> = units.iter().map(|unit| &unit.id).collect();
        assert_eq!(ids.len(), units.len());
        for unit in &units {
            assert!(unit.source.starts_with("J2021 附件") || unit.source.starts_with("B2017 附件"), "{}", unit.id);
            assert_eq!(kinds::institution(unit.kind, unit.institution_kind), Ok(unit.institution_kind));
            assert!(kinds::township(unit.kind, unit.township.is_some()).is_ok());
        }
        assert!(providers(PROVIDERS.1, DateTime::UNIX_EPOCH).unwrap().is_empty());
    }

    #[test]
    fn a_file_that_is_not_in_order_is_a_fault() {
        let (header, _) = UNITS[1].1.split_once('\n').unwrap();
        for bad in ["", "unit_id,name\n", &format!("{header}\na,b\n"), &format!("{header}\nx,CASTLE,x,120118,,,,x\n")] {
            assert!(units(bad, DateTime::UNIX_EPOCH).is_err(), "{bad}");
        }
        let (header, code) =
            (PROVIDERS.1, "H12011800001,2020-09-01,某医院,120118,LEVEL_2,true,true,true,false,false,x");
        let read = providers(&format!("{header}{code}\n"), DateTime::UNIX_EPOCH).unwrap();
        assert!(read[0].designated && read[0].reform_registered && !read[0].home_bed);
    }
}
