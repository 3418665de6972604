//! Figures and gaps of B2017.

use juyi_domain::benefit_period::params::DeductionStart;
use juyi_domain::benefit_period::params::Grace;
use juyi_domain::codes::{
    Area, Category, CertificateKind, Class, Desk, District, Identity, InstitutionKind, InsuredGroup, Insurer, Tier,
};
use juyi_domain::contribution::params::PaymentParams;
use juyi_domain::money::{Fen, Rate};
use juyi_domain::registry::params::ForeignVillage;
use juyi_domain::settlement::params::Cumulation;

use super::{assert_printed, day, year_2017};

#[test]
fn premiums_and_their_totals() {
    let premium = year_2017().premium.clone();
    let government = premium.government.unwrap();
    let printed = [
        (Class::Adult, Tier::High, 680, 1480, "B-4.2-a"),
        (Class::Adult, Tier::Middle, 380, 1180, "B-4.2-b"),
        (Class::Adult, Tier::Low, 150, 950, "B-4.2-c"),
        (Class::StudentChild, Tier::StudentChild, 130, 930, "B-4.1-a"),
    ];
    for (class, tier, yuan, total, rule_id) in printed {
        let key = (class, tier);
        assert_printed(&premium.personal[&key], &Fen::yuan(yuan), rule_id);
        assert_printed(&government[&key], &Fen::yuan(800), rule_id);
        assert_eq!(*premium.personal[&key] + *government[&key], Fen::yuan(total), "{rule_id}");
    }
    assert_eq!(premium.free_insurances, None);
}

/// B-8.2.3-c names the desk and nothing else; B-7.3.3-c has a deduction, J-3.3.3-a has no counterpart.
#[test]
fn refunds_and_deduction() {
    let law = year_2017();
    assert_printed(&law.refund.desk, &Desk::DistrictSocialInsuranceBranch, "B-8.2.3-c");
    let gap = law.refund.grounds.clone().unwrap_err();
    assert_eq!((gap.rule_id.as_ref(), gap.configurable), ("B-8.2.3-c", false));
    assert_printed(&law.deduction.tier, &Tier::Low, "B-7.3.3-c");
    assert!(law.prepayment.institutions.is_err());
}

/// B-4-a: 30 + 70 = 100; B-5.5-b; nothing of ways of payment.
#[test]
fn what_stands_beside_the_premium() {
    let premium = year_2017().premium.clone();
    let increase = premium.increase.unwrap();
    assert_printed(&increase.personal, &Fen::yuan(30), "B-4-a");
    assert_printed(&increase.government, &Fen::yuan(70), "B-4-a");
    assert_printed(&increase.total, &(*increase.personal + *increase.government), "B-4-a");
    let borne = vec![Identity::SubsistenceAllowance, Identity::LowIncome];
    assert_printed(&premium.treasury.unwrap(), &borne, "B-5.5-b");
    assert_eq!(premium.internal_transfer, Ok(None));
    assert_eq!(year_2017().payment, PaymentParams::default());
}

#[test]
fn free_enrolment_and_the_middle_tier() {
    let premium = year_2017().premium.clone();
    // B-7.3.3-a names the groups, B-7.3.3-d makes them free, B-7.3.3-b adds how one of them is recognised.
    assert_eq!(premium.subsidies.len(), 6);
    assert!(premium.subsidies.iter().all(|ground| ground.reference.rule_id == "B-7.3.3-a"));
    let tiers: Vec<_> = premium.prescribed_tiers.iter().map(|tier| (tier.identity, tier.tier)).collect();
    assert_eq!(tiers, [(Identity::SubsistenceAllowance, Tier::Middle), (Identity::LowIncome, Tier::Middle)]);
    assert!(premium.prescribed_tiers.iter().all(|tier| tier.reference.rule_id == "B-5.5-a"));
    assert_printed(year_2017().enrolment.low_income_senior_age.as_ref().unwrap(), &60, "B-7.3.3-b");
}

#[test]
fn windows_and_desks() {
    let enrolment = year_2017().enrolment.clone();
    assert_eq!(enrolment.collection_window.to_string(), "2016-10-01 to 2016-12-31");
    assert_eq!(enrolment.collection_window.reference.rule_id, "B-2.3-a");
    assert_eq!(enrolment.school_window.to_string(), "2016-09-01 to 2016-09-30");
    assert_eq!(enrolment.school_window.reference.rule_id, "B-2.1-a");
    assert_printed(&enrolment.interruption_months, &3, "B-2.4-a");
    // B-2.2-a prints no end for newborns, AMB-029 no late window.
    assert_eq!((enrolment.late_window, enrolment.newborn_months), (None, None));
    assert_printed(&enrolment.adult_age, &18, "B-2.3-a");
    assert_printed(&enrolment.deduction_tier, &Tier::Low, "B-7.3.3-c");
    assert_eq!(enrolment.special_window, None);
    let desks = |category| {
        let rule = enrolment.desks.iter().find(|rule| rule.category == category)?;
        Some((rule.desks.clone(), rule.reference.rule_id.to_string()))
    };
    let family = vec![Desk::CommunityWorkstation, Desk::TownshipService];
    assert_eq!(desks(Category::UrbanResident), Some((family, "B-7.3.2-a".to_owned())));
    assert_eq!(desks(Category::RuralResident), Some((vec![Desk::TownshipService], "B-7.3.2-b".to_owned())));
    let branch = vec![Desk::DistrictSocialInsuranceBranch];
    assert_eq!(desks(Category::SchoolStudent), Some((branch, "B-7.3.1-a".to_owned())));
    assert_eq!(desks(Category::Detainee), None);
}

