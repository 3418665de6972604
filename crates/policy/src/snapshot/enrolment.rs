//! Parameters of enrolment.

use juyi_domain::effective::Effective;
use juyi_domain::registry::params::{DeskDuty, DeskRule, EnrolmentParams, PaperRule, Place, PlaceRule};

use crate::LoadError;
use crate::reader::Reader;

pub(super) fn read(reader: &Reader<'_>) -> Result<EnrolmentParams, LoadError> {
    Ok(EnrolmentParams {
        collection_window: reader.required("enrolment.collection_window")?,
        school_window: reader.required("enrolment.school_window")?,
        late_window: reader.maybe("enrolment.late_window")?,
        newborn_months: reader.maybe("enrolment.newborn_months")?,
        newborn_years: reader.maybe("enrolment.newborn_years")?,
        interruption_months: reader.required("enrolment.interruption_months")?,
        special_window: reader.maybe("enrolment.special_window")?,
        adult_age: reader.required("enrolment.adult_age")?,
        school_kinds: reader.required("enrolment.school_kinds")?,
        nursery_kinds: reader.required("enrolment.nursery_kinds")?,
        verified_students: reader.maybe("enrolment.verified_students")?,
        children_papers: reader.required("enrolment.children_papers")?,
        adult_papers: reader.required("enrolment.adult_papers")?,
        studying_elsewhere: reader.required("enrolment.studying_elsewhere")?,
        unemployed_areas: reader.required("enrolment.unemployed_areas")?,
        leaving_reasons: reader.maybe("enrolment.leaving_reasons")?,
        next_year_desks: reader.maybe("enrolment.next_year_desks")?,
        low_income_senior_age: reader.maybe("enrolment.low_income_senior_age")?,
        central_identities: reader.required("enrolment.central_identities")?,
        local_identities: reader.maybe("enrolment.local_identities")?,
        school_identities: reader.maybe("enrolment.school_identities")?,
        deduction_tier: reader.required("enrolment.deduction_tier")?,
        desks: desks(reader)?,
        places: places(reader)?,
        papers: papers(reader)?,
        foreign_village: reader.required("enrolment.foreign_village")?,
        duties: duties(reader)?,
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

fn places(reader: &Reader<'_>) -> Result<Vec<Effective<PlaceRule>>, LoadError> {
    let mut rules = Vec::new();
    for (key, place) in reader.each::<Place>("enrolment.place")? {
        let category = reader.code(&place.name, key)?;
        rules.push(place.map(|place| PlaceRule { category, place: *place }));
    }
    Ok(rules)
}

fn papers(reader: &Reader<'_>) -> Result<Vec<Effective<PaperRule>>, LoadError> {
    let mut rules = Vec::new();
    for (key, papers) in reader.each::<Vec<_>>("enrolment.paper")? {
        let category = reader.code(&papers.name, key)?;
        rules.push(papers.map(|papers| PaperRule { category, papers: papers.clone() }));
    }
    Ok(rules)
}

fn duties(reader: &Reader<'_>) -> Result<Vec<Effective<DeskDuty>>, LoadError> {
    let mut rules = Vec::new();
    for (key, offices) in reader.each::<Vec<_>>("enrolment.duty")? {
        let (district, desk) = reader.codes(&offices.name, key)?;
        rules.push(offices.map(|offices| DeskDuty { district, desk, offices: offices.clone() }));
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use juyi_domain::codes::{District, Identity};

    use crate::Policy;

    /// J-3.2.5-d is printed for 2021 alone.
    #[test]
    fn borrowers_stay_with_their_school_in_2021() {
        let policy = Policy::embedded().unwrap();
        let day = |year| NaiveDate::from_ymd_opt(year, 11, 1).unwrap();
        let law = policy.for_(District::Jinghai, 2021, day(2020)).unwrap();
        let of_school = law.enrolment.school_identities.as_ref().unwrap();
        assert_eq!((&of_school.value[..], &*of_school.reference.rule_id), (&[Identity::StudentLoan][..], "J-3.2.5-d"));
        let law = policy.for_(District::Baodi, 2017, day(2016)).unwrap();
        assert_eq!(law.enrolment.school_identities, None);
    }
}
