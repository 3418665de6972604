//! Figures of J2021.

use juyi_domain::assistance::params::BandScope;
use juyi_domain::benefit_period::params::DeductionStart;
use juyi_domain::benefit_period::params::Grace;
use juyi_domain::codes::{
    Area, Category, CertificateKind, Class, Desk, Identity, InstitutionKind, Insurance, LeavingReason, Office,
    PayingScheme, PaymentMethod, ProviderLevel, RefundGround, Tier,
};
use juyi_domain::contribution::codes::{Bank, Login, PaymentPaper, QrSource};
use juyi_domain::contribution::params::CollectionRule;
use juyi_domain::effective::{Effective, Gap};
use juyi_domain::money::{Fen, Rate};
use juyi_domain::registry::params::{ForeignVillage, Place};
use juyi_domain::settlement::filings::codes::{FilingChannel, ResidenceKind, TripReason};
use juyi_domain::settlement::params::{Cumulation, MaximumBasis};

use super::{assert_printed, day, year_2021};

#[test]
fn premiums() {
    let premium = year_2021().premium.clone();
    let printed = [
        (Class::Adult, Tier::High, 910, "J-2.1-b"),
        (Class::Adult, Tier::Middle, 560, "J-2.1-c"),
        (Class::Adult, Tier::Low, 280, "J-2.1-d"),
        (Class::StudentChild, Tier::StudentChild, 260, "J-2.1-e"),
    ];
    assert_eq!(premium.personal.len(), printed.len());
    for (class, tier, yuan, rule_id) in printed {
        assert_printed(&premium.personal[&(class, tier)], &Fen::yuan(yuan), rule_id);
    }
    let name = &premium.personal[&(Class::Adult, Tier::High)].name;
    assert_eq!(name, "tianjin-2021.premium.personal.ADULT.HIGH");
    let gap =
        Gap { parameter: "tianjin-2021.premium.government".into(), rule_id: "J-2.3-j".into(), configurable: false };
    assert_eq!(premium.government, Err(gap));
    let free = premium.free_insurances.unwrap();
    assert_printed(&free, &vec![Insurance::CriticalIllness, Insurance::Maternity, Insurance::Accident], "J-2.2-a");
}

/// J-3.5-a to J-3.5-f.
#[test]
fn refunds() {
    let refund = year_2021().refund.clone();
    assert_printed(&refund.grounds.unwrap(), &RefundGround::ALL.to_vec(), "J-3.5-a");
    assert_printed(&refund.desk, &Desk::TaxHall, "J-3.5-b");
    assert_printed(&refund.repaid_by.unwrap(), &vec![Office::SocialInsurance], "J-3.5-b");
    assert_printed(&refund.loan_months.unwrap(), &12, "J-3.5-d");
    assert_printed(&refund.death_last_day.unwrap(), &day("2021-12-31"), "J-3.5-e");
    assert_eq!((refund.others.rule_id.as_ref(), refund.others.configurable), ("J-3.5-f", false));
}

/// J-3.3.3-a, J-3.3.4-a.
#[test]
fn prepayment_and_deduction() {
    let law = year_2021();
    let institutions = law.prepayment.institutions.clone().unwrap();
    assert_printed(&institutions, &vec![InstitutionKind::HigherEducation], "J-3.3.3-a");
    assert!(law.prepayment.premium_times_years.is_err());
    assert_printed(&law.deduction.tier, &Tier::Low, "J-3.3.4-a");
    assert_eq!(law.deduction.insufficient.rule_id, "J-3.3.4-a");
}

/// J-2.2-b: no standard is printed; B-4-a and B-5.5-b are the other document's.
#[test]
fn what_stands_beside_the_premium() {
    let premium = year_2021().premium.clone();
    let parameter = "tianjin-2021.premium.internal_transfer".into();
    assert_eq!(premium.internal_transfer, Err(Gap { parameter, rule_id: "J-2.2-b".into(), configurable: false }));
    assert_eq!((premium.increase, premium.treasury), (None, None));
}

