//! Reference data through the generated client, on both databases.

use juyi_domain::codes::{District, InstitutionKind, Office, ProviderLevel, UnitKind};
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_testkit::{TestTarget, targets};
use tonic::Status;

use super::first;
use crate::store::migrations;
use crate::store::units::{self, Filter};
use crate::supervision::fixtures::{Suite, by, reasons};

fn village(id: &str) -> pb::Unit {
    pb::Unit {
        unit_id: id.to_owned(),
        kind: UnitKind::Village.to_wire(),
        name: "东双塘村".to_owned(),
        district: "120118".to_owned(),
        township: "120118.15".to_owned(),
        ..Default::default()
    }
}

async fn put(suite: &Suite, request_id: &str, unit: pb::Unit) -> Result<pb::Unit, Status> {
    put_by(suite, Office::Township, request_id, unit).await
}

async fn put_by(suite: &Suite, office: Office, request_id: &str, unit: pb::Unit) -> Result<pb::Unit, Status> {
    let request = pb::PutUnitRequest { request_id: request_id.to_owned(), unit: Some(unit) };
    let reply = by(office, District::Jinghai, suite.reference.clone().put_unit(request)).await?;
    Ok(reply.into_inner().unit.unwrap())
}

async fn get(suite: &Suite, id: &str) -> Result<pb::Unit, Status> {
    let request = pb::GetUnitRequest { unit_id: id.to_owned() };
    Ok(suite.reference.clone().get_unit(request).await?.into_inner().unit.unwrap())
}

async fn reload(suite: &Suite, request_id: &str, validate_only: bool) -> Vec<pb::LoadedFile> {
    let request = pb::ReloadReferenceRequest { request_id: request_id.to_owned(), validate_only };
    let mut client = suite.reference.clone();
    let reply = by(Office::MedicalInsurance, District::Jinghai, client.reload_reference(request)).await.unwrap();
    reply.into_inner().files
}

fn counts(files: &[pb::LoadedFile]) -> Vec<(i32, i32, i32, i32)> {
    files.iter().map(|file| (file.rows, file.added, file.changed, file.unchanged)).collect()
}

/// The files are there at the first start, each row with its source.
#[tokio::test]
async fn the_first_start_loads_the_files() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        let duliu = get(&suite, "120118.4").await.unwrap();
        assert_eq!((duliu.name.as_str(), duliu.source.as_str()), ("独流镇", "J2021 附件2.1"), "{}", on.kind);
        assert_eq!((duliu.kind, duliu.target_unit.as_str()), (UnitKind::Township.to_wire(), "120118.4"));
        let huakang = get(&suite, "120118.HUAKANG").await.unwrap();
        assert_eq!((huakang.target_unit.as_str(), huakang.source.as_str()), ("", "J2021 附件1 三"), "AMB-119");
        assert_eq!(reasons(get(&suite, "120118.20").await), "UNIT_NOT_FOUND");
        assert_eq!(
            counts(&reload(&suite, "one", true).await),
            [(19, 0, 0, 19), (1, 0, 0, 1), (24, 0, 0, 24), (0, 0, 0, 0)]
        );
    }
}

/// Two processes that find the database empty at once both end with all rows.
#[tokio::test]
async fn two_may_load_at_once() {
    let context = juyi_testkit::context("2021-03-01");
    for on in &juyi_testkit::databases(crate::NAME, &migrations()).await {
        let database = &on.database;
        let (one, other) = tokio::join!(first(database, &context), first(database, &context));
        assert!(one.is_ok() && other.is_ok(), "{}", on.kind);
        let mut session = database.read().await.unwrap();
        let units = units::page(&mut session, &Filter::default(), "", 100).await.unwrap();
        assert_eq!(units.len(), 44, "{}", on.kind);
    }
}

