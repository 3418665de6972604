//! A person as the registry tells other services, in the domain's terms and back.

use chrono::NaiveDate;
use juyi_domain::benefit_period::employees::Employees;
use juyi_domain::benefit_period::history::{Person, Terms};
use juyi_domain::benefit_period::routing::Routing;
use juyi_domain::codes::{Category, Class, ContributionStatus, EmployeesInsuranceKind, Tier, Window};

use crate::code::Coded;
use crate::common::v1 as wire;
use crate::days::{day, maybe_day};
use crate::receipt::Malformed;
use crate::registry::v1 as registry;

/// A person as far as coverage depends on one.
///
/// # Errors
/// [`Malformed`] for a code, a date or an id outside the contract.
pub fn from_wire(state: &wire::PersonState) -> Result<Person, Malformed> {
    let mut enrolments = state.enrolments.iter().map(terms_from_wire).collect::<Result<Vec<_>, _>>()?;
    // The order on the wire says nothing; one order makes equal states equal.
    enrolments.sort_unstable();
    let mut employees = state.employees_insurance.iter().map(employees_from_wire).collect::<Result<Vec<_>, _>>()?;
    employees.sort_unstable();
    let mut left_school_on = state.school_leaving_dates.iter().map(|on| day(on)).collect::<Result<Vec<_>, _>>()?;
    left_school_on.sort_unstable();
    let mut routes = Vec::new();
    for terms in &state.enrolments {
        routes.extend(routes_from_wire(terms)?);
    }
    routes.sort_unstable();
    Ok(Person {
        revision: state.revision,
        enrolments,
        born_on: day(&state.birth_date)?,
        died_on: maybe_day(&state.death_date)?,
        left_school_on,
        employees,
        interrupted_on: maybe_day(&state.interruption_date)?,
        routes,
    })
}

/// An enrolment as the registry lists it, with the day it was paid, in the same terms.
///
/// # Errors
/// [`Malformed`] for a code, a date or an id outside the contract.
pub fn terms_of(enrolment: &registry::Enrolment) -> Result<(Terms, Option<NaiveDate>), Malformed> {
    let terms = Terms {
        enrolment_id: enrolment.enrolment_id.parse().map_err(|_| Malformed)?,
        policy_year: enrolment.policy_year,
        district: enrolment.district.parse().map_err(|_| Malformed)?,
        category: Category::from_wire(enrolment.category).map_err(|_| Malformed)?,
        class: Class::from_wire(enrolment.class).map_err(|_| Malformed)?,
        tier: Tier::from_wire(enrolment.tier).map_err(|_| Malformed)?,
        applied_on: day(&enrolment.application_date)?,
        window: Window::from_wire(enrolment.window).map_err(|_| Malformed)?,
        previous_year_insured: match enrolment.previous_year() {
            registry::PreviousYear::Unspecified => None,
            previous => Some(previous == registry::PreviousYear::Insured),
        },
        interrupted_on: maybe_day(&enrolment.interruption_date)?,
        township: (!enrolment.township.is_empty()).then(|| enrolment.township.clone()),
        by_deduction: false,
    };
    Ok((terms, maybe_day(&enrolment.payment_date)?))
}

fn terms_from_wire(terms: &wire::EnrolmentTerms) -> Result<Terms, Malformed> {
    Ok(Terms {
        enrolment_id: terms.enrolment_id.parse().map_err(|_| Malformed)?,
        policy_year: terms.policy_year,
        district: terms.district.parse().map_err(|_| Malformed)?,
        category: Category::from_wire(terms.category).map_err(|_| Malformed)?,
        class: Class::from_wire(terms.class).map_err(|_| Malformed)?,
        tier: Tier::from_wire(terms.tier).map_err(|_| Malformed)?,
        applied_on: day(&terms.application_date)?,
        window: Window::from_wire(terms.window).map_err(|_| Malformed)?,
        previous_year_insured: terms.previous_year_insured,
        interrupted_on: maybe_day(&terms.interruption_date)?,
        township: (!terms.township.is_empty()).then(|| terms.township.clone()),
        by_deduction: terms.by_deduction,
    })
}