/// J-3.3.6-a, J-3.3.6.1-a to J-3.3.6.5-a, J-3.3.1-c to J-3.3.5-a.
#[test]
fn ways_of_payment() {
    let payment = year_2021().payment.clone();
    let alone = [
        PaymentMethod::BankCounter,
        PaymentMethod::MobileApp,
        PaymentMethod::WebTaxOffice,
        PaymentMethod::QrCode,
        PaymentMethod::PosCard,
    ];
    assert_printed(&payment.methods.unwrap(), &alone.to_vec(), "J-3.3.6-a");
    let ways: Vec<_> = payment.ways.iter().map(|(method, way)| (*method, way.reference.rule_id.as_ref())).collect();
    let rules = ["J-3.3.6.1-a", "J-3.3.6.2-a", "J-3.3.6.3-a", "J-3.3.6.4-a", "J-3.3.6.5-a"];
    assert_eq!(ways, alone.into_iter().zip(rules).collect::<Vec<_>>());
    let counter = &payment.ways[&PaymentMethod::BankCounter];
    assert_eq!(counter.papers, [PaymentPaper::BankInquiryVoucher, PaymentPaper::PaymentNotice]);
    assert_eq!(payment.ways[&PaymentMethod::WebTaxOffice].logins, [Login::NaturalPerson]);
    assert_eq!(payment.ways[&PaymentMethod::QrCode].qr_sources, QrSource::ALL);
    assert_eq!(payment.ways[&PaymentMethod::PosCard].after, Some(PaymentPaper::CashTaxForm));
    assert_printed(&payment.banks.unwrap(), &Bank::ALL.to_vec(), "J-3.3.6.1-b");

    let rows: Vec<_> = payment
        .collections
        .iter()
        .map(|row| (row.code.as_str(), row.collector, row.desk, row.reference.rule_id.as_ref()))
        .collect();
    let (township, centre) = (Some(Desk::TownshipService), Some(Desk::CitySocialInsuranceCentre));
    let expected = [
        ("UNIT", Office::Tax, None, "J-3.3.1-c"),
        ("AUTHORITY", Office::Tax, None, "J-3.3.1-e"),
        ("TOWNSHIP", Office::Tax, township, "J-3.3.2-a"),
        ("VILLAGE", Office::Tax, township, "J-3.3.2-b"),
        ("DEDUCTION", Office::SocialInsurance, centre, "J-3.3.4-a"),
        ("TAX_HALL", Office::Tax, Some(Desk::TaxHall), "J-3.3.5-a"),
    ];
    assert_eq!(rows, expected);
    for category in Category::ALL {
        let named = |row: &Effective<CollectionRule>| row.categories.contains(category);
        assert!(payment.collections.iter().any(named), "nobody collects from {category}");
    }
}

#[test]
fn grounds_of_subsidy() {
    let premium = year_2021().premium.clone();
    let grounds: Vec<_> =
        premium.subsidies.iter().map(|ground| (ground.code.as_str(), ground.reference.rule_id.as_ref())).collect();
    let expected = [
        ("SUBSISTENCE_OR_LOW_INCOME_SEVERELY_DISABLED", "J-2.3-f"),
        ("SINGLE_PARENT_FAMILY", "J-2.3-g"),
        ("LOST_ONLY_CHILD_FAMILY", "J-2.3-h"),
        ("EXTREME_POVERTY", "J-2.3-i"),
        ("SUBSISTENCE_ALLOWANCE", "J-2.3-b"),
        ("LOW_INCOME", "J-2.3-c"),
        ("SEVERELY_DISABLED", "J-2.3-a"),
        ("ENTITLED_GROUP", "J-2.3-d"),
        ("CADRE_SPOUSE", "J-2.3-e"),
        ("SPECIAL_FAMILY_STUDENT", "J-2.3-k"),
        ("STUDENT_LOAN", "J-2.3-l"),
    ];
    assert_eq!(grounds, expected);
    let disabled = &premium.subsidies[6].value;
    assert_eq!((disabled.class, disabled.requires.as_slice()), (Some(Class::Adult), &[Identity::SevereDisability][..]));
    assert!(disabled.excludes.contains(&Identity::LowIncome));
    // AMB-032: the outline names no tier.
    assert!(premium.prescribed_tiers.is_empty());
}