/// What a file changes is stored, what it adds too; what an office wrote stays, and nothing is removed.
#[tokio::test]
async fn a_reload_mends_its_own_rows_and_no_others() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        put(&suite, "village", village("120118.15.1")).await.unwrap();
        let street =
            pb::Unit { name: "华康街道办事处".to_owned(), ..get(&suite, "120118.HUAKANG").await.unwrap() };
        let request = pb::PutUnitRequest { request_id: "street".to_owned(), unit: Some(street) };
        let mut client = suite.reference.clone();
        by(Office::MedicalInsurance, District::Jinghai, client.put_unit(request)).await.unwrap();
        suite.run("UPDATE unit SET name = 'x' WHERE unit_id = '120118.1'").await;
        suite.run("DELETE FROM unit WHERE unit_id = '120115.6'").await;

        let expected = [(19, 0, 1, 18), (1, 0, 0, 1), (24, 1, 0, 23), (0, 0, 0, 0)];
        assert_eq!(counts(&reload(&suite, "check", true).await), expected, "{}", on.kind);
        assert_eq!(get(&suite, "120118.1").await.unwrap().name, "x", "{}", on.kind);
        assert_eq!(counts(&reload(&suite, "do", false).await), expected, "{}", on.kind);
        let town = get(&suite, "120118.1").await.unwrap();
        assert_eq!((town.name.as_str(), town.etag.as_str()), ("静海镇", "2"), "{}", on.kind);
        assert_eq!(get(&suite, "120115.6").await.unwrap().name, "周良街道", "{}", on.kind);
        let street = get(&suite, "120118.HUAKANG").await.unwrap();
        assert_eq!((street.name.as_str(), street.source.as_str()), ("华康街道办事处", "MEDICAL_INSURANCE 120118"));
        assert!(get(&suite, "120118.15.1").await.is_ok(), "{}", on.kind);
        // The same request again has its answer, and the same effect.
        assert_eq!(counts(&reload(&suite, "do", false).await), expected, "{}", on.kind);
    }
}

/// J-3.2.2-a: villages are added under their township, and changed by who read them.
#[tokio::test]
async fn offices_add_and_change_units() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        let added = put(&suite, "one", village("120118.15.1")).await.unwrap();
        assert_eq!((added.etag.as_str(), added.source.as_str()), ("1", "TOWNSHIP 120118"), "{}", on.kind);
        // It counts where its township counts.
        assert_eq!(added.target_unit, "120118.15", "{}", on.kind);
        assert_eq!(put(&suite, "one", village("120118.15.1")).await.unwrap(), added, "{}", on.kind);
        assert_eq!(reasons(put(&suite, "two", village("120118.15.1")).await), "REVISION_CONFLICT");
        let renamed = pb::Unit { name: "西双塘村".to_owned(), ..added.clone() };
        let changed = put(&suite, "three", renamed.clone()).await.unwrap();
        assert_eq!((changed.etag.as_str(), changed.name.as_str()), ("2", "西双塘村"), "{}", on.kind);
        assert_eq!(reasons(put(&suite, "four", renamed).await), "REVISION_CONFLICT");
        assert_eq!(get(&suite, "120118.15.1").await.unwrap(), changed, "{}", on.kind);
        let missing = pb::Unit { etag: "1".to_owned(), ..village("120118.15.2") };
        assert_eq!(reasons(put(&suite, "five", missing).await), "UNIT_NOT_FOUND");
        let other = pb::Unit { kind: UnitKind::Community.to_wire(), ..changed };
        assert_eq!(reasons(put(&suite, "six", other).await), "VALUE_NOT_ALLOWED");
    }
}

#[tokio::test]
async fn a_unit_that_does_not_fit_is_refused() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let refused = async |change: fn(&mut pb::Unit)| {
        let mut unit = village("120118.15.1");
        change(&mut unit);
        reasons(put(&suite, "one", unit).await)
    };
    assert_eq!(refused(|unit| unit.township.clear()).await, "REQUIRED_FIELD_MISSING");
    assert_eq!(refused(|unit| unit.township = "120118.99".to_owned()).await, "UNIT_NOT_FOUND");
    assert_eq!(refused(|unit| unit.township = "120115.6".to_owned()).await, "VALUE_NOT_ALLOWED");
    assert_eq!(refused(|unit| unit.township = "120118.19".to_owned()).await, "VALUE_NOT_ALLOWED");
    assert_eq!(refused(|unit| unit.target_unit = "120118.4".to_owned()).await, "VALUE_NOT_ALLOWED");
    assert_eq!(refused(|unit| unit.unit_id = "120118.TOTAL".to_owned()).await, "VALUE_NOT_ALLOWED");
    assert_eq!(refused(|unit| unit.unit_id = "a b".to_owned()).await, "VALUE_NOT_ALLOWED");
    assert_eq!(refused(|unit| unit.district = "120115".to_owned()).await, "ROLE_NOT_ALLOWED");
    let both = |unit: &mut pb::Unit| {
        unit.kind = UnitKind::School.to_wire();
        unit.name.clear();
    };
    assert_eq!(refused(both).await, "REQUIRED_FIELD_MISSING,REQUIRED_FIELD_MISSING");
    let township = |unit: &mut pb::Unit| {
        unit.kind = UnitKind::Township.to_wire();
        unit.township.clear();
    };
    assert_eq!(refused(township).await, "ROLE_NOT_ALLOWED");
    let nothing = pb::PutUnitRequest { request_id: "two".to_owned(), unit: None };
    let answer = by(Office::Township, District::Jinghai, suite.reference.clone().put_unit(nothing)).await;
    assert_eq!(reasons(answer), "REQUIRED_FIELD_MISSING");
}

