//! The days of a bill: in order, and within one benefit period where the cost is needed by period.

use chrono::{Datelike, NaiveDate};

use crate::refusal::{Reason, Refusal, Refusals};
use crate::settlement::bill::Bill;
use crate::settlement::care::CareKind;

pub(super) fn check(bill: &Bill, refusals: &mut Refusals) {
    let in_order = order(bill, refusals);
    let crosses = bill.discharged_on.year() != bill.admitted_on.year();
    match bill.kind {
        CareKind::Inpatient | CareKind::HomeBed | CareKind::EmergencyObservation => {
            if in_order && crosses {
                refusals.push(unsplit());
            }
            // An observation from which the person was sent home may pass midnight, and is a visit (AMB-068).
            if bill.settled_as() == bill.kind {
                if let Some(began_on) = bill.stay_began_on {
                    later_part(bill, began_on, refusals);
                }
                return;
            }
        }
        CareKind::SpecialOutpatient | CareKind::Outpatient if in_order && bill.discharged_on > bill.admitted_on => {
            let detail = "a visit has one day";
            refusals.push(Refusal::new(Reason::DateOrder, detail).at("bill.discharge_date"));
        }
        CareKind::SuppliedBurden if in_order && crosses => {
            // J-5.2-k: the burden counts within a year.
            let detail = "the burden is needed by year: one bill to 31 December, and one from 1 January";
            let refusal = Refusal::new(Reason::RequiredFieldMissing, detail).at("bill.discharge_date");
            refusals.push(refusal.by("J-5.2-k"));
        }
        // Belongs whole to the year of admission, and says so itself (J-6.2.2.2-b).
        CareKind::Maternity | CareKind::FamilyPlanning => return,
        _ => {}
    }
    if bill.stay_began_on.is_some() {
        let detail = format!("a bill of kind {} is no later part of a stay", bill.kind);
        refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("bill.stay_admission_date"));
    }
}

/// True when the last day does not lie before the first.
pub(super) fn order(bill: &Bill, refusals: &mut Refusals) -> bool {
    let in_order = bill.discharged_on >= bill.admitted_on;
    if !in_order {
        refusals
            .push(Refusal::new(Reason::DateOrder, "the discharge lies before the admission").at("bill.discharge_date"));
    }
    in_order
}

fn unsplit() -> Refusal {
    Refusal::new(
        Reason::RequiredFieldMissing,
        "the stay crosses New Year and its cost is needed by benefit period: one bill to 31 December, and one from \
         1 January that gives the first day of the stay as stay_admission_date",
    )
    .at("bill.discharge_date")
    .by("J-5.1.6-a")
}

/// A later part of a stay begins with a benefit period, and the stay in an earlier one.
fn later_part(bill: &Bill, began_on: NaiveDate, refusals: &mut Refusals) {
    if began_on.year() >= bill.admitted_on.year() {
        refusals.push(
            Refusal::new(Reason::DateOrder, "the stay did not begin in an earlier year than this part of it")
                .at("bill.stay_admission_date")
                .by("J-5.1.6-a"),
        );
    } else if bill.admitted_on.ordinal() != 1 {
        refusals.push(
            Refusal::new(Reason::DateOrder, "a later part of a stay begins on 1 January")
                .at("bill.admission_date")
                .by("J-5.1.6-a"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{bill, refused};
    use super::*;
    use crate::dates::written::day;
    use crate::money::Fen;
    use crate::settlement::care::ObservationOutcome;

    /// J-5.1.6-a.
    #[test]
    fn a_stay_across_new_year_comes_as_one_bill_for_each_year() {
        let sound = bill(Fen::yuan(100));
        let crossing = Bill { admitted_on: day("2020-12-20"), discharged_on: day("2021-01-15"), ..sound.clone() };
        assert_eq!(refused(&crossing), [(Reason::RequiredFieldMissing, "discharge_date")]);
        assert_eq!(crossing.check().unwrap_err().0[0].rule_id.as_deref(), Some("J-5.1.6-a"));
        let backwards = Bill { admitted_on: day("2021-01-15"), discharged_on: day("2020-12-20"), ..sound };
        assert_eq!(refused(&backwards), [(Reason::DateOrder, "discharge_date")]);
    }

    /// J-5.1.6-a: the later part begins on 1 January, and its stay in an earlier year.
    #[test]
    fn a_later_part_of_a_stay_names_where_the_stay_began() {
        let part = |began: &str, admitted: &str| Bill {
            admitted_on: day(admitted),
            discharged_on: day("2021-01-15"),
            stay_began_on: Some(day(began)),
            ..bill(Fen::yuan(100))
        };
        assert_eq!(part("2020-12-20", "2021-01-01").check(), Ok(()));
        assert_eq!(part("2020-12-20", "2021-01-01").began_on(), day("2020-12-20"));
        assert_eq!(refused(&part("2021-01-01", "2021-01-01")), [(Reason::DateOrder, "stay_admission_date")]);
        assert_eq!(refused(&part("2021-01-03", "2021-01-02")), [(Reason::DateOrder, "stay_admission_date")]);
        assert_eq!(refused(&part("2020-12-20", "2021-01-02")), [(Reason::DateOrder, "admission_date")]);
    }

    /// A visit has one day and is no part of a stay; J-5.2-k: a burden belongs to one year; J-6.2.2.2-b: a birth is whole.
    #[test]
    fn each_kind_has_its_days() {
        let of = |kind, last: &str| Bill { kind, discharged_on: day(last), ..bill(Fen::yuan(100)) };
        let found = |bill: &Bill| {
            let mut refusals = Refusals::default();
            check(bill, &mut refusals);
            refusals.0.into_iter().map(|refusal| refusal.reason).collect::<Vec<_>>()
        };
        for kind in [CareKind::Outpatient, CareKind::SpecialOutpatient] {
            assert_eq!(found(&of(kind, "2021-01-12")), []);
            assert_eq!(found(&of(kind, "2021-01-13")), [Reason::DateOrder]);
            let part = Bill { stay_began_on: Some(day("2020-12-20")), ..of(kind, "2021-01-12") };
            assert_eq!(found(&part), [Reason::ValueNotAllowed]);
        }
        let mut observed = of(CareKind::EmergencyObservation, "2021-01-13");
        observed.observation = Some(ObservationOutcome::SentHome);
        assert_eq!(found(&observed), []);
        observed.stay_began_on = Some(day("2020-12-20"));
        assert_eq!(found(&observed), [Reason::ValueNotAllowed]);
        assert_eq!(found(&of(CareKind::SuppliedBurden, "2022-01-02")), [Reason::RequiredFieldMissing]);
        assert_eq!(found(&of(CareKind::HomeBed, "2022-01-02")), [Reason::RequiredFieldMissing]);
        assert_eq!(found(&of(CareKind::Maternity, "2022-01-02")), []);
    }
}