/// B-7.3.3-a names the rural five guarantees and no extreme poverty in town; B-1.1-c the small children.
#[test]
fn who_is_registered_by_an_authority_and_who_is_a_small_child() {
    let enrolment = year_2017().enrolment.clone();
    let central = &enrolment.central_identities;
    assert_eq!(central.reference.rule_id, "B-7.3.3-a");
    assert!(central.contains(&Identity::RuralExtremePoverty) && !central.contains(&Identity::UrbanExtremePoverty));
    assert_eq!(enrolment.local_identities, None);
    // Everybody on the lists is enrolled free of charge, B-7.3.3-d.
    let premium = year_2017().premium.clone();
    for identity in central.iter() {
        let free =
            premium.subsidies.iter().any(|ground| ground.requires == [*identity] || ground.any_of.contains(identity));
        assert!(free, "{identity}");
    }
    // AMB-021: the surviving spouse is named in 2017.
    assert!(central.contains(&Identity::CadreSurvivingSpouse));
}

/// B-1.1-a to B-1.2-b: the lists of schools and papers; no day-care home, one paper for adults.
#[test]
fn schools_and_papers() {
    use CertificateKind::{
        FloatingPopulationSlip, OtherOfficial, ResidencePermitAcceptanceSlip, TianjinResidencePermit,
    };
    let law = &year_2017().enrolment;
    let schools = InstitutionKind::ALL[..4].to_vec();
    assert_printed(&law.school_kinds, &schools, "B-1.1-a");
    assert_printed(&law.nursery_kinds, &vec![InstitutionKind::Kindergarten, InstitutionKind::Nursery], "B-1.1-b");
    let children = vec![TianjinResidencePermit, FloatingPopulationSlip, ResidencePermitAcceptanceSlip, OtherOfficial];
    assert_printed(&law.children_papers, &children, "B-1.1-c");
    assert_printed(&law.studying_elsewhere, &true, "B-1.1-d");
    assert_printed(&law.unemployed_areas, &vec![Area::Urban, Area::Rural], "B-1.2-a");
    assert_printed(&law.adult_papers, &vec![TianjinResidencePermit], "B-1.2-b");
    assert_printed(law.newborn_years.as_ref().unwrap(), &2, "B-2.2-a");
    assert_eq!((&law.leaving_reasons, &law.next_year_desks, &law.verified_students), (&None, &None, &None));
    assert_printed(&law.foreign_village, &ForeignVillage::ChannelMismatch, "B-7.3.2-b");
    let papers: Vec<_> = law.papers.iter().map(|rule| (rule.category, &*rule.reference.rule_id)).collect();
    assert_eq!(papers, [(Category::Newborn, "B-2.2-a")]);
    let duties: Vec<_> = law.duties.iter().map(|duty| (duty.desk, &*duty.reference.rule_id)).collect();
    assert_eq!(duties, [(Desk::TownshipService, "B-8.2.4-a"), (Desk::DistrictSocialInsuranceBranch, "B-8.2.3-a")]);
    // Every category with a desk of the district has a place.
    for desk in &law.desks {
        let placed = law.places.iter().any(|rule| rule.category == desk.category);
        let without = matches!(desk.category, Category::SpecialPerson | Category::InterruptedEmployee);
        assert_eq!(placed, !without, "{}", desk.category);
    }
}

