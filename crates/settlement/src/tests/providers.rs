//! What the register says about providers: bills, previews, claims, registrations and contracts keep to it (AMB-067).

use juyi_domain::codes::{District, Office, ProviderLevel, Tier};
use juyi_domain::id::ResidentId;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1::MedicalProvider;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::bill::Place;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::claimant::filing;
use super::registrations::{benefit, birth, register_benefit, register_birth};
use super::years::{YEAR, visit};
use super::{Stay, Suite, reasons, with_suites};

/// The hospital of the tests as the register has it from a day on.
fn hospital(start_date: &str, level: ProviderLevel) -> MedicalProvider {
    MedicalProvider {
        provider_code: "H12011800001".to_owned(),
        name: "hospital".to_owned(),
        district: District::Jinghai.to_string(),
        level: level.to_wire(),
        designated: true,
        assistance_designated: true,
        start_date: start_date.to_owned(),
        ..Default::default()
    }
}

/// The attributes that differ, each with its text.
fn differing(status: &Status) -> Vec<(String, String)> {
    assert_eq!(status.code(), Code::FailedPrecondition);
    let violations = status.get_error_details().precondition_failure().unwrap().violations.clone();
    violations
        .into_iter()
        .filter(|violation| violation.r#type == "PROVIDER_MISMATCH")
        .map(|violation| (violation.subject, violation.description))
        .collect()
}

fn fields(status: &Status) -> Vec<String> {
    differing(status).into_iter().map(|(field, _)| field).collect()
}

fn provider(request: &mut pb::SettleRequest) -> &mut pb::Provider {
    request.bill.as_mut().unwrap().provider.as_mut().unwrap()
}

async fn preview(suite: &Suite, request: &pb::SettleRequest) -> Result<pb::Settlement, Status> {
    let request = pb::PreviewSettlementRequest { resident_id: request.resident_id.clone(), bill: request.bill.clone() };
    let answer = Suite::hospital(suite.client().preview_settlement(request)).await?;
    Ok(answer.into_inner().settlement.unwrap())
}

fn level(settlement: &pb::Settlement) -> i32 {
    settlement.bill.as_ref().unwrap().provider.as_ref().unwrap().level
}

/// J-5.1.T-a to -c: the level decides the rate, and the register of the day the level.
#[tokio::test]
async fn a_level_of_another_day_is_refused() {
    with_suites("", |suite| async move {
        suite.peers.put_provider(hospital("2021-01-01", ProviderLevel::Two));
        suite.peers.put_provider(hospital("2021-06-01", ProviderLevel::Three));
        let person = suite.resident();
        let three = suite.request(person, &Stay::on("05-31", 1_000));
        for refused in [suite.try_settle(three.clone()).await.unwrap_err(), preview(&suite, &three).await.unwrap_err()]
        {
            assert_eq!(reasons(&refused), "PROVIDER_MISMATCH", "{}", suite.kind);
            let text = "level is LEVEL_3 here, and LEVEL_2 on the register on the service date";
            assert_eq!(differing(&refused), [("bill.provider.level".to_owned(), text.to_owned())], "{}", suite.kind);
            let metadata = refused.get_details_error_info().unwrap().metadata;
            assert_eq!((&metadata["stated"][..], &metadata["registered"][..]), ("LEVEL_3", "LEVEL_2"));
        }
        assert!(suite.list(person).await.is_empty());
        for (day, right) in [("05-31", ProviderLevel::Two), ("06-01", ProviderLevel::Three)] {
            assert_eq!(level(&suite.settle(person, &Stay::on(day, 1_000).at(right)).await), right.to_wire());
        }
    })
    .await;
}

/// A provider is told by its national code, in the register and on a bill; outside the border nobody has one.
#[tokio::test]
async fn a_code_has_twelve_digits_and_capital_letters() {
    with_suites("", |suite| async move {
        let person = suite.resident();
        let with = |code: &str, abroad| {
            let mut request = suite.request(person, &Stay::on("03-01", 10_000));
            provider(&mut request).provider_code = code.to_owned();
            request.bill.as_mut().unwrap().place = Some(Place::OutsideBorder(abroad));
            request
        };
        let long = "H".repeat(31);
        for (code, reason) in [
            ("", "REQUIRED_FIELD_MISSING"),
            ("H1201180000", "VALUE_NOT_ALLOWED"),
            ("H120118000011", "VALUE_NOT_ALLOWED"),
            ("h12011800001", "VALUE_NOT_ALLOWED"),
            ("H1201180000 ", "VALUE_NOT_ALLOWED"),
            ("静海区医院", "VALUE_NOT_ALLOWED"),
        ] {
            let refused = suite.try_settle(with(code, false)).await.unwrap_err();
            assert_eq!(reasons(&refused), reason, "{code} {}", suite.kind);
            let violations = refused.get_details_bad_request().unwrap().field_violations;
            assert_eq!(violations[0].field, "bill.provider.provider_code");
        }
        assert_eq!(reasons(&suite.try_settle(with(&long, true)).await.unwrap_err()), "VALUE_NOT_ALLOWED");
        for (code, abroad) in [("H12011800077", false), ("Charité, Berlin", true)] {
            assert!(suite.try_settle(with(code, abroad)).await.is_ok(), "{code} {}", suite.kind);
        }
    })
    .await;
}

/// J-8-5, AMB-070: a bill of a provider that the register does not know says where the care was given; in the city, elsewhere or
/// outside the border, where nothing is paid. Of a provider on the register it need not.
#[tokio::test]
async fn a_provider_that_nobody_knows_is_placed() {
    with_suites("", |suite| async move {
        let person = suite.resident();
        let unplaced = |number: i64| {
            let mut request = suite.request(person, &Stay::on("03-01", 10_000 + number));
            request.bill.as_mut().unwrap().place = None;
            request
        };
        let first = unplaced(1);
        for refused in [suite.try_settle(first.clone()).await.unwrap_err(), preview(&suite, &first).await.unwrap_err()]
        {
            assert_eq!(reasons(&refused), "REQUIRED_FIELD_MISSING", "{}", suite.kind);
            assert_eq!(refused.get_details_error_info().unwrap().metadata["rule_id"], "J-8-5");
            let violations = refused.get_details_bad_request().unwrap().field_violations;
            assert_eq!(violations[0].field, "bill.outside_border");
        }
        assert!(suite.list(person).await.is_empty());
        let placed = async |number, place| {
            let mut request = unplaced(number);
            request.bill.as_mut().unwrap().place = Some(place);
            let settled = suite.try_settle(request).await.unwrap().settlement.unwrap();
            (settled.shares.unwrap().basic_fund_fen > 0, settled.bill.unwrap().place)
        };
        let (city, abroad) = (Place::OutsideBorder(false), Place::OutsideBorder(true));
        assert_eq!(placed(2, city.clone()).await, (true, Some(city.clone())), "{}", suite.kind);
        assert_eq!(placed(3, abroad.clone()).await, (false, Some(abroad)), "{}", suite.kind);

        suite.peers.put_provider(hospital("2021-02-01", ProviderLevel::Three));
        let settled = suite.try_settle(first).await.unwrap().settlement.unwrap();
        assert_eq!(settled.bill.unwrap().place, Some(city), "{}", suite.kind);
    })
    .await;
}

/// J-5.1.T-p, J-7-2: what a bill leaves out is the register's; J-8-1 when the register knows nobody as designated.
#[tokio::test]
async fn what_a_bill_leaves_out_is_taken_from_the_register() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[]);
        let bare = |day: &str, person: ResidentId| {
            let mut request = visit(&suite, person, day, 700);
            let code = provider(&mut request).provider_code.clone();
            *provider(&mut request) = pb::Provider { provider_code: code, ..Default::default() };
            request
        };
        // Unreformed until February, then reformed, then not designated.
        let two = || hospital("2021-01-01", ProviderLevel::Two);
        suite.peers.put_provider(two());
        suite.peers.put_provider(MedicalProvider {
            reform_registered: true,
            start_date: "2021-02-01".to_owned(),
            ..two()
        });
        suite.peers.put_provider(MedicalProvider {
            designated: false,
            reform_registered: true,
            start_date: "2021-03-01".to_owned(),
            ..two()
        });
        // 700 less 500, half of it.
        for (day, basic) in [("01-31", 0), ("02-28", 10_000), ("03-01", 0)] {
            let settled = suite.try_settle(bare(day, suite.resident())).await.unwrap().settlement.unwrap();
            assert_eq!(settled.shares.unwrap().basic_fund_fen, basic, "{day}, {}", suite.kind);
            assert_eq!(level(&settled), ProviderLevel::Two.to_wire(), "{day}, {}", suite.kind);
        }
        let mut stated = bare("03-01", suite.resident());
        provider(&mut stated).designated = true;
        provider(&mut stated).home_bed = true;
        provider(&mut stated).reform_registered = true;
        let refused = suite.try_settle(stated).await.unwrap_err();
        assert_eq!(fields(&refused), ["bill.provider.designated", "bill.provider.home_bed"], "{}", suite.kind);
    })
    .await;
}

