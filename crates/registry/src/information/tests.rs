//! The calls through the generated client. No database decides anything here.

use juyi_domain::codes::{District, InsuredGroup, Insurer};
use juyi_domain::information::params::{CardChannel, CardWay, ContactTopic};
use juyi_kit::channel::Channel;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::information_service_client::InformationServiceClient;
use juyi_testkit::{TestTarget, context};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::NAME;
use crate::testing::alone;

const JINGHAI: &str = "120118";
const BAODI: &str = "120115";

struct Desk {
    client: InformationServiceClient<Channel>,
    _target: TestTarget,
}

impl Desk {
    async fn open() -> Self {
        let target = TestTarget::sqlite();
        let component = crate::build(&target.config(), context("2021-05-07"), alone()).await.unwrap();
        let client = InformationServiceClient::new(Channel::local(NAME, component.routes));
        Self { client, _target: target }
    }

    async fn find(&self, group: InsuredGroup, district: &str, policy_year: i32) -> pb::FindOutletsResponse {
        let request = pb::FindOutletsRequest { district: district.to_owned(), group: group.to_wire(), policy_year };
        self.client.clone().find_outlets(request).await.unwrap().into_inner()
    }

    async fn outlet(&self, number: i32, policy_year: i32) -> Result<pb::InsuranceOutlet, Status> {
        let request = pb::GetOutletRequest { number, policy_year };
        Ok(self.client.clone().get_outlet(request).await?.into_inner().outlet.unwrap())
    }

    async fn list(&self, district: &str, page_size: i32, token: &str) -> pb::ListOutletsResponse {
        let request = pb::ListOutletsRequest {
            district: district.to_owned(),
            policy_year: 2021,
            page_size,
            page_token: token.to_owned(),
        };
        self.client.clone().list_outlets(request).await.unwrap().into_inner()
    }

    async fn hours(&self, local_time: &str, weekends_only: bool) -> Result<pb::GetOfficeHoursResponse, Status> {
        let request = pb::GetOfficeHoursRequest { local_time: local_time.to_owned(), weekends_only };
        Ok(self.client.clone().get_office_hours(request).await?.into_inner())
    }

    async fn contacts(
        &self,
        district: &str,
        policy_year: i32,
        topic: Option<ContactTopic>,
        phones_only: bool,
    ) -> Result<Vec<pb::Contact>, Status> {
        let topic = topic.map(Coded::to_wire).unwrap_or_default();
        let request = pb::ListContactsRequest { policy_year, district: district.to_owned(), topic, phones_only };
        Ok(self.client.clone().list_contacts(request).await?.into_inner().contacts)
    }

    async fn document(&self, district: &str, year: i32, circular: &str) -> Result<pb::PolicyDocument, Status> {
        let circular_text = circular.to_owned();
        let request = pb::GetDocumentRequest { district: district.to_owned(), policy_year: year, circular_text };
        Ok(self.client.clone().get_document(request).await?.into_inner().document.unwrap())
    }
}

/// Reasons and the rule of the first.
fn refusal(status: &Status) -> (String, String) {
    let metadata = status.get_details_error_info().unwrap().metadata;
    (metadata["reasons"].clone(), metadata.get("rule_id").cloned().unwrap_or_default())
}

fn marks(receipt: Option<&juyi_proto::common::v1::Receipt>) -> Vec<String> {
    receipt.unwrap().steps.iter().flat_map(|step| step.marks.clone()).collect()
}

/// S-56: J-13.T-b, J-13.T-c, J-6.2.3.6-d, J-6.2.3.6-e, J-6.2.3.6-h, B-6.2.1-a, and AMB-127 in order.
#[tokio::test]
async fn the_routed_insurer_decides_where_to_turn() {
    let desk = Desk::open().await;
    let places = |found: &pb::FindOutletsResponse| -> Vec<(pb::OutletPlace, i32)> {
        let number = |choice: &pb::OutletChoice| choice.outlet.as_ref().map_or(0, |outlet| outlet.number);
        found.choices.iter().map(|choice| (choice.place(), number(choice))).collect()
    };
    let (local, hall, phone) = (pb::OutletPlace::Local, pb::OutletPlace::CityHall, (pb::OutletPlace::Phone, 0));
    for (group, district, insurer, expected) in [
        (InsuredGroup::StudentChild, JINGHAI, Insurer::TaikangLife, vec![(hall, 3), phone]),
        (InsuredGroup::AdultResident, JINGHAI, Insurer::SunlifeEverbright, vec![(local, 102), phone]),
        (InsuredGroup::StudentChild, BAODI, Insurer::TaikangLife, vec![(local, 111), phone]),
        (InsuredGroup::AdultResident, BAODI, Insurer::PiccHealth, vec![(local, 114), phone]),
        (InsuredGroup::StudentChild, "120102", Insurer::PiccHealth, vec![phone]),
    ] {
        let found = desk.find(group, district, 2021).await;
        assert_eq!((found.insurer, places(&found)), (insurer.to_wire(), expected), "{group} {district}");
        assert!(found.choices.iter().all(|choice| !choice.phone.is_empty()));
        assert!(!found.insurer_full_name.is_empty() && found.insurer_address.is_empty());
    }
    let baodi = desk.find(InsuredGroup::StudentChild, BAODI, 2017).await;
    assert_eq!((baodi.insurer, baodi.insurer_address.as_str()), (Insurer::ChinaLife.to_wire(), "宝平街广川路19号"));
    assert!(baodi.choices.is_empty());
}

