//! Special persons, whom an authority registers (J-3.2.5-a, B-7.3.3-a), and the seniors of low-income families, whom the
//! township registers (B-7.3.3-b).

use super::{Standing, attendance};
use crate::codes::{Area, Category, Identity};
use crate::dates::age_on;
use crate::receipt::{Step, Value};
use crate::registry::application::Application;
use crate::registry::params::EnrolmentParams;

/// Who registers a special person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registrar {
    /// The city's centre, on the list of the responsible authority.
    Centre(Identity),
    /// The township, which recognises the identity itself (B-7.3.3-b).
    Township(Identity),
}

/// Who registers somebody with these identities; `None` for who applies like others.
///
/// An identity recognised in another province does not count: its holder is registered by the school, and so is a student
/// who borrows for the studies, whatever else the city recognised (J-3.2.5-d). Whom civil affairs lists is a special person
/// when registered in the city (J-3.2.5-a).
#[must_use]
pub fn maybe_registrar(application: &Application, params: &EnrolmentParams) -> Option<Registrar> {
    if is_of_the_school(application, params) {
        return None;
    }
    let counts = |identity: &Identity| {
        let local_alone = params.local_identities.as_ref().is_some_and(|local| local.contains(identity));
        params.central_identities.contains(identity) && (!local_alone || application.circumstances.is_local())
    };
    let central = || application.central_identities().filter(counts);
    let by_township = |identity: Identity| identity == Identity::LowIncome && is_senior_in_town(application, params);
    match central().find(|identity| !by_township(*identity)) {
        Some(identity) => Some(Registrar::Centre(identity)),
        None => central().next().map(Registrar::Township),
    }
}

/// True for a student who holds an identity that leaves the registration to the school (J-3.2.5-d).
fn is_of_the_school(application: &Application, params: &EnrolmentParams) -> bool {
    let Some(of_school) = &params.school_identities else { return false };
    application.identities.iter().any(|held| of_school.contains(&held.identity))
        && attendance::is_student_here(application, params)
}

/// True for somebody of the age at which the township recognises low income, registered in town (B-7.3.3-b).
fn is_senior_in_town(application: &Application, params: &EnrolmentParams) -> bool {
    let age = age_on(application.born_on, application.applied_on).unwrap_or(0);
    application.circumstances.maybe_area() == Some(Area::Urban)
        && params.low_income_senior_age.as_ref().is_some_and(|senior| age >= senior.value)
}

pub(super) fn maybe(application: &Application, params: &EnrolmentParams) -> Option<Standing> {
    let registrar = maybe_registrar(application, params)?;
    let step = match (registrar, &params.low_income_senior_age) {
        (Registrar::Township(identity), Some(senior)) => Step::by(senior, |age| Value::Count((*age).into()))
            .given("identity", identity)
            .given("household_area", Area::Urban)
            .given("birth_date", application.born_on)
            .given("application_date", application.applied_on),
        (Registrar::Centre(identity) | Registrar::Township(identity), _) => {
            Step::by(&params.central_identities, |_| identity.into()).given("identity", identity)
        }
    };
    Some(Standing { registrar: Some(registrar), ..Standing::accepted(Category::SpecialPerson, step) })
}

#[cfg(test)]
mod tests {
    use super::super::decide;
    use super::*;
    use crate::dates::written::day;
    use crate::registry::fixtures::{attending, baodi_2017, farmer, from_elsewhere, holding, tianjin_2021, townsman};

    fn rule(application: &Application, params: &EnrolmentParams) -> (Category, String) {
        let standing = decide(application, params);
        (standing.category, standing.outcome.unwrap().rule_id.into_owned())
    }

    fn special(rule_id: &str) -> (Category, String) {
        (Category::SpecialPerson, rule_id.to_owned())
    }

    /// J-3.2.5-a names extreme poverty in town and country, B-7.3.3-a the rural five guarantees alone.
    #[test]
    fn urban_extreme_poverty_is_no_ground_in_baodi() {
        let poor = holding(&[Identity::UrbanExtremePoverty], farmer());
        assert_eq!(rule(&poor, &tianjin_2021()), special("J-3.2.5-a"));
        assert_eq!(rule(&poor, &baodi_2017()).0, Category::RuralResident);
        let guaranteed = holding(&[Identity::RuralExtremePoverty], farmer());
        assert_eq!(rule(&guaranteed, &baodi_2017()), special("B-7.3.3-a"));
    }