#[test]
fn windows_and_desks() {
    let enrolment = year_2021().enrolment.clone();
    let window = &enrolment.collection_window;
    assert_eq!((window.to_string(), &*window.reference.rule_id), ("2020-09-01 to 2020-12-31".to_owned(), "J-3.1-a"));
    assert_eq!(enrolment.school_window.value, window.value);
    let late = enrolment.late_window.unwrap();
    assert_eq!((late.to_string(), &*late.reference.rule_id), ("2021-01-01 to 2021-06-30".to_owned(), "J-3.1-b"));
    assert_printed(&enrolment.newborn_months.unwrap(), &12, "J-3.2.8-a");
    assert_printed(&enrolment.interruption_months, &3, "J-3.2.7-a");
    assert_printed(&enrolment.adult_age, &18, "J-3.2.9-b");
    assert_printed(&enrolment.deduction_tier, &Tier::Low, "J-3.3.4-a");
    let central = &enrolment.central_identities;
    assert_eq!(central.reference.rule_id, "J-3.2.5-a");
    assert!(central.contains(&Identity::UrbanExtremePoverty) && !central.contains(&Identity::SpecialFamilyStudent));
    let local = enrolment.local_identities.as_ref().unwrap();
    assert_eq!((local.len(), local.reference.rule_id.as_ref()), (4, "J-3.2.5-a"));
    assert!(local.iter().all(|identity| central.contains(identity)) && !local.contains(&Identity::SevereDisability));
    // J-3.2.5-c: registered before the window opened, all of them by the end of December.
    let special = enrolment.special_window.unwrap();
    assert!(special.contains(day("2020-08-20")) && special.contains(day("2020-12-31")));
    assert!(!special.contains(day("2021-01-01")));
    for category in Category::ALL {
        assert_eq!(enrolment.desks.iter().filter(|rule| rule.category == *category).count(), 1, "{category}");
    }
    let branch = &[Desk::DistrictSocialInsuranceBranch][..];
    for (category, desks, rule_id) in [
        (Category::SchoolStudent, branch, "J-3.2.1-a"),
        (Category::NurseryChild, branch, "J-3.2.1-a"),
        (Category::RuralResident, &[Desk::TownshipService], "J-3.2.2-a"),
        (Category::WelfareResident, branch, "J-3.2.3-a"),
        (Category::Detainee, branch, "J-3.2.4-a"),
        (Category::SpecialPerson, &[Desk::CityMedicalInsuranceCentre], "J-3.2.5-a"),
        (Category::CertificateHolder, &[Desk::TownshipService], "J-3.2.6-a"),
        (Category::InterruptedEmployee, branch, "J-3.2.7-a"),
        (Category::Newborn, &[Desk::TownshipService], "J-3.2.8-a"),
        (Category::SchoolLeaver, &[Desk::TownshipService], "J-3.2.9-a"),
        (Category::UrbanResident, &[Desk::TownshipService, Desk::CommunityWorkstation], "J-3.2.10-a"),
        (Category::LocalStudyingElsewhere, &[Desk::TownshipService, Desk::CommunityWorkstation], "J-3.2.10-a"),
    ] {
        let rule = enrolment.desks.iter().find(|rule| rule.category == category).unwrap();
        assert_eq!((rule.desks.as_slice(), &*rule.reference.rule_id), (desks, rule_id), "{category}");
    }
}