/// J-13.T-a: 119 rows, 28 with a phone; AMB-126: 39 rows routed for nobody, listed all the same.
#[tokio::test]
async fn the_whole_table_is_listed_page_by_page() {
    let desk = Desk::open().await;
    let (mut all, mut token) = (Vec::new(), String::new());
    loop {
        let page = desk.list("", 50, &token).await;
        all.extend(page.outlets);
        if page.next_page_token.is_empty() {
            break;
        }
        token = page.next_page_token;
    }
    assert_eq!((all.len(), all.iter().filter(|outlet| !outlet.phone.is_empty()).count()), (119, 28));
    assert!(all.is_sorted_by_key(|outlet| outlet.number) && all.iter().all(|outlet| outlet.number != 107));
    let of_nobody = all.iter().filter(|outlet| outlet.groups.iter().all(|group| !group.routed_here)).count();
    assert_eq!(of_nobody, 39);
    let jinghai = desk.list(JINGHAI, 0, "").await;
    let numbers: Vec<_> = jinghai.outlets.iter().map(|outlet| outlet.number).collect();
    assert_eq!(numbers, (44..=53).chain([102]).collect::<Vec<_>>());
    let routed = |outlet: &pb::InsuranceOutlet| outlet.groups.iter().any(|group| group.routed_here);
    assert_eq!(jinghai.outlets.iter().filter(|outlet| routed(outlet)).count(), 1);
    let exactly = desk.list(JINGHAI, 11, "").await;
    assert_eq!((exactly.outlets.len(), exactly.next_page_token.as_str()), (11, ""));
}

/// J-13.T-a; AMB-125: 107 is not used; AMB-129: as printed; AMB-133: 2017 has no table.
#[tokio::test]
async fn an_outlet_is_read_by_its_number() {
    let desk = Desk::open().await;
    let outlet = desk.outlet(104, 2021).await.unwrap();
    assert_eq!((outlet.district.as_str(), outlet.district_text.as_str()), ("120106", "红桥网点"));
    assert_eq!((outlet.phone.as_str(), outlet.company_text.as_str()), ("13803003542", "太平洋财险"));
    let status = desk.outlet(107, 2021).await.unwrap_err();
    assert_eq!((status.code(), refusal(&status).0.as_str()), (Code::NotFound, "OUTLET_NOT_FOUND"));
    assert!(status.message().contains("number not used in the source table"), "{}", status.message());
    for (number, year, reason) in [
        (121, 2021, "OUTLET_NOT_FOUND"),
        (0, 2021, "VALUE_NOT_ALLOWED"),
        (63, 2017, "RULE_NOT_DEFINED"),
        (1, 2022, "POLICY_YEAR_NOT_LOADED"),
    ] {
        assert_eq!(refusal(&desk.outlet(number, year).await.unwrap_err()).0, reason, "{number} {year}");
    }
}

/// S-59: J-13.N-a on a Friday and a Saturday, without a calendar.
#[tokio::test]
async fn office_hours_from_weekends_alone() {
    let desk = Desk::open().await;
    for (time, open) in [
        ("2021-05-07T08:29", false),
        ("2021-05-07T08:30", true),
        ("2021-05-07T11:59", true),
        ("2021-05-07T12:00", false),
        ("2021-05-07T13:30", true),
        ("2021-05-07T17:00", false),
        ("2021-05-08T10:00", false),
    ] {
        let hours = desk.hours(time, true).await.unwrap();
        assert_eq!(hours.open, open, "{time}");
        assert!(marks(hours.receipt.as_ref()).contains(&"CALENDAR_WEEKENDS_ONLY".to_owned()), "{time}");
        assert_eq!((hours.opens_at.is_empty(), hours.closes_at.is_empty()), (open, !open), "{time}");
    }
}

