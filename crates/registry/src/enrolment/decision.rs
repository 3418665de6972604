//! From what is known of a person and what is filed to an enrolment, without a database: for one application, and for the
//! thousands of a collective registration.

use chrono::NaiveDate;
use juyi_domain::codes::{self, District, Paper, Tier};
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::refusal::Refusals;
use juyi_domain::registry::application::{Application, Held};
use juyi_domain::registry::circumstances::Circumstances;
use juyi_domain::registry::counting;
use juyi_domain::registry::enrolment::{self, Decision};
use juyi_domain::registry::facts::{DatedFact, Fact, HouseholdRegistration, Residence};
use juyi_domain::registry::unit::Unit;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_policy::Snapshot;

use crate::store::enrolments::Enrolment;
use crate::store::identities::IdentityPeriod;
use crate::store::residents::Resident;

/// What the registry knows of an applicant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Applicant<'a> {
    /// The resident.
    pub(crate) resident: &'a Resident,
    /// Facts in the order of recording, those learned at the desk last.
    pub(crate) history: &'a [DatedFact],
    /// Identities; those not held on the day of application are passed over.
    pub(crate) identities: &'a [IdentityPeriod],
    /// The enrolment already held for the policy year.
    pub(crate) existing: Option<EnrolmentId>,
}

/// What is filed.
#[derive(Clone, Debug)]
pub(crate) struct Filing {
    /// Policy year.
    pub(crate) policy_year: i32,
    /// District of enrolment and of the desk.
    pub(crate) district: District,
    /// Desk.
    pub(crate) desk: codes::Desk,
    /// Township of the desk, a unit id; `None` means the person's own.
    pub(crate) desk_township: Option<String>,
    /// Unit that files; `None` for a family or a single person.
    pub(crate) unit_id: Option<String>,
    /// Day of application.
    pub(crate) applied_on: NaiveDate,
    /// Tier asked for.
    pub(crate) tier: Option<Tier>,
    /// Insured the year before.
    pub(crate) previous_year_insured: Option<bool>,
    /// Papers presented.
    pub(crate) papers: Vec<Paper>,
}

/// Who takes the application, and by which law.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Desk<'a> {
    /// Office that files.
    pub(crate) caller: &'a Caller,
    /// The unit of [`Filing::unit_id`]; `None` when nobody knows it.
    pub(crate) unit: Option<&'a Unit>,
    /// The law of policy year and district on the day of application.
    pub(crate) law: &'a Snapshot,
}

/// Decides an application: the row to store, or every failing condition.
///
/// # Errors
/// As [`enrolment::decide`].
pub(crate) fn decide(
    context: &Context,
    applicant: &Applicant<'_>,
    filing: &Filing,
    desk: &Desk<'_>,
) -> Result<Enrolment, Refusals> {
    let application = application(applicant, filing, desk);
    let decision = enrolment::decide(&application, &desk.law.enrolment, &desk.law.premium)?;
    to_row(context, applicant.resident.id, filing, desk, decision)
}

/// The row of an enrolment that was decided.
///
/// # Errors
/// As [`counting::group`].
pub(super) fn to_row(
    context: &Context,
    resident_id: ResidentId,
    filing: &Filing,
    desk: &Desk<'_>,
    decision: Decision,
) -> Result<Enrolment, Refusals> {
    let Decision { category, class, tier, window, interrupted_on, township, desk_township, mut receipt } = decision;
    let (count_group, counted) = counting::group(category, class, Some(filing.desk), &desk.law.supervision.counting)?;
    receipt.push(counted);
    Ok(Enrolment {
        resident_id,
        id: context.id(),
        policy_year: filing.policy_year,
        district: filing.district,
        category,
        class,
        tier,
        desk: filing.desk,
        window,
        applied_on: filing.applied_on,
        previous_year_insured: filing.previous_year_insured,
        interrupted_on,
        unit_id: filing.unit_id.clone(),
        township,
        desk_township,
        count_group,
        paid_on: None,
        receipt,
        recorded_by: desk.caller.clone(),
        created_at: context.now(),
    })
}

/// What the rules are asked, with the facts and identities of the day.
pub(super) fn application(applicant: &Applicant<'_>, filing: &Filing, desk: &Desk<'_>) -> Application {
    let held = applicant.identities.iter().filter(|period| period.holds_on(filing.applied_on));
    let held = held.map(|period| Held { identity: period.identity, recognised_outside: period.recognised_outside });
    Application {
        policy_year: filing.policy_year,
        born_on: applicant.resident.born_on,
        died_on: applicant.resident.died_on,
        applied_on: filing.applied_on,
        desk: filing.desk,
        desk_district: filing.district,
        desk_township: filing.desk_township.clone(),
        office: desk.caller.office,
        office_district: desk.caller.district,
        unit_id: filing.unit_id.clone(),
        unit: desk.unit.cloned(),
        papers: filing.papers.clone(),
        tier: filing.tier,
        identities: held.collect(),
        circumstances: circumstances(applicant.resident, applicant.history, filing.applied_on),
        previous_year_insured: filing.previous_year_insured,
        existing: applicant.existing,
    }
}

/// The facts of the day. Of whom no registration or no residence was ever recorded as a fact, such as somebody whom a list
/// made known, the district of the record stands for it.
pub(crate) fn circumstances(resident: &Resident, history: &[DatedFact], day: NaiveDate) -> Circumstances {
    let mut found = Circumstances::on(history, day);
    if !history.iter().any(|dated| matches!(dated.fact, Fact::HouseholdRegistration(_))) {
        found.registration =
            Some(HouseholdRegistration { district: resident.household_district, area: None, township: None });
    }
    if !history.iter().any(|dated| matches!(dated.fact, Fact::Residence(_))) {
        found.residence = Some(Residence { district: resident.residence_district, township: None, address: None });
    }
    found
}