#[test]
fn benefit_periods() {
    let period = year_2017().benefit_period.clone();
    assert_eq!(period.ordinary.to_string(), "2017-01-01 to 2017-12-31");
    assert_eq!(period.ordinary.reference.rule_id, "B-3.3-a");
    assert_eq!(period.ordinary_school.reference.rule_id, "B-3.1-a");
    assert_printed(&period.new_entrant_start, &day("2016-09-01"), "B-3.1-b");
    assert_printed(&period.newborn_grace, &Grace::Days(90), "B-3.2-a");
    assert_printed(&period.newborn_late, &Grace::Days(90), "B-3.2-b");
    assert_eq!(period.newborn_window.reference.rule_id, "B-3.2-c");
    assert_eq!(period.newborn_window_late.reference.rule_id, "B-3.2-d");
    assert_eq!(period.newborn_window.to_string(), "2016-10-01 to 2016-12-31");
    assert_eq!(period.newborn_months, None);
    assert_printed(&period.interruption_months, &3, "B-2.4-a");
    assert_printed(&period.interruption_bounds_payment, &true, "B-3.4-a");
    assert_printed(&period.interrupted_wait_days, &1, "B-3.4-a");
    assert_printed(&period.critical_illness_follows, &true, "B-5.1-a");
    assert_eq!((period.special, period.late_wait_insured, period.epidemic_months_after), (None, None, None));
    assert!(!period.epidemic.unwrap_err().configurable);
    for gap in [period.accident_school.unwrap_err(), period.accident_others.unwrap_err()] {
        assert_eq!((&*gap.rule_id, gap.configurable), ("B-5-a", false));
    }
    assert_eq!(period.maternity_follows.unwrap_err().rule_id, "B-5-a");
    assert_eq!(period.deduction.to_string(), "2017-01-01 to 2017-12-31");
    assert_eq!(period.deduction.reference.rule_id, "B-7.3.3-c");
    assert_printed(&period.deduction_benefit_start, &DeductionStart::JanuaryFirst, "B-7.3.3-c");
    assert_eq!(period.nursery_counts_as_school, None);
    assert_eq!((period.leavers_keep_accident, period.employees), (None, None));
}

#[test]
fn critical_illness() {
    let params = year_2017().critical_illness.clone().unwrap();
    assert_printed(&params.threshold, &Fen::yuan(20_000), "B-5.1-b");
    assert!(!params.threshold_is_provisional);
    let bands = [(100_000, 50, "B-5.1-c"), (200_000, 60, "B-5.1-d"), (300_000, 70, "B-5.1-e")];
    assert_eq!(params.bands.len(), bands.len());
    for (band, (up_to, rate, rule_id)) in params.bands.iter().zip(bands) {
        assert_eq!((band.up_to, band.rate, &*band.reference.rule_id), (Fen::yuan(up_to), Rate::percent(rate), rule_id));
    }
    assert_printed(&params.cumulation, &Cumulation::Year, "B-5.1-f");
    assert_eq!(params.tilt, None);
}

#[test]
fn what_the_plan_does_not_print_is_a_gap() {
    let snapshot = year_2017();
    let gaps = [
        snapshot.basic.as_ref().unwrap_err(),
        snapshot.assistance.as_ref().unwrap_err(),
        snapshot.accident_benefits.as_ref().unwrap_err(),
        snapshot.maternity.as_ref().unwrap_err(),
    ];
    let names = gaps.map(|gap| &*gap.parameter);
    let expected =
        ["baodi-2017.inpatient", "baodi-2017.assistance", "baodi-2017.accident.benefits", "baodi-2017.maternity"];
    assert_eq!(names, expected);
    assert!(gaps.iter().all(|gap| gap.rule_id == "B-5-a" && !gap.configurable));
    assert!(snapshot.assistance_programs.is_empty());
    assert!(!snapshot.accident.report_days.as_ref().unwrap_err().configurable);
}

#[test]
fn two_accident_insurers_with_addresses_and_no_phones() {
    let accident = year_2017().accident.clone();
    assert_eq!(accident.routing.len(), 2);
    let student = &accident.routing[&(InsuredGroup::StudentChild, District::Baodi)];
    assert_eq!((student.insurer, &*student.reference.rule_id), (Insurer::ChinaLife, "B-6.2.1-a"));
    assert_eq!(student.address.as_deref(), Some("宝平街广川路19号"));
    let adult = &accident.routing[&(InsuredGroup::AdultResident, District::Baodi)];
    assert_eq!((adult.insurer, &*adult.reference.rule_id), (Insurer::PiccHealth, "B-6.2.2-a"));
    assert_eq!(adult.full_name, "中国人民健康保险股份有限公司");
    assert!(accident.phones.is_empty() && accident.outlets.is_empty(), "B-6.2-a");
}

/// The plan prints neither ways of units nor papers.
#[test]
fn ways_of_units_are_not_printed() {
    let (declaration, payment) = (year_2017().declaration.clone(), year_2017().payment.clone());
    assert_eq!(declaration.agency_system, None);
    assert_eq!(declaration.by_authority.unwrap_err().rule_id, "B-7.3.3-a");
    assert!(payment.methods.is_none() && payment.collections.is_empty() && payment.ways.is_empty());
}

/// B-5-a: nothing is printed of filings for care elsewhere.
#[test]
fn nothing_of_filings() {
    let gap = year_2017().filings.clone().unwrap_err();
    assert_eq!((gap.parameter.as_ref(), gap.rule_id.as_ref()), ("baodi-2017.filing", "B-5-a"));
    assert!(!gap.configurable);
}