/// Everything that fails is said at once; a provider that nobody registered is taken as the bill states it.
#[tokio::test]
async fn cover_and_provider_are_refused_together() {
    with_suites("", |suite| async move {
        let person = suite.resident();
        let request = || suite.request(person, &Stay::on("03-01", 100).at(ProviderLevel::One));
        let one = ProviderLevel::One.to_wire();
        assert_eq!(level(&preview(&suite, &request()).await.unwrap()), one);
        suite.peers.put_provider(hospital("2021-03-02", ProviderLevel::Three));
        assert_eq!(level(&preview(&suite, &request()).await.unwrap()), one, "the register begins the day after");
        suite.peers.put_provider(hospital("2021-03-01", ProviderLevel::Three));
        suite.peers.set_reasons(&[(juyi_domain::refusal::Reason::NotEnrolled, "J-4.1-a")]);
        let refused = suite.try_settle(request()).await.unwrap_err();
        assert_eq!(reasons(&refused), "NOT_ENROLLED,PROVIDER_MISMATCH", "{}", suite.kind);
        suite.peers.set_reasons(&[]);
        let mut elsewhere = request();
        elsewhere.bill.as_mut().unwrap().place = Some(Place::Elsewhere(pb::Elsewhere {
            category: pb::OutOfArea::SelfChosen.into(),
            region: "110101".to_owned(),
            ..Default::default()
        }));
        let refused = suite.try_settle(elsewhere).await.unwrap_err();
        assert_eq!(fields(&refused), ["bill.elsewhere.region", "bill.provider.level"], "{}", suite.kind);
    })
    .await;
}