/// J-1.1-a to J-1.2-b: the lists of schools and papers, which differ between children and adults (AMB-015).
#[test]
fn schools_and_papers() {
    use CertificateKind::{
        FloatingPopulationSlip, ForeignerPermanentResidence, HkMacaoResidencePermit, HkMacaoTravelPermit,
        OtherOfficial, ResidencePermitAcceptanceSlip, TaiwanResidencePermit, TaiwanTravelPermit,
        TianjinResidencePermit,
    };
    let law = &year_2021().enrolment;
    assert_printed(&law.school_kinds, &InstitutionKind::ALL[..4].to_vec(), "J-1.1-a");
    assert_printed(&law.nursery_kinds, &InstitutionKind::ALL[4..7].to_vec(), "J-1.1-b");
    let permits = [TianjinResidencePermit, HkMacaoResidencePermit, TaiwanResidencePermit];
    let slips = [FloatingPopulationSlip, ResidencePermitAcceptanceSlip, OtherOfficial];
    let travel = [ForeignerPermanentResidence, HkMacaoTravelPermit, TaiwanTravelPermit, OtherOfficial];
    assert_printed(&law.children_papers, &[&permits[..], &slips].concat(), "J-1.1-c");
    assert_printed(&law.adult_papers, &[&permits[..], &travel].concat(), "J-1.2-b");
    assert_printed(&law.studying_elsewhere, &true, "J-1.1-d");
    assert_printed(&law.unemployed_areas, &vec![Area::Urban], "J-1.2-a");
    assert_printed(law.verified_students.as_ref().unwrap(), &true, "J-3.2.1-b");
    assert_printed(law.next_year_desks.as_ref().unwrap(), &vec![Desk::TaxHall], "J-3.2.7-b");
    let left = vec![LeavingReason::Withdrawn, LeavingReason::DroppedOut];
    assert_printed(law.leaving_reasons.as_ref().unwrap(), &left, "J-3.2.9-a");
    assert_eq!((&law.newborn_years, &law.low_income_senior_age), (&None, &None));
    assert_printed(&law.foreign_village, &ForeignVillage::ValueNotAllowed, "J-3.2.2-a");
    let duties: Vec<_> = law.duties.iter().map(|duty| (duty.desk, &*duty.reference.rule_id)).collect();
    assert_eq!(duties, [(Desk::TownshipService, "J-A1.3-e"), (Desk::DistrictSocialInsuranceBranch, "J-A1.3-q")]);
    assert!(law.papers.iter().all(|rule| rule.reference.rule_id == "J-3.1-c"));
    // Papers for who applies in person, and a place for every desk of a district.
    for category in Category::ALL {
        let place = law.places.iter().find(|rule| rule.category == *category).map(|rule| rule.place);
        let papers = law.papers.iter().any(|rule| rule.category == *category);
        assert_eq!(place.is_none(), *category == Category::SpecialPerson, "{category}");
        assert_eq!(papers, place.is_some_and(|place| place != Place::Institution), "{category}");
    }
}

#[test]
fn benefit_periods() {
    let period = year_2021().benefit_period.clone();
    let is = |found: String, rule: &str, printed: &str, rule_id: &str| {
        assert_eq!((found.as_str(), rule), (printed, rule_id));
    };
    let year = "2021-01-01 to 2021-12-31";
    is(period.ordinary.to_string(), &period.ordinary.reference.rule_id, year, "J-4.1-a");
    let special = period.special.unwrap();
    is(special.to_string(), &special.reference.rule_id, year, "J-3.2.5-f");
    assert_printed(&period.late_wait_insured.unwrap(), &1, "J-4.1.1-a");
    assert_printed(&period.late_wait_uninsured.unwrap(), &3, "J-4.1.1-b");
    assert_printed(&period.new_entrant_start, &day("2020-09-01"), "J-4.1.3-a");
    assert_printed(&period.newborn_grace, &Grace::Months(4), "J-4.1.4-a");
    assert_printed(&period.newborn_late, &Grace::Months(4), "J-4.1.4-b");
    let window = "2020-09-01 to 2020-12-31";
    is(period.newborn_window.to_string(), &period.newborn_window.reference.rule_id, window, "J-4.1.4-c");
    is(period.newborn_window_late.to_string(), &period.newborn_window_late.reference.rule_id, window, "J-4.1.4-d");
    assert_printed(&period.newborn_months.unwrap(), &12, "J-3.2.8-a");
    assert_printed(&period.interruption_months, &3, "J-3.2.7-a");
    assert_printed(&period.interruption_bounds_payment, &false, "J-4.1.5-a");
    assert_printed(&period.interrupted_wait_days, &1, "J-4.1.5-a");
    let gap = period.epidemic.unwrap_err();
    assert_eq!((&*gap.rule_id, gap.configurable), ("J-4.1.2-a", true));
    assert_printed(&period.epidemic_months_after.unwrap(), &3, "J-4.1.2-a");
    let school = period.accident_school.unwrap();
    is(school.to_string(), &school.reference.rule_id, "2020-09-01 to 2021-08-31", "J-4.3-a");
    let others = period.accident_others.unwrap();
    is(others.to_string(), &others.reference.rule_id, year, "J-4.3-b");
    assert_printed(&period.critical_illness_follows, &true, "J-4.2-a");
    assert_printed(&period.maternity_follows.unwrap(), &true, "J-4.2-a");
    is(period.deduction.to_string(), &period.deduction.reference.rule_id, year, "J-3.3.4-a");
    assert_printed(&period.deduction_benefit_start, &DeductionStart::JanuaryFirst, "J-3.3.4-a");
    assert_printed(period.nursery_counts_as_school.as_ref().unwrap(), &true, "J-4.3-a");
    assert_printed(&period.leavers_keep_accident.unwrap(), &true, "J-4.3-c");
    let employees = period.employees.unwrap();
    assert_printed(&employees.contributing, &PayingScheme::Employee, "J-9-1a");
    assert_printed(&employees.interrupted, &PayingScheme::Resident, "J-9-1b");
    assert_printed(&employees.waiting, &PayingScheme::Resident, "J-9-2a");
    assert_printed(&employees.waited, &PayingScheme::Employee, "J-9-2b");
}

