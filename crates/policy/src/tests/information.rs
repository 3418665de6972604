//! What the documents tell the public, and where recorded data are changed, against their text.

use std::collections::BTreeMap;

use juyi_domain::codes::District::{
    Beichen, Binhai, Dongli, Hebei, Hedong, Heping, Hexi, Hongqiao, Jinghai, Jizhou, Nankai, Xiqing,
};
use juyi_domain::codes::InsuredGroup::{AdultResident, Employee, StudentChild};
use juyi_domain::codes::{Desk, District, Office};
use juyi_domain::information::contacts;
use juyi_domain::information::documents;
use juyi_domain::information::outlets;
use juyi_domain::information::params::{CardChannel, CardWay, ContactTopic};
use juyi_domain::refusal::Reason;
use juyi_domain::registry::change::params::{ChangeCase, Place};

use super::{year_2017, year_2021};

/// AMB-126: rows whose company is routed for no group where they lie.
#[test]
fn thirty_nine_outlets_serve_nobody_in_their_district() {
    let law = year_2021();
    let found: Vec<_> = outlets::unrouted(&law.accident).map(|outlet| outlet.number).collect();
    let printed: Vec<u32> = [4..=4, 6..=6, 8..=12, 20..=25, 26..=33, 44..=53, 90..=97].into_iter().flatten().collect();
    assert_eq!(found, printed);
    assert_eq!(found.len(), 39);
}

/// AMB-127: groups and districts whose insurer has no outlet there, 4 and 8 and 6.
#[test]
fn eighteen_pairs_have_no_local_outlet() {
    let mut missing: BTreeMap<_, Vec<District>> = BTreeMap::new();
    for (group, district) in outlets::without_local_outlet(&year_2021().accident) {
        missing.entry(group).or_default().push(district);
    }
    let printed = BTreeMap::from([
        (Employee, vec![Hebei, Dongli, Xiqing, Jinghai]),
        (AdultResident, vec![Heping, Hedong, Hexi, Nankai, Hebei, Hongqiao, Beichen, Jizhou]),
        (StudentChild, vec![Heping, Hedong, Nankai, Xiqing, Binhai, Jinghai]),
    ]);
    assert_eq!(missing, printed);
    assert_eq!(missing.values().map(Vec::len).sum::<usize>(), 18);
}

/// AMB-128: five outlets name all three groups; the routing decides.
#[test]
fn five_outlets_name_groups_that_are_not_routed_to_them() {
    let law = year_2021();
    let routed = |number| {
        let outlet = outlets::find(number, &law.accident).unwrap();
        assert_eq!(outlet.value.name, "城职、城乡、学生儿童", "{number}");
        let groups = outlets::routed_groups(outlet, &law.accident);
        groups.into_iter().filter(|(_, routed)| *routed).map(|(group, _)| group).collect::<Vec<_>>()
    };
    assert_eq!([routed(106), routed(108), routed(109)], [[Employee]; 3]);
    assert_eq!([routed(110), routed(113)], [[Employee, StudentChild]; 2]);
    let claims_all = law.accident.outlets.iter().filter(|outlet| outlet.value.name.contains("城职、城乡"));
    assert_eq!(claims_all.count(), 5);
}

/// AMB-125 and AMB-129: 107 is not used; district and company stand beside their normal form as printed.
#[test]
fn the_outlet_table_is_kept_as_printed() {
    let law = year_2021();
    let refusal = outlets::find(107, &law.accident).unwrap_err();
    assert_eq!((refusal.reason, &*refusal.detail), (Reason::OutletNotFound, "number not used in the source table"));
    let row = |number| outlets::find(number, &law.accident).unwrap().value.clone();
    assert_eq!((row(104).district_text.as_str(), row(104).district), ("红桥网点", Some(Hongqiao)));
    assert_eq!(row(1).company_text, "泰康人寿 中 国 人寿");
    assert_eq!((row(70).address.as_str(), row(92).address.chars().next()), ("清区城关镇一街", Some('蓟')));
}

/// J-13.N-a.
#[test]
fn office_hours_of_the_note() {
    let hours = year_2021().information.office_hours.clone().unwrap();
    let shown: Vec<_> = hours
        .intervals
        .iter()
        .map(|own| (&*own.reference.rule_id, format!("{}-{}", own.opens.format("%H:%M"), own.closes.format("%H:%M"))))
        .collect();
    let printed = [("J-13.N-a", "08:30-12:00".to_owned()), ("J-13.N-a", "13:30-17:00".to_owned())];
    assert_eq!(shown, printed);
    assert!(*hours.open_on_adjusted_weekends, "AMB-130");
    assert_eq!(year_2017().information.office_hours, None);
}

/// J-11-a to J-11.2-g, J-12-a, J-12-b, AMB-132.
#[test]
fn cards_as_the_outline_explains_them() {
    let law = year_2021();
    let law = &law.information;
    let ways: Vec<_> = law.card_ways.iter().map(|way| (way.value, &*way.reference.rule_id)).collect();
    assert_eq!(ways, [(CardWay::Instant, "J-11-a"), (CardWay::ByMail, "J-11-a")]);
    let mut rules = BTreeMap::new();
    for row in &law.card_channels {
        *rules.entry(row.reference.rule_id.to_string()).or_insert(0) += 1;
    }
    let printed = [("J-11.1-a", 2), ("J-11.1-b", 2), ("J-11.2-a", 1), ("J-11.2-b", 1), ("J-11.2-f", 5)];
    assert_eq!(rules, printed.map(|(rule, count)| (rule.to_owned(), count)).into());
    let app = |way| {
        let row = law.card_channels.iter().find(|row| row.way == way && row.channel == CardChannel::App);
        row.unwrap().value.name.clone()
    };
    assert_eq!([app(CardWay::Instant), app(CardWay::ByMail)], ["“天津人力社保局”手机APP", "“天津人力社保”手机APP"]);
    let steps: Vec<_> = law.card_steps.iter().map(|step| step.reference.rule_id.to_string()).collect();
    for rule in ["J-11.1-d", "J-11.2-c", "J-11.2-d", "J-11.2-e", "J-11.2-f", "J-11.2-g"] {
        assert!(steps.iter().any(|own| own == rule), "{rule}");
    }
    assert_eq!(law.card_banks.len(), 11, "J-12-b, AMB-131");
    assert!(law.card_banks.iter().all(|bank| bank.value != "天津银行"));
    let told =
        (law.card_outlets_more_than.as_deref(), law.card_banks_announced.as_deref(), law.card_outlet_kinds.len());
    assert_eq!(told, (Some(&960), Some(&15), 3));
    assert!(year_2017().information.card_channels.is_empty());
}