/// Where an enrolment belonged. One that never moved needs no route: it belongs where it was made.
fn routes_from_wire(terms: &wire::EnrolmentTerms) -> Result<Vec<Routing>, Malformed> {
    let enrolment_id = terms.enrolment_id.parse().map_err(|_| Malformed)?;
    let route = |from: &str, district: &str, township: &str| {
        Ok(Routing {
            enrolment_id,
            known_on: day(from)?,
            district: district.parse().map_err(|_| Malformed)?,
            township: (!township.is_empty()).then(|| township.to_owned()),
        })
    };
    if terms.routes.is_empty() {
        return Ok(vec![route(&terms.application_date, &terms.district, &terms.township)?]);
    }
    terms.routes.iter().map(|it| route(&it.from_date, &it.district, &it.township)).collect()
}

fn employees_from_wire(period: &wire::EmployeesInsurance) -> Result<Employees, Malformed> {
    Ok(Employees {
        start_on: day(&period.start_date)?,
        last_on: maybe_day(&period.end_date)?,
        kind: maybe_code::<EmployeesInsuranceKind>(period.kind)?,
        status: maybe_code::<ContributionStatus>(period.status)?,
        waiting_until: maybe_day(&period.waiting_period_end_date)?,
    })
}

/// A person on the wire. What coverage does not depend on, the unit and the desk of an enrolment, stays empty.
#[must_use]
pub fn to_wire(resident_id: &str, person: &Person) -> wire::PersonState {
    wire::PersonState {
        resident_id: resident_id.to_owned(),
        revision: person.revision,
        birth_date: person.born_on.to_string(),
        death_date: text(person.died_on),
        school_leaving_dates: person.left_school_on.iter().map(NaiveDate::to_string).collect(),
        enrolments: person.enrolments.iter().map(|terms| terms_to_wire(terms, &person.routes)).collect(),
        employees_insurance: person.employees.iter().map(employees_to_wire).collect(),
        interruption_date: text(person.interrupted_on),
    }
}

fn terms_to_wire(terms: &Terms, routes: &[Routing]) -> wire::EnrolmentTerms {
    let own = routes.iter().filter(|route| route.enrolment_id == terms.enrolment_id);
    let route = |route: &Routing| wire::EnrolmentRoute {
        from_date: route.known_on.to_string(),
        district: route.district.to_string(),
        township: route.township.clone().unwrap_or_default(),
    };
    wire::EnrolmentTerms {
        enrolment_id: terms.enrolment_id.to_string(),
        policy_year: terms.policy_year,
        district: terms.district.to_string(),
        category: terms.category.to_wire(),
        class: terms.class.to_wire(),
        tier: terms.tier.to_wire(),
        application_date: terms.applied_on.to_string(),
        window: terms.window.to_wire(),
        previous_year_insured: terms.previous_year_insured,
        interruption_date: text(terms.interrupted_on),
        township: terms.township.clone().unwrap_or_default(),
        by_deduction: terms.by_deduction,
        routes: own.map(route).collect(),
        ..Default::default()
    }
}

fn employees_to_wire(period: &Employees) -> wire::EmployeesInsurance {
    wire::EmployeesInsurance {
        start_date: period.start_on.to_string(),
        end_date: text(period.last_on),
        kind: period.kind.map_or(0, Coded::to_wire),
        status: period.status.map_or(0, Coded::to_wire),
        waiting_period_end_date: text(period.waiting_until),
    }
}

fn maybe_code<C: Coded>(number: i32) -> Result<Option<C>, Malformed> {
    if number == 0 { Ok(None) } else { C::from_wire(number).map(Some).map_err(|_| Malformed) }
}

