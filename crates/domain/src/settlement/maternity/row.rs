//! Which row of the maternity table an event falls under: one, or none is printed (AMB-085, AMB-086).

use super::event::{
    Childbirth, DeliveryMode, DeliverySurgery, FamilyPlanning, FamilyPlanningProcedure, MaternityEvent, PregnancyEnd,
    PrenatalChecks,
};
use super::params::{MaternityCategory, MaternityItem, MaternityParams, MaternityRow};
use crate::codes::ProviderLevel;
use crate::effective::Effective;
use crate::refusal::{Reason, Refusal};

/// The row of an event at a hospital of a level.
///
/// # Errors
/// `RULE_NOT_DEFINED` for a combination that the table does not list, and `REQUIRED_FIELD_MISSING` for what a row asks
/// and the bill does not say.
pub fn find<'a>(
    event: &MaternityEvent,
    level: Option<ProviderLevel>,
    params: &'a MaternityParams,
) -> Result<&'a Effective<MaternityRow>, Refusal> {
    let item = match event {
        MaternityEvent::PrenatalChecks(checks) => return of_checks(*checks, params),
        MaternityEvent::Childbirth(childbirth) => of_childbirth(childbirth)?,
        MaternityEvent::FamilyPlanning(planning) => of_planning(planning)?,
    };
    let mut rows = params.rows.iter().filter(|row| row.item == item).peekable();
    if level.is_none() && rows.peek().is_some_and(|row| row.level.is_some()) {
        let detail = format!("the amount of {item} depends on the level of the hospital");
        return Err(Refusal::new(Reason::RequiredFieldMissing, detail).at("bill.provider.level").by("J-5.3.T-i"));
    }
    rows.find(|row| row.level.is_none() || row.level == level).ok_or_else(|| unprinted(item))
}

/// A termination by its completed weeks; any delivery with the last band, which alone names one (AMB-085).
fn of_checks(checks: PrenatalChecks, params: &MaternityParams) -> Result<&Effective<MaternityRow>, Refusal> {
    let mut rows = params.rows.iter().filter(|row| row.category == MaternityCategory::PrenatalCheck);
    let found = match (checks.end, checks.weeks) {
        (PregnancyEnd::Delivery, _) => rows.find(|row| row.item == MaternityItem::LateTerminationOrDelivery),
        (PregnancyEnd::Termination, Some(week)) => rows.find(|row| row.weeks.is_some_and(|weeks| weeks.contains(week))),
        (PregnancyEnd::Termination, None) => return Err(weeks_missing()),
    };
    found.ok_or_else(|| unprinted(MaternityItem::LateTerminationOrDelivery))
}

/// What a termination without its week is refused with.
pub(super) fn weeks_missing() -> Refusal {
    Refusal::new(Reason::RequiredFieldMissing, "the completed weeks of gestation decide what a termination is paid")
        .at("bill.maternity.prenatal_checks.completed_weeks")
        .by("J-5.3.T-a")
}

/// A complication, a disease or a transfer takes the place of the fixed amount (AMB-086); two of them together, other
/// surgery and more children than one are not in the table.
fn of_childbirth(childbirth: &Childbirth) -> Result<MaternityItem, Refusal> {
    let unlisted = |what: &str, rule_id| {
        let detail = format!("the maternity table prints no amount for {what}");
        Err(Refusal::new(Reason::RuleNotDefined, detail).at("bill.maternity.childbirth").by(rule_id))
    };
    if childbirth.multiple_birth {
        return unlisted("a multiple birth", "J-5.3.T-e");
    }
    let caesarean = childbirth.mode == Some(DeliveryMode::Caesarean);
    if childbirth.surgeries.contains(&DeliverySurgery::Other) || !(caesarean || childbirth.surgeries.is_empty()) {
        return unlisted("a delivery with this surgery", "J-5.3.T-e");
    }
    let replacing = [
        (childbirth.obstetric_complication, MaternityItem::ObstetricComplication),
        (childbirth.severe_disease, MaternityItem::SevereDisease),
        (childbirth.transferred_out, MaternityItem::TransferOutHospital),
    ];
    let mut replacing = replacing.into_iter().filter_map(|(is, item)| is.then_some(item));
    match (replacing.next(), replacing.next()) {
        (Some(item), None) => Ok(item),
        (Some(_), Some(_)) => unlisted("complication, severe disease and transfer together", "J-5.3.T-f"),
        (None, _) => match childbirth.mode {
            Some(DeliveryMode::Natural) => Ok(MaternityItem::NaturalDelivery),
            Some(DeliveryMode::Assisted) => Ok(MaternityItem::AssistedDelivery),
            Some(DeliveryMode::Caesarean) if childbirth.surgeries.is_empty() => Ok(MaternityItem::CaesareanOnly),
            // The row names both surgeries in one breath.
            Some(DeliveryMode::Caesarean) => Ok(MaternityItem::CaesareanWithMyomaOrCyst),
            None => Err(mode_missing()),
        },
    }
}

