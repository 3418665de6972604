//! The examples of the catalogue, against the second engine itself: two engines could share a mistake.

use chrono::NaiveDate;
use juyi_domain::codes::{Identity, ProviderLevel, Tier};
use juyi_domain::money::Fen;
use juyi_domain::settlement::accumulators::{CarriedBalance, Opening};
use juyi_domain::settlement::care::{CareKind, OutOfArea, Place};
use juyi_domain::settlement::case::Case;

use crate::bills::{self, at_a_village_clinic};
use crate::births::{Birth, maternity};
use crate::closing::{Left, close};
use crate::engine::{Line, Regime, year};

/// A bill on every tenth day of 2021.
fn bill(kind: CareKind, number: u32, yuan: i64) -> Case {
    bills::bill(kind, NaiveDate::from_yo_opt(2021, number * 10).unwrap(), number, yuan)
}

fn stay(number: u32, yuan: i64) -> Case {
    bill(CareKind::Inpatient, number, yuan)
}

fn with(mut case: Case, change: impl FnOnce(&mut Case)) -> Case {
    change(&mut case);
    case
}

fn at(level: ProviderLevel, tier: Tier, case: Case) -> Case {
    with(case, |case| (case.bill.provider.level, case.tier) = (Some(level), tier))
}

fn lines(cases: &[Case]) -> Vec<Line> {
    year(Regime::Tianjin2021, cases, &Opening::default())
}

fn basic(cases: &[Case]) -> Vec<i64> {
    lines(cases).iter().map(|line| line.basic).collect()
}

/// J-5.1.T-a to -e.
#[test]
fn stays() {
    let rows = [
        (ProviderLevel::One, Tier::Low, 3_000, 187_500),
        (ProviderLevel::Two, Tier::StudentChild, 6_500, 480_000),
        (ProviderLevel::Three, Tier::Middle, 20_000, 1_365_000),
    ];
    for (level, tier, yuan, paid) in rows {
        assert_eq!(basic(&[at(level, tier, stay(1, yuan))]), [paid]);
    }
    assert_eq!(basic(&[stay(1, 300), at(ProviderLevel::Two, Tier::Middle, stay(2, 8_000))])[1], 600_000);
}

/// J-5.1.T-f, J-5.1.2-b, J-5.1.6-a.
#[test]
fn maxima_and_parts_of_stays() {
    let high = |number, yuan| with(stay(number, yuan), |case| case.tier = Tier::High);
    let cases = [high(1, 200_500), high(2, 60_000)];
    assert_eq!(basic(&cases), [15_000_000, 3_000_000]);
    let balances = [250_000, 400_000].map(|fen| CarriedBalance { origin_year: 2020, amount: Fen::new(fen) });
    let opening = Opening { balances: balances.to_vec(), unused_outpatient_years: 0 };
    assert_eq!(year(Regime::Tianjin2021, &cases, &opening)[1].basic, 3_650_000);
    let later = with(stay(1, 12_000), |case| case.bill.stay_began_on = NaiveDate::from_ymd_opt(2020, 12, 20));
    assert_eq!(basic(&[later, stay(2, 500)]), [840_000, 0]);
}

/// J-5.1.T-g to -k, C03.
#[test]
fn special_outpatient_care() {
    let special = |number, yuan| bill(CareKind::SpecialOutpatient, number, yuan);
    assert_eq!(basic(&[at(ProviderLevel::One, Tier::High, special(1, 2_500))]), [130_000]);
    assert_eq!(basic(&[at(ProviderLevel::Three, Tier::Low, special(1, 10_000))]), [427_500]);
    assert_eq!(basic(&[special(1, 500), at(ProviderLevel::One, Tier::Middle, special(2, 1_000))])[1], 60_000);
    assert_eq!(lines(&[special(1, 300), stay(2, 1_000)])[1].deductible, 20_000);
    let small = |number| stay(number, 100);
    assert_eq!(lines(&[small(1), special(2, 1_000)])[1].deductible, 40_000);
    assert_eq!(lines(&[small(1), small(2), special(3, 1_000)])[2].deductible, 40_000);
}

