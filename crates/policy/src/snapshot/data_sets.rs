//! Lists that offices supply.

use juyi_domain::registry::roster::DataSet;

use crate::LoadError;
use crate::reader::Reader;

pub(super) fn read(reader: &Reader<'_>) -> Result<Vec<DataSet>, LoadError> {
    let mut sets = Vec::new();
    for (key, offices) in reader.each::<Vec<_>>("data_set.office")? {
        sets.push(DataSet {
            kind: reader.code(&offices.name, key)?,
            supplied_by: reader.maybe(&format!("data_set.supplied_by.{key}"))?,
            interval_days: reader.maybe(&format!("data_set.interval_days.{key}"))?,
            offices,
        });
    }
    Ok(sets)
}