/// J-10.2.1-e: six enquiries at one address; J-A3-b: the office's phone and nobody's name (AMB-124).
#[test]
fn contacts_as_printed() {
    let law = year_2021();
    let of = |topic| contacts::list(Some(topic), false, Jinghai, (&law.information, &law.accident)).unwrap();
    let enquiries = of(ContactTopic::OutOfArea);
    assert_eq!(enquiries.len(), 6);
    assert!(enquiries.iter().all(|own| own.site.as_deref() == Some("fuwu.nhsa.gov.cn") && own.rule_id == "J-10.2.1-e"));
    assert!(enquiries.iter().all(|own| own.name.starts_with("国家医保服务平台网站异地就医查询界面：")));
    assert_eq!(of(ContactTopic::Card)[0].phone.as_deref(), Some("022-12333"), "J-11.1-c");
    assert_eq!(of(ContactTopic::CardOutlet).len(), 3, "J-12-c");
    assert_eq!(of(ContactTopic::Circular)[0].phone.as_deref(), Some("83576596"), "J-A3-b");
    let phones = of(ContactTopic::Accident);
    assert!(phones.len() == 3 && phones.iter().all(|own| own.rule_id == "J-13.N-b"));
    let baodi = year_2017();
    let law = (&baodi.information, &baodi.accident);
    let addresses = contacts::list(Some(ContactTopic::Accident), false, District::Baodi, law).unwrap();
    let addresses: Vec<_> = addresses.into_iter().map(|own| (own.group, own.address.unwrap())).collect();
    let printed = [
        (Some(AdultResident), "宝平街渔阳道新都汇写字楼707室".to_owned()),
        (Some(StudentChild), "宝平街广川路19号".to_owned()),
    ];
    assert_eq!(addresses, printed, "B-6.2-a");
}

/// J-A3-a, J-A2-a, B-0-a, B-0-b.
#[test]
fn documents_about_themselves() {
    let law = year_2021();
    let outline = documents::describe(None, Jinghai, &law.information).unwrap();
    assert_eq!((outline.document.circular.as_str(), outline.document.addressees.len()), ("津医保局发〔2020〕73号", 5));
    assert_eq!(outline.rule_ids, ["J-A3-a", "J-1.3-a", "J-A2-a"]);
    assert!(outline.remarks[0].contains("AMB-118"));
    let law = year_2017();
    let plan = documents::describe(None, District::Baodi, &law.information).unwrap();
    assert_eq!((plan.document.issued_on.to_string().as_str(), plan.document.public), ("2016-10-12", true));
    assert_eq!(plan.rule_ids, ["B-0-a", "B-0-b", "B-5-a"]);
}

/// B-7.2.1-a: four ways; B-7.2.2-a: three; J-A2.3-c: the windows of Jinghai.
#[test]
fn ways_of_publicity() {
    let law = year_2017();
    let of = |rule: &str| law.information.publicity.iter().filter(|own| own.reference.rule_id == rule).count();
    assert_eq!((of("B-7.2.1-a"), of("B-7.2.2-a")), (4, 3));
    let law = year_2021();
    let [window] = law.information.publicity.as_slice() else { panic!("one way") };
    assert_eq!(
        (window.office, window.district, &*window.reference.rule_id),
        (Office::Township, Some(Jinghai), "J-A2.3-c")
    );
}

/// J-3.4.1-a to J-3.4.2-c, B-8.2.3-b.
#[test]
fn desks_of_changes() {
    let branch = Desk::DistrictSocialInsuranceBranch;
    let law = year_2021();
    let rule = |case| law.change.rules.iter().find(|rule| rule.case == case).unwrap();
    let through_township = rule(ChangeCase::AddressPaidThroughTownship);
    assert_eq!(
        (through_township.desks.as_slice(), through_township.decided_at),
        (&[Desk::TownshipService][..], Some(branch))
    );
    assert_eq!(through_township.reference.rule_id, "J-3.4.2-b");
    assert_eq!(rule(ChangeCase::AddressPaid).place, Place::Registration, "J-3.4.2-a");
    assert_eq!(rule(ChangeCase::AddressUnpaid).place, Place::Anywhere, "J-3.4.2-c");
    assert_eq!(rule(ChangeCase::NameOrNumber).desks.len(), 3, "J-3.4.1-a");
    assert_eq!(law.change.tax_desk.as_ref().unwrap().value, Desk::TaxHall, "J-3.4.1-b");
    let law = year_2017();
    assert_eq!(law.change.rules.len(), ChangeCase::ALL.len());
    assert!(law.change.rules.iter().all(|rule| rule.desks == [branch] && rule.one_body), "B-8.2.3-b");
    assert_eq!(law.change.tax_desk, None);
}
