//! The calls through the generated client, on SQLite and on PostgreSQL.

use chrono::NaiveDate;
use juyi_db::{Database, Target, args};
use juyi_domain::codes::{Category, ChangeKind, ChangeState, Class, Desk, District, Office, Tier, UnitKind, Window};
use juyi_domain::id::ResidentId;
use juyi_domain::receipt::Receipt;
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;
use juyi_testkit::{TestTarget, context, targets};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::NAME;
use crate::store::enrolments::{self, Enrolment};
use crate::store::migrations;
use crate::store::residents::{self, Resident};

const NUMBER: &str = "120118197005010012";
const OTHER: &str = "120115197005010013";
/// The number of [`NUMBER`]'s holder, had they been born a year later.
const CORRECTED: &str = "12011819710501001X";
const DULIU: &str = "120118.4";
const JINGHAI_TOWN: &str = "120118.1";
const NANKAI_STREET: &str = "120104.1";
const BRANCH: Desk = Desk::DistrictSocialInsuranceBranch;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The service over one database, with a farmer of Duliu.
struct Suite {
    kind: &'static str,
    context: Context,
    database: Database,
    client: RegistryServiceClient<Channel>,
    resident: ResidentId,
}

impl Suite {
    async fn start(on: &TestTarget) -> Self {
        let context = context("2021-03-10");
        let component = crate::build(&on.config(), context.clone()).await.unwrap();
        let target = Target::parse(&on.url).unwrap();
        let connections = on.config().database.connections;
        let database = Database::open(&target, NAME, connections, &migrations()).await.unwrap();
        let client = RegistryServiceClient::new(Channel::local(NAME, component.routes));
        let resident = context.id();
        let suite = Self { kind: on.kind, context, database, client, resident };
        suite.units().await;
        suite.resident(resident, NUMBER).await;
        suite
    }

    async fn units(&self) {
        let mut session = self.database.begin().await.unwrap();
        let insert = "INSERT INTO unit (unit_id, kind, name, district, source, revision, office, office_name, created_at) \
            VALUES ($1, $2, $1, $3, 'test', 1, 'SYSTEM', '', $4) ON CONFLICT DO NOTHING";
        for (id, kind, district) in [
            (DULIU, UnitKind::Township, District::Jinghai),
            (JINGHAI_TOWN, UnitKind::Township, District::Jinghai),
            (NANKAI_STREET, UnitKind::Township, District::Nankai),
            ("120118.V1", UnitKind::Village, District::Jinghai),
        ] {
            let row = args![id, kind.as_str(), district.as_str(), self.context.now()];
            session.execute(insert, row).await.unwrap();
        }
        session.commit().await.unwrap();
    }

    async fn resident(&self, id: ResidentId, number: &str) {
        let resident = Resident {
            id,
            identity_number: number.to_owned(),
            name: "王桂兰".to_owned(),
            born_on: day("1970-05-01"),
            household_district: Some(District::Jinghai),
            residence_district: District::Jinghai,
            recorded_by: by(Office::Township, Some(District::Jinghai)),
            created_at: self.context.now(),
        };
        let mut session = self.database.begin().await.unwrap();
        residents::insert(&mut session, &resident).await.unwrap();
        session.commit().await.unwrap();
    }

