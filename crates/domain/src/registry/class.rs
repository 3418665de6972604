//! The class of a participant, fixed at registration for the whole year (AMB-136).

use chrono::NaiveDate;

use super::params::EnrolmentParams;
use crate::codes::{Category, Class};
use crate::dates::age_on;
use crate::receipt::{Step, Value};

/// The class, and the step that found it where age decides.
///
/// School, nursery and newborn children and who studies elsewhere are students and children by their category. Outside
/// school, age on the day of registration decides (J-3.2.9-b, B-2.3-a, AMB-016).
#[must_use]
pub fn decide(
    category: Category,
    born_on: NaiveDate,
    applied_on: NaiveDate,
    params: &EnrolmentParams,
) -> (Class, Option<Step>) {
    if matches!(
        category,
        Category::SchoolStudent | Category::NurseryChild | Category::Newborn | Category::LocalStudyingElsewhere
    ) {
        return (Class::StudentChild, None);
    }
    let (age, adult_age) = (age(born_on, applied_on), &params.adult_age);
    let class = if age < adult_age.value { Class::StudentChild } else { Class::Adult };
    let step = Step::by(adult_age, |age| Value::Count((*age).into()))
        .given("birth_date", born_on)
        .given("application_date", applied_on)
        .given("age", i64::from(age))
        .found("class", class);
    (class, Some(step))
}

/// Age on the day of registration. A birth after it is refused elsewhere; here it simply is no adult.
fn age(born_on: NaiveDate, applied_on: NaiveDate) -> u32 {
    age_on(born_on, applied_on).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;
    use crate::dates::written::day;

    fn class(category: Category, born_on: &str, applied_on: &str) -> Class {
        decide(category, day(born_on), day(applied_on), &tianjin_2021()).0
    }

    /// S-03: J-3.2.9-b.
    #[test]
    fn a_school_leaver_is_adult_from_the_eighteenth_birthday() {
        assert_eq!(class(Category::SchoolLeaver, "2003-05-10", "2021-05-09"), Class::StudentChild);
        assert_eq!(class(Category::SchoolLeaver, "2003-05-10", "2021-05-10"), Class::Adult);
        let (_, step) = decide(Category::SchoolLeaver, day("2003-05-10"), day("2021-05-09"), &tianjin_2021());
        assert_eq!(step.unwrap().rule_id, "J-3.2.9-b");
    }

    /// AMB-016: outside school too.
    #[test]
    fn a_minor_outside_school_belongs_to_the_children() {
        assert_eq!(class(Category::RuralResident, "2005-01-01", "2020-10-01"), Class::StudentChild);
        assert_eq!(class(Category::SpecialPerson, "2015-01-01", "2020-08-20"), Class::StudentChild);
        assert_eq!(class(Category::RuralResident, "1970-01-01", "2020-10-01"), Class::Adult);
    }

    /// J-1.1-a, J-1.1-d: a university student of 21 is a student, here or elsewhere.
    #[test]
    fn a_student_is_a_student_at_any_age() {
        for category in [Category::SchoolStudent, Category::LocalStudyingElsewhere] {
            assert_eq!(class(category, "1999-05-10", "2020-10-01"), Class::StudentChild);
        }
    }

    /// B-2.3-a: persons under 18 not in school stand beside the adults; 13 years, and the eighteenth birthday.
    #[test]
    fn baodi_has_adults_from_eighteen_too() {
        let of = |born_on, category| decide(category, day(born_on), day("2016-10-12"), &baodi_2017());
        let (class, step) = of("2003-05-10", Category::RuralResident);
        assert_eq!((class, step.unwrap().rule_id.as_ref()), (Class::StudentChild, "B-2.3-a"));
        assert_eq!(of("1998-10-13", Category::RuralResident).0, Class::StudentChild);
        assert_eq!(of("1998-10-12", Category::RuralResident).0, Class::Adult);
        assert_eq!(of("2013-05-10", Category::PreschoolChild).0, Class::StudentChild);
    }
}