    /// AMB-021: the surviving spouse is named in 2017; in 2021 the list of the authority names the person.
    #[test]
    fn a_surviving_spouse_stands_on_the_list_of_the_authority() {
        let survivor = holding(&[Identity::CadreSurvivingSpouse], farmer());
        assert_eq!(rule(&survivor, &baodi_2017()), special("B-7.3.3-a"));
        assert_eq!(rule(&survivor, &tianjin_2021()), special("J-3.2.5-a"));
    }

    /// J-3.2.5-a: registration is asked of those whom civil affairs lists and of nobody else, and in 2021 alone.
    #[test]
    fn who_is_registered_elsewhere_is_on_no_list_of_civil_affairs() {
        let elsewhere = |identities: &[Identity]| holding(identities, from_elsewhere(farmer()));
        let registrar = |application: &Application| maybe_registrar(application, &tianjin_2021());
        for identity in [
            Identity::SubsistenceAllowance,
            Identity::UrbanExtremePoverty,
            Identity::RuralExtremePoverty,
            Identity::LowIncome,
        ] {
            assert_eq!(registrar(&elsewhere(&[identity])), None, "{identity}");
            assert_eq!(registrar(&holding(&[identity], farmer())), Some(Registrar::Centre(identity)));
        }
        let standing = decide(&elsewhere(&[Identity::SubsistenceAllowance]), &tianjin_2021());
        assert_ne!(standing.category, Category::SpecialPerson);
        // One that asks for no registration is found behind one that does.
        let both = elsewhere(&[Identity::SubsistenceAllowance, Identity::SevereDisability]);
        assert_eq!(registrar(&both), Some(Registrar::Centre(Identity::SevereDisability)));
        assert_eq!(rule(&both, &tianjin_2021()), special("J-3.2.5-a"));
        let listed = elsewhere(&[Identity::SubsistenceAllowance]);
        assert_eq!(rule(&listed, &baodi_2017()), special("B-7.3.3-a"));
    }

    /// J-3.2.5-d: recognised in another province, or with a student loan: the school registers.
    #[test]
    fn who_was_recognised_elsewhere_stays_with_the_school() {
        use crate::codes::InstitutionKind::HigherEducation;
        let mut student = holding(&[Identity::LowIncome], attending(HigherEducation, farmer()));
        student.identities[0].recognised_outside = true;
        assert_eq!(rule(&student, &tianjin_2021()).0, Category::SchoolStudent);
        let borrower = holding(&[Identity::StudentLoan], attending(HigherEducation, farmer()));
        assert_eq!(rule(&borrower, &tianjin_2021()).0, Category::SchoolStudent);
        // J-3.2.5-d asks for nothing but the loan; 2017 knows no such rule, and who left school is no student.
        let both = holding(&[Identity::StudentLoan, Identity::LowIncome], attending(HigherEducation, farmer()));
        assert_eq!(rule(&both, &tianjin_2021()).0, Category::SchoolStudent);
        assert_eq!(rule(&both, &baodi_2017()), special("B-7.3.3-a"));
        let mut left = both;
        left.circumstances.attendance = None;
        assert_eq!(rule(&left, &tianjin_2021()), special("J-3.2.5-a"));
    }

    /// S-08: B-7.3.3-b; born 1956-12-31 and checked on 2016-12-31 is 60.
    #[test]
    fn the_township_registers_seniors_of_low_income_in_town() {
        let low_income = |born_on: &str, person: Application| {
            let person = holding(&[Identity::LowIncome], person);
            Application { born_on: day(born_on), applied_on: day("2016-12-31"), ..person }
        };
        let law = baodi_2017();
        assert_eq!(rule(&low_income("1956-12-31", townsman()), &law), special("B-7.3.3-b"));
        assert_eq!(rule(&low_income("1957-01-01", townsman()), &law), special("B-7.3.3-a"));
        assert_eq!(rule(&low_income("1956-12-31", farmer()), &law), special("B-7.3.3-a"));
        assert_eq!(rule(&low_income("1956-12-31", townsman()), &tianjin_2021()), special("J-3.2.5-a"));
        // Another identity on an authority's list is registered by the centre all the same.
        let both = holding(&[Identity::LowIncome, Identity::SevereDisability], townsman());
        let both = Application { born_on: day("1950-01-01"), ..both };
        assert_eq!(maybe_registrar(&both, &law), Some(Registrar::Centre(Identity::SevereDisability)));
    }
}
