//! Whom assistance and the tilt of critical illness insurance reach, and what assistance pays, of the second engine.

use juyi_domain::codes::{Identity, ProviderLevel};
use juyi_domain::settlement::care::{Place, ProviderKind};
use juyi_domain::settlement::case::Case;

use super::engine::{Line, Sort, Terms, YUAN, rounded};
use super::readings::Reading;

/// J-5.2-g, AMB-079: all recipients of medical aid, and the entitled with medical subsidy.
pub(crate) fn is_tilted(identities: &[Identity]) -> bool {
    is_aid_recipient(identities) || identities.contains(&Identity::EntitledWithMedicalSubsidy)
}

/// J-5.5.T-a to -e, AMB-094.
fn is_aid_recipient(identities: &[Identity]) -> bool {
    use Identity::{
        ChildInDifficulty, DeFactoUnattendedChild, HivInfectedChild, LowIncome, LowIncomePriceSubsidy, Orphan,
        OtherSpecialHardship, RuralExtremePoverty, SevereDisability, SubsistenceAllowance, UrbanExtremePoverty,
    };
    [
        UrbanExtremePoverty,
        RuralExtremePoverty,
        SubsistenceAllowance,
        LowIncome,
        OtherSpecialHardship,
        SevereDisability,
        LowIncomePriceSubsidy,
        ChildInDifficulty,
        Orphan,
        HivInfectedChild,
        DeFactoUnattendedChild,
    ]
    .iter()
    .any(|identity| identities.contains(identity))
}

/// One-stop assistance: J-5.5.1, J-5.5.2, veterans, the better of both (AMB-099).
pub(crate) fn assistance(terms: Terms, case: &Case, earlier: &[Line], line: &mut Line) {
    let inpatient = line.is_inpatient();
    if !inpatient && line.sort != Sort::Visit {
        return;
    }
    let base = if inpatient { line.burden - line.critical } else { line.eligible - line.basic };
    let medical = match is_aid_recipient(&case.identities) {
        true if inpatient => inpatient_aid(terms, case, earlier, base, line),
        true => outpatient_aid(case, earlier, base),
        false => 0,
    };
    let veterans = veteran_percents(&case.identities)
        .map(|(outpatient, inpatient_percent)| rounded(base * if inpatient { inpatient_percent } else { outpatient }));
    // AMB-144: on equal amounts the veterans' line.
    match veterans {
        Some(veterans) if veterans >= medical => line.veterans = veterans,
        _ => line.medical = medical,
    }
}

/// J-5.5.2-a to -d. The result does not depend on how bills are cut (AMB-091), so the bands round over the year.
fn inpatient_aid(terms: Terms, case: &Case, earlier: &[Line], base: i64, line: &mut Line) -> i64 {
    use Identity::{
        ChildInDifficulty, DeFactoUnattendedChild, HivInfectedChild, LowIncome, Orphan, RuralExtremePoverty,
        SevereDisability, SubsistenceAllowance, UrbanExtremePoverty,
    };
    // J-5.5.2-a: institutions of the city, designated for assistance; J-10.4-a, AMB-101: elsewhere, no such condition.
    if !case.bill.provider.assistance_designated && !matches!(case.bill.place, Place::Elsewhere { .. }) {
        return 0;
    }
    line.filled = base;
    let any = |of: &[Identity]| of.iter().any(|identity| case.identities.contains(identity));
    let disabled =
        any(&[SevereDisability]) && any(&[SubsistenceAllowance, UrbanExtremePoverty, RuralExtremePoverty, LowIncome]);
    let child = any(&[Orphan, HivInfectedChild, ChildInDifficulty, DeFactoUnattendedChild]);
    // AMB-093: the best rate per band.
    let (lower, upper) = (if disabled { 65 } else { 60 }, if disabled || child { 85 } else { 80 });
    let scheme = |base: i64| base.min(20_000 * YUAN) * lower + (base - 20_000 * YUAN).max(0) * upper;
    let before: i64 = match terms.reads(Reading::AidPerBill) {
        true => 0,
        false => earlier.iter().map(|line| line.filled).sum(),
    };
    rounded(scheme(before + base)) - rounded(scheme(before))
}

/// J-5.5.1-a to -d.
fn outpatient_aid(case: &Case, earlier: &[Line], base: i64) -> i64 {
    let provider = &case.bill.provider;
    let qualifies = case.bill.place == Place::Local
        && match (provider.kind, provider.level) {
            (ProviderKind::Hospital, Some(ProviderLevel::One)) | (ProviderKind::CommunityHealthCentre, _) => {
                provider.assistance_designated
            }
            (ProviderKind::Hospital, Some(ProviderLevel::Two)) => provider.reform_registered,
            _ => false,
        };
    if !qualifies {
        return 0;
    }
    let extreme = [Identity::UrbanExtremePoverty, Identity::RuralExtremePoverty];
    let maximum = if extreme.iter().any(|own| case.identities.contains(own)) { 500 * YUAN } else { 200 * YUAN };
    let paid: i64 = earlier.iter().filter(|line| line.sort == Sort::Visit).map(|line| line.medical).sum();
    rounded(base * 50).min((maximum - paid).max(0))
}

/// Outpatient and inpatient percents: J-5.5.T-f to -h.
fn veteran_percents(identities: &[Identity]) -> Option<(i64, i64)> {
    let percents = |identity: &Identity| match identity {
        Identity::MartyrSurvivor | Identity::DutyDeathSoldierSurvivor => Some((70, 90)),
        Identity::OldDemobilisedSoldier
        | Identity::IllnessDeathSoldierSurvivor
        | Identity::DisabledSoldierGrade7To10 => Some((50, 80)),
        Identity::ReturnedVeteranWithIllness | Identity::WarOrTestVeteran => Some((25, 70)),
        _ => None,
    };
    identities.iter().filter_map(percents).max()
}