#[test]
fn inpatient_care() {
    let basic = year_2021().basic.clone().unwrap();
    let printed = [
        (ProviderLevel::One, [85, 85, 80, 75], "J-5.1.T-a"),
        (ProviderLevel::Two, [80, 80, 75, 70], "J-5.1.T-b"),
        (ProviderLevel::Three, [75, 75, 70, 65], "J-5.1.T-c"),
    ];
    assert_eq!(basic.inpatient_rate.len(), 12);
    for (level, rates, rule_id) in printed {
        for (tier, rate) in [Tier::StudentChild, Tier::High, Tier::Middle, Tier::Low].into_iter().zip(rates) {
            assert_printed(&basic.inpatient_rate[&(level, tier)], &Rate::percent(rate), rule_id);
        }
    }
    let name = &basic.inpatient_rate[&(ProviderLevel::Three, Tier::Middle)].name;
    assert_eq!(name, "tianjin-2021.inpatient.rate.LEVEL_3.MIDDLE");
    assert_printed(&basic.deductible, &Fen::yuan(500), "J-5.1.T-d");
    assert_printed(&basic.waived_from_stay, &2, "J-5.1.T-e");
    assert_printed(&basic.maximum, &Fen::yuan(180_000), "J-5.1.T-f");
    assert_printed(&basic.maximum_basis, &MaximumBasis::FundPayment, "J-5.1.T-f");
}

#[test]
fn critical_illness() {
    let params = year_2021().critical_illness.clone().unwrap();
    assert_printed(&params.threshold, &Fen::yuan(21_202), "J-5.2-f");
    assert_eq!(params.threshold.since, day("2020-04-01"));
    assert!(params.threshold_is_provisional, "AMB-077");
    let bands = [(100_000, 60, "J-5.2-b"), (200_000, 65, "J-5.2-c"), (300_000, 70, "J-5.2-d")];
    assert_eq!(params.bands.len(), bands.len());
    for (band, (up_to, rate, rule_id)) in params.bands.iter().zip(bands) {
        assert_eq!((band.up_to, band.rate, &*band.reference.rule_id), (Fen::yuan(up_to), Rate::percent(rate), rule_id));
    }
    assert_printed(&params.cumulation, &Cumulation::Year, "J-5.2-k");
    let tilt = params.tilt.unwrap();
    assert_eq!((tilt.identities.len(), &*tilt.identities.reference.rule_id), (12, "J-5.2-g"));
    assert!(!tilt.identities.contains(&Identity::EntitledGroup), "AMB-079: only with medical subsidy");
    assert_printed(&tilt.threshold_share, &Rate::percent(50), "J-5.2-h");
    assert_printed(&tilt.extra_points, &5, "J-5.2-i");
    assert_printed(&tilt.unlimited, &true, "J-5.2-j");
    assert_printed(&tilt.above_last_band, &Rate::percent(75), "J-5.2-j");
}

