//! Where a self-paid claim is filed (J-6.2.1.1-a, -d, -f, J-6.2.2.2-a, J-10.4-c, B-6.1.2-b).

use super::codes::ClaimDesk;
use super::filing::{Filing, Leaving};
use super::params::{ClaimParams, DeskRule};
use crate::codes::{Category, Office};
use crate::effective::Effective;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal, Refusals};
use crate::settlement::care::{CareKind, OutOfArea, Place};

/// The office behind a desk.
#[must_use]
pub const fn office_of(desk: ClaimDesk) -> Office {
    match desk {
        ClaimDesk::TownshipService | ClaimDesk::CommunityWorkstation => Office::Township,
        ClaimDesk::DistrictMedicalInsuranceBranch => Office::MedicalInsurance,
        ClaimDesk::School => Office::Education,
    }
}

/// The desks that take a claim, with the reason.
struct Right {
    desks: Vec<ClaimDesk>,
    by_institution: bool,
    step: Step,
}

impl Right {
    fn of_one(desk: &Effective<ClaimDesk>) -> Self {
        Self { desks: vec![desk.value], by_institution: false, step: Step::by(desk, |desk| (*desk).into()) }
    }
}

/// Checks the desk and its district.
///
/// # Errors
/// `WRONG_DESK` with metadata `right_desk` and `right_district`; `RULE_NOT_DEFINED` for a category without a desk;
/// `VALUE_NOT_ALLOWED` when an institution files where none may; what is wrong with the facts of a leaver.
pub fn decide(filing: &Filing<'_>, params: &ClaimParams) -> Result<Step, Refusals> {
    let mut refusals = Refusals::default();
    refusals.keep(check_leaving(filing));
    let Some(right) = refusals.keep(resolve(filing, params)) else { return Err(refusals) };
    let rule_id = &right.step.rule_id;
    let named = right.desks.iter().map(|desk| desk.as_str()).collect::<Vec<_>>().join(",");
    let mut fields = Vec::new();
    if !right.desks.contains(&filing.desk) {
        fields.push("desk");
    } else if filing.desk_district != Some(filing.insured_district) {
        fields.push("x-juyi-district");
    }
    for field in fields {
        let detail = format!("the claim is filed at {named} in district {}", filing.insured_district);
        refusals.push(
            Refusal::new(Reason::WrongDesk, detail)
                .at(field)
                .by(rule_id.clone())
                .with("right_desk", &named)
                .with("right_district", filing.insured_district),
        );
    }
    if filing.by_institution && !right.by_institution {
        let detail = "an institution files for the people it enrolled alone";
        refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("filed_by_institution").by(rule_id.clone()));
    }
    refusals.into_result()?;
    Ok(right.step.given("category", filing.category).found("desk", filing.desk))
}

/// A leaver has left, and was at a school or nursery.
fn check_leaving(filing: &Filing<'_>) -> Result<(), Refusal> {
    match filing.leaving {
        Some(_) if !is_of_school(filing.category) => {
            let detail = format!("{} is no category of those who leave a school or nursery", filing.category);
            Err(Refusal::new(Reason::ValueNotAllowed, detail).at("school_leaving").by("J-6.2.1.1-f"))
        }
        Some(leaving) if leaving.left_on > filing.filed_on => {
            let detail = "who leaves after the claim has not left";
            Err(Refusal::new(Reason::DateOrder, detail).at("school_leaving.leaving_date").by("J-6.2.1.1-f"))
        }
        _ => Ok(()),
    }
}

const fn is_of_school(category: Category) -> bool {
    matches!(category, Category::SchoolStudent | Category::NurseryChild | Category::SchoolLeaver)
}

/// Bills from home come by the school or nursery as well, or by the person (J-10.5.1-b); who left has none any more.
fn is_filed_by_school(category: OutOfArea, filing: &Filing<'_>) -> bool {
    let enrolled = matches!(filing.category, Category::SchoolStudent | Category::NurseryChild);
    category == OutOfArea::StudentAtHome && enrolled && filing.leaving.is_none()
}