    /// An enrolment for 2021 through a desk, in Duliu; paid when a day is given.
    async fn enrol(&self, desk: Desk, paid_on: Option<&str>) -> String {
        let enrolment = Enrolment {
            resident_id: self.resident,
            id: self.context.id(),
            policy_year: 2021,
            district: District::Jinghai,
            category: Category::RuralResident,
            class: Class::Adult,
            tier: Tier::Middle,
            desk,
            window: Window::Ordinary,
            applied_on: day("2020-11-11"),
            previous_year_insured: Some(false),
            interrupted_on: None,
            receipt: Receipt::default(),
            recorded_by: by(Office::Township, Some(District::Jinghai)),
            created_at: self.context.now(),
        };
        let mut session = self.database.begin().await.unwrap();
        enrolments::insert(&mut session, &enrolment).await.unwrap();
        let set = "UPDATE enrolment SET township = $2 WHERE resident_id = $1";
        session.execute(set, args![self.resident.to_string(), DULIU]).await.unwrap();
        session.commit().await.unwrap();
        let id = enrolment.id.to_string();
        if let Some(day) = paid_on {
            let request = pb::NotePaymentRequest {
                resident_id: self.resident.to_string(),
                enrolment_id: id.clone(),
                payment_date: day.to_owned(),
            };
            let mut client = self.client.clone();
            Caller::scope(Some(Caller::system()), client.note_payment(request)).await.unwrap();
        }
        id
    }

    async fn township_of_enrolment(&self) -> Option<String> {
        let sql = "SELECT township FROM enrolment WHERE resident_id = $1 AND policy_year = 2021";
        let mut session = self.database.read().await.unwrap();
        let row = session.maybe_row(sql, args![self.resident.to_string()]).await.unwrap().unwrap();
        row.maybe_text("township").unwrap()
    }

    async fn file(&self, caller: Caller, request: pb::FileChangeRequest) -> Result<pb::FileChangeResponse, Status> {
        Ok(Caller::scope(Some(caller), self.client.clone().file_change(request)).await?.into_inner())
    }

    async fn decide(
        &self,
        caller: Caller,
        request: pb::DecideChangeRequest,
    ) -> Result<pb::DecideChangeResponse, Status> {
        Ok(Caller::scope(Some(caller), self.client.clone().decide_change(request)).await?.into_inner())
    }

    async fn confirm_tax(&self, change_id: &str, date: &str, request_id: &str) -> Result<pb::Change, Status> {
        let request = pb::ConfirmTaxChangeRequest {
            request_id: request_id.to_owned(),
            resident_id: self.resident.to_string(),
            change_id: change_id.to_owned(),
            tax_change_date: date.to_owned(),
        };
        let caller = by(Office::Tax, Some(District::Jinghai));
        let confirmed = Caller::scope(Some(caller), self.client.clone().confirm_tax_change(request)).await?;
        Ok(confirmed.into_inner().change.unwrap())
    }

    async fn look_up(&self, identity_number: &str) -> Result<pb::Resident, Status> {
        let request = pb::LookUpResidentRequest { identity_number: identity_number.to_owned() };
        Ok(self.client.clone().look_up_resident(request).await?.into_inner().resident.unwrap())
    }

    async fn history(&self, page_size: i32, page_token: &str) -> pb::ListChangesResponse {
        let page_token = page_token.to_owned();
        let request = pb::ListChangesRequest { resident_id: self.resident.to_string(), page_size, page_token };
        self.client.clone().list_changes(request).await.unwrap().into_inner()
    }

    /// Filed on 2021-03-02 at the township service of Duliu, from the first version of the record.
    fn at_duliu(&self, request_id: &str) -> pb::FileChangeRequest {
        pb::FileChangeRequest {
            request_id: request_id.to_owned(),
            resident_id: self.resident.to_string(),
            etag: "1".to_owned(),
            desk: Desk::TownshipService.to_wire(),
            desk_district: District::Jinghai.to_string(),
            desk_township: DULIU.to_owned(),
            filing_date: "2021-03-02".to_owned(),
            proof: "户口簿".to_owned(),
            policy_year: 2021,
            ..Default::default()
        }
    }

    fn at_branch(&self, request_id: &str, district: District) -> pb::FileChangeRequest {
        pb::FileChangeRequest {
            desk: BRANCH.to_wire(),
            desk_district: district.to_string(),
            desk_township: String::new(),
            ..self.at_duliu(request_id)
        }
    }
}

fn by(office: Office, district: Option<District>) -> Caller {
    Caller { office, district, name: String::new() }
}

