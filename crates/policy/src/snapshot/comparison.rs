//! Who answers for what a comparison of lists shows.

use std::str::FromStr;

use juyi_domain::codes::Office;
use juyi_domain::registry::comparison::remedy::{ComparisonParams, Duty};

use crate::LoadError;
use crate::reader::Reader;

pub(super) fn read(reader: &Reader<'_>) -> Result<ComparisonParams, LoadError> {
    Ok(ComparisonParams {
        coverage: duties(reader, "comparison.coverage")?,
        findings: duties(reader, "comparison.finding")?,
    })
}

fn duties<K: FromStr>(reader: &Reader<'_>, group: &str) -> Result<Vec<Duty<K>>, LoadError> {
    let duties = reader.each::<Vec<Office>>(group)?.into_iter();
    duties.map(|(key, offices)| Ok((reader.code(&offices.name, key)?, offices))).collect()
}