/// What a delivery without its mode is refused with.
pub(super) fn mode_missing() -> Refusal {
    Refusal::new(Reason::RequiredFieldMissing, "the mode of the delivery is required, unless the woman was transferred")
        .at("bill.maternity.childbirth.mode")
        .by("J-5.3.T-e")
}

/// One procedure; for several together nothing is printed (AMB-086).
fn of_planning(planning: &FamilyPlanning) -> Result<MaternityItem, Refusal> {
    let procedure = match planning.procedures.as_slice() {
        [procedure] => *procedure,
        [] => {
            let detail = "the procedure of a family-planning bill is required";
            return Err(Refusal::new(Reason::RequiredFieldMissing, detail)
                .at("bill.maternity.family_planning.procedures")
                .by("J-5.3.T-t"));
        }
        several => {
            let codes: Vec<&str> = several.iter().map(|procedure| procedure.as_str()).collect();
            let detail = format!("the maternity table prints no amount for {} together", codes.join(", "));
            return Err(Refusal::new(Reason::RuleNotDefined, detail)
                .at("bill.maternity.family_planning.procedures")
                .by("J-5.3.T-t"));
        }
    };
    Ok(match procedure {
        FamilyPlanningProcedure::InducedLabour => MaternityItem::InducedLabour,
        FamilyPlanningProcedure::Abortion => MaternityItem::Abortion,
        FamilyPlanningProcedure::HighRiskAbortion => MaternityItem::HighRiskAbortion,
        FamilyPlanningProcedure::DeviceRemoval if !planning.conditions.is_empty() => {
            MaternityItem::ComplicatedDeviceRemoval
        }
        FamilyPlanningProcedure::DeviceInsertion | FamilyPlanningProcedure::DeviceRemoval => {
            MaternityItem::DeviceInsertionOrRemoval
        }
        FamilyPlanningProcedure::DeviceReplacement => MaternityItem::DeviceReplacement,
        FamilyPlanningProcedure::FemaleSterilisation => MaternityItem::FemaleSterilisation,
        FamilyPlanningProcedure::MaleSterilisation => MaternityItem::MaleSterilisation,
        FamilyPlanningProcedure::SterilisationReversal => MaternityItem::SterilisationReversal,
        FamilyPlanningProcedure::Complication => MaternityItem::FamilyPlanningComplication,
        FamilyPlanningProcedure::Miscarriage | FamilyPlanningProcedure::DrugAbortion => {
            MaternityItem::MiscarriageOrDrugAbortion
        }
    })
}

