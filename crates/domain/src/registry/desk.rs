//! Whether an application is filed at a desk that serves its category (J-3.1-c, J-3.2, B-7.3).

use super::application::Application;
use super::category::{Registrar, Standing, in_channel};
use super::params::EnrolmentParams;
use crate::codes::{Category, Desk};
use crate::effective::{Effective, Printed};
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal};

/// The desks that serve somebody, with the clause that names them.
#[derive(Clone, Debug)]
pub struct Rule<'a> {
    /// Desks, the first one named in refusals.
    pub desks: &'a [Desk],
    /// Where they are printed.
    pub reference: &'static Printed,
    step: Step,
}

impl<'a> Rule<'a> {
    fn of<T>(parameter: &'a Effective<T>, desks: &'a [Desk], as_value: impl FnOnce(&T) -> Value) -> Self {
        Self { desks, reference: parameter.reference, step: Step::by(parameter, as_value) }
    }
}

/// Checks the desk.
///
/// # Errors
/// `CHANNEL_MISMATCH` with metadata `right_desk`; `RULE_NOT_DEFINED` when no desk is printed for the category.
pub fn decide(standing: &Standing, application: &Application, params: &EnrolmentParams) -> Result<Step, Refusal> {
    let category = standing.category;
    let Some(rule) = maybe_rule(standing, application, params) else {
        return Err(Refusal::new(Reason::RuleNotDefined, format!("no desk is printed for {category}"))
            .at("desk")
            .with("parameter", format!("enrolment.desk.{category}")));
    };
    if rule.desks.contains(&application.desk) {
        return Ok(rule.step.given("desk", application.desk));
    }
    let right: Vec<&str> = rule.desks.iter().map(|desk| desk.as_str()).collect();
    let right = right.join(",");
    let rule_id = if is_sent_to_the_centre(application) { "J-3.2.5-d".into() } else { rule.reference.rule_id.clone() };
    Err(Refusal::new(Reason::ChannelMismatch, format!("{category} is registered at another desk: {right}"))
        .at("desk")
        .with("right_desk", right)
        .by(rule_id))
}

/// The desks that serve somebody; `None` where the documents name none.
#[must_use]
pub fn maybe_rule<'a>(standing: &Standing, application: &Application, params: &'a EnrolmentParams) -> Option<Rule<'a>> {
    if let (Some(Registrar::Township(_)), Some(senior)) = (standing.registrar, &params.low_income_senior_age) {
        return Some(Rule::of(senior, &[Desk::TownshipService], |age| Value::Count((*age).into())));
    }
    let next_year = standing.category == Category::InterruptedEmployee && !in_channel(standing.category, application);
    if let (true, Some(desks)) = (next_year, &params.next_year_desks) {
        return Some(Rule::of(desks, desks, |_| Category::InterruptedEmployee.into()));
    }
    let rule = params.desks.iter().find(|rule| rule.category == standing.category)?;
    Some(Rule::of(rule, &rule.desks, |rule| rule.category.into()))
}

