//! People to the wire.

use chrono::NaiveDate;
use juyi_domain::id::EnrolmentId;
use juyi_domain::registry::employees_insurance::Insured;
use juyi_proto::code::Coded;
use juyi_proto::common::v1 as common;
use juyi_proto::registry::v1 as pb;

use crate::store::person_states::{Held, PersonState, Terms};

/// A person with one enrolment; `None` when the person has no such enrolment.
pub(crate) fn person(state: &PersonState, id: EnrolmentId) -> Option<pb::EnrolledPerson> {
    let terms = state.enrolments.iter().find(|terms| terms.id == id)?;
    let held = |period: &&Held| {
        period.start_on <= terms.applied_on && period.end_on.is_none_or(|end_on| terms.applied_on < end_on)
    };
    let mut identities: Vec<_> = state.identities.iter().filter(held).map(|period| period.identity.to_wire()).collect();
    identities.sort_unstable();
    identities.dedup();
    Some(pb::EnrolledPerson { person: Some(self::state(state)), enrolment_id: id.to_string(), identities })
}

/// A person as far as coverage depends on it.
pub(super) fn state(state: &PersonState) -> common::PersonState {
    common::PersonState {
        resident_id: state.resident_id.to_string(),
        revision: state.revision,
        birth_date: state.born_on.to_string(),
        death_date: written(state.died_on),
        school_leaving_dates: state.left_school_on.iter().map(NaiveDate::to_string).collect(),
        enrolments: state.enrolments.iter().map(terms).collect(),
        employees_insurance: state.employees_insurance.iter().map(insured).collect(),
        interruption_date: written(state.interrupted.and_then(|(_, on)| on)),
    }
}

fn terms(terms: &Terms) -> common::EnrolmentTerms {
    let route = |(from_on, township): &(NaiveDate, Option<String>)| common::EnrolmentRoute {
        from_date: from_on.to_string(),
        district: terms.district.to_string(),
        township: township.clone().unwrap_or_default(),
    };
    common::EnrolmentTerms {
        enrolment_id: terms.id.to_string(),
        policy_year: terms.policy_year,
        district: terms.district.to_string(),
        category: terms.category.to_wire(),
        class: terms.class.to_wire(),
        tier: terms.tier.to_wire(),
        application_date: terms.applied_on.to_string(),
        window: terms.window.to_wire(),
        previous_year_insured: terms.previous_year_insured,
        interruption_date: written(terms.interrupted_on),
        unit_id: terms.unit_id.clone().unwrap_or_default(),
        desk: terms.desk.to_wire(),
        township: terms.township.clone().unwrap_or_default(),
        by_deduction: terms.by_deduction,
        routes: terms.routes.iter().map(route).collect(),
    }
}

fn insured(insured: &Insured) -> common::EmployeesInsurance {
    common::EmployeesInsurance {
        start_date: insured.start_on.to_string(),
        end_date: written(insured.end_on.and_then(|end_on| end_on.pred_opt())),
        kind: insured.what.kind.to_wire(),
        status: insured.what.status.map_or(0, Coded::to_wire),
        waiting_period_end_date: written(insured.what.waiting_ends_on),
    }
}

fn written(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