/// A group asks once about each provider and day, and a bill that differs spoils none of its neighbours.
#[tokio::test]
async fn a_group_asks_once_about_each_provider() {
    with_suites("", |suite| async move {
        suite.peers.put_provider(hospital("2021-01-01", ProviderLevel::Three));
        let people: Vec<ResidentId> = (0..60).map(|_| suite.resident()).collect();
        let wrong = |place: usize| place % 20 == 7;
        let request = |(place, person): (usize, &ResidentId)| {
            let stay = Stay::on(if place % 2 == 0 { "03-01" } else { "03-02" }, 1_000);
            let stay = if wrong(place) { stay.at(ProviderLevel::Two) } else { stay };
            let mut request = suite.request(*person, &stay);
            provider(&mut request).assistance_designated = false;
            let suite = suite.clone();
            tokio::spawn(async move { suite.try_settle(request).await })
        };
        let running: Vec<_> = people.iter().enumerate().map(request).collect();
        for (place, answer) in running.into_iter().enumerate() {
            match answer.await.unwrap() {
                Ok(settled) => {
                    let provider = settled.settlement.unwrap().bill.unwrap().provider.unwrap();
                    assert!(!wrong(place) && provider.assistance_designated, "{place}, {}", suite.kind);
                }
                Err(refused) => {
                    assert!(wrong(place), "{place}, {}", suite.kind);
                    assert_eq!(fields(&refused), ["bill.provider.level"], "{place}, {}", suite.kind);
                }
            }
        }
        let asked = suite.peers.providers_asked();
        assert!(asked.iter().all(|keys| (1..=2).contains(keys)), "{}: {asked:?}", suite.kind);
        assert!(asked.len() < 40, "{}: {asked:?}", suite.kind);
    })
    .await;
}