/// J-5.1.T-m to -p, J-5.1.4-b, J-5.1.5-c, B-5.2-c.
#[test]
fn outpatient_care() {
    let visit = |number, yuan| bill(CareKind::Outpatient, number, yuan);
    assert_eq!(basic(&[visit(1, 420), visit(2, 280)]), [0, 10_000]);
    assert_eq!(basic(&[visit(1, 9_000)]), [400_000]);
    let level_3 = at(ProviderLevel::Three, Tier::Middle, visit(1, 800));
    assert_eq!(basic(&[level_3, visit(2, 700)]), [0, 10_000]);
    let doctor = with(visit(2, 400), |case| case.standing.family_doctor = true);
    assert_eq!(basic(&[visit(1, 500), doctor]), [0, 22_000]);
    assert_eq!(basic(&[at_a_village_clinic(visit(1, 10))]), [800]);
    assert_eq!(year(Regime::Baodi2017, &[visit(1, 7_000)], &Opening::default())[0].basic, 300_000);
}

/// J-5.1.T-q and -r, C22.
#[test]
fn home_beds() {
    let bed = |number, days| with(bill(CareKind::HomeBed, number, 4_500), |case| case.bill.home_bed_days = days);
    assert_eq!(basic(&[at(ProviderLevel::One, Tier::Middle, bed(1, 30))]), [320_000]);
    assert_eq!(basic(&[bed(1, 90), bed(2, 30)]), [280_000, 0]);
}

/// J-5.2-a to -j, B-5.1-c to -f, on a burden supplied.
#[test]
fn critical_illness() {
    let tilt = |case| with(case, |case| case.identities = vec![Identity::SubsistenceAllowance]);
    let burden = |yuan| bill(CareKind::SuppliedBurden, 1, yuan);
    let of = |regime, case: Case| year(regime, &[case], &Opening::default())[0].critical;
    for (yuan, paid) in [(21_202, 0), (21_203, 60), (100_000, 4_727_880), (150_000, 7_977_880), (300_000, 18_227_880)] {
        assert_eq!(of(Regime::Tianjin2021, burden(yuan)), paid);
    }
    assert_eq!(of(Regime::Tianjin2021, tilt(burden(150_000))), 9_310_935);
    assert_eq!(of(Regime::Tianjin2021, tilt(burden(350_000))), 24_060_935);
    for (yuan, paid) in [(20_000, 0), (100_000, 4_000_000), (150_000, 7_000_000), (400_000, 17_000_000)] {
        assert_eq!(of(Regime::Baodi2017, burden(yuan)), paid);
    }
    let cases = [burden(15_000), with(bill(CareKind::SuppliedBurden, 2, 20_000), |_| ())];
    assert_eq!(lines(&cases)[1].critical, 827_880);
}

/// J-10.3.2-a to -e, C17, C18.
#[test]
fn elsewhere() {
    let of = |category, level, receiving_level, yuan| {
        let place = Place::Elsewhere { category, region: "130100".to_owned(), receiving_level };
        basic(&[with(at(level, Tier::Middle, stay(1, yuan)), |case| case.bill.place = place)])[0]
    };
    let (one, two, three) = (ProviderLevel::One, ProviderLevel::Two, ProviderLevel::Three);
    assert_eq!(of(OutOfArea::Residence, three, None, 20_000), 1_365_000);
    assert_eq!(of(OutOfArea::ApprovedTransfer, three, None, 20_000), 1_267_500);
    assert_eq!(of(OutOfArea::ApprovedTransfer, two, None, 20_000), 1_365_000);
    assert_eq!(of(OutOfArea::TransferPartner, one, Some(three), 20_000), 1_267_500);
    let chosen = [three, two, one].map(|level| of(OutOfArea::SelfChosen, level, None, 20_000));
    assert_eq!(chosen, [1_170_000, 1_267_500, 0]);
}

