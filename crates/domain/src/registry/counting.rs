//! Which group of the target table an enrolment counts in, or that it is left out (J-A2.T-a, B-8.3-b, AMB-122).

use super::supervision::params::CountRule;
use crate::codes::{Category, Class, CountGroup, Desk};
use crate::effective::Effective;
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal};

/// Finds the group of an enrolment, and the step that found it.
///
/// Jinghai counts everybody, in the columns of its table (J-A2.T-a). Baodi leaves out who is enrolled through a school or
/// nursery, by deduction from the living subsidy or by an authority (B-8.3-b); deductions and authorities' lists are
/// registered by the city social insurance centre. In Jinghai a deduction is a general resident, because the table has no
/// other column (AMB-122).
///
/// # Errors
/// `REQUIRED_FIELD_MISSING` when the desk is not known; `RULE_NOT_DEFINED` when no line of the rule takes the enrolment.
pub fn group(
    category: Category,
    class: Class,
    desk: Option<Desk>,
    rules: &[Effective<CountRule>],
) -> Result<(CountGroup, Step), Refusal> {
    let Some(desk) = desk else {
        let detail = "whether an enrolment counts towards the target depends on the desk it came through";
        let refusal = Refusal::new(Reason::RequiredFieldMissing, detail).at("desk");
        return Err(match rules.first() {
            Some(rule) => refusal.by(rule.reference.rule_id.clone()),
            None => refusal,
        });
    };
    let Some(rule) = rules.iter().find(|rule| takes(rule, category, class, desk)) else {
        let detail = format!("no line of the counting rule takes category {category}");
        return Err(Refusal::new(Reason::RuleNotDefined, detail).at("category").with("parameter", "counting.group"));
    };
    let step = Step::by(rule, |rule| Value::from(rule.group))
        .given("category", category)
        .given("class", class)
        .given("desk", desk)
        .found("count_group", rule.group);
    Ok((rule.group, step))
}

fn takes(rule: &CountRule, category: Category, class: Class, desk: Desk) -> bool {
    let everybody = rule.categories.is_empty() && rule.classes.is_empty() && rule.desks.is_empty();
    everybody || rule.categories.contains(&category) || rule.classes.contains(&class) || rule.desks.contains(&desk)
}

#[cfg(test)]
mod tests {
    use super::super::supervision::fixtures::{baodi_2017, jinghai_2021};
    use super::*;

    fn in_baodi(category: Category, class: Class, desk: Desk) -> CountGroup {
        group(category, class, Some(desk), &baodi_2017().counting).unwrap().0
    }

    fn in_jinghai(category: Category, class: Class, desk: Desk) -> CountGroup {
        group(category, class, Some(desk), &jinghai_2021().counting).unwrap().0
    }

    /// B-8.3-b, the catalogue's example: 500 enrolments, 120 by school, 30 by deduction, 10 special: 340 count.
    #[test]
    fn baodi_leaves_out_schools_deductions_and_special_groups() {
        let (branch, centre) = (Desk::DistrictSocialInsuranceBranch, Desk::CitySocialInsuranceCentre);
        let enrolments = [
            (100, Category::SchoolStudent, Class::StudentChild, branch),
            (20, Category::NurseryChild, Class::StudentChild, branch),
            (30, Category::RuralResident, Class::Adult, centre),
            (10, Category::SpecialPerson, Class::Adult, centre),
            (300, Category::RuralResident, Class::Adult, Desk::TownshipService),
            (40, Category::PreschoolChild, Class::StudentChild, Desk::CommunityWorkstation),
        ];
        let counted = |(_, category, class, desk): &&(i64, Category, Class, Desk)| {
            in_baodi(*category, *class, *desk) == CountGroup::GeneralResidents
        };
        assert_eq!(enrolments.iter().map(|it| it.0).sum::<i64>(), 500);
        assert_eq!(enrolments.iter().filter(counted).map(|it| it.0).sum::<i64>(), 340);
        // An interrupted employee comes through the branch too, and counts.
        assert_eq!(in_baodi(Category::InterruptedEmployee, Class::Adult, branch), CountGroup::GeneralResidents);
        // B-7.3.3-b: the township enrols an old person of a low-income family, not a department.
        let township = Desk::TownshipService;
        assert_eq!(in_baodi(Category::SpecialPerson, Class::Adult, township), CountGroup::GeneralResidents);
    }

    /// J-A2.T-a has three columns; AMB-122: a deduction is a general resident.
    #[test]
    fn jinghai_counts_everybody_in_three_groups() {
        let (branch, centre) = (Desk::DistrictSocialInsuranceBranch, Desk::CitySocialInsuranceCentre);
        let township = Desk::TownshipService;
        let general = CountGroup::GeneralResidents;
        assert_eq!(in_jinghai(Category::RuralResident, Class::Adult, township), general);
        assert_eq!(in_jinghai(Category::RuralResident, Class::Adult, centre), general);
        assert_eq!(in_jinghai(Category::SchoolStudent, Class::StudentChild, branch), CountGroup::StudentsChildren);
        assert_eq!(in_jinghai(Category::Newborn, Class::StudentChild, township), CountGroup::StudentsChildren);
        // A child on an authority's list belongs to the special groups.
        let special = Category::SpecialPerson;
        for class in Class::ALL {
            assert_eq!(in_jinghai(special, *class, Desk::CityMedicalInsuranceCentre), CountGroup::SpecialGroups);
        }
    }

    /// B-8.3-b: an unknown channel is refused.
    #[test]
    fn an_unknown_desk_is_refused() {
        for (law, rule_id) in [(baodi_2017(), "B-8.3-b"), (jinghai_2021(), "J-A2.T-a")] {
            let refusal = group(Category::RuralResident, Class::Adult, None, &law.counting).unwrap_err();
            assert_eq!(refusal.reason, Reason::RequiredFieldMissing);
            assert_eq!(refusal.rule_id.as_deref(), Some(rule_id));
            assert_eq!(refusal.field.as_deref(), Some("desk"));
        }
        let refusal = group(Category::RuralResident, Class::Adult, Some(Desk::TaxHall), &[]).unwrap_err();
        assert_eq!(refusal.reason, Reason::RuleNotDefined);
    }

    #[test]
    fn every_enrolment_has_one_group_and_names_the_line() {
        for law in [baodi_2017(), jinghai_2021()] {
            for category in Category::ALL {
                for class in Class::ALL {
                    for desk in Desk::ALL {
                        let (group, step) = group(*category, *class, Some(*desk), &law.counting).unwrap();
                        assert_eq!(step.output("count_group"), Some(&Value::from(group)));
                        assert_eq!(step.parameters().count(), 1);
                    }
                }
            }
        }
    }
}
