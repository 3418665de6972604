//! Newborns and children not yet in school or nursery (J-1.1-c, B-1.1-c; who is a newborn: J-3.2.8-a, B-2.2-a).

use chrono::{Datelike, NaiveDate};

use super::Standing;
use crate::codes::Category;
use crate::dates::{add_months, age_on};
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};
use crate::registry::application::Application;
use crate::registry::evidence;
use crate::registry::params::EnrolmentParams;

pub(super) fn maybe_newborn(application: &Application, params: &EnrolmentParams) -> Option<Standing> {
    let Application { born_on, applied_on, policy_year, .. } = *application;
    is_newborn(born_on, (policy_year, applied_on), params).then(|| small(Category::Newborn, application, params))
}

pub(super) fn maybe_minor(application: &Application, params: &EnrolmentParams) -> Option<Standing> {
    let age = age_on(application.born_on, application.applied_on).unwrap_or(0);
    (age < params.adult_age.value).then(|| small(Category::PreschoolChild, application, params))
}

/// Up to the first birthday, that day included (J-3.2.8-a); where no end is printed, for the policy years from the year
/// of birth on that the law speaks of (B-2.2-a, AMB-024).
#[must_use]
pub fn is_newborn(born_on: NaiveDate, (policy_year, applied_on): (i32, NaiveDate), params: &EnrolmentParams) -> bool {
    if let Some(months) = &params.newborn_months {
        return applied_on <= add_months(born_on, months.value);
    }
    let last_year = |years: u32| i32::try_from(years).map_or(i32::MAX, |years| born_on.year() + years - 1);
    params.newborn_years.as_ref().is_some_and(|years| policy_year <= last_year(years.value))
}

/// Registered in Tianjin or with a paper of the children's list, and not employed (AMB-016).
fn small(category: Category, application: &Application, params: &EnrolmentParams) -> Standing {
    let list = &params.children_papers;
    if application.circumstances.is_employed() {
        let refusal = Refusal::new(Reason::ClassNotEligible, "an employed minor belongs to the employees' insurance");
        return Standing::refused(category, refusal.at("facts").by(list.reference.rule_id.clone()));
    }
    match evidence::local_or_certificate(&application.circumstances, list) {
        Ok(ground) => {
            let step = Step::by(list, |_| ground.into()).given("birth_date", application.born_on);
            Standing::accepted(category, step.given("application_date", application.applied_on))
        }
        Err(refusal) => Standing::refused(category, refusal),
    }
}

#[cfg(test)]
mod tests {
    use super::super::decide;
    use super::*;
    use crate::codes::CertificateKind::{self, ResidencePermitAcceptanceSlip, TaiwanTravelPermit};
    use crate::dates::written::day;
    use crate::registry::circumstances::Since;
    use crate::registry::facts::Employment;
    use crate::registry::fixtures::{baodi_2017, certified, farmer, from_elsewhere, tianjin_2021};

    fn child(born_on: &str, applied_on: &str) -> Application {
        Application { born_on: day(born_on), applied_on: day(applied_on), ..farmer() }
    }

    /// S-05: J-3.2.8-a ends on the first birthday, clamped; after it the child is one like others.
    #[test]
    fn a_newborn_is_one_until_the_first_birthday() {
        let on = |applied_on| decide(&child("2020-02-29", applied_on), &tianjin_2021()).category;
        assert_eq!(on("2021-02-28"), Category::Newborn);
        assert_eq!(on("2021-03-01"), Category::PreschoolChild);
    }

    /// B-2.2-a prints no end (AMB-024): the year of birth and the one after it.
    #[test]
    fn in_baodi_a_newborn_is_one_for_two_policy_years() {
        let born = |born_on| {
            let child = Application { policy_year: 2017, ..child(born_on, "2017-12-31") };
            decide(&child, &baodi_2017()).category
        };
        assert_eq!(born("2016-01-01"), Category::Newborn);
        assert_eq!(born("2017-06-01"), Category::Newborn);
        assert_eq!(born("2015-12-31"), Category::PreschoolChild);
    }

    fn paper(kind: CertificateKind, params: &EnrolmentParams) -> Result<String, Reason> {
        let child = certified(kind, from_elsewhere(child("2017-05-01", "2020-10-12")));
        let outcome = decide(&child, params).outcome;
        outcome.map(|step| step.rule_id.into_owned()).map_err(|refusal| refusal.reason)
    }

    /// S-02: J-1.1-c, B-1.1-c; a travel permit is not on the children's list (AMB-015).
    #[test]
    fn children_have_a_list_of_their_own() {
        assert_eq!(paper(ResidencePermitAcceptanceSlip, &tianjin_2021()), Ok("J-1.1-c".to_owned()));
        assert_eq!(paper(ResidencePermitAcceptanceSlip, &baodi_2017()), Ok("B-1.1-c".to_owned()));
        for law in [tianjin_2021(), baodi_2017()] {
            assert_eq!(paper(TaiwanTravelPermit, &law), Err(Reason::EvidenceNotAccepted));
        }
        let without = from_elsewhere(child("2017-05-01", "2020-10-12"));
        let refusal = decide(&without, &baodi_2017()).outcome.unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::EvidenceNotAccepted, Some("B-1.1-c")));
    }

    /// AMB-016: seventeen, outside school, employed.
    #[test]
    fn an_employed_minor_is_refused() {
        let mut minor = child("2003-05-10", "2020-10-12");
        minor.circumstances.employment = Some(Since { on: day("2020-01-01"), what: Employment { employed: true } });
        let standing = decide(&minor, &tianjin_2021());
        assert_eq!(standing.outcome.unwrap_err().reason, Reason::ClassNotEligible);
    }
}
