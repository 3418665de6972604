//! What each kind of care needs on its bill, and what it does not know.

use crate::refusal::{Reason, Refusal, Refusals};
use crate::settlement::bill::Bill;
use crate::settlement::care::{CareKind, Place, ProviderKind};

/// A field that belongs to certain kinds of care.
struct Own {
    field: &'static str,
    rule_id: &'static str,
    given: bool,
    required_by: &'static [CareKind],
    allowed_for: &'static [CareKind],
}

pub(super) fn check(bill: &Bill, refusals: &mut Refusals) {
    for own in own_fields(bill) {
        let Own { field, rule_id, given, required_by, allowed_for } = own;
        if !given && required_by.contains(&bill.kind) {
            let detail = format!("a bill of kind {} needs it", bill.kind);
            refusals.push(Refusal::new(Reason::RequiredFieldMissing, detail).at(field).by(rule_id));
        } else if given && !required_by.contains(&bill.kind) && !allowed_for.contains(&bill.kind) {
            let detail = format!("a bill of kind {} does not have it", bill.kind);
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at(field).by(rule_id));
        }
    }
    home_bed_days(bill, refusals);
    supplied_burden(bill, refusals);
    provider(bill, refusals);
}

fn own_fields(bill: &Bill) -> [Own; 4] {
    [
        Own {
            field: "bill.disease_code",
            rule_id: "J-5.1.T-k",
            given: !bill.disease_code.is_empty(),
            required_by: &[CareKind::SpecialOutpatient],
            allowed_for: &[],
        },
        Own {
            field: "bill.observation_outcome",
            rule_id: "J-7-5",
            given: bill.observation.is_some(),
            required_by: &[CareKind::EmergencyObservation],
            allowed_for: &[],
        },
        Own {
            field: "bill.home_bed_days",
            rule_id: "J-5.1.T-r",
            given: bill.home_bed_days > 0,
            required_by: &[CareKind::HomeBed],
            allowed_for: &[],
        },
        Own {
            field: "bill.general_fee",
            rule_id: "J-5.1.5-b",
            given: bill.general_fee.is_some(),
            required_by: &[],
            allowed_for: &[CareKind::Outpatient],
        },
    ]
}

/// No more days of home bed than the bill has days.
fn home_bed_days(bill: &Bill, refusals: &mut Refusals) {
    let days = (bill.discharged_on - bill.admitted_on).num_days() + 1;
    if bill.kind == CareKind::HomeBed && days > 0 && i64::from(bill.home_bed_days) > days {
        let detail = format!("the bill is for {days} days");
        let refusal = Refusal::new(Reason::ValueNotAllowed, detail).at("bill.home_bed_days").with("maximum", days);
        refusals.push(refusal.by("J-5.1.T-r"));
    }
}

/// A burden is what others left: there is nobody to bear a share of it any more (B-5.1-b).
fn supplied_burden(bill: &Bill, refusals: &mut Refusals) {
    if bill.kind != CareKind::SuppliedBurden {
        return;
    }
    for (given, field) in [
        (bill.third_party.is_some(), "bill.third_party_fen"),
        (!bill.public_health.is_zero(), "bill.public_health_fen"),
        (bill.place != Place::Local, "bill.elsewhere"),
    ] {
        if given {
            let detail = "a burden that was settled elsewhere has no shares of others, and no place of its own";
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at(field).by("B-5.1-b"));
        }
    }
}