/// S-45, S-46, S-50; J-5.5.1-b to -d, J-5.5.2-a to -d, J-5.5.T-a to -h.
#[test]
fn assistance() {
    let of = |identities: &[Identity], case| with(case, |case: &mut Case| case.identities = identities.to_vec());
    let poor = [Identity::SubsistenceAllowance];
    let two = lines(&[of(&poor, stay(1, 120_000)), of(&poor, stay(2, 60_000))]);
    assert_eq!([two[0].critical, two[0].medical, two[0].person()], [1_673_685, 1_176_789, 784_526]);
    assert_eq!([two[1].critical, two[1].medical, two[1].person()], [1_170_000, 496_263, 133_737]);
    let visit = || bill(CareKind::Outpatient, 1, 1_300);
    for (identity, inpatient, outpatient) in [
        (Identity::MartyrSurvivor, 571_500, 63_000),
        (Identity::OldDemobilisedSoldier, 508_000, 45_000),
        (Identity::WarOrTestVeteran, 444_500, 22_500),
    ] {
        assert_eq!(lines(&[of(&[identity], stay(1, 20_000))])[0].veterans, inpatient);
        assert_eq!(lines(&[of(&[identity], visit())])[0].veterans, outpatient);
    }
    // J-10.4-a, AMB-101.
    let there = |mut case: Case, category| {
        case.bill.provider.assistance_designated = false;
        case.bill.place = Place::Elsewhere { category, region: "110000".to_owned(), receiving_level: None };
        lines(&[of(&poor, case)]).remove(0)
    };
    let transfer = there(stay(1, 20_000), OutOfArea::ApprovedTransfer);
    assert_eq!(
        [transfer.basic, transfer.critical, transfer.medical, transfer.person()],
        [1_267_500, 0, 439_500, 293_000]
    );
    assert_eq!(there(visit(), OutOfArea::TemporaryEmergency).medical, 0);
    assert_eq!(lines(&[of(&poor, visit())])[0].medical, 20_000);
    assert_eq!(lines(&[of(&[Identity::RuralExtremePoverty], visit())])[0].medical, 45_000);
}

/// J-5.1.1-a to -d, J-5.1.2-a, B-5.3-a, B-5.4-a, AMB-060 to -063.
#[test]
fn what_a_year_leaves() {
    let left = |regime, yuan, unused, whole_year| {
        let opening = Opening { balances: Vec::new(), unused_outpatient_years: unused };
        let lines = year(regime, &[bill(CareKind::Outpatient, 1, yuan)], &opening);
        close(regime, &lines, &opening, false, whole_year)
    };
    let (old, new) = (Regime::Baodi2017, Regime::Tianjin2021);
    assert_eq!(left(new, 1_500, 0, true), Left { carried: 250_000, unused_years: 0, balances: Vec::new() });
    assert_eq!(left(new, 500, 0, false), Left { carried: 350_000, unused_years: 1, balances: Vec::new() });
    assert_eq!(left(new, 700, 2, true), Left { carried: 330_000, unused_years: 0, balances: Vec::new() });
    assert_eq!(left(new, 4_000, 0, true).carried, 0);
    assert_eq!(left(old, 800, 0, true), Left { carried: 220_000, unused_years: 0, balances: Vec::new() });
    assert_eq!([left(old, 300, 3, true), left(old, 200, 3, true)].map(|left| left.unused_years), [0, 4]);
    assert_eq!(left(old, 100, 0, false).unused_years, 0);
    assert_eq!(close(new, &[], &Opening::default(), true, true).carried, 420_000);
}

/// J-5.3.T-a to -s.
#[test]
fn births_and_family_planning() {
    let rows = [
        (Birth::PrenatalChecks(Some(11)), 210, 16_000),
        (Birth::PrenatalChecks(Some(11)), 90, 9_000),
        (Birth::PrenatalChecks(Some(12)), 300, 28_000),
        (Birth::PrenatalChecks(Some(27)), 800, 54_000),
        (Birth::PrenatalChecks(None), 700, 66_000),
        (Birth::Delivery, 4_000, 228_000),
        (Birth::Delivery, 1_500, 228_000),
        (Birth::ObstetricComplication, 9_000, 540_000),
        (Birth::SevereDisease, 15_000, 1_050_000),
        (Birth::TransferredOut, 1_500, 90_000),
        (Birth::InducedLabour, 900, 96_000),
        (Birth::Abortion, 300, 18_000),
        (Birth::HighRiskAbortion, 500, 36_000),
        (Birth::Device, 200, 12_000),
        (Birth::DeviceReplacement, 260, 20_000),
        (Birth::FemaleSterilisation, 1_500, 60_000),
        (Birth::MaleSterilisation, 700, 36_000),
        (Birth::Reversal, 5_000, 300_000),
        (Birth::ComplicatedRemoval, 800, 48_000),
        (Birth::Complication, 2_000, 120_000),
        (Birth::Miscarriage, 120, 12_000),
        (Birth::Miscarriage, 400, 15_000),
    ];
    for (birth, yuan, paid) in rows {
        assert_eq!(maternity(birth, yuan * 100, ProviderLevel::Three, Tier::Middle), paid, "{birth:?}");
    }
}