/// Maternity has a desk of its own; then comes care elsewhere, then who left a school; everybody else goes where the
/// unit of the enrolment does.
fn resolve(filing: &Filing<'_>, params: &ClaimParams) -> Result<Right, Refusal> {
    if let (CareKind::Maternity | CareKind::FamilyPlanning, Some(desk)) = (filing.bill.kind, &params.maternity_desk) {
        return of_maternity(filing, desk);
    }
    if let (Place::Elsewhere { category, .. }, Some(desk)) = (&filing.bill.place, &params.elsewhere_desk) {
        return Ok(Right { by_institution: is_filed_by_school(*category, filing), ..Right::of_one(desk) });
    }
    let left = filing.leaving.filter(|_| is_of_school(filing.category));
    if !params.leaver_desks.is_empty() && (left.is_some() || filing.category == Category::SchoolLeaver) {
        return of_leaver(left, params);
    }
    // A document without a desk for leavers takes them as everybody whom no school enrols.
    let category = if left.is_some() { Category::SchoolLeaver } else { filing.category };
    let of_category = |rule: &&Effective<DeskRule>| rule.categories.contains(&category);
    let rule = params.desks.iter().find(of_category).ok_or_else(|| {
        Refusal::new(Reason::RuleNotDefined, format!("no desk is printed for {category}"))
            .at("desk")
            .with("parameter", "self_paid_claim.desk")
    })?;
    let step = Step::by(rule, |_| category.into());
    Ok(Right { desks: rule.desks.clone(), by_institution: rule.by_institution, step })
}

/// Cost in the city goes to the township; of other cost the clause does not speak (AMB-088).
fn of_maternity(filing: &Filing<'_>, desk: &Effective<ClaimDesk>) -> Result<Right, Refusal> {
    if filing.bill.place == Place::Local {
        return Ok(Right::of_one(desk));
    }
    let detail = "claims of maternity are printed for cost in the city alone";
    Err(Refusal::new(Reason::RuleNotDefined, detail).at("bill.elsewhere").by(desk.reference.rule_id.clone()))
}

/// By the household registration, which the desk sees and the claim tells.
fn of_leaver(leaving: Option<Leaving>, params: &ClaimParams) -> Result<Right, Refusal> {
    let leaving = leaving.ok_or_else(|| {
        let detail = "the desk of who left a school depends on the household registration";
        Refusal::new(Reason::RequiredFieldMissing, detail).at("school_leaving").by("J-6.2.1.1-f")
    })?;
    let rule = params.leaver_desks.iter().find(|rule| rule.registration == leaving.registration);
    let rule = rule.ok_or_else(|| {
        Refusal::new(Reason::RuleNotDefined, "no desk is printed for who left a school")
            .at("desk")
            .with("parameter", "self_paid_claim.leaver_desk")
    })?;
    let right = Right::of_one(&rule.map(|rule| rule.desk));
    let step = right.step.given("registration", leaving.registration).given("leaving_date", leaving.left_on);
    Ok(Right { step: step.given("leaving_reason", leaving.reason), ..right })
}

#[cfg(test)]
mod tests {
    use super::super::codes::LeaverRegistration;
    use super::super::fixtures::{baodi_2017, elsewhere, filing, paid_bill, tianjin_2021};
    use super::super::params::ClaimParams;
    use super::*;
    use crate::codes::{District, LeavingReason};
    use crate::dates::written::day;
    use crate::settlement::bill::Bill;

    /// The desks that take a claim of the category, and the rule.
    fn taken(category: Category, leaving: Option<Leaving>, law: &ClaimParams) -> (Vec<ClaimDesk>, String) {
        let bill = paid_bill();
        let at = |desk| decide(&Filing { category, leaving, desk, ..filing(&bill) }, law);
        let desks: Vec<_> = ClaimDesk::ALL.iter().copied().filter(|desk| at(*desk).is_ok()).collect();
        let rule_id = desks.first().and_then(|desk| at(*desk).ok()).map(|step| step.rule_id.into_owned());
        for desk in ClaimDesk::ALL.iter().filter(|desk| !desks.contains(desk)) {
            let refusals = at(*desk).unwrap_err();
            assert_eq!(refusals.0[0].reason, Reason::WrongDesk, "{category} at {desk}");
            assert!(refusals.0[0].metadata.iter().any(|(key, value)| *key == "right_desk" && !value.is_empty()));
        }
        (desks, rule_id.unwrap_or_default())
    }

    fn left(registration: LeaverRegistration) -> Option<Leaving> {
        Some(Leaving { left_on: day("2021-02-01"), reason: LeavingReason::Graduated, registration })
    }