fn unprinted(item: MaternityItem) -> Refusal {
    Refusal::new(Reason::RuleNotDefined, format!("the maternity table prints no row {item} for this bill"))
        .at("bill.maternity")
        .with("parameter", format!("maternity.item.{item}"))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{birth, checks, maternity_2021, planned};
    use super::*;
    use crate::settlement::maternity::event::DeviceCondition;

    fn found(event: &MaternityEvent) -> Result<String, (Reason, String)> {
        let law = maternity_2021();
        let row = find(event, Some(ProviderLevel::Two), &law);
        row.map(|row| row.reference.rule_id.to_string())
            .map_err(|refusal| (refusal.reason, refusal.field.unwrap_or_default().into_owned()))
    }

    fn unlisted(event: &MaternityEvent) -> bool {
        matches!(found(event), Err((Reason::RuleNotDefined, _)))
    }

    /// J-5.3.T-a to J-5.3.T-d, C10: the bands by completed weeks, each end belonging to the later one; 27 weeks 6 days
    /// are 27 weeks.
    #[test]
    fn a_termination_falls_in_the_band_of_its_week() {
        for (weeks, rule_id) in [
            (0, "J-5.3.T-a"),
            (11, "J-5.3.T-a"),
            (12, "J-5.3.T-b"),
            (15, "J-5.3.T-b"),
            (16, "J-5.3.T-c"),
            (27, "J-5.3.T-c"),
            (28, "J-5.3.T-d"),
            (45, "J-5.3.T-d"),
        ] {
            let event = checks(PregnancyEnd::Termination, Some(weeks));
            assert_eq!(found(&event).as_deref(), Ok(rule_id), "{weeks}");
        }
        let missing = found(&checks(PregnancyEnd::Termination, None));
        let field = "bill.maternity.prenatal_checks.completed_weeks".to_owned();
        assert_eq!(missing, Err((Reason::RequiredFieldMissing, field)));
    }

    /// J-5.3.T-d, AMB-085: any delivery, also before 28 weeks and without a week.
    #[test]
    fn a_delivery_falls_in_the_last_band() {
        for weeks in [None, Some(11), Some(26), Some(28), Some(40)] {
            assert_eq!(found(&checks(PregnancyEnd::Delivery, weeks)).as_deref(), Ok("J-5.3.T-d"));
        }
    }

    /// J-5.3.T-e: the four modes; any other surgery, or surgery with another mode, is RULE_NOT_DEFINED (AMB-086).
    #[test]
    fn four_modes_of_delivery_are_printed() {
        use DeliveryMode::{Assisted, Caesarean, Natural};
        use DeliverySurgery::{MyomaRemoval, Other, OvarianCystRemoval};
        let with = |mode, surgeries: &[DeliverySurgery]| {
            birth(Childbirth { mode: Some(mode), surgeries: surgeries.to_vec(), ..Childbirth::default() })
        };
        for event in [
            with(Natural, &[]),
            with(Assisted, &[]),
            with(Caesarean, &[]),
            with(Caesarean, &[MyomaRemoval]),
            with(Caesarean, &[OvarianCystRemoval]),
            with(Caesarean, &[MyomaRemoval, OvarianCystRemoval]),
        ] {
            assert_eq!(found(&event).as_deref(), Ok("J-5.3.T-e"), "{event:?}");
        }
        for event in [
            with(Caesarean, &[Other]),
            with(Caesarean, &[MyomaRemoval, Other]),
            with(Natural, &[MyomaRemoval]),
            with(Assisted, &[Other]),
        ] {
            assert!(unlisted(&event));
        }
    }

    /// J-5.3.T-f, J-5.3.T-g, J-5.3.T-h: each alone takes the place of J-5.3.T-e; twins and two of them together are
    /// refused (AMB-086).
    #[test]
    fn a_complication_replaces_the_fixed_amount() {
        let natural = Childbirth { mode: Some(DeliveryMode::Natural), ..Childbirth::default() };
        let complicated = Childbirth { obstetric_complication: true, ..natural.clone() };
        let severe = Childbirth { severe_disease: true, ..natural.clone() };
        let left = Childbirth { transferred_out: true, ..Childbirth::default() };
        assert_eq!(found(&birth(complicated.clone())).as_deref(), Ok("J-5.3.T-f"));
        assert_eq!(found(&birth(severe.clone())).as_deref(), Ok("J-5.3.T-g"));
        assert_eq!(found(&birth(left.clone())).as_deref(), Ok("J-5.3.T-h"));
        for twice in [
            Childbirth { severe_disease: true, ..complicated.clone() },
            Childbirth { obstetric_complication: true, ..left.clone() },
            Childbirth { multiple_birth: true, ..natural },
            Childbirth { multiple_birth: true, ..complicated },
        ] {
            assert!(unlisted(&birth(twice)));
        }
        // Without a transfer the mode is needed (J-5.3.T-h: no transfer recorded).
        let nothing = found(&birth(Childbirth::default()));
        assert_eq!(nothing, Err((Reason::RequiredFieldMissing, "bill.maternity.childbirth.mode".to_owned())));
    }

    /// J-5.3.T-i to J-5.3.T-s: each procedure has its row; J-5.3.T-q needs a condition, without one it is J-5.3.T-l.
    #[test]
    fn each_procedure_has_its_row() {
        use FamilyPlanningProcedure as Is;
        for (procedure, rule_id) in [
            (Is::InducedLabour, "J-5.3.T-i"),
            (Is::Abortion, "J-5.3.T-j"),
            (Is::HighRiskAbortion, "J-5.3.T-k"),
            (Is::DeviceInsertion, "J-5.3.T-l"),
            (Is::DeviceRemoval, "J-5.3.T-l"),
            (Is::DeviceReplacement, "J-5.3.T-m"),
            (Is::FemaleSterilisation, "J-5.3.T-n"),
            (Is::MaleSterilisation, "J-5.3.T-o"),
            (Is::SterilisationReversal, "J-5.3.T-p"),
            (Is::Complication, "J-5.3.T-r"),
            (Is::Miscarriage, "J-5.3.T-s"),
            (Is::DrugAbortion, "J-5.3.T-s"),
        ] {
            assert_eq!(found(&planned(&[procedure], &[])).as_deref(), Ok(rule_id), "{procedure}");
        }
        for condition in DeviceCondition::ALL {
            assert_eq!(found(&planned(&[Is::DeviceRemoval], &[*condition])).as_deref(), Ok("J-5.3.T-q"));
        }
    }

    /// AMB-086: several procedures at once, the removal and insertion that J-5.3.T-m calls a replacement included.
    #[test]
    fn combined_procedures_are_not_printed() {
        use FamilyPlanningProcedure as Is;
        assert!(unlisted(&planned(&[Is::DeviceRemoval, Is::DeviceInsertion], &[])));
        assert!(unlisted(&planned(&[Is::Abortion, Is::Complication], &[])));
        assert!(matches!(found(&planned(&[], &[])), Err((Reason::RequiredFieldMissing, _))));
    }

    /// J-5.3.T-i: the level decides, and has to be known; of no other procedure.
    #[test]
    fn induced_labour_needs_the_level() {
        let law = maternity_2021();
        let labour = planned(&[FamilyPlanningProcedure::InducedLabour], &[]);
        let refusal = find(&labour, None, &law).unwrap_err();
        assert_eq!(
            (refusal.reason, refusal.field.as_deref()),
            (Reason::RequiredFieldMissing, Some("bill.provider.level"))
        );
        let abortion = planned(&[FamilyPlanningProcedure::Abortion], &[]);
        assert_eq!(find(&abortion, None, &law).unwrap().reference.rule_id, "J-5.3.T-j");
    }

    /// A row that an operator's law leaves out is not invented.
    #[test]
    fn a_missing_row_is_refused() {
        let mut law = maternity_2021();
        law.rows.retain(|row| row.item != MaternityItem::NaturalDelivery);
        let natural = Childbirth { mode: Some(DeliveryMode::Natural), ..Childbirth::default() };
        let refusal = find(&birth(natural), Some(ProviderLevel::One), &law).unwrap_err();
        assert_eq!(refusal.reason, Reason::RuleNotDefined);
        assert_eq!(refusal.metadata, [("parameter", "maternity.item.NATURAL_DELIVERY".to_owned())]);
    }
}
