//! Parameters of enrolment.

use juyi_domain::effective::Effective;
use juyi_domain::registry::params::{DeskRule, EnrolmentParams};

use crate::LoadError;
use crate::reader::Reader;

pub(super) fn read(reader: &Reader<'_>) -> Result<EnrolmentParams, LoadError> {
    Ok(EnrolmentParams {
        collection_window: reader.required("enrolment.collection_window")?,
        school_window: reader.required("enrolment.school_window")?,
        late_window: reader.maybe("enrolment.late_window")?,
        newborn_months: reader.maybe("enrolment.newborn_months")?,
        interruption_months: reader.required("enrolment.interruption_months")?,
        special_window: reader.maybe("enrolment.special_window")?,
        adult_age: reader.required("enrolment.adult_age")?,
        small_children: reader.required("enrolment.small_children")?,
        central_identities: reader.required("enrolment.central_identities")?,
        desks: desks(reader)?,
    })
}

fn desks(reader: &Reader<'_>) -> Result<Vec<Effective<DeskRule>>, LoadError> {
    let mut rules = Vec::new();
    for (key, desks) in reader.each::<Vec<_>>("enrolment.desk")? {
        let category = reader.code(&desks.name, key)?;
        rules.push(desks.map(|desks| DeskRule { category, desks: desks.clone() }));
    }
    Ok(rules)
}
