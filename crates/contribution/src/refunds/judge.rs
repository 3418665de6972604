//! What the law says of one refund, on the facts that the registry knows.

use chrono::NaiveDate;
use juyi_domain::codes::{Identity, InstitutionKind, PaymentMethod, RefundGround};
use juyi_domain::contribution::refund::{self, Application, Decision, Ground};
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::enrolment::Paid;

use crate::desk::Desk;
use crate::registry::Enrolled;
use crate::standing::Person;
use crate::store::payments::Payment;

use super::read::Loan;

/// What the registry knows of the person, asked before the transaction.
pub(super) struct Known {
    pub(super) enrolled: Enrolled,
    pub(super) person: Person,
    /// First days at schools of higher education.
    pub(super) admitted: Vec<NaiveDate>,
}

impl Known {
    /// Errors: ENROLMENT_NOT_FOUND, those of the registry.
    pub(super) async fn of(
        desk: &Desk,
        resident_id: ResidentId,
        enrolment_id: EnrolmentId,
        applied_on: NaiveDate,
    ) -> Result<Self, Error> {
        let enrolled = desk.registry.find(resident_id, enrolment_id).await?;
        let person = desk.standing.on(resident_id, applied_on).await?;
        let attendances = desk.standing.attendances(resident_id, applied_on).await?;
        let higher = attendances.into_iter().filter(|(kind, _)| *kind == InstitutionKind::HigherEducation);
        let admitted = higher.filter_map(|(_, first)| first).collect();
        Ok(Self { enrolled, person, admitted })
    }
}

/// What is asked: a ground as it was named, with the facts that the applicant gives.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) ground: RefundGround,
    pub(super) loan: Option<Loan>,
    pub(super) applied_on: NaiveDate,
}

/// What was found.
pub(super) struct Judged {
    pub(super) ground: Ground,
    pub(super) benefit_start: NaiveDate,
    pub(super) decision: Decision,
}

/// Judges a refund of a payment. Errors: those of [`refund::decide`]; EVIDENCE_NOT_ACCEPTED for a death or a student loan
/// that the registry does not know.
pub(super) fn judge(context: &Context, asked: Asked, payment: &Payment, known: &Known) -> Result<Judged, Refusals> {
    let enrolment = &known.enrolled.enrolment;
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, asked.applied_on)?;
    refund::require_ground(asked.ground, payment.method, &law.refund)?;
    let mut refusals = Refusals::default();
    let ground = refusals.keep(ground(asked, &known.person));
    if asked.ground == RefundGround::StudentLoan && !known.person.identities.contains(&Identity::StudentLoan) {
        refusals.push(not_known("the registry knows no state student loan of this person", "J-3.5-d"));
    }
    refusals.0.extend(asked.loan.and_then(|loan| contradicted(loan, known)));
    let benefit_start = refusals.keep(benefit_start(context, payment, &known.enrolled));
    let (Some(ground), Some(benefit_start)) = (ground, benefit_start) else { return Err(refusals) };
    let application = Application {
        paid: payment.amount,
        paid_on: payment.paid_on,
        method: payment.method,
        class: enrolment.class,
        benefit_start,
        applied_on: asked.applied_on,
        ground,
    };
    let decision = refusals.keep(refund::decide(&application, &law.refund));
    refusals.into_result()?;
    decision.map(|decision| Judged { ground, benefit_start, decision }).ok_or_else(Refusals::default)
}

/// The ground with its facts. The day of death is the registry's, never the applicant's.
fn ground(asked: Asked, person: &Person) -> Result<Ground, Refusal> {
    match asked.ground {
        RefundGround::Withdrawal => Ok(Ground::Withdrawal),
        RefundGround::StudentLoan => {
            let loan = asked.loan.ok_or_else(|| {
                Refusal::new(Reason::RequiredFieldMissing, "student_loan is required").at("student_loan")
            })?;
            Ok(Ground::StudentLoan { admitted_on: loan.admitted_on, loaned_on: loan.loaned_on })
        }
        RefundGround::Death => {
            let died_on =
                person.died_on.ok_or_else(|| not_known("the registry knows no death of this person", "J-3.5-e"));
            Ok(Ground::Death { died_on: died_on? })
        }
    }
}

/// A day that the registry knows otherwise. Of what it does not know, the applicant's word is all there is.
fn contradicted(loan: Loan, known: &Known) -> Option<Refusal> {
    let told = [
        ("student_loan.loan_date", loan.loaned_on, &known.person.loans_from),
        ("student_loan.admission_date", loan.admitted_on, &known.admitted),
    ];
    let (field, _, recorded) =
        told.into_iter().find(|(_, day, recorded)| !recorded.is_empty() && !recorded.contains(day))?;
    let refusal = Refusal::new(Reason::EvidenceNotAccepted, "the registry knows another day").at(field);
    Some(refusal.with("recorded", recorded.first()?).by("J-3.5-d"))
}

fn not_known(detail: &str, rule_id: &'static str) -> Refusal {
    Refusal::new(Reason::EvidenceNotAccepted, detail).at("ground").by(rule_id)
}

/// The first day of benefits, derived from the payment as the benefit period does it. A deduction stands for an enrolment
/// in the collection window, whatever its day (AMB-041).
fn benefit_start(context: &Context, payment: &Payment, enrolled: &Enrolled) -> Result<NaiveDate, Refusals> {
    let enrolment = &enrolled.enrolment;
    let paid = Paid {
        on: payment.paid_on,
        method: payment.method,
        fully_subsidised: payment.fully_subsidised(),
        invokes_epidemic_rule: payment.invokes_epidemic_rule,
    };
    let facts = enrolment.coverage_facts(enrolled.born_on, paid);
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, facts.paid_on)?;
    if payment.method == PaymentMethod::PensionDeduction {
        return Ok(law.benefit_period.ordinary.start());
    }
    refund::benefit_start(&facts, &law.benefit_period)
}