/// J-6.2.1.1-b: a claim is filed and approved on what the register says.
#[tokio::test]
async fn a_claim_keeps_to_the_register() {
    with_suites("", |suite| async move {
        let stay = Stay::on("03-01", 2_000);
        suite.peers.put_provider(hospital("2021-01-01", ProviderLevel::Three));
        let two = filing(&suite, suite.resident(), &stay.clone().at(ProviderLevel::Two));
        let refused = suite.file_claim("township", two).await.unwrap_err();
        assert_eq!(fields(&refused), ["bill.provider.level"], "{}", suite.kind);
        // Corrected for that day while the claim was under way: what was filed is refused then.
        let mut claim = suite.handed_over(suite.resident(), &stay).await;
        suite.peers.put_provider(hospital("2021-02-01", ProviderLevel::One));
        let refused = claim.approve("checker").await.unwrap_err();
        assert_eq!(fields(&refused), ["bill.provider.level"], "{}", suite.kind);
        suite.peers.put_provider(hospital("2021-03-01", ProviderLevel::Three));
        claim.approve("checker").await.unwrap();
    })
    .await;
}

/// J-6.2.2.1-b: a hospital of level 3 does not register a benefit as one at the base, whatever it states.
#[tokio::test]
async fn a_benefit_is_registered_where_the_register_has_a_primary_institution() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        register_birth(&suite, birth(&suite, resident)).await.unwrap();
        let at =
            |start: &str, level| MedicalProvider { provider_code: "H12011800009".to_owned(), ..hospital(start, level) };
        suite.peers.put_provider(at("2021-01-01", ProviderLevel::Three));
        let refused = register_benefit(&suite, Office::Provider, benefit(&suite, resident)).await.unwrap_err();
        assert_eq!(fields(&refused), ["provider.level"], "{}", suite.kind);
        // Without a level it is the register's, and that is none of a primary institution.
        let mut bare = benefit(&suite, resident);
        bare.provider.as_mut().unwrap().level = 0;
        let refused = register_benefit(&suite, Office::Provider, bare.clone()).await.unwrap_err();
        assert_eq!(reasons(&refused), "CHANNEL_MISMATCH", "{}", suite.kind);
        suite.peers.put_provider(at("2021-04-02", ProviderLevel::One));
        register_benefit(&suite, Office::Provider, bare).await.unwrap();
    })
    .await;
}

/// J-5.1.4-a: a contract with the doctor of a hospital of level 2 or 3 is none, from the day the register knows it.
#[tokio::test]
async fn a_family_doctor_is_of_a_primary_institution() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        let sign = |code: &str, signed_date: &str| {
            let request = pb::SignFamilyDoctorRequest {
                request_id: suite.request_id(),
                validate_only: true,
                resident_id: resident.to_string(),
                institution_code: code.to_owned(),
                primary_institution_code: code.to_owned(),
                signed_date: signed_date.to_owned(),
            };
            let mut years = suite.years();
            async move { Suite::hospital(years.sign_family_doctor(request)).await }
        };
        suite.peers.put_provider(hospital("2021-03-01", ProviderLevel::Two));
        for day in ["2021-03-01", "2021-03-20"] {
            let refused = sign("H12011800001", day).await.unwrap_err();
            let info = refused.get_details_error_info().unwrap();
            assert_eq!((&*info.reason, &*info.metadata["registered_level"]), ("CLASS_NOT_ELIGIBLE", "LEVEL_2"));
        }
        sign("H12011800001", "2021-02-28").await.unwrap();
        sign("H12011800002", "2021-03-20").await.unwrap();
        suite.peers.put_provider(hospital("2021-03-20", ProviderLevel::One));
        sign("H12011800001", "2021-03-20").await.unwrap();
    })
    .await;
}

/// Without the register nothing is settled, and nothing is believed.
#[tokio::test]
async fn a_register_that_is_down_settles_nothing() {
    with_suites("", |suite| async move {
        let person = suite.resident();
        let request = suite.request(person, &Stay::on("03-01", 100));
        suite.peers.set_register_down(true);
        let refused = suite.try_settle(request.clone()).await.unwrap_err();
        assert_eq!((refused.code(), reasons(&refused).as_str()), (Code::Unavailable, "PEER_UNAVAILABLE"));
        assert!(suite.list(person).await.is_empty());
        suite.peers.set_register_down(false);
        let settled = suite.try_settle(request.clone()).await.unwrap();
        suite.peers.put_provider(hospital("2021-01-01", ProviderLevel::One));
        assert_eq!(suite.try_settle(request).await.unwrap(), settled, "a repetition is answered, {}", suite.kind);
    })
    .await;
}
