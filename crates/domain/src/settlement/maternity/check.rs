//! What is wrong with a maternity or family-planning bill by itself.

use super::event::{Childbirth, FamilyPlanning, FamilyPlanningProcedure, MaternityEvent, PregnancyEnd, PrenatalChecks};
use super::row;
use crate::refusal::{Reason, Refusal, Refusals};
use crate::settlement::bill::Bill;
use crate::settlement::care::CareKind;

/// The latest completed week of a pregnancy that is believed.
const LAST_WEEK: u32 = 45;

/// Checks that the bill carries the event of its kind and no other, and that the event does not contradict itself.
pub(in crate::settlement) fn check(bill: &Bill, refusals: &mut Refusals) {
    let refuse = |detail: &str, field: &'static str| Refusal::new(Reason::ValueNotAllowed, detail).at(field);
    match (bill.kind, &bill.maternity) {
        (CareKind::Maternity | CareKind::FamilyPlanning, None) => refusals.push(event_missing()),
        (CareKind::Maternity, Some(MaternityEvent::PrenatalChecks(checks))) => of_checks(bill, *checks, refusals),
        (CareKind::Maternity, Some(MaternityEvent::Childbirth(childbirth))) => of_childbirth(childbirth, refusals),
        (CareKind::FamilyPlanning, Some(MaternityEvent::FamilyPlanning(planning))) => of_planning(planning, refusals),
        (_, Some(_)) => refusals.push(refuse("a bill of this kind has no such event", "bill.maternity")),
        (_, None) => {}
    }
    if bill.kind.is_maternity() && bill.stay_began_on.is_some() {
        let detail = "a stay under maternity insurance is one bill, under the year of its admission";
        refusals.push(refuse(detail, "bill.stay_admission_date").by("J-6.2.2.2-b"));
    }
}

/// What a bill without its event is refused with.
pub(super) fn event_missing() -> Refusal {
    Refusal::new(Reason::RequiredFieldMissing, "the event of the maternity table is required")
        .at("bill.maternity")
        .by("J-5.3.T-t")
}

/// The week at the end decides the row, so that checks are billed together on the day the pregnancy ended.
fn of_checks(bill: &Bill, checks: PrenatalChecks, refusals: &mut Refusals) {
    if checks.end == PregnancyEnd::Termination && checks.weeks.is_none() {
        refusals.push(row::weeks_missing());
    }
    if checks.weeks.is_some_and(|weeks| weeks > LAST_WEEK) {
        let refusal = Refusal::new(Reason::ValueNotAllowed, format!("completed weeks are 0 to {LAST_WEEK}"));
        refusals.push(refusal.at("bill.maternity.prenatal_checks.completed_weeks"));
    }
    if bill.discharged_on > bill.admitted_on {
        let detail = "the checks of a pregnancy are billed on the day on which it ended";
        refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("bill.discharge_date").by("J-5.3.T-d"));
    }
}

fn of_childbirth(childbirth: &Childbirth, refusals: &mut Refusals) {
    let delivered = childbirth.mode.is_some() || !childbirth.surgeries.is_empty() || childbirth.multiple_birth;
    if childbirth.transferred_out && delivered {
        let detail = "a woman who was transferred was not delivered at the hospital left";
        let refusal = Refusal::new(Reason::ValueNotAllowed, detail).at("bill.maternity.childbirth.mode");
        refusals.push(refusal.by("J-5.3.T-h"));
    } else if !childbirth.transferred_out && childbirth.mode.is_none() {
        refusals.push(row::mode_missing());
    }
}