fn duliu() -> Caller {
    by(Office::Township, Some(District::Jinghai))
}

fn branch_of(district: District) -> Caller {
    by(Office::SocialInsurance, Some(district))
}

fn renamed(request: pb::FileChangeRequest) -> pb::FileChangeRequest {
    pb::FileChangeRequest { new_name: "王桂花".to_owned(), ..request }
}

fn moved(request: pb::FileChangeRequest, township: &str) -> pb::FileChangeRequest {
    let new_residence = Some(pb::Residence {
        district: township[..6].to_owned(),
        township: township.to_owned(),
        address: "胜利街1号".to_owned(),
    });
    pb::FileChangeRequest { new_residence, ..request }
}

/// Reasons of a refusal, and its facts.
fn refusal<T: std::fmt::Debug>(answer: Result<T, Status>) -> (String, std::collections::HashMap<String, String>) {
    let metadata = answer.unwrap_err().get_details_error_info().unwrap().metadata;
    (metadata["reasons"].clone(), metadata)
}

/// J-3.4.1-a and J-3.4.1-b: the catalogue's days; the tax office follows once, and never comes first.
#[tokio::test]
async fn a_name_is_changed_in_the_registry_and_then_at_the_tax_office() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let filed = suite.file(duliu(), renamed(suite.at_duliu("one"))).await.unwrap();
        let (change, resident) = (filed.change.clone().unwrap(), filed.resident.clone().unwrap());
        assert_eq!((change.kind, change.state), (ChangeKind::NameOrNumber.to_wire(), ChangeState::Applied.to_wire()));
        assert_eq!((change.old_name.as_str(), change.new_name.as_str()), ("王桂兰", "王桂花"), "{}", suite.kind);
        assert_eq!(change.registry_change_date, "2021-03-02");
        assert_eq!(change.receipt.unwrap().steps[0].rule_id, "J-3.4.1-a");
        assert_eq!((resident.name.as_str(), resident.etag.as_str()), ("王桂花", "2"), "{}", suite.kind);
        let again = suite.file(duliu(), renamed(suite.at_duliu("one"))).await.unwrap();
        assert_eq!(again, filed, "{}", suite.kind);

        let early = suite.confirm_tax(&change.change_id, "2021-03-01", "tax 1").await;
        assert_eq!(refusal(early).0, "ORDER_VIOLATION", "{}", suite.kind);
        let confirmed = suite.confirm_tax(&change.change_id, "2021-03-05", "tax 2").await.unwrap();
        assert_eq!(confirmed.tax_change_date, "2021-03-05", "{}", suite.kind);
        assert_eq!(confirmed.receipt.as_ref().unwrap().steps[1].rule_id, "J-3.4.1-b");
        assert_eq!(suite.confirm_tax(&change.change_id, "2021-03-05", "tax 2").await.unwrap(), confirmed);
        let twice = suite.confirm_tax(&change.change_id, "2021-03-06", "tax 3").await;
        assert_eq!(refusal(twice).0, "ORDER_VIOLATION", "{}", suite.kind);
        assert_eq!(suite.history(0, "").await.changes, [confirmed], "{}", suite.kind);
        let unknown = suite.confirm_tax(&suite.resident.to_string(), "2021-03-05", "tax 4").await;
        assert_eq!(refusal(unknown).0, "CHANGE_NOT_FOUND", "{}", suite.kind);
    }
}