/// J-13.N-a with the calendar, at any moment and at the present one.
#[tokio::test]
async fn office_hours_from_the_calendar() {
    let desk = Desk::open().await;
    let saturday = desk.hours("2021-05-08T10:00", false).await.unwrap();
    assert!(saturday.open && saturday.working_day && marks(saturday.receipt.as_ref()).is_empty());
    let labour_day = desk.hours("2021-05-05T10:00", false).await.unwrap();
    assert_eq!((labour_day.open, labour_day.opens_at.as_str()), (false, "2021-05-06T08:30"));
    let beyond = desk.hours("2027-01-04T10:00", false).await.unwrap();
    assert!(beyond.open && marks(beyond.receipt.as_ref()) == ["CALENDAR_WEEKENDS_ONLY"], "AMB-111");
    let now = desk.hours("", false).await.unwrap();
    assert_eq!((now.open, now.opens_at.as_str()), (false, "2021-05-07T13:30"), "noon of the test's clock");
    for bad in ["2021-05-07", "2021-05-07T8:30", "2021-05-07T24:00", "2021-05-07T08:30:00", "1899-12-31T10:00"] {
        assert_eq!(refusal(&desk.hours(bad, false).await.unwrap_err()).0, "VALUE_NOT_ALLOWED", "{bad}");
    }
}

/// S-59: J-11.2-g; J-11.2-d and J-11.2-f are refused together; J-11.1-b.
#[tokio::test]
async fn an_application_for_a_card_is_checked() {
    let desk = Desk::open().await;
    let on_the_spot = pb::CheckCardApplicationRequest {
        policy_year: 2021,
        way: CardWay::Replacement.to_wire(),
        channel: CardChannel::InstantBankBranch.to_wire(),
        application_date: "2021-05-06".to_owned(),
        original_shown: true,
        loss_reported: true,
        bank_loss_notice: true,
        ..Default::default()
    };
    let check = async |request: pb::CheckCardApplicationRequest| {
        desk.client.clone().check_card_application(request).await.map(tonic::Response::into_inner)
    };
    let issued = check(on_the_spot.clone()).await.unwrap();
    assert_eq!((issued.card_date.as_str(), issued.settlement_from_date.as_str()), ("2021-05-06", "2021-05-07"));
    assert!(issued.receipt.unwrap().steps.iter().all(|step| !step.title.is_empty()));

    let early =
        pb::CheckCardApplicationRequest { loss_reported: false, bank_loss_notice: false, ..on_the_spot.clone() };
    let refused = check(early).await.unwrap_err();
    assert_eq!(refusal(&refused), ("ORDER_VIOLATION,EVIDENCE_NOT_ACCEPTED".to_owned(), "J-11.2-d".to_owned()));
    let (way, channel) = (CardWay::Instant.to_wire(), CardChannel::OtherBankBranch.to_wire());
    let refused = check(pb::CheckCardApplicationRequest { way, channel, ..on_the_spot.clone() }).await.unwrap_err();
    assert_eq!(refusal(&refused), ("CHANNEL_MISMATCH".to_owned(), "J-11.1-b".to_owned()));
    let unknown = pb::CheckCardApplicationRequest { way: 0, channel: 99, ..on_the_spot.clone() };
    assert_eq!(refusal(&check(unknown).await.unwrap_err()).0, "REQUIRED_FIELD_MISSING,UNKNOWN_ENUM");
    let in_2017 = pb::CheckCardApplicationRequest { policy_year: 2017, ..on_the_spot };
    assert_eq!(refusal(&check(in_2017).await.unwrap_err()).0, "RULE_NOT_DEFINED");
}