/// J-A2.T-c: the row that a unit counts in is its township's; of a school the medical insurance bureau may give another.
#[tokio::test]
async fn a_unit_counts_where_it_is_to() {
    use Office::{Education, MedicalInsurance, SocialInsurance, Township};
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        let added = put(&suite, "one", village("120118.15.1")).await.unwrap();
        let moved = pb::Unit { township: "120118.4".to_owned(), ..added };
        let moved = put(&suite, "two", moved).await.unwrap();
        assert_eq!((moved.township.as_str(), moved.target_unit.as_str()), ("120118.4", "120118.4"), "{}", on.kind);
        let elsewhere = pb::Unit { target_unit: "120118.5".to_owned(), ..moved };
        assert_eq!(reasons(put_by(&suite, MedicalInsurance, "three", elsewhere).await), "VALUE_NOT_ALLOWED");

        let school = pb::Unit {
            kind: UnitKind::School.to_wire(),
            institution_kind: InstitutionKind::PrimaryOrSecondary.to_wire(),
            ..village("120118.15.S")
        };
        let refused = async |office: Office, target_unit: &str| {
            let unit = pb::Unit { target_unit: target_unit.to_owned(), ..school.clone() };
            reasons(put_by(&suite, office, &format!("{office}-{target_unit}"), unit).await)
        };
        assert_eq!(refused(Township, "").await, "ROLE_NOT_ALLOWED", "{}", on.kind);
        assert_eq!(refused(Education, "120118.4").await, "ROLE_NOT_ALLOWED", "{}", on.kind);
        for (target_unit, reason) in [
            ("120118.99", "UNIT_NOT_FOUND"),
            ("120118.HUAKANG", "VALUE_NOT_ALLOWED"),
            ("120118.15.1", "VALUE_NOT_ALLOWED"),
            ("120115.6", "VALUE_NOT_ALLOWED"),
        ] {
            assert_eq!(refused(MedicalInsurance, target_unit).await, reason, "{target_unit}, {}", on.kind);
        }
        let stored = put_by(&suite, SocialInsurance, "four", school.clone()).await.unwrap();
        assert_eq!(stored.target_unit, "120118.15", "{}", on.kind);
        let own = pb::Unit { target_unit: "120118.4".to_owned(), ..stored };
        let own = put_by(&suite, MedicalInsurance, "five", own).await.unwrap();
        assert_eq!(own.target_unit, "120118.4", "{}", on.kind);
        // What the bureau gave stays, whether another office names it or not.
        let renamed = pb::Unit { name: "二小".to_owned(), target_unit: String::new(), ..own };
        let renamed = put_by(&suite, Education, "six", renamed).await.unwrap();
        assert_eq!((renamed.name.as_str(), renamed.target_unit.as_str()), ("二小", "120118.4"), "{}", on.kind);
        let home = pb::Unit { kind: UnitKind::WelfareInstitution.to_wire(), ..village("120118.15.W") };
        assert_eq!(reasons(put_by(&suite, Education, "seven", home.clone()).await), "ROLE_NOT_ALLOWED");
        assert!(put_by(&suite, SocialInsurance, "eight", home).await.is_ok(), "{}", on.kind);
    }
}

#[tokio::test]
async fn units_are_listed_by_kind_and_township_in_pages() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        for number in 1..=3 {
            let id = format!("120118.15.{number}");
            put(&suite, &id, village(&id)).await.unwrap();
        }
        let school = pb::Unit {
            kind: UnitKind::School.to_wire(),
            institution_kind: InstitutionKind::PrimaryOrSecondary.to_wire(),
            ..village("120118.15.S")
        };
        put_by(&suite, Office::Education, "school", school).await.unwrap();
        let list = async |request: pb::ListUnitsRequest| {
            let reply = suite.reference.clone().list_units(request).await.unwrap().into_inner();
            (reply.units.into_iter().map(|unit| unit.unit_id).collect::<Vec<_>>(), reply.next_page_token)
        };
        let of_township = pb::ListUnitsRequest { township: "120118.15".to_owned(), page_size: 2, ..Default::default() };
        let (first, token) = list(of_township.clone()).await;
        assert_eq!(first, ["120118.15.1", "120118.15.2"], "{}", on.kind);
        let (second, token) = list(pb::ListUnitsRequest { page_token: token, ..of_township.clone() }).await;
        assert_eq!(second, ["120118.15.3", "120118.15.S"], "{}", on.kind);
        let (last, token) = list(pb::ListUnitsRequest { page_token: token, ..of_township.clone() }).await;
        assert_eq!((last.len(), token.as_str()), (0, ""), "{}", on.kind);
        let villages = pb::ListUnitsRequest { kind: UnitKind::Village.to_wire(), page_size: 0, ..of_township };
        assert_eq!(list(villages).await.0.len(), 3, "{}", on.kind);
        let baodi = pb::ListUnitsRequest { district: "120115".to_owned(), ..Default::default() };
        assert_eq!(list(baodi).await.0.len(), 24, "B-T-a, {}", on.kind);
    }
}