/// J-3.4.1-a: the old number finds nobody and stays in the history; the birth date follows the new one.
#[tokio::test]
async fn a_corrected_number_takes_the_place_of_the_old_one() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let number = CORRECTED.to_owned();
        let request =
            pb::FileChangeRequest { new_identity_number: number.clone(), ..suite.at_branch("one", District::Jinghai) };
        let filed = suite.file(branch_of(District::Jinghai), request).await.unwrap();
        let resident = filed.resident.unwrap();
        assert_eq!((resident.identity_number.as_str(), resident.birth_date.as_str()), (number.as_str(), "1971-05-01"));
        let found = suite.look_up(&number).await.unwrap();
        assert_eq!(found.resident_id, suite.resident.to_string(), "{}", suite.kind);
        assert_eq!(refusal(suite.look_up(NUMBER).await).0, "PERSON_NOT_FOUND", "{}", suite.kind);
        let past = suite.history(0, "").await.changes.remove(0);
        assert_eq!((past.old_identity_number.as_str(), past.new_identity_number), (NUMBER, number), "{}", suite.kind);

        // The number is free for whom it belongs to.
        suite.resident(suite.context.id(), NUMBER).await;
        assert!(suite.look_up(NUMBER).await.is_ok(), "{}", suite.kind);
    }
}

/// J-3.4.1-a: IDENTITY_IN_USE without a hint whose; with the missing proof in one answer.
#[tokio::test]
async fn a_number_of_somebody_else_is_refused() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.resident(suite.context.id(), OTHER).await;
        let request = pb::FileChangeRequest {
            new_identity_number: OTHER.to_owned(),
            proof: String::new(),
            ..suite.at_duliu("one")
        };
        let status = suite.file(duliu(), request).await.unwrap_err();
        assert!(!status.message().contains(OTHER), "{}", suite.kind);
        assert_eq!(status.code(), Code::AlreadyExists, "{}", suite.kind);
        let (reasons, metadata) = refusal::<()>(Err(status));
        assert_eq!(reasons, "IDENTITY_IN_USE,EVIDENCE_NOT_ACCEPTED", "{}", suite.kind);
        assert!(metadata.values().all(|value| !value.contains(OTHER)), "{}", suite.kind);
        assert!(suite.look_up(NUMBER).await.is_ok(), "{}", suite.kind);
    }
}

/// J-3.4.2-b: registered at Duliu, paid, moves: filed at Duliu, decided by the Jinghai branch, not filed there.
#[tokio::test]
async fn a_township_forwards_and_the_branch_decides() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.enrol(Desk::TownshipService, Some("2020-11-12")).await;
        let direct = moved(suite.at_branch("direct", District::Jinghai), JINGHAI_TOWN);
        let (reasons, metadata) = refusal(suite.file(branch_of(District::Jinghai), direct).await);
        assert_eq!((reasons.as_str(), metadata["rule_id"].as_str()), ("WRONG_DESK", "J-3.4.2-b"), "{}", suite.kind);
        let right = ["right_desk", "right_district", "right_township"].map(|key| metadata[key].as_str());
        assert_eq!(right, ["TOWNSHIP_SERVICE", "120118", DULIU], "{}", suite.kind);

        let filed = suite.file(duliu(), moved(suite.at_duliu("one"), JINGHAI_TOWN)).await.unwrap();
        let (change, resident) = (filed.change.unwrap(), filed.resident.unwrap());
        assert_eq!((change.state, change.registry_change_date.as_str()), (ChangeState::Filed.to_wire(), ""));
        assert_eq!((resident.residence_township.as_str(), resident.etag.as_str()), ("", "2"), "{}", suite.kind);
        let second = pb::FileChangeRequest { etag: "2".to_owned(), ..moved(suite.at_duliu("two"), DULIU) };
        assert_eq!(refusal(suite.file(duliu(), second).await).0, "ORDER_VIOLATION", "{}", suite.kind);

        let decision = |request_id: &str| pb::DecideChangeRequest {
            request_id: request_id.to_owned(),
            resident_id: suite.resident.to_string(),
            change_id: change.change_id.clone(),
            return_reason: String::new(),
            decision_date: "2021-03-09".to_owned(),
        };
        for caller in [duliu(), branch_of(District::Nankai)] {
            assert_eq!(refusal(suite.decide(caller, decision("no")).await).0, "ROLE_NOT_ALLOWED", "{}", suite.kind);
        }
        let decided = suite.decide(branch_of(District::Jinghai), decision("yes")).await.unwrap();
        let (change, resident) = (decided.change.unwrap(), decided.resident.unwrap());
        assert_eq!(
            (change.state, change.registry_change_date.as_str()),
            (ChangeState::Applied.to_wire(), "2021-03-09")
        );
        assert_eq!(change.decided_by.unwrap().office, Office::SocialInsurance.to_wire(), "{}", suite.kind);
        let now = (resident.residence_township.as_str(), resident.address.as_str(), resident.etag.as_str());
        assert_eq!(now, (JINGHAI_TOWN, "胜利街1号", "3"), "{}", suite.kind);
        assert_eq!(suite.township_of_enrolment().await.as_deref(), Some(JINGHAI_TOWN), "{}", suite.kind);
        let again = suite.decide(branch_of(District::Jinghai), decision("again")).await;
        assert_eq!(refusal(again).0, "ORDER_VIOLATION", "{}", suite.kind);
    }
}