/// True for a student with a status of another province, or with a student loan, whom somebody files at the city's
/// centre: the school registers such a student (J-3.2.5-d).
fn is_sent_to_the_centre(application: &Application) -> bool {
    let centre = matches!(application.desk, Desk::CityMedicalInsuranceCentre | Desk::CitySocialInsuranceCentre);
    centre && application.circumstances.attendance.is_some() && application.has_ground_of_the_school()
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{
        attending, baodi_2017, decide_standing, farmer, holding, interrupted, tianjin_2021, townsman,
    };
    use super::*;
    use crate::codes::{Identity, InstitutionKind};
    use crate::dates::written::day;

    fn check(application: &Application, params: &EnrolmentParams) -> Result<String, Refusal> {
        let standing = decide_standing(application, params);
        decide(&standing, application, params).map(|step| step.rule_id.into_owned())
    }

    fn at(desk: Desk, application: Application) -> Application {
        Application { desk, ..application }
    }

    fn right_desk(application: &Application, params: &EnrolmentParams) -> (String, String) {
        let refusal = check(application, params).unwrap_err();
        assert_eq!((refusal.reason, refusal.metadata[0].0), (Reason::ChannelMismatch, "right_desk"));
        (refusal.rule_id.unwrap().into_owned(), refusal.metadata[0].1.clone())
    }

    #[test]
    fn each_category_has_its_desks() {
        let law = tianjin_2021();
        assert_eq!(check(&farmer(), &law).unwrap(), "J-3.2.2-a");
        for desk in [Desk::CommunityWorkstation, Desk::TownshipService] {
            assert_eq!(check(&at(desk, townsman()), &law).unwrap(), "J-3.2.10-a");
            assert_eq!(check(&at(desk, townsman()), &baodi_2017()).unwrap(), "B-7.3.2-a");
        }
        assert_eq!(check(&farmer(), &baodi_2017()).unwrap(), "B-7.3.2-b");
    }

    /// J-3.1-c: the refusal names the right desk.
    #[test]
    fn the_wrong_desk_is_refused_with_the_right_one() {
        let law = tianjin_2021();
        let pupil = attending(InstitutionKind::PrimaryOrSecondary, farmer());
        let branch = "DISTRICT_SOCIAL_INSURANCE_BRANCH".to_owned();
        assert_eq!(right_desk(&pupil, &law), ("J-3.2.1-a".to_owned(), branch));
        let family = ("J-3.2.10-a".to_owned(), "TOWNSHIP_SERVICE,COMMUNITY_WORKSTATION".to_owned());
        assert_eq!(right_desk(&at(Desk::CitySocialInsuranceCentre, townsman()), &law), family);
    }

    /// S-06: J-3.2.5-a, B-7.3.3-a.
    #[test]
    fn a_special_person_applies_nowhere_else() {
        let disabled = holding(&[Identity::SevereDisability, Identity::SubsistenceAllowance], farmer());
        let centre = ("J-3.2.5-a".to_owned(), "CITY_MEDICAL_INSURANCE_CENTRE".to_owned());
        assert_eq!(right_desk(&disabled, &tianjin_2021()), centre);
        let centre = ("B-7.3.3-a".to_owned(), "CITY_SOCIAL_INSURANCE_CENTRE".to_owned());
        assert_eq!(right_desk(&disabled, &baodi_2017()), centre);
        assert!(check(&at(Desk::CityMedicalInsuranceCentre, disabled), &tianjin_2021()).is_ok());
    }

    /// B-7.3.3-b: the township is the registrar, and the city's centre is not.
    #[test]
    fn a_senior_of_low_income_in_town_is_registered_by_the_township() {
        let senior = holding(&[Identity::LowIncome], Application { born_on: day("1955-06-01"), ..townsman() });
        let law = baodi_2017();
        assert_eq!(check(&senior, &law).unwrap(), "B-7.3.3-b");
        let township = ("B-7.3.3-b".to_owned(), "TOWNSHIP_SERVICE".to_owned());
        assert_eq!(right_desk(&at(Desk::CitySocialInsuranceCentre, senior), &law), township);
    }

    /// J-3.2.5-d: loan holders and who was recognised in another province are registered by their school.
    #[test]
    fn students_with_a_ground_of_their_own_stay_with_their_school() {
        let law = tianjin_2021();
        let borrower = holding(&[Identity::StudentLoan], attending(InstitutionKind::HigherEducation, farmer()));
        assert!(check(&at(Desk::DistrictSocialInsuranceBranch, borrower.clone()), &law).is_ok());
        let branch = ("J-3.2.5-d".to_owned(), "DISTRICT_SOCIAL_INSURANCE_BRANCH".to_owned());
        assert_eq!(right_desk(&at(Desk::CityMedicalInsuranceCentre, borrower), &law), branch);
        let mut outsider = holding(&[Identity::LowIncome], attending(InstitutionKind::HigherEducation, farmer()));
        outsider.identities[0].recognised_outside = true;
        assert_eq!(right_desk(&at(Desk::CityMedicalInsuranceCentre, outsider), &law), branch);
    }

    /// J-3.2.7-a for the running year, J-3.2.7-b for the next one.
    #[test]
    fn an_interrupted_employee_goes_on_at_the_tax_hall() {
        let law = tianjin_2021();
        let employee = |desk, applied_on: &str| {
            interrupted("2020-11-20", Application { desk, applied_on: day(applied_on), ..farmer() })
        };
        let branch = Desk::DistrictSocialInsuranceBranch;
        assert_eq!(check(&employee(branch, "2021-01-10"), &law).unwrap(), "J-3.2.7-a");
        assert_eq!(check(&employee(Desk::TaxHall, "2020-12-01"), &law).unwrap(), "J-3.2.7-b");
        let tax_hall = ("J-3.2.7-b".to_owned(), "TAX_HALL".to_owned());
        assert_eq!(right_desk(&employee(branch, "2020-12-01"), &law), tax_hall);
        // An interruption of years ago makes nobody but a resident, who goes to the village's township.
        let resident = interrupted("2015-01-31", at(Desk::TaxHall, farmer()));
        assert_eq!(right_desk(&resident, &law), ("J-3.2.2-a".to_owned(), "TOWNSHIP_SERVICE".to_owned()));
        // B-2.4-a is for the running year; for 2017 the branch takes nobody in 2016.
        let early = Application { policy_year: 2017, applied_on: day("2016-11-10"), ..at(branch, townsman()) };
        let family = ("B-7.3.2-a".to_owned(), "COMMUNITY_WORKSTATION,TOWNSHIP_SERVICE".to_owned());
        assert_eq!(right_desk(&interrupted("2010-01-31", early), &baodi_2017()), family);
    }

    #[test]
    fn a_category_without_a_printed_desk_is_refused() {
        let mut resident = farmer();
        resident.circumstances.stay = Some(crate::registry::facts::InstitutionStay {
            institution_kind: InstitutionKind::WelfareInstitution,
            unit_id: "120115.W1".to_owned(),
        });
        assert_eq!(check(&resident, &baodi_2017()).unwrap_err().reason, Reason::RuleNotDefined);
    }
}
