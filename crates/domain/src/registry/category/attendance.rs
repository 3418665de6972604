//! Who attends or lives in an institution: students and children here and elsewhere (J-1.1-a, J-1.1-b, J-1.1-d, B-1.1-a,
//! B-1.1-b, B-1.1-d), residents of welfare institutions and detainees (J-3.2.3-a, J-3.2.4-a).

use super::Standing;
use crate::codes::{Category, InstitutionKind};
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};
use crate::registry::application::Application;
use crate::registry::circumstances::Since;
use crate::registry::facts::Attendance;
use crate::registry::params::EnrolmentParams;

pub(super) fn maybe_stay(application: &Application) -> Option<Standing> {
    let stay = application.circumstances.stay.as_ref()?;
    let (category, step) = match stay.institution_kind {
        InstitutionKind::DetentionFacility => (Category::Detainee, Step::new("J-3.2.4-a")),
        _ => (Category::WelfareResident, Step::new("J-3.2.3-a")),
    };
    Some(Standing::accepted(category, step.given("institution_kind", stay.institution_kind)))
}

pub(super) fn maybe_here(application: &Application, params: &EnrolmentParams) -> Option<Standing> {
    let attendance = &maybe_attended(application)?.what;
    let kind = attendance.institution_kind;
    let (category, kinds) = if is_child_care(kind) {
        (Category::NurseryChild, &params.nursery_kinds)
    } else {
        (Category::SchoolStudent, &params.school_kinds)
    };
    if attendance.outside_tianjin {
        return None;
    }
    let rule_id = kinds.reference.rule_id.clone();
    let refused = |why: String| {
        let refusal = Refusal::new(Reason::ClassNotEligible, why).at("facts").by(rule_id.clone());
        Some(Standing::refused(category, refusal))
    };
    if !kinds.contains(&kind) {
        return refused(format!("the year's law does not name an institution of kind {kind}"));
    }
    let employed = application.circumstances.is_employed();
    if category == Category::SchoolStudent && (employed || !attendance.full_time) {
        return refused("only full-time students without employment are registered by a school".to_owned());
    }
    let step = Step::by(kinds, |_| kind.into()).given("institution_kind", kind);
    let step = if category == Category::SchoolStudent {
        step.given("full_time", yes(attendance.full_time)).given("employed", yes(employed))
    } else {
        step
    };
    Some(Standing::accepted(category, step))
}

/// The standing of who is registered by a school of Tianjin as its student.
pub(in crate::registry) fn maybe_student_here(application: &Application, params: &EnrolmentParams) -> Option<Standing> {
    maybe_here(application, params)
        .filter(|standing| standing.category == Category::SchoolStudent && standing.outcome.is_ok())
}

/// True for who is registered by a school of Tianjin as its student.
pub(super) fn is_student_here(application: &Application, params: &EnrolmentParams) -> bool {
    maybe_student_here(application, params).is_some()
}

pub(super) fn maybe_elsewhere(application: &Application, params: &EnrolmentParams) -> Option<Standing> {
    let attendance = &maybe_attended(application)?.what;
    if !attendance.outside_tianjin {
        return None;
    }
    let (category, rule) = (Category::LocalStudyingElsewhere, &params.studying_elsewhere);
    if !application.circumstances.is_local() {
        let detail = "who studies outside Tianjin enrols here with a household registration of Tianjin only";
        let refusal = Refusal::new(Reason::ClassNotEligible, detail).at("facts").by(rule.reference.rule_id.clone());
        return Some(Standing::refused(category, refusal));
    }
    let step = Step::by(rule, |_| "LOCAL".into()).given("institution_kind", attendance.institution_kind);
    Some(Standing::accepted(category, step))
}

/// The attendance, unless a later day of leaving is recorded.
fn maybe_attended(application: &Application) -> Option<&Since<Attendance>> {
    let attendance = application.circumstances.attendance.as_ref()?;
    let left = application.circumstances.leaving.as_ref().is_some_and(|leaving| leaving.on > attendance.on);
    (!left).then_some(attendance)
}

