//! Outpatient care, as both documents print it.

use juyi_domain::codes::Tier;
use juyi_domain::money::{Fen, Rate};
use juyi_domain::settlement::outpatient::params::{FamilyDoctorScope, OutpatientParams, Venue};
use juyi_domain::settlement::params::MaximumBasis;

use super::{assert_printed, year_2017, year_2021};

fn assert_reductions(params: &OutpatientParams, rules: [&str; 3]) {
    assert_eq!(params.reductions.len(), rules.len());
    for ((reduction, yuan), rule_id) in params.reductions.iter().zip([100, 200, 300]).zip(rules) {
        assert_printed(reduction, &Fen::yuan(yuan), rule_id);
    }
}

#[test]
fn outpatient_of_2021() {
    let snapshot = year_2021();
    let params = snapshot.outpatient.as_ref().unwrap();
    assert_printed(&params.venues, &Venue::ALL.to_vec(), "J-5.1.T-p");
    let clauses: Vec<_> = params.venue.iter().map(|(venue, clause)| (*venue, &*clause.reference.rule_id)).collect();
    let expected = [
        (Venue::LevelOne, "J-7-1"),
        (Venue::CommunityHealthCentre, "J-7-1"),
        (Venue::LevelTwoReformed, "J-7-2"),
        (Venue::RetailPharmacy, "J-7-1"),
        (Venue::VillageClinic, "J-7-3"),
    ];
    assert_eq!(clauses, expected);
    assert_eq!(params.rate.len(), 20);
    for ((venue, _), rate) in &params.rate {
        let rule_id = if *venue == Venue::VillageClinic { "J-5.1.5-a" } else { "J-5.1.T-m" };
        assert_printed(rate, &Rate::percent(50), rule_id);
    }
    assert_printed(&params.deductible, &Fen::yuan(500), "J-5.1.T-n");
    assert_printed(&params.maximum, &Fen::yuan(4_000), "J-5.1.T-o");
    assert_printed(&params.maximum_basis, &MaximumBasis::FundPayment, "J-5.1.T-o");
    assert_reductions(params, ["J-5.1.1-a", "J-5.1.1-b", "J-5.1.1-c"]);
    assert_printed(&params.reduction_requires_full_year, &false, "J-5.1.1-a");
    assert_printed(&params.restoration, &true, "J-5.1.1-d");
    assert_printed(&params.carry_over, &true, "J-5.1.2-a");
}

#[test]
fn fees_and_family_doctors_of_2021() {
    let snapshot = year_2021();
    let params = snapshot.outpatient.as_ref().unwrap();
    let fee = params.general_fee.as_ref().unwrap();
    for tier in [Tier::StudentChild, Tier::High, Tier::Middle, Tier::Low] {
        assert_printed(&fee.rate[&tier], &Rate::percent(80), "J-5.1.5-c");
    }
    assert_printed(&fee.contains, &true, "J-5.1.5-b");
    assert_printed(&fee.restores, &false, "J-5.1.1-d");
    assert_printed(&fee.counts_for_reduction, &false, "J-5.1.1-a");
    let doctor = params.family_doctor.as_ref().unwrap();
    assert_printed(&doctor.amount, &Fen::yuan(200), "J-5.1.4-a");
    assert_printed(&doctor.points, &5, "J-5.1.4-b");
    assert_printed(&doctor.scope, &FamilyDoctorScope::Outpatient, "J-5.1.T-s");
    assert_printed(&doctor.carried_over, &true, "J-5.1.4-a");
    let maxima = &snapshot.assistance.as_ref().unwrap().outpatient_maxima;
    assert_printed(&maxima[0], &Fen::yuan(500), "J-5.5.1-c");
    assert_printed(&maxima[1], &Fen::yuan(200), "J-5.5.1-d");
}

/// B-5.2-a: level 1 and reformed level 2; neither a general fee nor family doctors are printed.
#[test]
fn outpatient_of_2017() {
    let snapshot = year_2017();
    let params = snapshot.outpatient.as_ref().unwrap();
    assert_printed(&params.venues, &vec![Venue::LevelOne, Venue::LevelTwoReformed], "B-5.2-a");
    assert_eq!(params.rate.len(), 8);
    for rate in params.rate.values() {
        assert_printed(rate, &Rate::percent(50), "B-5.2-d");
    }
    assert_printed(&params.deductible, &Fen::yuan(500), "B-5.2-b");
    assert_printed(&params.maximum, &Fen::yuan(3_000), "B-5.2-c");
    assert_reductions(params, ["B-5.3-a", "B-5.3-b", "B-5.3-c"]);
    assert_printed(&params.reduction_requires_full_year, &true, "B-5.3-a");
    assert_printed(&params.restoration, &true, "B-5.3-d");
    assert_printed(&params.carry_over, &true, "B-5.4-a");
    assert!(params.general_fee.is_none() && params.family_doctor.is_none());
}