/// Pharmacies and village clinics have no beds and no level, and only village clinics charge the general fee.
fn provider(bill: &Bill, refusals: &mut Refusals) {
    let kind = bill.provider.kind;
    let small = matches!(kind, ProviderKind::RetailPharmacy | ProviderKind::VillageClinic);
    let in_bed = matches!(
        bill.kind,
        CareKind::Inpatient | CareKind::EmergencyObservation | CareKind::Maternity | CareKind::FamilyPlanning
    ) || (bill.kind == CareKind::HomeBed && kind == ProviderKind::RetailPharmacy);
    if small && in_bed {
        let detail = format!("a provider of kind {kind} gives no care of kind {}", bill.kind);
        refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("bill.provider.kind"));
    }
    if small && bill.provider.level.is_some() {
        let detail = format!("a provider of kind {kind} has no level");
        refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("bill.provider.level"));
    }
    if bill.kind == CareKind::Outpatient && bill.general_fee.is_some() && kind != ProviderKind::VillageClinic {
        let detail = "only a village clinic charges a general treatment fee";
        refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("bill.general_fee").by("J-5.1.5-b"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{bill, refused};
    use super::*;
    use crate::codes::ProviderLevel;
    use crate::money::Fen;
    use crate::settlement::care::{GeneralFee, ObservationOutcome};
    use crate::settlement::maternity::event::FamilyPlanningProcedure;
    use crate::settlement::maternity::fixtures::{natural, planned};

    fn of(kind: CareKind) -> Bill {
        let bill = bill(Fen::yuan(100));
        let day = bill.admitted_on;
        let visit = matches!(kind, CareKind::Outpatient | CareKind::SpecialOutpatient);
        Bill { kind, discharged_on: if visit { day } else { bill.discharged_on }, ..bill }
    }

    /// A bill of the kind with all it needs.
    fn sound(kind: CareKind) -> Bill {
        let mut bill = of(kind);
        match kind {
            CareKind::SpecialOutpatient => bill.disease_code = "M01".to_owned(),
            CareKind::EmergencyObservation => bill.observation = Some(ObservationOutcome::Death),
            CareKind::HomeBed => bill.home_bed_days = 6,
            CareKind::Maternity => bill.maternity = Some(natural()),
            CareKind::FamilyPlanning => bill.maternity = Some(planned(&[FamilyPlanningProcedure::Abortion], &[])),
            _ => {}
        }
        bill
    }

    /// J-5.1.T-k, J-7-5, J-5.1.T-r, J-5.3.T-t: what a kind needs.
    #[test]
    fn each_kind_needs_its_own() {
        for (kind, field) in [
            (CareKind::SpecialOutpatient, "disease_code"),
            (CareKind::EmergencyObservation, "observation_outcome"),
            (CareKind::HomeBed, "home_bed_days"),
            (CareKind::Maternity, "maternity"),
            (CareKind::FamilyPlanning, "maternity"),
        ] {
            assert_eq!(refused(&of(kind)), [(Reason::RequiredFieldMissing, field)], "{kind}");
        }
        for kind in CareKind::ALL {
            assert_eq!(sound(*kind).check(), Ok(()), "{kind}");
        }
    }

    /// A kind does not know what is another's, and every such field is reported.
    #[test]
    fn no_kind_has_what_is_anothers() {
        for kind in CareKind::ALL {
            let mut bill = Bill {
                disease_code: "M01".to_owned(),
                observation: Some(ObservationOutcome::Admitted),
                home_bed_days: 1,
                maternity: Some(match kind {
                    CareKind::FamilyPlanning => planned(&[FamilyPlanningProcedure::Abortion], &[]),
                    _ => natural(),
                }),
                ..of(*kind)
            };
            bill.general_fee = Some(GeneralFee::default());
            let mut expected = vec!["disease_code", "observation_outcome", "home_bed_days", "general_fee", "maternity"];
            let own = match kind {
                CareKind::SpecialOutpatient => Some("disease_code"),
                CareKind::EmergencyObservation => Some("observation_outcome"),
                CareKind::HomeBed => Some("home_bed_days"),
                CareKind::Maternity | CareKind::FamilyPlanning => Some("maternity"),
                _ => None,
            };
            expected.retain(|field| Some(*field) != own);
            let found: Vec<_> = refused(&bill).into_iter().collect();
            assert_eq!(
                found,
                expected.into_iter().map(|it| (Reason::ValueNotAllowed, it)).collect::<Vec<_>>(),
                "{kind}"
            );
        }
    }

    /// J-5.1.T-r: a bill of six days is for at most six days of home bed.
    #[test]
    fn a_home_bed_has_no_more_days_than_its_bill() {
        let days = |home_bed_days| Bill { home_bed_days, ..of(CareKind::HomeBed) };
        assert_eq!(days(6).check(), Ok(()));
        assert_eq!(refused(&days(7)), [(Reason::ValueNotAllowed, "home_bed_days")]);
    }

    /// B-5.1-b.
    #[test]
    fn nobody_bears_a_share_of_a_burden() {
        let burden = Bill { third_party: Some(Fen::ZERO), public_health: Fen::new(1), ..of(CareKind::SuppliedBurden) };
        let expected = [(Reason::ValueNotAllowed, "third_party_fen"), (Reason::ValueNotAllowed, "public_health_fen")];
        assert_eq!(refused(&burden), expected);
    }

    /// Combinations that do not exist.
    #[test]
    fn a_pharmacy_has_no_beds() {
        let mut stay = of(CareKind::Inpatient);
        stay.provider.kind = ProviderKind::RetailPharmacy;
        let expected = [(Reason::ValueNotAllowed, "provider.kind"), (Reason::ValueNotAllowed, "provider.level")];
        assert_eq!(refused(&stay), expected);
        let mut purchase = of(CareKind::Outpatient);
        (purchase.provider.kind, purchase.provider.level) = (ProviderKind::RetailPharmacy, None);
        assert_eq!(purchase.check(), Ok(()));
        purchase.provider.kind = ProviderKind::VillageClinic;
        assert_eq!(purchase.check(), Ok(()));
        purchase.provider.level = Some(ProviderLevel::One);
        assert_eq!(refused(&purchase), [(Reason::ValueNotAllowed, "provider.level")]);
    }
}