    const TOWNSHIP: [ClaimDesk; 2] = [ClaimDesk::TownshipService, ClaimDesk::CommunityWorkstation];
    const BRANCH: [ClaimDesk; 1] = [ClaimDesk::DistrictMedicalInsuranceBranch];

    /// J-6.2.1.1-a: villages and families; AMB-090: whoever has no unit.
    #[test]
    fn villages_families_and_who_has_no_unit_go_to_the_township() {
        use Category::{
            CertificateHolder, Detainee, InterruptedEmployee, LocalStudyingElsewhere, Newborn, PreschoolChild,
            RuralResident, SpecialPerson, UrbanResident,
        };
        for category in [
            RuralResident,
            UrbanResident,
            PreschoolChild,
            Newborn,
            CertificateHolder,
            InterruptedEmployee,
            Detainee,
            SpecialPerson,
            LocalStudyingElsewhere,
        ] {
            assert_eq!(taken(category, None, &tianjin_2021()), (TOWNSHIP.to_vec(), "J-6.2.1.1-a".to_owned()));
        }
    }

    /// J-6.2.1.1-d: the branch, where the school may come for its people.
    #[test]
    fn people_of_institutions_go_to_the_branch() {
        let law = tianjin_2021();
        for category in [Category::SchoolStudent, Category::NurseryChild, Category::WelfareResident] {
            assert_eq!(taken(category, None, &law), (BRANCH.to_vec(), "J-6.2.1.1-d".to_owned()));
        }
        let bill = paid_bill();
        let by_school = |category, desk| {
            decide(&Filing { category, desk, by_institution: true, ..filing(&bill) }, &law).map(|_| ())
        };
        assert_eq!(by_school(Category::SchoolStudent, BRANCH[0]), Ok(()));
        let refusal = by_school(Category::RuralResident, TOWNSHIP[0]).unwrap_err().0.remove(0);
        assert_eq!(refusal.field.as_deref(), Some("filed_by_institution"));
    }

    /// J-6.2.1.1-f: a graduate without local registration goes to the branch, another one to the township.
    #[test]
    fn leavers_go_by_their_registration() {
        let law = tianjin_2021();
        let rule = "J-6.2.1.1-f".to_owned();
        for category in [Category::SchoolStudent, Category::NurseryChild, Category::SchoolLeaver] {
            let not_local = taken(category, left(LeaverRegistration::NotLocal), &law);
            assert_eq!(not_local, (BRANCH.to_vec(), rule.clone()));
            let local = taken(category, left(LeaverRegistration::Local), &law);
            assert_eq!(local, (vec![ClaimDesk::TownshipService], rule.clone()));
        }
    }

    /// J-6.2.1.1-f: the registration has to be told, by those alone who left, and once they left.
    #[test]
    fn facts_of_leavers_belong_to_leavers() {
        let (bill, law) = (paid_bill(), tianjin_2021());
        let refused = |category, leaving| {
            let refusals = decide(&Filing { category, leaving, ..filing(&bill) }, &law).unwrap_err();
            (refusals.0[0].reason, refusals.0[0].field.clone().unwrap_or_default().into_owned())
        };
        let missing = (Reason::RequiredFieldMissing, "school_leaving".to_owned());
        assert_eq!(refused(Category::SchoolLeaver, None), missing);
        let local = left(LeaverRegistration::Local);
        assert_eq!(refused(Category::RuralResident, local), (Reason::ValueNotAllowed, "school_leaving".to_owned()));
        let later = local.map(|leaving| Leaving { left_on: day("2021-04-02"), ..leaving });
        assert_eq!(refused(Category::SchoolStudent, later).0, Reason::DateOrder);
        let on_the_day = local.map(|leaving| Leaving { left_on: day("2021-04-01"), ..leaving });
        let filed = Filing { category: Category::SchoolStudent, leaving: on_the_day, ..filing(&bill) };
        assert!(decide(&filed, &law).is_ok());
    }