/// True for institutions that look after small children.
const fn is_child_care(kind: InstitutionKind) -> bool {
    matches!(kind, InstitutionKind::Kindergarten | InstitutionKind::Nursery | InstitutionKind::DayCareHome)
}

const fn yes(truth: bool) -> &'static str {
    if truth { "TRUE" } else { "FALSE" }
}

#[cfg(test)]
mod tests {
    use super::super::decide;
    use super::*;
    use crate::codes::InstitutionKind::{
        DayCareHome, HigherEducation, Kindergarten, Nursery, Other, PrimaryOrSecondary, SecondaryVocational,
        SpecialEducation,
    };
    use crate::dates::written::day;
    use crate::registry::facts::Employment;
    use crate::registry::fixtures::{attending, baodi_2017, farmer, from_elsewhere, tianjin_2021};

    type Answer = (Category, Result<String, (Reason, String)>);

    fn answer(application: &Application, params: &EnrolmentParams) -> Answer {
        let standing = decide(application, params);
        let refused = |refusal: Refusal| (refusal.reason, refusal.rule_id.unwrap_or_default().into_owned());
        (standing.category, standing.outcome.map(|step| step.rule_id.into_owned()).map_err(refused))
    }

    fn not_eligible(category: Category, rule_id: &str) -> Answer {
        (category, Err((Reason::ClassNotEligible, rule_id.to_owned())))
    }

    /// J-1.1-a, B-1.1-a: no certificate is asked for.
    #[test]
    fn full_time_students_of_the_four_kinds() {
        for (law, rule_id) in [(tianjin_2021(), "J-1.1-a"), (baodi_2017(), "B-1.1-a")] {
            for kind in [HigherEducation, SecondaryVocational, PrimaryOrSecondary, SpecialEducation] {
                let student = attending(kind, from_elsewhere(farmer()));
                assert_eq!(answer(&student, &law), (Category::SchoolStudent, Ok(rule_id.to_owned())), "{kind}");
            }
            let refused = not_eligible(Category::SchoolStudent, rule_id);
            assert_eq!(answer(&attending(Other, farmer()), &law), refused);
            let mut part_time = attending(HigherEducation, farmer());
            part_time.circumstances.attendance.as_mut().unwrap().what.full_time = false;
            assert_eq!(answer(&part_time, &law), refused);
            let mut employed = attending(SecondaryVocational, farmer());
            employed.circumstances.employment =
                Some(Since { on: day("2019-01-01"), what: Employment { employed: true } });
            assert_eq!(answer(&employed, &law), refused);
        }
    }

    /// J-1.1-b; B-1.1-b does not name the day-care home.
    #[test]
    fn the_day_care_home_is_named_in_2021_only() {
        for kind in [Kindergarten, Nursery, DayCareHome] {
            let child = attending(kind, farmer());
            assert_eq!(answer(&child, &tianjin_2021()), (Category::NurseryChild, Ok("J-1.1-b".to_owned())));
        }
        let child = |kind| answer(&attending(kind, farmer()), &baodi_2017());
        assert_eq!(child(Nursery), (Category::NurseryChild, Ok("B-1.1-b".to_owned())));
        assert_eq!(child(DayCareHome), not_eligible(Category::NurseryChild, "B-1.1-b"));
    }

    /// J-1.1-d, B-1.1-d: registered in Jinghai, pupil in another province.
    #[test]
    fn who_studies_elsewhere_is_registered_here() {
        for (law, rule_id) in [(tianjin_2021(), "J-1.1-d"), (baodi_2017(), "B-1.1-d")] {
            let mut pupil = attending(PrimaryOrSecondary, farmer());
            pupil.circumstances.attendance.as_mut().unwrap().what.outside_tianjin = true;
            let local = Category::LocalStudyingElsewhere;
            assert_eq!(answer(&pupil, &law), (local, Ok(rule_id.to_owned())));
            assert_eq!(answer(&from_elsewhere(pupil), &law), not_eligible(local, rule_id));
        }
    }
}