#[test]
fn assistance_types() {
    let params = year_2021().assistance.clone().unwrap();
    let rows: Vec<_> = params
        .types
        .iter()
        .map(|row| {
            let rates =
                [row.inpatient_lower, row.inpatient_upper, row.outpatient_rate].map(|rate| rate.basis_points() / 100);
            (row.code.as_str(), rates, row.outpatient_maximum.get() / 100, row.reference.rule_id.as_ref())
        })
        .collect();
    let expected = [
        ("URBAN_EXTREME_POVERTY", [60, 80, 50], 500, "J-5.5.T-a"),
        ("RURAL_EXTREME_POVERTY", [60, 80, 50], 500, "J-5.5.T-a"),
        ("URBAN_EXTREME_POVERTY_SEVERELY_DISABLED", [65, 85, 50], 500, "J-5.5.T-b"),
        ("RURAL_EXTREME_POVERTY_SEVERELY_DISABLED", [65, 85, 50], 500, "J-5.5.T-b"),
        ("SUBSISTENCE_ALLOWANCE_SEVERELY_DISABLED", [65, 85, 50], 200, "J-5.5.T-c"),
        ("LOW_INCOME_SEVERELY_DISABLED", [65, 85, 50], 200, "J-5.5.T-c"),
        ("SUBSISTENCE_ALLOWANCE", [60, 80, 50], 200, "J-5.5.T-d"),
        ("LOW_INCOME", [60, 80, 50], 200, "J-5.5.T-d"),
        ("OTHER_SPECIAL_HARDSHIP", [60, 80, 50], 200, "J-5.5.T-d"),
        ("SEVERELY_DISABLED", [60, 80, 50], 200, "J-5.5.T-d"),
        ("LOW_INCOME_PRICE_SUBSIDY", [60, 80, 50], 200, "J-5.5.T-d"),
        ("CHILD_IN_DIFFICULTY", [60, 85, 50], 200, "J-5.5.T-e"),
        ("ORPHAN", [60, 85, 50], 200, "J-5.5.2-d"),
        ("HIV_INFECTED_CHILD", [60, 85, 50], 200, "J-5.5.2-d"),
        ("DE_FACTO_UNATTENDED_CHILD", [60, 85, 50], 200, "J-5.5.2-d"),
    ];
    assert_eq!(rows, expected);
    // Half of the share (J-5.5.1-b), up to 500 yuan for extreme poverty (J-5.5.1-c) and 200 for others (J-5.5.1-d).
    assert!(params.types.iter().all(|row| row.outpatient_rate == Rate::percent(50)), "J-5.5.1-b");
    let disabled = params.types.iter().find(|row| row.code == "LOW_INCOME_SEVERELY_DISABLED").unwrap();
    assert_eq!(disabled.requires, [Identity::LowIncome, Identity::SevereDisability]);
    assert_printed(&params.upper_band_from, &Fen::yuan(20_000), "J-5.5.2-b");
    assert_printed(&params.band_scope, &BandScope::CalendarYear, "J-5.5.2-b");
}