/// J-11-a to J-11.2-g, J-11.1-c, J-12-a, J-12-b.
#[tokio::test]
async fn the_card_guide_its_banks_and_outlets() {
    let desk = Desk::open().await;
    let mut client = desk.client.clone();
    let request = pb::GetCardGuideRequest { policy_year: 2021, way: CardWay::ByMail.to_wire() };
    let guide = client.get_card_guide(request).await.unwrap().into_inner();
    assert_eq!(guide.hotline, "022-12333");
    let rules: Vec<_> = guide.entries.iter().map(|entry| entry.rule_id.as_str()).collect();
    assert_eq!(rules, ["J-11.2-a", "J-11.2-b"]);
    assert_eq!(
        guide.entries[1].steps.iter().map(|step| step.rule_id.as_str()).collect::<Vec<_>>(),
        ["J-11.1-d", "J-11.2-b"]
    );

    let bank = |bank: &str| pb::LookUpCardBankRequest { policy_year: 2021, bank: bank.to_owned() };
    let named = client.look_up_card_bank(bank("渤海银行")).await.unwrap().into_inner();
    assert_eq!((named.standing(), named.named_banks.len()), (pb::CardBankStanding::Named, 11));
    let other = client.look_up_card_bank(bank("天津银行")).await.unwrap().into_inner();
    assert_eq!((other.standing(), other.rule_id.as_str()), (pb::CardBankStanding::Unknown, "J-12-b"));

    let request = |with_addresses| pb::ListCardOutletsRequest { policy_year: 2021, with_addresses };
    let outlets = client.list_card_outlets(request(false)).await.unwrap().into_inner();
    assert_eq!((outlets.kinds.len(), outlets.more_than, outlets.banks_announced), (3, 960, 15));
    let refused = client.list_card_outlets(request(true)).await.unwrap_err();
    assert_eq!(refusal(&refused), ("RULE_NOT_DEFINED".to_owned(), "J-12-a".to_owned()));
}

/// J-12-c, J-10.2.1-e, J-13.N-b, J-A3-b, B-6.2-a.
#[tokio::test]
async fn contacts_by_topic() {
    let desk = Desk::open().await;
    let platform = desk.contacts(JINGHAI, 2021, Some(ContactTopic::OutOfArea), false).await.unwrap();
    assert_eq!((platform.len(), platform[0].site.as_str()), (6, "fuwu.nhsa.gov.cn"));
    let phones = desk.contacts(JINGHAI, 2021, None, true).await.unwrap();
    let told: Vec<_> = phones.iter().map(|contact| (contact.phone.as_str(), contact.rule_id.as_str())).collect();
    let expected = [
        ("022-12333", "J-11.1-c"),
        ("022-12333", "J-12-c"),
        ("83576596", "J-A3-b"),
        ("4006114196", "J-13.N-b"),
        ("4006596196", "J-13.N-b"),
        ("4006596193", "J-13.N-b"),
    ];
    assert_eq!(told, expected);
    let baodi = desk.contacts(BAODI, 2017, Some(ContactTopic::Accident), false).await.unwrap();
    assert!(baodi.len() == 2 && baodi.iter().all(|own| own.phone.is_empty() && !own.address.is_empty()));
    let refused = desk.contacts(BAODI, 2017, Some(ContactTopic::Accident), true).await.unwrap_err();
    assert_eq!(refusal(&refused), ("RULE_NOT_DEFINED".to_owned(), "B-6.2-a".to_owned()));
    assert_eq!(refusal(&desk.contacts(JINGHAI, 2017, None, false).await.unwrap_err()).0, "DISTRICT_OUT_OF_SCOPE");
}

/// J-A3-a, J-A2-a, B-0-a, B-0-b; B-7.2.1-a, B-7.2.2-a, J-A2.3-c.
#[tokio::test]
async fn documents_and_publicity() {
    let desk = Desk::open().await;
    let outline = desk.document(JINGHAI, 2021, "").await.unwrap();
    assert_eq!((outline.circular.as_str(), outline.issue_date.as_str()), ("津医保局发〔2020〕73号", "2020-09-25"));
    assert!(
        outline.public && outline.remarks[0].contains("AMB-118") && outline.rule_ids.contains(&"J-A2-a".to_owned())
    );
    let plan = desk.document(BAODI, 2017, "").await.unwrap();
    assert_eq!((plan.issue_date.as_str(), plan.refers_to[0].as_str()), ("2016-10-12", "津人社局发〔2016〕63号"));
    let refused = desk.document(BAODI, 2017, "津人社局发〔2016〕63号").await.unwrap_err();
    assert_eq!(refusal(&refused), ("RULE_NOT_DEFINED".to_owned(), "B-0-b".to_owned()));

    let publicity = async |district: District, policy_year| {
        let request = pb::ListPublicityChannelsRequest { district: district.to_string(), policy_year };
        let listed = desk.client.clone().list_publicity_channels(request).await;
        listed.map(|listed| listed.into_inner().channels.into_iter().map(|own| own.rule_id).collect::<Vec<_>>())
    };
    let baodi = publicity(District::Baodi, 2017).await.unwrap();
    let of = |rule: &str| baodi.iter().filter(|own| *own == rule).count();
    assert_eq!((of("B-7.2.1-a"), of("B-7.2.2-a")), (4, 3));
    assert_eq!(publicity(District::Jinghai, 2021).await.unwrap(), ["J-A2.3-c"]);
    assert_eq!(refusal(&publicity(District::Hexi, 2021).await.unwrap_err()).0, "RULE_NOT_DEFINED");
}
