//! The information law of both years, as far as the tests need it.

use chrono::{NaiveDate, NaiveTime};

use super::params::{
    CardChannel, CardChannelRow, CardStepRow, CardWay, ContactRow, ContactTopic, DocumentRow, InformationParams,
    OfficeHours, OpenInterval, PublicityRow, RemarkRow,
};
// Outlets and phones are those of the insurers.
pub(super) use crate::accident::fixtures::{baodi_2017 as accident_2017, tianjin_2021 as accident_2021};
use crate::codes::{District, Office};
use crate::effective::Effective;

fn interval(opens: (u32, u32), closes: (u32, u32)) -> Effective<OpenInterval> {
    let time = |(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    Effective::printed(OpenInterval { opens: time(opens), closes: time(closes) }, "J-13.N-a")
}

fn channel(way: CardWay, channel: CardChannel, rule_id: &'static str) -> Effective<CardChannelRow> {
    Effective::printed(CardChannelRow { way, channel, name: format!("{way} {channel}") }, rule_id)
}

fn step(ways: &[CardWay], channels: &[CardChannel], rule_id: &'static str) -> Effective<CardStepRow> {
    let row = CardStepRow { ways: ways.to_vec(), channels: channels.to_vec(), text: rule_id.to_owned() };
    Effective::printed(row, rule_id)
}

fn contact(
    topic: ContactTopic,
    phone: Option<&str>,
    site: Option<&str>,
    rule_id: &'static str,
) -> Effective<ContactRow> {
    let (phone, site) = (phone.map(str::to_owned), site.map(str::to_owned));
    Effective::printed(ContactRow { topic, name: topic.to_string(), phone, site }, rule_id)
}

pub(super) fn information_2021() -> InformationParams {
    use CardChannel::{App, InstantBankBranch, OtherBankBranch, TownshipService, Website};
    use CardWay::{ByMail, Instant, Replacement};
    let document = DocumentRow {
        title: "outline".to_owned(),
        circular: "73".to_owned(),
        issued_on: NaiveDate::from_ymd_opt(2020, 9, 25).unwrap(),
        public: true,
        addressees: vec!["bureaus".to_owned()],
        tasks: vec!["publicise".to_owned()],
    };
    let remark = RemarkRow { district: Some(District::Jinghai), text: "AMB-118".to_owned() };
    let window = PublicityRow {
        code: "SERVICE_WINDOW".to_owned(),
        office: Office::Township,
        district: Some(District::Jinghai),
        name: "window".to_owned(),
    };
    InformationParams {
        office_hours: Some(OfficeHours {
            intervals: vec![interval((8, 30), (12, 0)), interval((13, 30), (17, 0))],
            open_on_adjusted_weekends: Effective::printed(true, "J-13.N-a"),
        }),
        card_ways: [Instant, ByMail].map(|way| Effective::printed(way, "J-11-a")).to_vec(),
        card_channels: vec![
            channel(Instant, Website, "J-11.1-a"),
            channel(Instant, App, "J-11.1-a"),
            channel(Instant, TownshipService, "J-11.1-b"),
            channel(Instant, InstantBankBranch, "J-11.1-b"),
            channel(ByMail, App, "J-11.2-a"),
            channel(ByMail, TownshipService, "J-11.2-b"),
            channel(Replacement, TownshipService, "J-11.2-f"),
            channel(Replacement, InstantBankBranch, "J-11.2-f"),
            channel(Replacement, OtherBankBranch, "J-11.2-f"),
            channel(Replacement, App, "J-11.2-f"),
            channel(Replacement, Website, "J-11.2-f"),
        ],
        card_steps: vec![
            step(&[Instant, ByMail], &[TownshipService], "J-11.1-d"),
            step(&[Instant], &[], "J-11.2-c"),
            step(&[Replacement], &[], "J-11.2-d"),
            step(&[Replacement], &[], "J-11.2-e"),
            step(&[Replacement], &[InstantBankBranch], "J-11.2-c"),
            step(&[Replacement], &[InstantBankBranch], "J-11.2-g"),
        ],
        card_settles_after_days: Some(Effective::printed(1, "J-11.2-g")),
        card_banks: ["中国银行", "工商银行", "农商银行"]
            .map(|bank| Effective::printed(bank.to_owned(), "J-12-b"))
            .to_vec(),
        card_outlet_kinds: vec![Effective::printed("各街道（乡镇）综合服务机构".to_owned(), "J-12-a")],
        card_outlets_more_than: Some(Effective::printed(960, "J-12-a")),
        card_banks_announced: Some(Effective::printed(15, "J-12-a")),
        contacts: vec![
            contact(ContactTopic::Card, Some("022-12333"), None, "J-11.1-c"),
            contact(ContactTopic::CardOutlet, None, None, "J-12-c"),
            contact(ContactTopic::OutOfArea, None, Some("fuwu.nhsa.gov.cn"), "J-10.2.1-e"),
            contact(ContactTopic::Circular, Some("83576596"), None, "J-A3-b"),
        ],
        document: Some(Effective::printed(document, "J-A3-a")),
        refers_to: vec![Effective::printed("津医保局发〔2020〕69号".to_owned(), "J-A3-a")],
        remarks: vec![Effective::printed(remark, "J-A2-a")],
        publicity: vec![Effective::printed(window, "J-A2.3-c")],
    }
}

pub(super) fn information_2017() -> InformationParams {
    let document = DocumentRow {
        title: "plan".to_owned(),
        circular: "津人社局发〔2016〕63号".to_owned(),
        issued_on: NaiveDate::from_ymd_opt(2016, 10, 12).unwrap(),
        public: true,
        addressees: vec!["townships".to_owned()],
        tasks: vec!["complete the targets in time".to_owned()],
    };
    let way =
        |code: &str, office| PublicityRow { code: code.to_owned(), office, district: None, name: code.to_owned() };
    InformationParams {
        document: Some(Effective::printed(document, "B-0-a")),
        refers_to: vec![Effective::printed("津人社局发〔2016〕63号".to_owned(), "B-0-b")],
        publicity: vec![
            Effective::printed(way("TELEVISION", Office::HumanResources), "B-7.2.1-a"),
            Effective::printed(way("MARKETS", Office::Township), "B-7.2.2-a"),
        ],
        ..InformationParams::default()
    }
}