#[test]
fn veterans() {
    let params = year_2021().assistance.clone().unwrap();
    let rows: Vec<_> = params
        .veterans
        .iter()
        .map(|row| {
            let rates = [row.outpatient_rate, row.inpatient_rate].map(|rate| rate.basis_points() / 100);
            (row.identity, rates, row.reference.rule_id.as_ref())
        })
        .collect();
    let expected = [
        (Identity::MartyrSurvivor, [70, 90], "J-5.5.T-f"),
        (Identity::DutyDeathSoldierSurvivor, [70, 90], "J-5.5.T-f"),
        (Identity::OldDemobilisedSoldier, [50, 80], "J-5.5.T-g"),
        (Identity::IllnessDeathSoldierSurvivor, [50, 80], "J-5.5.T-g"),
        (Identity::DisabledSoldierGrade7To10, [50, 80], "J-5.5.T-g"),
        (Identity::ReturnedVeteranWithIllness, [25, 70], "J-5.5.T-h"),
        (Identity::WarOrTestVeteran, [25, 70], "J-5.5.T-h"),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn yearly_programs() {
    let snapshot = year_2021();
    let [illness, family] = snapshot.assistance_programs.as_slice() else { panic!("two programs") };
    assert_eq!((illness.code.as_str(), family.code.as_str()), ("MAJOR_ILLNESS", "EXPENDITURE_POOR_FAMILY"));
    assert_printed(&illness.rate, &Rate::percent(50), "J-5.5.3-b");
    assert_printed(illness.threshold.as_ref().unwrap(), &Fen::yuan(20_000), "J-5.5.3-b");
    assert_printed(&illness.times_per_year, &1, "J-5.5.3-c");
    assert_printed(&illness.maximum, &Fen::yuan(100_000), "J-5.5.3-d");
    assert_printed(&family.rate, &Rate::percent(50), "J-5.5.4-c");
    assert_eq!(family.threshold, None);
    assert_printed(&family.times_per_year, &1, "J-5.5.4-d");
    assert_printed(&family.maximum, &Fen::yuan(50_000), "J-5.5.4-e");
    assert!(*family.per_family && !*illness.per_family);
}

/// J-3.3.1-c, J-3.3.2-a, J-3.3.2-b, J-3.3.5-a.
#[test]
fn ways_of_units_and_papers() {
    let declaration = year_2021().declaration.clone();
    assert_printed(&declaration.agency_system.unwrap(), &true, "J-3.3.1-a");
    assert_printed(&declaration.by_authority.unwrap(), &true, "J-3.3.1-e");
    let payment = year_2021().payment.clone();
    let row = |code: &str| payment.collections.iter().find(|row| row.code == code).unwrap();
    let (transfer, voucher) = (PaymentMethod::AuthorisedTransfer, PaymentMethod::BankInquiryVoucher);
    assert_eq!(row("UNIT").methods, [transfer, voucher]);
    assert_eq!(row("VILLAGE").methods, [voucher]);
    assert_eq!(row("TOWNSHIP").papers, [PaymentPaper::PaymentNotice]);
    assert_eq!(row("TAX_HALL").papers, [PaymentPaper::PaymentNotice, PaymentPaper::CashTaxForm]);
}

/// J-10.1.1-a to J-10.2.2-d, J-10.5.1-b, J-10.5.3-a; AMB-134: only the list of direct settlement leaves the resettled out.
#[test]
fn filings() {
    let filings = year_2021().filings.clone().unwrap();
    let named = ResidenceKind::ALL[..6].to_vec();
    assert_printed(&filings.self_paid_kinds, &named, "J-10.1.1-a");
    assert_printed(&filings.direct_kinds, &named[1..].to_vec(), "J-10.2.1-a");
    assert_eq!(named[0], ResidenceKind::Resettled);
    assert_printed(&filings.direct_channels, &FilingChannel::ALL.to_vec(), "J-10.2.1-b");
    assert_printed(&filings.fewest_institutions, &1, "J-10.2.2-a");
    assert_printed(&filings.most_institutions, &4, "J-10.2.2-a");
    assert_printed(&filings.institution_level, &ProviderLevel::Two, "J-10.2.2-a");
    assert_printed(&filings.transfer_level, &ProviderLevel::Two, "J-10.1.3-a");
    assert_printed(&filings.transfer_months, &12, "J-10.2.2-d");
    let trips = vec![TripReason::Business, TripReason::Study, TripReason::Holiday];
    assert_printed(&filings.trip_reasons, &trips, "J-10.1.2-a");
    assert_printed(&filings.student_months, &1, "J-10.5.1-b");
    assert_eq!((filings.others.rule_id.as_ref(), filings.others.configurable), ("J-10.5.3-a", false));
}