/// J-3.4.2-b: a returned change changes nothing and says why.
#[tokio::test]
async fn a_returned_change_leaves_the_record() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.enrol(Desk::CommunityWorkstation, Some("2020-11-12")).await;
        let filed = suite.file(duliu(), moved(suite.at_duliu("one"), JINGHAI_TOWN)).await.unwrap();
        let request = pb::DecideChangeRequest {
            request_id: "no".to_owned(),
            resident_id: suite.resident.to_string(),
            change_id: filed.change.unwrap().change_id,
            return_reason: "paper unreadable".to_owned(),
            decision_date: "2021-03-03".to_owned(),
        };
        let decided = suite.decide(branch_of(District::Jinghai), request).await.unwrap();
        let (change, resident) = (decided.change.unwrap(), decided.resident.unwrap());
        assert_eq!(
            (change.state, change.return_reason.as_str()),
            (ChangeState::Returned.to_wire(), "paper unreadable")
        );
        assert_eq!((change.registry_change_date.as_str(), resident.residence_township.as_str()), ("", ""));
        assert_eq!(suite.township_of_enrolment().await.as_deref(), Some(DULIU), "{}", suite.kind);
        let anew = pb::FileChangeRequest { etag: resident.etag, ..moved(suite.at_duliu("two"), JINGHAI_TOWN) };
        assert!(suite.file(duliu(), anew).await.is_ok(), "{}", suite.kind);
    }
}

/// J-3.4.2-a: registered at the branch, paid: that branch at once, another district's not.
#[tokio::test]
async fn a_paid_address_is_changed_by_the_branch_of_registration() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.enrol(BRANCH, Some("2020-11-12")).await;
        let elsewhere = moved(suite.at_branch("one", District::Nankai), NANKAI_STREET);
        let (reasons, metadata) = refusal(suite.file(branch_of(District::Nankai), elsewhere).await);
        assert_eq!((reasons.as_str(), metadata["rule_id"].as_str()), ("WRONG_DESK", "J-3.4.2-a"), "{}", suite.kind);
        assert_eq!((metadata["right_desk"].as_str(), metadata["right_district"].as_str()), (BRANCH.as_str(), "120118"));
        let here = moved(suite.at_branch("two", District::Jinghai), NANKAI_STREET);
        let filed = suite.file(branch_of(District::Jinghai), here).await.unwrap();
        assert_eq!(filed.change.unwrap().state, ChangeState::Applied.to_wire(), "{}", suite.kind);
        assert_eq!(filed.resident.unwrap().residence_district, "120104", "{}", suite.kind);
        // The insurance stays where it was taken out.
        assert_eq!(suite.township_of_enrolment().await.as_deref(), Some(DULIU), "{}", suite.kind);
    }
}