fn text(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(from_date: &str) -> wire::EnrolmentRoute {
        let (district, township) = ("120118".to_owned(), "120118.4".to_owned());
        wire::EnrolmentRoute { from_date: from_date.to_owned(), district, township }
    }

    fn state() -> wire::PersonState {
        wire::PersonState {
            resident_id: "00000000-0000-7000-8000-000000000001".to_owned(),
            revision: 7,
            birth_date: "1970-05-01".to_owned(),
            school_leaving_dates: vec!["2018-06-30".to_owned(), "2021-06-30".to_owned()],
            interruption_date: "2020-11-30".to_owned(),
            enrolments: vec![wire::EnrolmentTerms {
                enrolment_id: "00000000-0000-7000-8000-000000000002".to_owned(),
                policy_year: 2021,
                district: "120118".to_owned(),
                category: Category::RuralResident.to_wire(),
                class: Class::Adult.to_wire(),
                tier: Tier::Middle.to_wire(),
                application_date: "2020-11-11".to_owned(),
                window: Window::Ordinary.to_wire(),
                township: "120118.4".to_owned(),
                by_deduction: true,
                routes: ["2020-11-11", "2021-06-10"].map(route).to_vec(),
                ..Default::default()
            }],
            employees_insurance: vec![wire::EmployeesInsurance {
                start_date: "2021-03-01".to_owned(),
                kind: EmployeesInsuranceKind::Employer.to_wire(),
                ..Default::default()
            }],
            ..Default::default()
        }
    }

    #[test]
    fn a_person_comes_back_as_it_was_told() {
        let person = from_wire(&state()).unwrap();
        assert_eq!(to_wire(&state().resident_id, &person), state());
        assert_eq!((person.died_on, person.employees[0].status), (None, None));
        assert!(person.enrolments[0].by_deduction && person.enrolments[0].previous_year_insured.is_none());
    }

    #[test]
    fn who_never_moved_belongs_where_the_enrolment_was_made() {
        let mut told = state();
        told.enrolments[0].routes.clear();
        let routes = from_wire(&told).unwrap().routes;
        assert_eq!(
            to_wire("", &Person { routes, ..from_wire(&state()).unwrap() }).enrolments[0].routes,
            [route("2020-11-11")]
        );
    }

    #[test]
    fn a_listed_enrolment_has_the_same_terms() {
        let told = state().enrolments.remove(0);
        let listed = registry::Enrolment {
            enrolment_id: told.enrolment_id,
            policy_year: told.policy_year,
            district: told.district,
            category: told.category,
            class: told.class,
            tier: told.tier,
            application_date: told.application_date,
            window: told.window,
            township: told.township,
            payment_date: "2020-11-12".to_owned(),
            ..Default::default()
        };
        let (terms, paid_on) = terms_of(&listed).unwrap();
        let expected = Terms { by_deduction: false, ..from_wire(&state()).unwrap().enrolments.remove(0) };
        assert_eq!((terms, paid_on), (expected, Some("2020-11-12".parse().unwrap())));
        assert_eq!(terms_of(&registry::Enrolment { window: 0, ..listed }), Err(Malformed));
    }

    #[test]
    fn what_is_outside_the_contract_is_refused_as_a_whole() {
        for spoil in [
            |state: &mut wire::PersonState| state.birth_date.clear(),
            |state: &mut wire::PersonState| state.death_date.push('x'),
            |state: &mut wire::PersonState| state.enrolments[0].tier = 0,
            |state: &mut wire::PersonState| state.enrolments[0].enrolment_id.clear(),
            |state: &mut wire::PersonState| state.employees_insurance[0].status = 99,
            |state: &mut wire::PersonState| state.school_leaving_dates.push("x".to_owned()),
            |state: &mut wire::PersonState| state.enrolments[0].routes[0].district.clear(),
        ] {
            let mut state = state();
            spoil(&mut state);
            assert_eq!(from_wire(&state), Err(Malformed));
        }
    }
}