    /// J-10.4-c: whoever was cared for elsewhere claims at the agency of the insured place.
    #[test]
    fn care_elsewhere_is_claimed_at_the_insured_place() {
        let (bill, law) = (elsewhere(OutOfArea::TemporaryEmergency), tianjin_2021());
        let at = |desk, desk_district| decide(&Filing { desk, desk_district, ..filing(&bill) }, &law);
        let step = at(BRANCH[0], Some(District::Jinghai)).unwrap();
        assert_eq!(step.rule_id, "J-10.4-c");
        for (desk, district) in [(TOWNSHIP[0], Some(District::Jinghai)), (BRANCH[0], Some(District::Nankai))] {
            let refusal = at(desk, district).unwrap_err().0.remove(0);
            assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::WrongDesk, Some("J-10.4-c")));
            assert!(refusal.metadata.contains(&("right_district", District::Jinghai.to_string())));
        }
    }

    /// J-10.5.1-b: school, nursery or the person files what was paid at home; other care elsewhere, and the bills of others, the
    /// person alone.
    #[test]
    fn schools_file_the_bills_of_their_students_at_home() {
        let law = tianjin_2021();
        let by = |by_institution, category, leaving, out_of_area| {
            let bill = elsewhere(out_of_area);
            let desk = BRANCH[0];
            decide(&Filing { desk, category, leaving, by_institution, ..filing(&bill) }, &law).map(|step| step.rule_id)
        };
        let home = OutOfArea::StudentAtHome;
        for category in [Category::SchoolStudent, Category::NurseryChild] {
            for by_institution in [true, false] {
                assert_eq!(by(by_institution, category, None, home).unwrap(), "J-10.4-c");
            }
        }
        let gone = left(LeaverRegistration::NotLocal);
        for (category, leaving, out_of_area) in [
            (Category::SchoolStudent, None, OutOfArea::Residence),
            (Category::PreschoolChild, None, home),
            (Category::WelfareResident, None, home),
            (Category::SchoolStudent, gone, home),
        ] {
            let refusal = by(true, category, leaving, out_of_area).unwrap_err().0.remove(0);
            assert_eq!(
                (refusal.reason, refusal.field.as_deref()),
                (Reason::ValueNotAllowed, Some("filed_by_institution"))
            );
        }
    }

    /// J-6.2.2.2-a: a pupil who gave birth claims at the township; cost outside the city has no rule.
    #[test]
    fn maternity_is_claimed_at_the_township() {
        let law = tianjin_2021();
        for kind in [CareKind::Maternity, CareKind::FamilyPlanning] {
            let bill = Bill { kind, ..paid_bill() };
            let category = Category::SchoolStudent;
            let at = |desk| decide(&Filing { desk, category, ..filing(&bill) }, &law);
            assert_eq!(at(TOWNSHIP[0]).unwrap().rule_id, "J-6.2.2.2-a");
            assert_eq!(at(BRANCH[0]).unwrap_err().0[0].reason, Reason::WrongDesk);
            let far = Bill { kind, ..elsewhere(OutOfArea::Residence) };
            let refusal = decide(&filing(&far), &law).unwrap_err().0.remove(0);
            assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some("J-6.2.2.2-a")));
        }
    }

    /// J-6.2.1.1-a: the desk of another district, and an office of no district, are no desks of this person.
    #[test]
    fn a_desk_lies_in_the_insured_district() {
        let bill = paid_bill();
        for desk_district in [Some(District::Nankai), None] {
            let refusals = decide(&Filing { desk_district, ..filing(&bill) }, &tianjin_2021()).unwrap_err();
            assert_eq!(refusals.0[0].reason, Reason::WrongDesk);
        }
    }

    /// B-6.1.2-b: students at the school, others at the township, who left a school among them.
    #[test]
    fn in_2017_students_claim_at_the_school() {
        let law = baodi_2017();
        let rule = "B-6.1.2-b".to_owned();
        assert_eq!(taken(Category::SchoolStudent, None, &law), (vec![ClaimDesk::School], rule.clone()));
        let township = (vec![ClaimDesk::TownshipService], rule);
        assert_eq!(taken(Category::RuralResident, None, &law), township);
        assert_eq!(taken(Category::SchoolStudent, left(LeaverRegistration::NotLocal), &law), township);
    }

    #[test]
    fn each_desk_has_its_office() {
        assert_eq!(ClaimDesk::ALL.iter().filter(|desk| office_of(**desk) == Office::Township).count(), 2);
        assert_eq!(office_of(ClaimDesk::School), Office::Education);
        assert_eq!(office_of(BRANCH[0]), Office::MedicalInsurance);
    }
}