/// J-3.4.2-c: not yet paid: township or branch, of the place left or of the new one.
#[tokio::test]
async fn an_unpaid_address_is_changed_at_either_desk() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.enrol(Desk::TownshipService, None).await;
        let stranger = moved(suite.at_branch("no", District::Hexi), JINGHAI_TOWN);
        assert_eq!(refusal(suite.file(branch_of(District::Hexi), stranger).await).0, "ROLE_NOT_ALLOWED");
        let filed = suite.file(duliu(), moved(suite.at_duliu("one"), JINGHAI_TOWN)).await.unwrap();
        assert_eq!(filed.change.unwrap().receipt.unwrap().steps[0].rule_id, "J-3.4.2-c", "{}", suite.kind);
        assert_eq!(suite.township_of_enrolment().await.as_deref(), Some(JINGHAI_TOWN), "{}", suite.kind);
        let on_moving = moved(suite.at_branch("two", District::Nankai), NANKAI_STREET);
        let on_moving = pb::FileChangeRequest { etag: "2".to_owned(), ..on_moving };
        let filed = suite.file(branch_of(District::Nankai), on_moving).await.unwrap();
        let change = filed.change.unwrap();
        let (old, new) = (change.old_residence.unwrap(), change.new_residence.unwrap());
        assert_eq!((old.township.as_str(), new.township.as_str()), (JINGHAI_TOWN, NANKAI_STREET), "{}", suite.kind);

        let newest = suite.history(1, "").await;
        assert_eq!(newest.changes[0].change_id, change.change_id, "{}", suite.kind);
        let rest = suite.history(1, &newest.next_page_token).await;
        assert_eq!(rest.changes[0].new_residence.as_ref().unwrap().township, JINGHAI_TOWN, "{}", suite.kind);
    }
}

/// B-8.2.3-b: in 2017 the Baodi branch alone.
#[tokio::test]
async fn in_2017_other_bodies_have_no_such_duty() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let in_2017 = |request: pb::FileChangeRequest| pb::FileChangeRequest {
            desk_district: District::Baodi.to_string(),
            desk_township: if request.desk_township.is_empty() { String::new() } else { "120115.6".to_owned() },
            policy_year: 2017,
            ..request
        };
        let mut session = suite.database.begin().await.unwrap();
        let unit = "INSERT INTO unit (unit_id, kind, name, district, source, revision, office, office_name, created_at) \
            VALUES ('120115.6', 'TOWNSHIP', '', '120115', '', 1, 'SYSTEM', '', $1) ON CONFLICT DO NOTHING";
        session.execute(unit, args![suite.context.now()]).await.unwrap();
        let baodi = "UPDATE resident SET residence_district = '120115', household_district = '120115'";
        session.execute(baodi, Vec::new()).await.unwrap();
        session.commit().await.unwrap();
        let township = by(Office::Township, Some(District::Baodi));
        let (reasons, metadata) = refusal(suite.file(township, in_2017(renamed(suite.at_duliu("one")))).await);
        assert_eq!(
            (reasons.as_str(), metadata["rule_id"].as_str()),
            ("ROLE_NOT_ALLOWED", "B-8.2.3-b"),
            "{}",
            suite.kind
        );
        assert_eq!(metadata["right_desk"], BRANCH.as_str(), "{}", suite.kind);
        let right = in_2017(renamed(suite.at_branch("two", District::Baodi)));
        let filed = suite.file(branch_of(District::Baodi), right).await.unwrap();
        let change = filed.change.unwrap();
        assert_eq!(change.receipt.unwrap().steps[0].rule_id, "B-8.2.3-b", "{}", suite.kind);
        let request = pb::ConfirmTaxChangeRequest {
            request_id: "tax".to_owned(),
            resident_id: suite.resident.to_string(),
            change_id: change.change_id,
            tax_change_date: "2021-03-05".to_owned(),
        };
        let caller = by(Office::Tax, Some(District::Baodi));
        let confirmed = Caller::scope(Some(caller), suite.client.clone().confirm_tax_change(request)).await;
        assert_eq!(refusal(confirmed).0, "RULE_NOT_DEFINED", "{}", suite.kind);
    }
}

