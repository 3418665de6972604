//! The class of a participant, fixed at registration for the whole year (AMB-136).

use chrono::NaiveDate;

use super::params::EnrolmentParams;
use crate::codes::{Category, Class};
use crate::dates::age_on;
use crate::receipt::{Step, Value};

/// The class, and the step that found it where age decides.
///
/// School, nursery, preschool and newborn children are students and children whatever their age. Outside
/// school, age on the day of registration decides where the law prints one (J-3.2.9-b, AMB-016); in 2017 it
/// prints none, and the category alone decides.
#[must_use]
pub fn decide(
    category: Category,
    born_on: NaiveDate,
    applied_on: NaiveDate,
    params: &EnrolmentParams,
) -> (Class, Option<Step>) {
    match (category, &params.adult_age) {
        (Category::SchoolStudent | Category::NurseryChild | Category::PreschoolChild | Category::Newborn, _) => {
            (Class::StudentChild, None)
        }
        (_, Some(adult_age)) => {
            // A birth after the application is refused elsewhere; here it simply is no adult.
            let age = age_on(born_on, applied_on).unwrap_or(0);
            let class = if age < adult_age.value { Class::StudentChild } else { Class::Adult };
            let step = Step::by(adult_age, |age| Value::Count((*age).into()))
                .given("birth_date", born_on)
                .given("application_date", applied_on)
                .given("age", i64::from(age))
                .found("class", class);
            (class, Some(step))
        }
        (_, None) => (Class::Adult, None),
    }
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

    /// J-1.1-a: a university student of 21 is a student.
    #[test]
    fn a_student_is_a_student_at_any_age() {
        assert_eq!(class(Category::SchoolStudent, "1999-05-10", "2020-10-01"), Class::StudentChild);
    }

    #[test]
    fn baodi_prints_no_age() {
        let of = |category| decide(category, day("2003-05-10"), day("2016-10-12"), &baodi_2017()).0;
        assert_eq!(of(Category::RuralResident), Class::Adult);
        assert_eq!(of(Category::PreschoolChild), Class::StudentChild);
    }
}