fn hospital(start_date: &str) -> pb::MedicalProvider {
    pb::MedicalProvider {
        provider_code: "H12011800001".to_owned(),
        name: "静海区医院".to_owned(),
        district: "120118".to_owned(),
        level: ProviderLevel::Two.to_wire(),
        designated: true,
        start_date: start_date.to_owned(),
        ..Default::default()
    }
}

async fn put_provider(
    suite: &Suite,
    request_id: &str,
    provider: pb::MedicalProvider,
) -> Result<pb::MedicalProvider, Status> {
    let request = pb::PutProviderRequest { request_id: request_id.to_owned(), provider: Some(provider) };
    let mut client = suite.reference.clone();
    let reply = by(Office::MedicalInsurance, District::Jinghai, client.put_provider(request)).await?;
    Ok(reply.into_inner().provider.unwrap())
}

#[tokio::test]
async fn a_provider_stands_as_it_was_recorded_for_the_day() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        put_provider(&suite, "one", hospital("2020-09-01")).await.unwrap();
        let reformed = pb::MedicalProvider { reform_registered: true, home_bed: true, ..hospital("2021-02-01") };
        let stored = put_provider(&suite, "two", reformed).await.unwrap();
        assert_eq!(stored.source, "MEDICAL_INSURANCE 120118", "{}", on.kind);
        let get = async |on_date: &str| {
            let request =
                pb::GetProviderRequest { provider_code: stored.provider_code.clone(), on_date: on_date.to_owned() };
            Ok::<_, Status>(suite.reference.clone().get_provider(request).await?.into_inner().provider.unwrap())
        };
        assert!(!get("2021-01-31").await.unwrap().reform_registered, "{}", on.kind);
        assert!(get("2021-02-01").await.unwrap().reform_registered && get("").await.unwrap().home_bed);
        assert_eq!(reasons(get("2020-08-31").await), "PROVIDER_NOT_FOUND");
        // The same day again corrects it.
        put_provider(&suite, "three", hospital("2021-02-01")).await.unwrap();
        assert!(!get("").await.unwrap().home_bed, "{}", on.kind);

        let second = pb::MedicalProvider { provider_code: "H12011800002".to_owned(), ..hospital("2021-02-01") };
        put_provider(&suite, "four", second).await.unwrap();
        let list = async |on_date: &str, token: &str| {
            let request = pb::ListProvidersRequest {
                district: "120118".to_owned(),
                on_date: on_date.to_owned(),
                page_size: 1,
                page_token: token.to_owned(),
            };
            let reply = suite.reference.clone().list_providers(request).await.unwrap().into_inner();
            (reply.providers, reply.next_page_token)
        };
        let (january, _) = list("2021-01-01", "").await;
        assert_eq!((january.len(), january[0].start_date.as_str()), (1, "2020-09-01"), "{}", on.kind);
        let (first, token) = list("", "").await;
        assert_eq!((first[0].provider_code.as_str(), first[0].start_date.as_str()), ("H12011800001", "2021-02-01"));
        assert_eq!(list("", &token).await.0[0].provider_code, "H12011800002", "{}", on.kind);
    }
}