#[tokio::test]
async fn an_old_version_is_refused_and_of_two_writers_one_wins() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let other = |name: &str, id| pb::FileChangeRequest { new_name: name.to_owned(), ..suite.at_duliu(id) };
        let (one, two) = tokio::join!(suite.file(duliu(), other("甲", "one")), suite.file(duliu(), other("乙", "two")));
        let refused = if one.is_ok() { two } else { one };
        let status = refused.unwrap_err();
        assert_eq!(status.code(), Code::Aborted, "{}", suite.kind);
        assert_eq!(refusal::<()>(Err(status)).0, "REVISION_CONFLICT", "{}", suite.kind);
        assert_eq!(suite.history(0, "").await.changes.len(), 1, "{}", suite.kind);
    }
}

#[tokio::test]
async fn a_change_to_validate_leaves_nothing() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let request = pb::FileChangeRequest { validate_only: true, ..moved(suite.at_duliu("one"), JINGHAI_TOWN) };
        let checked = suite.file(duliu(), request).await.unwrap();
        assert_eq!((checked.change.unwrap().change_id.as_str(), checked.resident.unwrap().etag.as_str()), ("", "2"));
        assert!(suite.history(0, "").await.changes.is_empty(), "{}", suite.kind);
        assert_eq!(suite.look_up(NUMBER).await.unwrap().residence_district, "120118", "{}", suite.kind);
    }
}

#[tokio::test]
async fn fields_and_units_are_refused_together() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let bare =
        pb::FileChangeRequest { etag: "first".to_owned(), desk_township: String::new(), ..suite.at_duliu("one") };
    let bare = pb::FileChangeRequest { filing_date: "2021-03-11".to_owned(), ..bare };
    let expected = "VALUE_NOT_ALLOWED,REQUIRED_FIELD_MISSING,DATE_ORDER,REQUIRED_FIELD_MISSING";
    assert_eq!(refusal(suite.file(duliu(), bare).await).0, expected);
    let both = moved(renamed(suite.at_duliu("two")), JINGHAI_TOWN);
    assert_eq!(refusal(suite.file(duliu(), both).await).0, "VALUE_NOT_ALLOWED");
    let same = pb::FileChangeRequest { new_name: "王桂兰".to_owned(), ..suite.at_duliu("three") };
    assert_eq!(refusal(suite.file(duliu(), same).await).0, "VALUE_NOT_ALLOWED");
    for (township, reason) in [("120118.99", "UNIT_NOT_FOUND"), ("120118.V1", "UNIT_NOT_FOUND")] {
        let request = moved(suite.at_duliu("four"), township);
        assert_eq!(refusal(suite.file(duliu(), request).await).0, reason, "{township}");
    }
    let mut crossed = moved(suite.at_duliu("five"), JINGHAI_TOWN);
    crossed.new_residence.as_mut().unwrap().district = District::Nankai.to_string();
    assert_eq!(refusal(suite.file(duliu(), crossed).await).0, "VALUE_NOT_ALLOWED");
    let future =
        pb::FileChangeRequest { new_identity_number: "120118209905010013".to_owned(), ..suite.at_duliu("six") };
    assert_eq!(refusal(suite.file(duliu(), future).await).0, "DATE_ORDER");
    let centre = pb::FileChangeRequest {
        desk: Desk::CitySocialInsuranceCentre.to_wire(),
        desk_district: String::new(),
        desk_township: String::new(),
        ..renamed(suite.at_duliu("seven"))
    };
    let of_district = suite.file(branch_of(District::Jinghai), centre.clone()).await;
    assert_eq!(refusal(of_district).0, "ROLE_NOT_ALLOWED");
    assert!(suite.file(by(Office::SocialInsurance, None), centre).await.is_ok(), "J-3.4.1-a");
}