fn of_planning(planning: &FamilyPlanning, refusals: &mut Refusals) {
    if planning.procedures.is_empty() {
        let refusal = Refusal::new(Reason::RequiredFieldMissing, "the procedure is required");
        refusals.push(refusal.at("bill.maternity.family_planning.procedures").by("J-5.3.T-t"));
    }
    let removal = planning.procedures.contains(&FamilyPlanningProcedure::DeviceRemoval);
    if !planning.conditions.is_empty() && !removal {
        let detail = "only the removal of a device has such conditions";
        let refusal = Refusal::new(Reason::ValueNotAllowed, detail);
        refusals.push(refusal.at("bill.maternity.family_planning.conditions").by("J-5.3.T-q"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::DeliveryMode;
    use super::super::fixtures::{birth, case, checks, natural, planned};
    use super::*;
    use crate::dates::written::day;
    use crate::money::Fen;
    use crate::settlement::maternity::event::DeviceCondition;

    fn bill(event: MaternityEvent) -> Bill {
        case(event, Fen::yuan(1_000)).bill
    }

    fn refused(bill: &Bill) -> Vec<(Reason, String)> {
        let found = bill.check().unwrap_err().0.into_iter();
        found.map(|refusal| (refusal.reason, refusal.field.unwrap_or_default().into_owned())).collect()
    }

    fn one(reason: Reason, field: &str) -> Vec<(Reason, String)> {
        vec![(reason, field.to_owned())]
    }

    #[test]
    fn a_bill_carries_the_event_of_its_kind() {
        assert_eq!(bill(natural()).check(), Ok(()));
        assert_eq!(bill(checks(PregnancyEnd::Delivery, None)).check(), Ok(()));
        let device = planned(&[FamilyPlanningProcedure::DeviceInsertion], &[]);
        assert_eq!(bill(device.clone()).check(), Ok(()));
        let without = Bill { maternity: None, ..bill(natural()) };
        assert_eq!(refused(&without), one(Reason::RequiredFieldMissing, "bill.maternity"));
        for kind in [CareKind::FamilyPlanning, CareKind::Inpatient] {
            let other = Bill { kind, ..bill(natural()) };
            assert_eq!(refused(&other), one(Reason::ValueNotAllowed, "bill.maternity"), "{kind}");
        }
        let other = Bill { kind: CareKind::Maternity, ..bill(device) };
        assert_eq!(refused(&other), one(Reason::ValueNotAllowed, "bill.maternity"));
    }

    /// J-5.3.T-a: gestation missing; checks are billed on one day.
    #[test]
    fn a_termination_says_its_week() {
        let weeks = "bill.maternity.prenatal_checks.completed_weeks";
        let unsaid = bill(checks(PregnancyEnd::Termination, None));
        assert_eq!(refused(&unsaid), one(Reason::RequiredFieldMissing, weeks));
        assert_eq!(refused(&bill(checks(PregnancyEnd::Delivery, Some(46)))), one(Reason::ValueNotAllowed, weeks));
        let mut long = bill(checks(PregnancyEnd::Delivery, Some(45)));
        assert_eq!(long.check(), Ok(()));
        long.discharged_on = long.admitted_on.succ_opt().unwrap();
        assert_eq!(refused(&long), one(Reason::ValueNotAllowed, "bill.discharge_date"));
    }

    /// J-5.3.T-h: at the hospital left there was no delivery; everywhere else there was (J-5.3.T-e).
    #[test]
    fn a_delivery_has_a_mode_unless_the_woman_was_transferred() {
        let mode = "bill.maternity.childbirth.mode";
        assert_eq!(refused(&bill(birth(Childbirth::default()))), one(Reason::RequiredFieldMissing, mode));
        let left = Childbirth { transferred_out: true, ..Childbirth::default() };
        assert_eq!(bill(birth(left.clone())).check(), Ok(()));
        let both = Childbirth { mode: Some(DeliveryMode::Natural), ..left };
        assert_eq!(refused(&bill(birth(both))), one(Reason::ValueNotAllowed, mode));
    }

    /// J-5.3.T-q: conditions belong to a removal.
    #[test]
    fn conditions_belong_to_a_removal() {
        use FamilyPlanningProcedure::{DeviceRemoval, DeviceReplacement};
        let fractured = |procedure| bill(planned(&[procedure], &[DeviceCondition::Fracture]));
        assert_eq!(fractured(DeviceRemoval).check(), Ok(()));
        let field = "bill.maternity.family_planning.conditions";
        assert_eq!(refused(&fractured(DeviceReplacement)), one(Reason::ValueNotAllowed, field));
        let nothing = one(Reason::RequiredFieldMissing, "bill.maternity.family_planning.procedures");
        assert_eq!(refused(&bill(planned(&[], &[]))), nothing);
    }

    /// J-6.2.2.2-b: across the year end one bill, which is no later part of anything.
    #[test]
    fn a_maternity_stay_is_not_split() {
        let mut stay = bill(natural());
        (stay.admitted_on, stay.discharged_on) = (day("2021-12-30"), day("2022-01-02"));
        assert_eq!(stay.check(), Ok(()));
        let rest = Bill {
            admitted_on: day("2022-01-01"),
            discharged_on: day("2022-01-02"),
            stay_began_on: Some(day("2021-12-30")),
            ..stay
        };
        assert_eq!(refused(&rest), one(Reason::ValueNotAllowed, "bill.stay_admission_date"));
    }
}