/// AMB-067: many at once are told as each would be told alone; nobody but the suite asks so.
#[tokio::test]
async fn providers_of_many_days_are_told_at_once() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        put_provider(&suite, "one", hospital("2020-09-01")).await.unwrap();
        let reformed = pb::MedicalProvider { reform_registered: true, ..hospital("2021-02-01") };
        put_provider(&suite, "two", reformed).await.unwrap();
        let other = pb::MedicalProvider {
            provider_code: "H12011800002".to_owned(),
            level: ProviderLevel::One.to_wire(),
            ..hospital("2021-02-01")
        };
        put_provider(&suite, "three", other).await.unwrap();
        let asked = [
            ("H12011800001", "2021-02-01"),
            ("H12011800001", "2020-08-31"),
            ("H12011800009", "2021-02-01"),
            ("a code of \"elsewhere\" \\ 居", "2021-02-01"),
            ("H12011800002", "2021-03-01"),
            ("H12011800001", "2021-01-31"),
            ("H12011800002", "2021-01-31"),
        ];
        let question =
            |(code, on): (&str, &str)| pb::ProviderQuestion { provider_code: code.to_owned(), on_date: on.to_owned() };
        let request = pb::BatchGetProvidersRequest { questions: asked.map(question).to_vec() };
        let ask = async |caller: Caller, request: pb::BatchGetProvidersRequest| {
            let mut client = suite.register.clone();
            let answer = Caller::scope(Some(caller), client.batch_get_providers(request)).await?;
            Ok::<_, Status>(answer.into_inner().providers)
        };
        let told = ask(Caller::system(), request.clone()).await.unwrap();
        let mut places = Vec::new();
        for found in told {
            let (code, on_date) = asked[usize::try_from(found.question).unwrap()];
            let alone = pb::GetProviderRequest { provider_code: code.to_owned(), on_date: on_date.to_owned() };
            let alone = suite.reference.clone().get_provider(alone).await.unwrap().into_inner().provider;
            assert_eq!(found.provider, alone, "{}", on.kind);
            places.push((found.question, alone.unwrap().reform_registered));
        }
        assert_eq!(places, [(0, true), (4, false), (5, false)], "{}", on.kind);
        assert!(ask(Caller::system(), pb::BatchGetProvidersRequest::default()).await.unwrap().is_empty());

        let bureau = Caller { office: Office::MedicalInsurance, district: None, name: String::new() };
        assert_eq!(reasons(ask(bureau, request).await), "ROLE_NOT_ALLOWED", "{}", on.kind);
        let most = |questions| pb::BatchGetProvidersRequest { questions: vec![question(asked[0]); questions] };
        assert_eq!(ask(Caller::system(), most(500)).await.unwrap().len(), 500, "{}", on.kind);
        assert_eq!(reasons(ask(Caller::system(), most(501)).await), "VALUE_NOT_ALLOWED");
        let empty = pb::BatchGetProvidersRequest { questions: vec![pb::ProviderQuestion::default()] };
        let refused = reasons(ask(Caller::system(), empty).await);
        assert_eq!(refused, "REQUIRED_FIELD_MISSING,REQUIRED_FIELD_MISSING");
    }
}

/// Another district's provider is not taken over, neither from a day on nor for the time before.
#[tokio::test]
async fn a_provider_stays_in_its_district() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        put_provider(&suite, "one", hospital("2020-09-01")).await.unwrap();
        for start_date in ["2020-01-01", "2020-09-01", "2021-02-01"] {
            let taken = pb::MedicalProvider { district: "120115".to_owned(), ..hospital(start_date) };
            let request = pb::PutProviderRequest { request_id: start_date.to_owned(), provider: Some(taken) };
            let mut client = suite.reference.clone();
            let answer = by(Office::MedicalInsurance, District::Baodi, client.put_provider(request)).await;
            assert_eq!(reasons(answer), "ROLE_NOT_ALLOWED", "{start_date}, {}", on.kind);
        }
        assert!(put_provider(&suite, "two", hospital("2020-01-01")).await.is_ok(), "{}", on.kind);
    }
}

/// J-5.1.T-p and J-5.1.5-a say of which level they are.
#[tokio::test]
async fn a_provider_that_does_not_fit_is_refused() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let refused = async |change: fn(&mut pb::MedicalProvider)| {
        let mut provider = hospital("2021-02-01");
        change(&mut provider);
        reasons(put_provider(&suite, "one", provider).await)
    };
    assert_eq!(refused(|it| it.provider_code = "H1".to_owned()).await, "VALUE_NOT_ALLOWED");
    assert_eq!(refused(|it| it.district = "110101".to_owned()).await, "BAD_DISTRICT");
    assert_eq!(refused(|it| it.district = "120115".to_owned()).await, "ROLE_NOT_ALLOWED");
    assert_eq!(refused(|it| it.village_clinic = true).await, "VALUE_NOT_ALLOWED");
    let reformed = |it: &mut pb::MedicalProvider| {
        it.level = ProviderLevel::One.to_wire();
        it.reform_registered = true;
    };
    assert_eq!(refused(reformed).await, "VALUE_NOT_ALLOWED");
    let township = pb::PutProviderRequest { request_id: "two".to_owned(), provider: Some(hospital("2021-02-01")) };
    let answer = by(Office::Township, District::Jinghai, suite.reference.clone().put_provider(township)).await;
    assert_eq!(reasons(answer), "ROLE_NOT_ALLOWED");
}
